"""A wire for whoever leads, and for nobody who may have lost the lead without knowing it."""

from __future__ import annotations

from collections.abc import Callable

from hivemind_chatroom.hub.events import Arrived, BusMessage, FromConnection, Report
from hivemind_chatroom.hub.exchange import Dial, Wire
from hivemind_chatroom.hub.gate import NotSentError
from hivemind_chatroom.hub.targets import Target


class LeasedWire:
    """A wire that carries nothing while it is not sure that nobody else leads.

    What was written down as leaving may meet a pause of any length before its bytes leave. Looking
    at the lease right before them makes the moment short in which another may have taken over.
    """

    def __init__(self, wire: Wire, is_sure: Callable[[], bool]) -> None:
        """Use a wire as long as `is_sure` says so; it never waits."""
        self._wire = wire
        self._is_sure = is_sure

    def start(self) -> None:
        """Begin, and report what happens."""
        self._wire.start()

    def send(self, message: BusMessage) -> None:
        """Send one bus message.

        Raises:
            NotSentError: No byte of it has left, as another instance may lead, or by the wire.
            UnsureError: It may have left, or not.
        """
        if not self._is_sure():
            raise NotSentError
        self._wire.send(message)

    def close(self) -> None:
        """Cut it, from any thread."""
        self._wire.close()


def leased(dial: Dial, is_sure: Callable[[], bool]) -> Dial:
    """Return what dials as `dial` does, and lets bus messages through while `is_sure` says so.

    What still arrives belongs to what the next leader has put in doubt, so it is thrown away.
    """

    def dial_leased(target: Target, report: Report) -> Wire:
        def report_leased(event: FromConnection) -> None:
            if is_sure() or not isinstance(event, Arrived):
                report(event)

        return LeasedWire(dial(target, report_leased), is_sure)

    return dial_leased
