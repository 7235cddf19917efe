"""Attribution: whom something from the hub is for."""

from __future__ import annotations

from dataclasses import dataclass

from hivemind_chatroom.room.model import Member, MemberId, Message


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whom something from the hub belongs to; nobody's is an announcement."""

    question: Message | None = None
    member: Member | None = None
    private_to: MemberId | None = None
    """Who alone may see it; None for everybody."""

    @property
    def lang(self) -> str | None:
        """Which language they speak."""
        if self.question:
            return self.question.draft.lang
        return self.member.lang if self.member else None
