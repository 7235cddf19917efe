"""The child process: `python -m hivemind_chatroom.hub.builtin FOLDER`.

It lives as long as its standard input is open, so it ends with its parent, however that ends.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Final

from hivemind_chatroom.hub.builtin.address import BuiltinAddress

PRIVATE_UMASK: Final = 0o077
FOREIGN_SETTINGS: Final = ("XDG_", "OVOS_", "MYCROFT_", "HIVEMIND_")
"""Variables that would make this hub read or write the files of another."""

STDIN, STDOUT, STDERR = range(3)


def main(folder: Path) -> None:
    """Run the built-in hub until standard input closes.

    Args:
        folder: private to this hub; everything it keeps is in there.
    """
    os.umask(PRIVATE_UMASK)
    # Ctrl-C is for the parent, which then closes standard input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, name="builtin-hub-parent", daemon=True).start()
    parent = _take_stdout()
    _keep_to(folder)
    logging.disable()  # what the libraries log may hold what somebody said

    # Only now: the libraries write key files, read XDG_* and print as they are imported.
    from hivemind_chatroom.hub.builtin.hub import serve  # noqa: PLC0415

    def report(address: BuiltinAddress) -> None:
        os.write(parent, address.to_line())
        os.close(parent)
        _silence(STDERR)  # from here on a traceback could hold what somebody said

    serve(folder, report)


def _exit_with_parent() -> None:
    while os.read(STDIN, 1):
        pass
    os._exit(0)  # sys.exit would end this thread only; nothing here needs to be tidied up


def _take_stdout() -> int:
    """Keep standard output for the one line to the parent; whatever is printed goes nowhere."""
    parent = os.dup(STDOUT)
    _silence(STDOUT)
    return parent


def _silence(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _keep_to(folder: Path) -> None:
    for name in list(os.environ):
        if name.startswith(FOREIGN_SETTINGS):
            del os.environ[name]
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{kind}_HOME"] = str(folder / kind.lower())
    os.environ["XDG_CONFIG_DIRS"] = os.environ["XDG_CONFIG_HOME"]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
