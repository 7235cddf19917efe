"""Devices: a member who is in lets another device of theirs in, by a code that lives for minutes.

Nobody is asked anything: a stranger who claims to be Ana bothers no one, and gets in only by what
Ana has had shown to her and passed on.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Sequence
from typing import Final

from hivemind_chatroom.errors import DeviceCodeWrongError, StorageError
from hivemind_chatroom.room.codes import DeviceCode, DeviceCodes
from hivemind_chatroom.room.door import Door
from hivemind_chatroom.room.feed import DeviceCodeEnded, Feed
from hivemind_chatroom.room.limits import Rate, TokenBuckets
from hivemind_chatroom.room.members import Members
from hivemind_chatroom.room.model import Joined, Member, MemberId
from hivemind_chatroom.room.names import clean_name
from hivemind_chatroom.room.own_codes import OwnCodes
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.tries import Tries

_log = logging.getLogger(__name__)

LIFE_S: Final = 300.0
"""How long a code lets somebody in."""

_DIGITS: Final = 6

_RATE: Final = Rate(per_second=1 / 600, burst=6)
"""New codes of one member; each device that comes in is kept for good."""


class Devices:
    """Gives out device codes and takes each of them once; safe to call from any thread."""

    def __init__(
        self,
        members: Members,
        door: Door,
        feed: Feed,
        clock: Clock,
        codes: DeviceCodes | None = None,
    ) -> None:
        """Let devices of `members` in.

        Args:
            members: Whose.
            door: Asked for each.
            feed: Told when a code has ended.
            clock: Both clocks.
            codes: Those that are out at all instances of the room; None where there is one alone.
        """
        self._members = members
        self._door = door
        self._feed = feed
        self._codes = codes or OwnCodes(clock)
        self._tries = Tries(clock)
        self._rates = TokenBuckets(_RATE, clock)

    def invite(self, member: Member) -> DeviceCode:
        """Return the member's code: the one that is out already, or a new one.

        Raises:
            TooFastError: The member has had too many new ones.
        """
        issued = self._codes.out(member.id)
        if issued is None:
            self._rates.take(member.id)
            code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
            issued = self._codes.issue(member.id, DeviceCode(code, LIFE_S))
        return issued

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
            if member_id:  # the code is of use again, unless the member was told another meanwhile
                self._codes.issue(member_id, redeemed)
            raise
        if joined is None:
            raise _wrong()
        self._end(joined.member.id, is_used=True)
        return joined

    def follow(self, ended: Sequence[str] | None) -> None:
        """Tell which codes have ended at other instances of the room.

        Args:
            ended: The id of each member, and how; None if nobody knows which.
        """
        for each in ended or ():
            member_id, _, how = each.partition(" ")
            self._feed.publish(DeviceCodeEnded(MemberId(member_id), is_used=how == "used"))

    def _redeem(self, member_id: MemberId | None, device_code: str, address: str) -> DeviceCode:
        """Use a code up, so that no second device gets in by it meanwhile."""
        issued = self._codes.out(member_id) if member_id else None
        is_right = issued is not None and _is_same(issued.code, device_code)
        self._tries.judge(address, is_right=is_right)
        if member_id is None or issued is None:
            raise _wrong()
        if not is_right:
            if self._codes.miss(member_id, issued.code):
                self._end(member_id, is_used=False)
            raise _wrong()
        if not self._codes.use(member_id, issued.code):
            raise _wrong()
        return issued

    def _end(self, member_id: MemberId, *, is_used: bool) -> None:
        self._feed.publish(DeviceCodeEnded(member_id, is_used=is_used))
        try:
            self._codes.tell_ended(member_id, is_used=is_used)
        except StorageError as error:
            _log.warning("that a device code has ended is not told: %s", error.code)


def _is_same(code: str, other: str) -> bool:
    return hmac.compare_digest(code.encode(), other.encode())


def _wrong() -> DeviceCodeWrongError:
    return DeviceCodeWrongError("That's not the code on your other device, or it is too old.")
