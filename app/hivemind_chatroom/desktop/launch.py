"""From a double click to a window: the server first, and beside it the window's own process."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hivemind_chatroom.children import is_frozen
from hivemind_chatroom.desktop.notice import tell
from hivemind_chatroom.desktop.sentences import Sentences
from hivemind_chatroom.desktop.showing import Showing, showing_of
from hivemind_chatroom.desktop.words import Opening
from hivemind_chatroom.flags import room_flags
from hivemind_chatroom.paths import autostart_folder, data_folder, private_folder
from hivemind_chatroom.program import Stop, Wish, run, welcome

if TYPE_CHECKING:
    from hivemind_chatroom.chatroom import Chatroom
    from hivemind_chatroom.diagnostics.selftest import Verdict
    from hivemind_chatroom.trial.checks import Sight

NAME: Final = "hivemind-chatroom"
BACKGROUND: Final = "--background"
QUIT: Final = "--quit"

_FOLDERS: Final = frozenset({"data_dir", "log_path"})
"""The flags that may name one relative to where the program was started."""

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the room with its window until somebody stops it, or a signal does.

    Args:
        arguments: The command line without the program's name; None takes the process's own.

    Returns:
        The exit code: 0 after an orderly stop, and for a second start whose window is the first's
        or who has ended the first; 2 when the room can't start as asked.
    """
    parser = room_flags(NAME)
    parser.add_argument(
        BACKGROUND,
        action="store_true",
        help="start without showing the window; starting once more shows it",
    )
    parser.add_argument(QUIT, action="store_true", help="close the room that runs here, and end")
    return run(parser, arguments, lambda wish, stop: _Launch(wish, stop).serve(), tell, _see)


def _see(sight: Sight) -> Verdict:
    from hivemind_chatroom.desktop.sight import see  # noqa: PLC0415 - only then

    return see(sight)


class _Shown:
    """The port `Window` of the operator's API, before and after it is known what shows the page."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._lock = threading.Lock()
        self._show: Callable[[], object] | None = None
        self._is_wished = False

    def becomes(self, show: Callable[[], object]) -> None:
        with self._lock:
            self._show = show
            is_wished = self._is_wished
        if is_wished:
            show()

    def show(self) -> None:
        with self._lock:
            self._is_wished = True
            show = self._show
        if show is not None:
            show()

    def quit(self) -> None:
        self._stop.tell()


class _Launch:
    """One start of the program."""

    def __init__(self, wish: Wish, stop: Stop) -> None:
        self._wish = wish
        self._stop = stop
        self._shown = _Shown(stop)
        self._begun = time.monotonic()

    def serve(self) -> None:
        """Run the room and what shows its operator's page, or show those of the first start."""
        from hivemind_chatroom.desktop.single import (  # noqa: PLC0415 - after --help
            end_running,
            only_one,
        )

        place = self._wish.settings.data_dir or data_folder()
        if self._wish.is_end_only:
            end_running(place)
            return
        folder = private_folder(place)
        with only_one(folder) as claim:
            if claim is None:
                return
            with contextlib.closing(showing_of(self._stop)) as showing:
                chatroom = self._open_room()
                try:
                    claim.announce(chatroom.operator_url)
                    _log.info("the room is served, %.2f s after the start", self._age_s())
                    self._show(chatroom, folder, showing)
                finally:
                    showing.leave()
                    chatroom.stop()
                if chatroom.failure is not None:
                    raise chatroom.failure

    def _open_room(self) -> Chatroom:
        from hivemind_chatroom.chatroom import Chatroom  # noqa: PLC0415 - the window begins meanwhile
        from hivemind_chatroom.desktop.first_code import with_code  # noqa: PLC0415 - as above
        from hivemind_chatroom.desktop.login import start_at_login  # noqa: PLC0415 - as above

        login = start_at_login(own_command(self._wish.origin.flags), autostart_folder())
        wish = self._wish
        chatroom = Chatroom(
            with_code(wish.settings, wish.origin),
            origin=wish.origin,
            window=self._shown,
            login=login,
            on_end=self._stop.tell,
        )
        chatroom.start()
        return chatroom

    def _show(self, chatroom: Chatroom, folder: Path, showing: Showing) -> None:
        self._shown.becomes(showing.show)
        opening = Opening(
            chatroom.name,
            chatroom.operator_url,
            Sentences.in_language(self._wish.settings.language),
            str(folder / "window.json"),
            self._wish.is_background,
        )
        if not showing.run(opening):
            self._show_in_browser(chatroom, folder)

    def _show_in_browser(self, chatroom: Chatroom, folder: Path) -> None:
        from hivemind_chatroom.desktop.browser import BrowserPage  # noqa: PLC0415 - only then

        page = BrowserPage(folder, chatroom.operator_url)
        with contextlib.closing(page):
            if not self._wish.is_background:
                self._shown.show()  # as soon as the page can be: once, whoever else wishes it
            self._shown.becomes(page.open)
            welcome(chatroom)
            self._stop.wait()

    def _age_s(self) -> float:
        return time.monotonic() - self._begun


def own_command(flags: Mapping[str, Any]) -> list[str]:
    """Return what starts this program again, as it was started now, with its window away.

    Args:
        flags: What the command line has said, by the settings' names; None has said nothing. Its
            folders become absolute: a login starts programs wherever it likes.
    """
    from hivemind_chatroom.diagnostics.logs import STDOUT  # noqa: PLC0415 - after --help

    said = {name: value for name, value in flags.items() if value is not None}
    for name in _FOLDERS & said.keys():
        if said[name] != STDOUT:
            said[name] = Path(said[name]).expanduser().absolute()
    program = Path(sys.argv[0])
    if is_frozen():
        start = [sys.executable]
    elif program.stem == NAME:
        start = [str(program.absolute())]
    else:
        start = [sys.executable, "-m", __package__]
    given = (f"--{name.replace('_', '-')}={value}" for name, value in said.items())
    return [*start, *given, BACKGROUND]
