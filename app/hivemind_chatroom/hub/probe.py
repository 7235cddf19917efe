"""The five checks of a hub: one routine for the operator's wizard and for the health panel."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from typing import Final

from hivemind_chatroom.hub.advice import text_for
from hivemind_chatroom.hub.events import BusMessage, FromConnection, Report
from hivemind_chatroom.hub.examination import Examination, Finding, Step
from hivemind_chatroom.hub.exchange import Wire
from hivemind_chatroom.hub.gate import NotSentError, UnsureError
from hivemind_chatroom.hub.password import is_weak
from hivemind_chatroom.hub.place import local_timezone
from hivemind_chatroom.hub.reasons import Reason, command_for
from hivemind_chatroom.hub.scratch import dial_on_scratch
from hivemind_chatroom.hub.state import UTTERANCE_TOPICS
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.room.operating import Check, CheckState

PROBE_DEADLINE_S: Final = 7.0
"""How long the five checks may take, in seconds: eight are promised, closing included."""

Dial = Callable[[Target, Report], Wire]
"""Makes a connection to a target."""


def probe(target: Target, client_id: str = "", dial: Dial = dial_on_scratch) -> Iterator[Check]:
    """Call a hub, ask it whether we may ask, and say hello to who stands behind it.

    Yields every check as it ends, five in their order. Closing the iterator ends the call.

    Args:
        target: The hub, and the saved identity's file, which stays as it is.
        client_id: Our number on the hub, empty when it isn't known before.
        dial: Makes the connection.
    """
    call = _Call(target, client_id)
    if is_weak(target.password):
        # The hub would hang up without saying why.
        yield from call.told(call.examination.refuse(Reason.WEAK_PASSWORD))
        return
    inbox: queue.SimpleQueue[FromConnection] = queue.SimpleQueue()
    try:
        wire = dial(target, inbox.put)
    except OSError:  # no place to call from
        yield from call.told(call.examination.refuse(Reason.STORAGE))
        return
    try:
        call.begin(wire)
        while not call.examination.is_over:
            yield from call.told(call.sent(wire, call.next_steps(inbox)))
    finally:
        wire.close()


class _Call:
    """One examination with its times and its words."""

    def __init__(self, target: Target, client_id: str) -> None:
        self.examination = Examination(target.site_id, local_timezone(), time.time())
        self._target = target
        self._client_id = client_id
        self._since = time.monotonic()
        self._deadline = self._since + PROBE_DEADLINE_S

    def begin(self, wire: Wire) -> None:
        """Start the wire, and count from here what the first check takes."""
        self._since = time.monotonic()
        wire.start()

    def next_steps(self, inbox: queue.SimpleQueue[FromConnection]) -> Iterator[Step]:
        """Wait for what the connection tells, and return what follows."""
        due = min(self._deadline, self.examination.due or self._deadline)
        try:
            event = inbox.get(timeout=max(0.0, due - time.monotonic()))
        except queue.Empty:
            return self.examination.lose_patience()
        return self.examination.take(event, time.monotonic())

    def sent(self, wire: Wire, steps: Iterator[Step]) -> Iterator[Finding]:
        """Send what is to be sent, and pass on what was found out."""
        for step in steps:
            if isinstance(step, BusMessage):
                try:
                    wire.send(step)
                except (NotSentError, UnsureError):
                    return  # that the connection is gone is told by itself
            else:
                yield step

    def told(self, findings: Iterator[Finding]) -> Iterator[Check]:
        """Put findings into words."""
        address = self._target.address
        for finding in findings:
            now = time.monotonic()
            has_failed = finding.state is CheckState.FAILED
            yield Check(
                finding.name,
                finding.state,
                round((now - self._since) * 1_000),
                str(finding.reason),
                text_for(finding.reason, tls=address.tls) if has_failed else "",
                self._command_for(finding.reason),
                f"{address.url_host}:{address.port}",
            )
            self._since = now

    def _command_for(self, reason: Reason) -> str:
        client_id = self.examination.client_id or self._client_id
        return command_for(reason, UTTERANCE_TOPICS[0], client_id)
