"""Which hub is up with nothing behind it that answers: the link alone sees no difference."""

from __future__ import annotations

from dataclasses import replace

from hivemind_chatroom.room.feed import Event, MessageUpdated
from hivemind_chatroom.room.model import Delivery, HubState, HubStatus
from hivemind_chatroom.room.operating import Check, CheckName, CheckState

REASON = "hub.no_agent"

_HEARD = frozenset({Delivery.ANSWERED, Delivery.UNMATCHED})
"""What becomes of a question only where somebody is: even "I don't know" is an answer."""


class Silence:
    """Remembers the hub whose last test got no answer; any thread may call, and none waits."""

    def __init__(self) -> None:
        """Begin with none."""
        self._address = ""

    def is_of(self, address: str) -> bool:
        """Tell whether a hub is the one that said nothing.

        Args:
            address: Of the hub, as `host:port`; empty if it isn't known.
        """
        return bool(address) and address == self._address

    def seen(self, status: HubStatus, address: str) -> HubStatus:
        """Return how a hub stands for the host, who may know more than the link does.

        Args:
            status: As the link has it.
            address: Of the hub, as `host:port`; empty if it isn't known.
        """
        if status.state is HubState.CONNECTED and self.is_of(address):
            return replace(status, state=HubState.NO_ASSISTANT, reason=REASON)
        return status

    def note(self, check: Check) -> None:
        """Learn from a check of a hub; the last of the five tells."""
        if check.name is not CheckName.ANSWERED:
            return
        if check.state is CheckState.FAILED and check.code == REASON:
            self._address = check.address
        elif check.state is CheckState.OK and self.is_of(check.address):
            self._address = ""

    def hear(self, event: Event) -> None:
        """Learn from the room's feed that there is somebody after all."""
        if isinstance(event, MessageUpdated) and event.message.delivery in _HEARD:
            self._address = ""
