"""The database's failures in our words."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

import psycopg

from hivemind_chatroom.errors import StorageAwayError, StorageFullError

_log = logging.getLogger(__name__)

RETRY_S = 2.0
"""When whoever finds the database away is to try again, in seconds."""


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Tell a full disk and a database that is away from mistakes of ours, which stay as they are.

    Raises:
        StorageFullError: Its disk took nothing.
        StorageAwayError: It does not answer; what was to be changed may have been or not.
    """
    try:
        yield
    except psycopg.errors.DiskFull as error:
        _log.error("nothing was kept: %s", name_of(error))
        raise StorageFullError(
            "The room's memory is full. Nothing was sent; try again later."
        ) from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        _log.error("the database is away: %s", name_of(error))
        raise away() from error


def away() -> StorageAwayError:
    """Return what whoever needs the database is told while it is away."""
    return StorageAwayError("The room's memory is away for now. Try again in a moment.", RETRY_S)


def name_of(error: Exception) -> str:
    """Return what kind of failure it is; its sentence may hold people's words."""
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__
