"""The door: who may come in when the room has a join code."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

from hivemind_chatroom.errors import CodeWrongError
from hivemind_chatroom.room.feed import CodesGuessed, Feed
from hivemind_chatroom.room.limits import Rate, TokenBuckets
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.tries import Tries

_INVITATION_BYTES: Final = 9
"""72 bits: nobody guesses them, and a QR code with them is no larger than one with the code."""


class Door:
    """Compares join codes and invitations; an open room has neither."""

    def __init__(
        self, code: str, key: bytes, join_rate: Rate | None, feed: Feed, clock: Clock
    ) -> None:
        """Close the room with a code, or leave it open.

        Args:
            code: The join code; empty for an open room.
            key: What invitations are made with; whoever has it can make them.
            join_rate: How fast people may join from one address; None for as fast as they can.
            feed: Told when somebody has guessed too often.
            clock: Both clocks.
        """
        self.code = code
        """The one that is right now; who is in already needs none."""
        self._key = key
        self._feed = feed
        self._tries = Tries(clock)
        self._joins = TokenBuckets(join_rate, clock)

    @property
    def is_open(self) -> bool:
        """Anybody on the network may read and join."""
        return not self.code

    @property
    def invitation(self) -> str:
        """What lets people in as the code does, and is too long to be guessed; empty if open.

        It is of one code: with another code it is another. Nobody learns it from the code.
        """
        if not self.code:
            return ""
        digest = hmac.digest(self._key, self.code.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:_INVITATION_BYTES]).decode()

    def admit(self, code: str, address: str) -> None:
        """Let somebody in for good; as `check`, and counted.

        Args:
            code: What the visitor gave.
            address: The visitor's network address, by which joins are counted.

        Raises:
            CodeWrongError: As `check` does.
            TooManyTriesError: As `check` does.
            TooFastError: Too many joined from this address.
        """
        self.check(code, address)
        self._joins.take(address)

    def check(self, code: str, address: str) -> None:
        """Let somebody pass who has the right code, or the invitation.

        Args:
            code: What the visitor gave, either of them.
            address: The visitor's network address, by which wrong tries are counted.

        Raises:
            CodeWrongError: It is another one.
            TooManyTriesError: This address has tried too often, or all together have; even the
                right code must wait. The invitation need not.
        """
        wanted = self.code
        if not wanted or self.invites(code):
            return
        is_right = hmac.compare_digest(code.encode(), wanted.encode())
        tries_left = self._tries.judge(address, is_right=is_right)
        if is_right:
            return
        wait_s = 0.0 if tries_left else self._tries.wait_s(address)
        if not tries_left:
            self._feed.publish(CodesGuessed(self.waiting))
        raise CodeWrongError("That's not the room's code.", tries_left, wait_s)

    def invites(self, given: str) -> bool:
        """Tell whether this is the invitation of now; asking costs no try."""
        invitation = self.invitation
        return bool(invitation) and hmac.compare_digest(given.encode(), invitation.encode())

    @property
    def waiting(self) -> int:
        """How many addresses have guessed too often and must wait."""
        return len(self._tries.pauses())

    def longest_wait_s(self) -> float:
        """Return how long it takes until nobody has to wait any more; 0 if nobody has."""
        return max(self._tries.pauses(), default=0)

    def forgive(self) -> None:
        """Let everybody try again at once who would have to wait."""
        self._tries.forget()
        self._feed.publish(CodesGuessed(0))
