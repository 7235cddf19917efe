"""The talk with a hub over one connection: utterances out, replies and endings in."""

from __future__ import annotations

from typing import Protocol, assert_never

from hivemind_chatroom.hub import translate
from hivemind_chatroom.hub.events import BusMessage, Heard, Permitted, Refused
from hivemind_chatroom.hub.gate import NotSentError
from hivemind_chatroom.hub.ledger import Ledger
from hivemind_chatroom.hub.twins import Twins
from hivemind_chatroom.room.model import Address, Delivery, Ending, Reply, Utterance
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.room import Room

SEND_AT_ONCE = 50
"""Utterances sent before looking at what has come back meanwhile."""


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


class Exchange:
    """Carries messages between a room and one connection; for the link's thread."""

    def __init__(self, room: Room, wire: Wire, clock: Clock, timezone: str) -> None:
        """Talk over a wire that is about to be connected."""
        self._room = room
        self._wire = wire
        self._clock = clock
        self._timezone = timezone
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
        """Send what waits for the hub, oldest first.

        Args:
            topic: The message type that the hub lets us send.

        Returns:
            Whether more may wait.

        Raises:
            UnsureError: The connection broke in the middle of an utterance; it is in doubt.
        """
        utterances = self._room.utterances
        waiting = utterances.waiting(SEND_AT_ONCE)
        for utterance in waiting:
            if not utterances.sending(utterance):
                continue
            try:
                has_left = self._sends(self._translated(utterance, topic))
            except Exception:
                utterances.doubt(utterance)  # or it would seem to be leaving, for good
                raise
            if not has_left:
                utterances.put_back(utterance)
                return False
            utterances.sent(utterance)
            self._ledger.sent(utterance.corr)
        return len(waiting) == SEND_AT_ONCE

    def take(self, message: BusMessage) -> Heard | Permitted | Refused | None:
        """Give what the hub sent to the room.

        Returns:
            What it means to the link, None for nothing.
        """
        if self._twins.is_second(message, self._clock.monotonic()):
            return None
        meaning = translate.meaning_of(message, self._clock.now().timestamp())
        match meaning:
            case Reply(address):
                self._admit(address)
                self._room.receive(meaning)
                return Heard()
            case Ending(address):
                self._admit(address)
                self._room.utterances.end(meaning)
                return Heard()
            case Permitted():
                self._note_latency()
                self._end_refused()
            case Refused(backend_is_away):
                self._ledger.refused(backend_is_away=backend_is_away)
            case None:
                pass
            case _:
                assert_never(meaning)
        return meaning

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

    def _admit(self, address: Address) -> None:
        if address.corr:
            self._ledger.admitted(address.corr)

    def _end_refused(self) -> None:
        for corr, backend_is_away in self._ledger.close_list():
            delivery = Delivery.UNANSWERED if backend_is_away else Delivery.REFUSED
            self._room.utterances.end(Ending(Address(corr), delivery))
