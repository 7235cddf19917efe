"""The link: one thread that keeps the room connected to its hub."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import assert_never

from hivemind_chatroom.errors import BuiltinHubError, IdentityError, traced
from hivemind_chatroom.hub.allowance import Allowance
from hivemind_chatroom.hub.commands import (
    Command,
    Connect,
    Disconnect,
    Doubt,
    LookAgain,
    Probe,
    Standing,
    Tell,
)
from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import (
    Arrived,
    BusMessage,
    Closed,
    FromConnection,
    LinkEvent,
    Permitted,
    Started,
    Stopped,
    Ticked,
    TriedNow,
    Unheard,
    Unusable,
)
from hivemind_chatroom.hub.exchange import Dial, Exchange, Wire
from hivemind_chatroom.hub.gate import UnsureError
from hivemind_chatroom.hub.inbox import Inbox
from hivemind_chatroom.hub.outgoing import Outgoing
from hivemind_chatroom.hub.place import local_timezone
from hivemind_chatroom.hub.reasons import reason_of
from hivemind_chatroom.hub.state import LinkState, advance
from hivemind_chatroom.hub.targets import Target, Targets
from hivemind_chatroom.hub.wire import HubWire
from hivemind_chatroom.room.model import HubStatus
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.room import Room

_log = logging.getLogger(__name__)

_STOP_S = 3.0
"""How long a stop waits for the thread, in seconds."""

BREATH_S = 1.0
"""How long the thread rests after something of ours failed, so that it can't spin, in seconds."""


