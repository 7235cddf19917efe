"""The command `hivemind-flask-chatroom`: a room without a window, until it is told to stop."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from hivemind_chatroom.flags import room_flags
from hivemind_chatroom.migrate import COMMAND, migrate
from hivemind_chatroom.program import Stop, Wish, run, welcome

NAME = "hivemind-flask-chatroom"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the room until SIGINT or SIGTERM; a second one ends the process at once.

    With `migrate` in front, move a room to another database instead.

    Args:
        arguments: The command line without the program's name; None takes the process's own.

    Returns:
        The exit code: 0 after an orderly stop, 2 when the room can't start as asked.
    """
    said = sys.argv[1:] if arguments is None else arguments
    if said[:1] == [COMMAND]:
        return migrate(NAME, said[1:])
    flags = room_flags(NAME)
    flags.epilog = f"`{NAME} {COMMAND} FROM TO` moves a room to another database."
    return run(flags, said, _serve)


def _serve(wish: Wish, stop: Stop) -> None:
    from hivemind_chatroom.chatroom import Chatroom  # noqa: PLC0415 - after --help and --version
    from hivemind_chatroom.diagnostics.health import (  # noqa: PLC0415 - as above
        READY,
        STOPPING,
        tell_supervisor,
    )

    chatroom = Chatroom(wish.settings, origin=wish.origin, on_end=stop.tell)
    chatroom.start()
    try:
        welcome(chatroom)
        tell_supervisor(READY, os.environ)
        stop.wait()
    finally:
        tell_supervisor(STOPPING, os.environ)
        chatroom.stop()
    if chatroom.failure is not None:
        raise chatroom.failure
