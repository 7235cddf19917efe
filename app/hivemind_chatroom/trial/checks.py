"""What is looked at in an installed copy, from the store to the stop."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psutil

from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.diagnostics.selftest import Check, Verdict, failed, skipped, well
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.room.model import Author, Draft, HubState, Kind
from hivemind_chatroom.server.listener import listen
from hivemind_chatroom.settings import HubChoice, Origin, Settings
from hivemind_chatroom.store.sqlite import SqliteStore
from hivemind_chatroom.trial.neighbour import is_announced, own_addresses
from hivemind_chatroom.trial.visitor import Visitor
from hivemind_chatroom.web.security import HEADERS

NAME: Final = "Self-test"
"""Of the room, and of who visits it."""

QUESTION: Final = "What time is it?"

CONNECTED_WITHIN_S: Final = 6.0
ANSWERED_WITHIN_S: Final = 3.0
SEEN_WITHIN_S: Final = 6.0
FOUND_WITHIN_S: Final = 4.0
_GONE_WITHIN_S: Final = 1.5
_OK: Final = 200
_FILE: Final = re.compile(rb'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Sight:
    """What a window is to show."""

    title: str
    url: str = field(repr=False)
    """Of the operator's page, with the token in its fragment."""
    folder: Path
    """For what the window remembers."""
    is_live: threading.Event
    """Set once the page is there and hears of the room what happens."""
    within_s: float = SEEN_WITHIN_S


See = Callable[[Sight], Verdict]
"""Shows a window on the main thread until its page is live or the time is over."""