class HubLink:
    """Keeps the room connected to its hub for as long as it runs."""

    def __init__(
        self,
        room: Room,
        targets: Targets,
        clock: Clock,
        dial: Dial = HubWire,
        on_news: Callable[[], None] = lambda: None,
    ) -> None:
        """Connect to nothing yet; the room knows from now on that a hub is wanted.

        Args:
            room: Whose utterances go out.
            targets: Say which hub.
            clock: Both clocks.
            dial: Makes the connections.
            on_news: Called when `target` or `latency_s` may be another; returns at once.
        """
        self._room = room
        self._targets = targets
        self._clock = clock
        self._dial = dial
        self._on_news = on_news
        self._timezone = local_timezone()
        self._inbox = Inbox()
        self._outgoing = Outgoing(room.feed, clock, self._inbox.nudge)
        self._allowance = Allowance(clock)
        self._state = LinkState()
        self._target: Target | None = None
        self._wire: Wire | None = None
        self._exchange: Exchange | None = None
        self._overdue_at: float | None = None
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub-link", daemon=True)
        self._tell(self._state.standing)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._inbox.post(Started())
        self._thread.start()

    @property
    def target(self) -> Target | None:
        """The hub that was tried last, None where there was none to try."""
        return self._target

    @property
    def latency_s(self) -> float | None:
        """How long the hub took to answer the last probe, in seconds; None while not connected."""
        exchange = self._exchange
        return exchange.latency_s if exchange else None

    def reconnect(self) -> None:
        """Ask anew which hub is wanted and connect to it now; returns at once.

        What waits for a hub goes on waiting and then out; what is on its way is in doubt.
        """
        self._inbox.post(TriedNow())

    @property
    def is_over(self) -> bool:
        """Whether the thread has ended, which may be after `stop` where the disk keeps it."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Close the connection and end the thread; what was on its way is in doubt."""
        self._is_stopping.set()
        self._inbox.nudge()
        if wire := self._wire:
            wire.close()  # the thread may be in the middle of a write
        self._targets.close()  # or may wait for the built-in hub
        self._outgoing.close()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    # --- the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._is_stopping.is_set():
                events = self._inbox.take(self._rest_s())
                try:
                    self._turn(events)
                except Exception as error:  # noqa: BLE001 - a thread's loop: one message must not end it
                    self._stumble(error)
            self._feed(Stopped())
        finally:
            self._targets.close()

    def _stumble(self, error: Exception) -> None:
        _log.error("the link stumbled: %s", traced(error))
        self._overdue_at = self._clock.monotonic() + BREATH_S

    def _rest_s(self) -> float | None:
        all_dues = (self._send_due, self._state.due, self._overdue_at)
        dues = [due for due in all_dues if due is not None]
        return max(0.0, min(dues) - self._clock.monotonic()) if dues else None

    def _turn(self, events: Sequence[LinkEvent | FromConnection]) -> None:
        self._take([event.message for event in events if isinstance(event, Arrived)])
        for event in events:
            if not isinstance(event, Arrived):
                self._feed(event)
        self._feed(Ticked())
        now = self._clock.monotonic()
        if self._overdue_at is None or now >= self._overdue_at:
            self._settle()
        if self._state.topic and self._send_due is not None and now >= self._send_due:
            self._send_waiting(self._state.topic)

    @property
    def _send_due(self) -> float | None:
        return self._outgoing.due if self._state.topic else None

    def _take(self, messages: Sequence[BusMessage]) -> None:
        """Take what the hub says; what the room fails to keep of it keeps nothing else back."""
        exchange = self._exchange
        if exchange is None:
            return
        for said in exchange.sort(messages):
            try:
                event = exchange.take(said)
            except Exception as error:  # noqa: BLE001 - one message must not cost the others
                self._stumble(error)
                continue
            if isinstance(event, Permitted):
                self._on_news()
            self._feed(event)
            if self._exchange is not exchange:
                return  # what an old connection still says is thrown away

    def _feed(self, event: LinkEvent) -> None:
        """Let an event change the state, and carry out what follows, all of it.

        The state is the next one already: a command left out for another's failure would never come
        again, and a full disk would have people told that the hub is connected, for good.
        """
        self._state, commands = advance(self._state, event, self._clock.monotonic())
        for command in commands:
            try:
                self._carry_out(command)
            except Exception as error:  # noqa: BLE001 - the others are not to suffer for it
                self._stumble(error)

    def _carry_out(self, command: Command) -> None:
        match command:
            case Connect():
                self._connect()
            case Disconnect():
                self._disconnect()
            case Probe():
                self._probe()
            case LookAgain():
                self._look_again()
            case Doubt():
                self._room.utterances.lose_link()
            case Tell(standing):
                self._tell(standing)
            case _:
                assert_never(command)

    # --- what is done -------------------------------------------------------------------------

    def _connect(self) -> None:
        try:
            self._target = target = self._targets.current()
        except (IdentityError, BuiltinHubError) as error:
            self._target = None
            self._on_news()
            reason = reason_of(error)
            if reason != self._state.standing.reason:  # every attempt finds the same out anew
                _log.warning("there is no hub to connect to: %s: %s", error.code, error)
            self._inbox.post(Unusable(reason))
            return
        number = self._inbox.next_connection()
        self._wire = wire = self._dial(target, lambda event: self._inbox.report(number, event))
        self._exchange = Exchange(
            self._room,
            wire,
            self._clock,
            self._timezone,
            outgoing=self._outgoing,
            allowance=self._allowance,
        )
        self._outgoing.note_waiting()  # what the last one could not send waits for this one
        if target.builtin != self._room.hub.builtin:
            self._tell(self._state.standing)  # told before it was known which hub it would be
        self._on_news()
        wire.start()
        self._outgoing.keep_only(self._room.utterances.under_way())  # last, as it may fail

    def _disconnect(self) -> None:
        self._inbox.next_connection()
        self._exchange = None
        self._on_news()
        wire, self._wire = self._wire, None
        if wire:
            wire.close()

    def _probe(self) -> None:
        try:
            if self._exchange:
                self._exchange.probe()
        except UnsureError:
            self._inbox.post(Closed(Fault.NETWORK))

    def _send_waiting(self, topic: str) -> None:
        self._outgoing.note_taken()
        try:
            if self._exchange and self._exchange.send_waiting(topic):
                self._outgoing.note_waiting()
        except UnsureError:
            self._inbox.post(Closed(Fault.NETWORK))
        except Exception:
            self._outgoing.note_waiting(BREATH_S)  # what stands behind the one that failed
            raise

    def _look_again(self) -> None:
        try:
            wanted = self._targets.current()
        except (IdentityError, BuiltinHubError):
            return
        if wanted != self._target:
            self._inbox.post(TriedNow())

    def _settle(self) -> None:
        overdue = self._room.utterances.settle_overdue()
        wait_s = overdue.next_in_s
        self._overdue_at = None if wait_s is None else self._clock.monotonic() + wait_s
        for asked in overdue.unanswered:
            self._feed(Unheard(asked.since))

    def _tell(self, standing: Standing) -> None:
        _log.info("the hub is %s %s", standing.state, standing.reason)
        is_builtin = self._target is not None and self._target.builtin
        self._room.hub_is(
            HubStatus(
                standing.state, self._clock.now(), standing.reason, standing.command, is_builtin
            )
        )
