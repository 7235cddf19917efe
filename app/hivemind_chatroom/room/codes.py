"""Device codes that are out: each is one member's, for minutes, and is used once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from hivemind_chatroom.room.model import MemberId

WRONG_MAX: Final = 5
"""Wrong guesses at one code, from wherever, until it is void: a chance of one in 200,000."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a member types on another device of theirs."""

    code: str
    expires_in_s: float


class DeviceCodes(Protocol):
    """The codes that are out, at whichever instance of the room; safe to call from any thread."""

    def out(self, member_id: MemberId) -> DeviceCode | None:
        """Return the code of a member that is out."""
        ...

    def issue(self, member_id: MemberId, code: DeviceCode) -> DeviceCode:
        """Put a code out unless the member has one, and return the one that is out."""
        ...

    def use(self, member_id: MemberId, code: str) -> bool:
        """Take a code in; False if it is out no more."""
        ...

    def miss(self, member_id: MemberId, code: str) -> bool:
        """Count a wrong guess at a code; True if it is that one which makes it void."""
        ...

    def tell_ended(self, member_id: MemberId, *, is_used: bool) -> None:
        """Have other instances told that a code has ended, as its member may look at it there."""
        ...
