"""People who ask a hub through a room as it is started, and what became of what they asked."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx

from e2e.guest import Guest
from e2e.hubs import UTTERANCE, RealHub
from e2e.program import Program
from faults.figures import Measured
from faults.frames import BINARY, CLOSE, PING, PONG, TEXT, frames_of
from faults.posting import Json, joined, visitor, whole_log
from faults.proxy import Proxy

SECRET = "typed"
"""In every text, so that it can be looked for on the wire."""

ENDS = frozenset({"answered", "unmatched", "refused", "unanswered", "unconfirmed", "expired"})
"""The deliveries that an utterance may stand in for good."""

PEOPLE = 4

ENDED_WITHIN_S = 90.0
"""The deadlines of an utterance one after the other, and some time to spare."""

LINKED_WITHIN_S = 30.0


class Household:
    """A room linked to a real hub through a proxy, a guest who watches, and people who ask."""

    def __init__(self, url: str, hub: RealHub, proxy: Proxy, watcher: Guest) -> None:
        self.hub = hub
        self.proxy = proxy
        self.asked: list[int] = []
        """The number of every utterance."""
        self._url = url
        self._watcher = watcher
        self._people = [visitor(url, joined(url, f"Person {n}")) for n in range(PEOPLE)]
        self._counter = itertools.count()

    def ask(self, person: int) -> int:
        """Have a person ask something that nobody has asked before; any thread may."""
        text = f"{SECRET} {next(self._counter)}"
        body = {"client_id": text, "text": text}
        answer = self._people[person].post("/api/messages", json=body)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        number = int(answer.json()["id"])
        self.asked.append(number)
        return number

    def ask_by_turns(self, count: int) -> None:
        """Have people ask one after the other."""
        for turn in range(count):
            self.ask(turn % PEOPLE)

    def ask_unanswered(self, count: int) -> None:
        """Have the hub answer nothing from now on, ask, and wait until it is all on its way."""
        self.hub.tell("hold")
        self.ask_by_turns(count)
        last = self.asked[-1]
        self._watcher.hears(
            "update",
            lambda update: update["id"] == last and update["delivery"] == "sent",
            within_s=LINKED_WITHIN_S,
        )

    def answer_all(self) -> None:
        """Have the hub answer what it has held back, and what comes."""
        self.hub.tell("release", seed=1, stripped=[[]], count=len(self.asked))

    def until_linked(self, *, is_linked: bool = True) -> None:
        """Wait until people are told that the hub can be asked, or that it can't."""

        def stands(_: object) -> bool:
            latest = self._watcher.heard("hub")[-1]
            return bool((latest["state"] == "connected") == is_linked)

        self._watcher.hears("hub", stands, within_s=LINKED_WITHIN_S)

    def until_ended(self) -> None:
        """Wait until everything that was asked has come to its end."""
        for number in self.asked:
            self._watcher.hears("update", end_of(number), within_s=ENDED_WITHIN_S)

    def log(self) -> list[Json]:
        """Return everything that is public, as it stands now."""
        return whole_log(self._url)

    def heard_numbers(self) -> list[int]:
        """Return the numbers of the messages that the stream has told of, in its order."""
        return [message["id"] for message in self._watcher.heard("message")]

    def newest(self) -> Json:
        """Return the message that the stream has told of last."""
        return self._watcher.heard("message")[-1]

    def report(self, seen: Measured) -> None:
        """Note what became of what was asked."""
        shown = {message["id"]: message for message in self.log()}
        asked = [shown[number] for number in self.asked]
        told = self._told()
        heard = Counter(self.hub.ever_heard())
        ends = Counter(message["delivery"] for message in asked)
        seen.told("utterances", len(asked))
        seen.told("ended as", ", ".join(f"{n} {end}" for end, n in sorted(ends.items())))
        endless = sum(not _has_one_end(told, message) for message in asked)
        seen.at_most("without one end that people see", 0, endless)
        seen.at_most("at the hub twice", 0, sum(count > 1 for count in heard.values()))
        seen.at_most(
            "answered and never at the hub, or expired and there",
            0,
            sum(_is_lie(message, heard) for message in asked),
        )
        seen.at_most("frames with a word of theirs in the clear", 0, plain_frames(self.proxy))

    def close(self) -> None:
        """Let go of the people's connections."""
        for person in self._people:
            person.close()

    def _told(self) -> dict[int, list[str]]:
        """Return the ends that the stream has told of each message, in order."""
        told: dict[int, list[str]] = {}
        for update in self._watcher.heard("update"):
            if update["delivery"] in ENDS:
                told.setdefault(update["id"], []).append(update["delivery"])
        return told


def end_of(number: int) -> Callable[[Json], bool]:
    """Return whether an update is the end of this utterance."""
    return lambda update: update["id"] == number and update["delivery"] in ENDS


def _has_one_end(told: dict[int, list[str]], message: Json) -> bool:
    """Tell whether the stream and the log agree; what is in doubt may be answered after all."""
    ends = told.get(message["id"], [])
    is_one = len(ends) == 1 or (len(ends) == 2 and ends[0] in {"unconfirmed", "unanswered"})
    return is_one and ends[-1] == str(message["delivery"])


def _is_lie(message: Json, heard: Counter[str]) -> bool:
    """Tell whether its end contradicts what the hub has heard."""
    is_heard = message["text"] in heard
    return str(message["delivery"]) == ("expired" if is_heard else "answered")


def plain_frames(proxy: Proxy) -> int:
    """Count what left the room in the clear though a handshake must come first."""
    word = SECRET.encode()
    found = 0
    for passage in proxy.passages:
        found += word in passage.from_client
        for frame in frames_of(passage.from_client):
            is_greeting = frame.opcode == TEXT and _is_handshake(frame.payload)
            found += word in frame.payload
            found += not is_greeting and frame.opcode not in {BINARY, CLOSE, PING, PONG}
    return found


def _is_handshake(payload: bytes) -> bool:
    return bool(json.loads(payload)["msg_type"] == "shake")


@contextlib.contextmanager
def household(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Household]:
    """Start a hub, a proxy before it and a room that is linked through the proxy.

    Args:
        folder: Where they keep what they keep.
        environment: Variables for the room's process alone.
    """
    hub = RealHub(folder / "hub").start(UTTERANCE)
    with contextlib.ExitStack() as stack:
        stack.callback(hub.stop)
        proxy = stack.enter_context(Proxy(hub.port))
        program = Program(folder, "--port", "0", "--hub", "identity", "--rate-limit", "off")
        program.set_identity(hub, port=proxy.port)
        program.environment |= environment or {}
        stack.enter_context(program)
        watcher = stack.enter_context(Guest(program.url)).join("Watcher", "en")
        house = Household(program.url, hub, proxy, watcher)
        stack.callback(house.close)
        house.until_linked()
        yield house
