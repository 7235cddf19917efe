"""Device codes in the memory of a room that has one instance."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from hivemind_chatroom.room.codes import WRONG_MAX, DeviceCode
from hivemind_chatroom.room.model import MemberId
from hivemind_chatroom.room.ports import Clock


@dataclass(slots=True)
class _Out:
    code: str
    until: float
    """On the monotonic clock."""
    wrong: int = 0


class OwnCodes:
    """`DeviceCodes` of a room with one instance, in its memory."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none."""
        self._clock = clock
        self._lock = threading.Lock()
        self._out: dict[MemberId, _Out] = {}

    def out(self, member_id: MemberId) -> DeviceCode | None:
        """Return the code of a member that is out."""
        now = self._clock.monotonic()
        with self._lock:
            self._out = {whose: each for whose, each in self._out.items() if each.until > now}
            found = self._out.get(member_id)
            return DeviceCode(found.code, found.until - now) if found else None

    def issue(self, member_id: MemberId, code: DeviceCode) -> DeviceCode:
        """Put a code out unless the member has one, and return the one that is out."""
        until = self._clock.monotonic() + code.expires_in_s
        with self._lock:
            self._out.setdefault(member_id, _Out(code.code, until))
        return self.out(member_id) or code

    def use(self, member_id: MemberId, code: str) -> bool:
        """Take a code in; False if it is out no more."""
        with self._lock:
            found = self._out.get(member_id)
            if found is None or found.code != code:
                return False
            del self._out[member_id]
            return True

    def miss(self, member_id: MemberId, code: str) -> bool:
        """Count a wrong guess at a code; True if it is that one which makes it void."""
        with self._lock:
            found = self._out.get(member_id)
            if found is None or found.code != code:
                return False
            found.wrong += 1
            if found.wrong < WRONG_MAX:
                return False
            del self._out[member_id]
            return True

    def tell_ended(self, member_id: MemberId, *, is_used: bool) -> None:
        """Do nothing: there is no other instance."""
