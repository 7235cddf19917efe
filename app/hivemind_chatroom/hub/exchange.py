"""The talk with a hub over one connection: utterances out, replies and endings in."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from hivemind_chatroom.errors import traced
from hivemind_chatroom.hub import translate
from hivemind_chatroom.hub.allowance import Allowance
from hivemind_chatroom.hub.events import BusMessage, Heard, Permitted, Refused, Report
from hivemind_chatroom.hub.gate import NotSentError
from hivemind_chatroom.hub.ledger import Ledger
from hivemind_chatroom.hub.outgoing import Outgoing
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.hub.translate import Meaning
from hivemind_chatroom.hub.twins import Twins
from hivemind_chatroom.room.model import Address, Delivery, Ending, Reply, Utterance
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.room import Room

_log = logging.getLogger(__name__)

SEND_AT_ONCE = 32
"""Utterances sent before looking at what has come back meanwhile; in doubt after a crash."""

Said = tuple[Reply | Ending, ...] | Permitted | Refused
"""What the hub has said, as far as it can be taken together."""


class Wire(Protocol):
    """What leads to one hub, and is cut but once; see `wire.py`."""

    def start(self) -> None:
        """Begin, and report what happens."""
        ...

    def send(self, message: BusMessage) -> None:
        """Send one bus message.

        Raises:
            NotSentError: No byte of it has left.
            UnsureError: It may have left, or not.
        """
        ...

    def close(self) -> None:
        """Cut it, from any thread."""
        ...


Dial = Callable[[Target, Report], Wire]
"""Makes a connection to a target."""


class Exchange:
    """Carries messages between a room and one connection; for the link's thread."""

    def __init__(  # noqa: PLR0913 - all that a talk is about
        self,
        room: Room,
        wire: Wire,
        clock: Clock,
        timezone: str,
        *,
        outgoing: Outgoing,
        allowance: Allowance,
    ) -> None:
        """Talk over a wire that is about to be connected.

        Args:
            room: Whose utterances go out.
            wire: Leads to the hub.
            clock: Both clocks.
            timezone: Where the room is, by its name in the IANA database.
            outgoing: What is on its way, over all connections.
            allowance: What the hub may say, over all connections as well.
        """
        self._room = room
        self._wire = wire
        self._clock = clock
        self._timezone = timezone
        self._outgoing = outgoing
        self._allowance = allowance
        self._ledger = Ledger()
        self._twins = Twins()
        self._probed_at: float | None = None
        self._latency_s: float | None = None

    @property
    def latency_s(self) -> float | None:
        """How long the hub took to answer the last probe that it has answered, in seconds."""
        return self._latency_s

    def probe(self) -> None:
        """Ask what we may send; where the connection is gone, that is reported by itself.

        Raises:
            UnsureError: The connection broke in the middle.
        """
        self._probed_at = self._clock.monotonic()
        if self._sends(translate.probe()):
            self._ledger.probed()

    def send_waiting(self, topic: str) -> bool:
        """Send what waits for the hub, oldest first, as far as there is room in the window.

        It is written down of all of them that they are about to leave, then they leave, and then
        that is written down, so that many at once cost two commits.

        Args:
            topic: The message type that the hub lets us send.

        Returns:
            Whether more may wait.

        Raises:
            UnsureError: The connection broke in the middle of an utterance; it is in doubt.
        """
        utterances = self._room.utterances
        at_most = min(SEND_AT_ONCE, self._outgoing.room)
        waiting = utterances.waiting(at_most)
        leaving = deque(utterances.sending(*waiting))
        left: list[Utterance] = []
        notes = [lambda: self._note_sent(left), lambda: utterances.put_back(*leaving)]
        failed: Exception | None = None
        try:
            while leaving and self._sends(self._translated(leaving[0], topic)):
                left.append(leaving.popleft())
        except Exception as error:  # noqa: BLE001 - raised as soon as all is written down
            failed, doubtful = error, leaving.popleft()
            notes.insert(0, lambda: utterances.doubt(doubtful))  # or it would seem to be leaving
        _note_all(notes, failed)
        return len(waiting) == at_most and not leaving

    def sort(self, messages: Iterable[BusMessage]) -> Iterator[Said]:
        """Find out what bus messages mean, and put together what can be taken together.

        Replies to what is on its way, and the ends of it, find it by its mark, whatever else
        happens meanwhile. What has no such mark goes by what was asked last.
        """
        together: list[Reply | Ending] = []
        for message in messages:
            meaning = self._meaning_of(message)
            if isinstance(meaning, Reply | Ending) and meaning.address.corr in self._outgoing:
                together.append(meaning)
            elif meaning is not None:
                if together:
                    yield tuple(together)
                    together = []
                yield (meaning,) if isinstance(meaning, Reply | Ending) else meaning
        if together:
            yield tuple(together)
        self._allowance.tell()

    def take(self, said: Said) -> Heard | Permitted | Refused:
        """Give what the hub said to the room, and return what it means to the link."""
        match said:
            case Permitted():
                self._note_latency()
                self._end_refused()
            case Refused(backend_is_away):
                self._ledger.refused(backend_is_away=backend_is_away)
            case _:
                self._give(said)
                return Heard()
        return said

    def _give(self, said: Sequence[Reply | Ending]) -> None:
        for each in said:
            if each.address.corr:
                self._ledger.admitted(each.address.corr)
        replies = [each for each in said if isinstance(each, Reply)]
        endings = [each for each in said if isinstance(each, Ending)]
        try:
            if replies:
                self._room.receive_all(replies)
        finally:
            if endings:
                self._room.utterances.end(*endings)

    def _meaning_of(self, message: BusMessage) -> Meaning:
        if self._twins.is_second(message, self._clock.monotonic()):
            return None
        meaning = translate.meaning_of(message, self._clock.now().timestamp())
        if isinstance(meaning, Reply) and not self._allowance.admits(meaning.address):
            return None
        return meaning

    def _note_sent(self, utterances: Sequence[Utterance]) -> None:
        for utterance in utterances:
            self._ledger.sent(utterance.corr)
            self._allowance.asked(utterance.corr)
        self._room.utterances.sent(*utterances)

    def _note_latency(self) -> None:
        probed_at, self._probed_at = self._probed_at, None
        if probed_at is not None:
            self._latency_s = self._clock.monotonic() - probed_at

    def _translated(self, utterance: Utterance, topic: str) -> BusMessage:
        now = self._clock.now().timestamp()
        return translate.utterance(utterance, topic, self._timezone, now)

    def _sends(self, message: BusMessage) -> bool:
        try:
            self._wire.send(message)
        except NotSentError:
            return False
        return True

    def _end_refused(self) -> None:
        for corr, backend_is_away in self._ledger.close_list():
            delivery = Delivery.UNANSWERED if backend_is_away else Delivery.REFUSED
            self._room.utterances.end(Ending(Address(corr), delivery))


def _note_all(notes: Iterable[Callable[[], None]], failed: Exception | None) -> None:
    """Write down all that can be, and raise what failed first: the link goes by that."""
    for note in notes:
        try:
            note()
        except Exception as error:  # noqa: BLE001 - one note must not cost the others
            if failed:
                _log.error("it is not written down how far they came: %s", traced(error))
            failed = failed or error
    if failed:
        raise failed
