"""Devices: a member who is in lets another device of theirs in, by a code that lives for minutes.

Nobody is asked anything: a stranger who claims to be Ana bothers no one, and gets in only by what
Ana has had shown to her and passed on.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass
from typing import Final

from hivemind_chatroom.errors import DeviceCodeWrongError, StorageError
from hivemind_chatroom.room.door import Door
from hivemind_chatroom.room.feed import DeviceCodeEnded, Feed
from hivemind_chatroom.room.limits import Rate, TokenBuckets
from hivemind_chatroom.room.members import Members
from hivemind_chatroom.room.model import Joined, Member, MemberId
from hivemind_chatroom.room.names import clean_name
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.tries import Tries

LIFE_S: Final = 300.0
"""How long a code lets somebody in."""

WRONG_MAX: Final = 5
"""Wrong guesses at one code, from wherever, until it is void: a chance of one in 200,000."""

_DIGITS: Final = 6

_RATE: Final = Rate(per_second=1 / 600, burst=6)
"""New codes of one member; each device that comes in is kept for good."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a member types on another device of theirs."""

    code: str
    expires_in_s: float


@dataclass(slots=True)
class _Issued:
    code: str
    until: float
    """On the monotonic clock."""
    wrong: int = 0


class Devices:
    """Gives out device codes and takes each of them once; safe to call from any thread."""

    def __init__(self, members: Members, door: Door, feed: Feed, clock: Clock) -> None:
        """Let devices of `members` in by `door`, and tell `feed` when a code has ended."""
        self._members = members
        self._door = door
        self._feed = feed
        self._clock = clock
        self._tries = Tries(clock)
        self._rates = TokenBuckets(_RATE, clock)
        self._lock = threading.Lock()
        self._issued: dict[MemberId, _Issued] = {}

    def invite(self, member: Member) -> DeviceCode:
        """Return the member's code: the one that is out already, or a new one.

        Raises:
            TooFastError: The member has had too many new ones.
        """
        now = self._clock.monotonic()
        with self._lock:
            self._issued = {whose: each for whose, each in self._issued.items() if each.until > now}
            issued = self._issued.get(member.id)
            if issued is None:
                self._rates.take(member.id)
                code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
                issued = self._issued[member.id] = _Issued(code, now + LIFE_S)
        return DeviceCode(issued.code, issued.until - now)

    def join(self, name: str, device_code: str, code: str, address: str) -> Joined:
        """Let another device in as the member who is called `name`, as that member is.

        Args:
            name: The member's name, or one that looks like it.
            device_code: What `invite` has returned to the member; it is of use once.
            code: The room's own code, where it has one.
            address: The visitor's network address, by which joins and wrong codes are counted.

        Raises:
            NameInvalidError: Nobody can be called so; no code was looked at.
            CodeWrongError: The room has another join code.
            DeviceCodeWrongError: The member has given out no such code, or not lately.
            TooManyTriesError: Wrong codes came from this address too often.
            TooFastError: Too many joined from this address.
            StorageFullError: It could not be kept; the code is of use still.
        """
        name = clean_name(name)
        self._door.admit(code, address)
        member_id = self._members.holder(name)
        redeemed = self._redeem(member_id, device_code, address)
        try:
            joined = self._members.add_key(member_id) if member_id else None
        except StorageError:
            if member_id:
                self._give_back(member_id, redeemed)
            raise
        if joined is None:
            raise _wrong()
        self._feed.publish(DeviceCodeEnded(joined.member.id, is_used=True))
        return joined

    def _redeem(self, member_id: MemberId | None, device_code: str, address: str) -> _Issued:
        """Use a code up, so that no second device gets in by it meanwhile."""
        with self._lock:
            issued = self._issued.get(member_id) if member_id else None
            if issued is not None and issued.until <= self._clock.monotonic():
                issued = None
            is_right = issued is not None and _is_same(issued.code, device_code)
            self._tries.judge(address, is_right=is_right)
            is_void = False
            if member_id and issued is not None:
                issued.wrong += not is_right
                is_void = issued.wrong >= WRONG_MAX
                if is_right or is_void:
                    del self._issued[member_id]
        if member_id and is_void:
            self._feed.publish(DeviceCodeEnded(member_id, is_used=False))
        if issued is None or not is_right:
            raise _wrong()
        return issued

    def _give_back(self, member_id: MemberId, redeemed: _Issued) -> None:
        """Let a code be used again, unless the member was told another one meanwhile."""
        with self._lock:
            self._issued.setdefault(member_id, redeemed)


def _is_same(code: str, other: str) -> bool:
    return hmac.compare_digest(code.encode(), other.encode())


def _wrong() -> DeviceCodeWrongError:
    return DeviceCodeWrongError("That's not the code on your other device, or it is too old.")
