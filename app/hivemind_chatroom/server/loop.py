"""The loop of a thread that serves many: one failure must not end it, and must not make it spin."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from hivemind_chatroom.errors import traced

REST_S: Final = 1.0
"""How long the thread rests after a failure: one that lasts would cost a core, and fill the log."""

_log = logging.getLogger(__name__)


def repeat(turn: Callable[[], object], until: threading.Event) -> None:
    """Take turns on this thread until the event is set, which also ends a rest.

    Args:
        turn: Waits for something to do, and does it.
        until: Whoever sets it wakes `turn` too.
    """
    while not until.is_set():
        try:
            turn()
        except Exception as error:  # noqa: BLE001 - a thread loop logs and goes on
            name = threading.current_thread().name
            _log.error("the thread %s goes on after a failure: %s", name, traced(error))
            until.wait(REST_S)
