"""When the addresses of this computer are other ones: decided from what is seen at each look."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hivemind_chatroom.lan.addresses import Addresses

LOOK_EVERY_S: Final = 1.0
"""Between two looks, in seconds: the systems have no event for it in common."""

_ASLEEP_S: Final = 10.0
"""A look that comes so much later than it should comes after a sleep."""


class Watch:
    """Tells when what others were told is no longer so."""

    def __init__(self, found: Addresses, at: datetime) -> None:
        """Begin with what others were told, and when that was."""
        self._told = found
        self._seen = found
        self._at = at

    def is_another(self, found: Addresses, at: datetime) -> bool:
        """Tell whether it is time to tell others.

        A network that comes up shows its addresses one after the other, so a change counts when it
        is seen twice; when the address that others use is gone, there is nothing to wait for. Who
        has slept is told from the wall clock, as not every monotonic one goes on meanwhile: others
        may have forgotten us, and the network may be another one with the same addresses.

        Args:
            found: What is there now.
            at: The wall clock.
        """
        slept = (at - self._at).total_seconds() > LOOK_EVERY_S + _ASLEEP_S
        is_settled = found == self._seen
        self._seen, self._at = found, at
        if slept:
            return True
        if found == self._told:
            return False
        return is_settled or self._told.primary not in found.all