class Trial:
    """One room, opened, visited and closed to see whether all of it works here."""

    def __init__(self, folder: Path, see: See, port: int = 0) -> None:
        """Open nothing yet.

        Args:
            folder: Empty; all that the room keeps is in there.
            see: What shows the window.
            port: Where to listen; 0 for any port that is free.
        """
        self._port_wanted = port
        self._folder = folder
        self._see = see
        self._is_live = threading.Event()
        self._chatroom: Chatroom | None = None
        self._visitor: Visitor | None = None

    def checks(self) -> tuple[Check, ...]:
        """Return what is looked at, in this order."""
        return (
            Check("store", 3, self._keeps),
            Check("server", 6, self._serves),
            Check("hub", 8, self._connects, needs=("server",)),
            Check("answer", 4, self._answers, needs=("hub",)),
            Check("lan", FOUND_WITHIN_S + 1, self._is_found, needs=("server",)),
            Check("window", SEEN_WITHIN_S + 2, self._shows, needs=("server",), is_on_main=True),
            Check("stop", 4, self._stops),
        )

    def give_up(self) -> None:
        """Close the room if it is open, whatever is tried at the moment."""
        if self._chatroom is not None:
            self._chatroom.stop()

    def _keeps(self) -> Verdict:
        """Keep a message, and read it once the database is opened again."""
        folder, clock = self._folder / "store", SystemClock()
        folder.mkdir()
        file = folder / "room.db"
        author = Author("self-test", NAME)
        kept = SqliteStore(file, clock, is_own_place=True)
        try:
            draft = Draft(Kind.PERSON, author, QUESTION, "en", clock.now())
            number = kept.append(draft).message.id
        finally:
            kept.close()
        again = SqliteStore(file, clock, is_own_place=True)
        try:
            found = again.get(number)
        finally:
            again.close()
        if found is None or found.draft.text != QUESTION:
            return failed("store_forgets", "A message that was kept can't be read again.")
        return well("A message was kept, and read again after the database was opened anew.")

    def _serves(self) -> Verdict:
        """Open the room, and fetch its page with what belongs to it."""
        origin = Origin(self._folder / "settings.toml")
        settings = Settings(
            port=self._port_wanted,
            code="auto",
            hub=HubChoice.BUILT_IN,
            data_dir=self._folder / "room",
            room_name=NAME,
            lan_name="hivechat-self-test",
            set_up=True,
        )
        chatroom = Chatroom(settings, origin=origin, on_watch=self._note_watch)
        chatroom.start()
        self._chatroom = chatroom
        visitor = self._visitor = Visitor(chatroom.url)
        _, headers, _ = visitor.get("/")
        status, headers, page = visitor.get(headers.get("Location", "/"))
        files = [name.decode() for name in dict.fromkeys(_FILE.findall(page))]
        if status != _OK or not files:
            return failed("page_missing", f"The room's page is not served (status {status}).")
        lost = [name for name in files if not _is_there(visitor, name)]
        if lost:
            return failed("file_missing", f"Not served, and wanted by the page: {lost[0]}.")
        bare = [name for name, value in HEADERS.items() if headers.get(name) != value]
        if bare:
            return failed("header_missing", f"The page comes without the header {bare[0]}.")
        return well(f"The page, its {len(files)} files and its protective headers are served.")

    def _connects(self) -> Verdict:
        """Join by the code, and wait until the room says that its hub is connected."""
        assert self._chatroom is not None  # noqa: S101 - `server` came before
        assert self._visitor is not None  # noqa: S101 - as above
        status = self._visitor.join(NAME, self._chatroom.code)
        if status != _OK:
            return failed("join_refused", f"A visitor with the code is refused (status {status}).")
        if not self._visitor.listen():
            return failed("stream_missing", "The room does not tell its visitors what happens.")
        if not self._visitor.hears(_is_connected, CONNECTED_WITHIN_S):
            state = self._chatroom.room.hub.state
            return failed("hub_not_connected", f"The built-in hub is not connected, but {state}.")
        return well("The built-in hub's process runs, and the room is connected to it.")

    def _answers(self) -> Verdict:
        """Ask the assistant, and hear its answer."""
        assert self._visitor is not None  # noqa: S101 - `server` came before
        number = self._visitor.ask(QUESTION)
        if number is None:
            return failed("question_refused", "A visitor's question is refused.")
        if not self._visitor.hears(
            lambda name, data: _is_answer(name, data, number), ANSWERED_WITHIN_S
        ):
            return failed("no_answer", "A visitor's question was not answered.")
        return well("A visitor's question was answered.")

    def _is_found(self) -> Verdict:
        """Look for the room as other computers of the LAN do."""
        assert self._chatroom is not None  # noqa: S101 - `server` came before
        addresses = own_addresses(Settings().host)
        if not addresses:
            return skipped("no_network", "This computer is on no network.")
        try:
            is_found = is_announced(self._port, addresses, FOUND_WITHIN_S)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return failed("mdns_refused", f"The system allows no multicast DNS: {reason}.")
        if not is_found:
            return failed("not_found", "The room is not found on the network by its name.")
        return well("The room announces itself on the network, and is found there.")

    def _shows(self) -> Verdict:
        """Have the window show the operator's page."""
        assert self._chatroom is not None  # noqa: S101 - `server` came before
        return self._see(Sight(NAME, self._chatroom.operator_url, self._folder, self._is_live))

    def _stops(self) -> Verdict:
        """Close the room, and look for what is left of it."""
        chatroom = self._chatroom
        if chatroom is None:
            return skipped("not_tried", "There is no room to be closed.")
        port, children = self._port, psutil.Process().children(recursive=True)
        chatroom.stop()
        if self._visitor is not None:
            self._visitor.leave()
        _, left = psutil.wait_procs(children, timeout=_GONE_WITHIN_S)
        if left:
            return failed("process_left", f"Processes of the room stay behind: {len(left)}.")
        listen(Settings().host, port).close()
        return well("The room is closed; its port is free and its processes are gone.")

    @property
    def _port(self) -> int:
        assert self._chatroom is not None  # noqa: S101 - asked by checks that come after `server`
        return urlsplit(self._chatroom.url).port or 0

    def _note_watch(self, is_watched: bool) -> None:  # noqa: FBT001 - a callback
        if is_watched:
            self._is_live.set()


def _is_there(visitor: Visitor, name: str) -> bool:
    status, _, body = visitor.get(name)
    return status == _OK and bool(body)


def _is_connected(name: str, data: Any) -> bool:  # noqa: ANN401 - JSON
    return name == "hub" and data["state"] == HubState.CONNECTED


def _is_answer(name: str, data: Any, number: int) -> bool:  # noqa: ANN401 - JSON
    is_ours = name == "message" and data["in_reply_to"] == number
    return is_ours and data["kind"] == Kind.ASSISTANT and bool(data["text"])
