"""The HiveMind identity file: who this computer is to its hub, as `hivemind-client` keeps it."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from hivemind_chatroom.errors import IdentityBrokenError, IdentityMissingError
from hivemind_chatroom.hub.address import HubAddress, parse_address
from hivemind_chatroom.paths import PRIVATE_FILE

SITE_DEFAULT = "unknown"
"""The site of an identity that names none; hivemind-client says the same."""

_SIZE_MAX = 1 << 20
"""Bytes in an identity file; real ones have two thousand."""

_OF_A_HUB = frozenset({"access_key", "password", "default_master"})
"""What `hivemind-client set-identity` adds; a hivemind-core on this computer leaves its own keys
alone in the same file."""

_SET_IDENTITY = (
    "hivemind-client set-identity --key <access key> --password <password> --host <host>"
)


@dataclass(frozen=True, slots=True)
class HubIdentity:
    """What the identity file says; its representation leaves the secrets out."""

    access_key: str = field(repr=False)
    password: str = field(repr=False)
    address: HubAddress
    site_id: str


def identity_file() -> Path:
    """Return the identity file that all HiveMind programs of this user share.

    It is `hivemind/_identity.json` in `$XDG_CONFIG_HOME`, or in `~/.config` on every system
    (hivemind-bus-client `identity.py`).
    """
    config = os.environ.get("XDG_CONFIG_HOME", "")
    home = Path(config) if Path(config).is_absolute() else Path.home() / ".config"
    return home / "hivemind" / "_identity.json"


def read_identity(file: Path) -> HubIdentity:
    """Read an identity; nothing is ever written.

    Raises:
        IdentityMissingError: There is no such file, or one that names no hub yet.
        IdentityBrokenError: There is one, and no hub can be reached with what it holds.
    """
    content = _content(file)
    if content and _OF_A_HUB.isdisjoint(content):
        raise _missing()
    access_key = _text(content, "access_key", file)
    password = _text(content, "password", file)
    master = _text(content, "default_master", file)
    try:
        address = parse_address(master, _port(content.get("default_port"), file))
    except ValueError as error:
        raise _broken(file, f"{error}") from error
    site_id = content.get("site_id")
    return HubIdentity(
        access_key, password, address, site_id if _is_line(site_id) else SITE_DEFAULT
    )


def protect_keys(file: Path) -> None:
    """Make the keys beside an identity readable by their user alone.

    hivemind-bus-client writes its RSA keys with the umask's mode.
    """
    with contextlib.suppress(OSError):  # of somebody else, or gone meanwhile
        for key in file.parent.glob("*.pem"):
            key.chmod(PRIVATE_FILE)


def _content(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _SIZE_MAX:
            raise _broken(file, "it is far too large")
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _missing() from error
    except OSError as error:
        raise _broken(file, error.strerror or "it can't be read") from error
    except (ValueError, RecursionError) as error:
        raise _broken(file, "it is damaged") from error
    if not isinstance(content, dict):
        raise _broken(file, "it is damaged")
    return content


def _text(content: dict[str, Any], key: str, file: Path) -> str:
    value = content.get(key)
    if not _is_line(value):
        raise _broken(file, f"it has no {key.replace('_', ' ')}")
    return value


def _port(value: object, file: Path) -> int | None:
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _broken(file, "its port is no number")
    return value


def _is_line(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _missing() -> IdentityMissingError:
    return IdentityMissingError(f"This computer has no HiveMind identity yet. Run: {_SET_IDENTITY}")


def _broken(file: Path, reason: str) -> IdentityBrokenError:
    return IdentityBrokenError(
        f"The HiveMind identity {file} can't be used: {reason}. "
        f"Restore it, or move it away and run: {_SET_IDENTITY}"
    )
