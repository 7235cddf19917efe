"""Drafts: what is said, as a line that the log has not numbered yet."""

from __future__ import annotations

from datetime import datetime

from hivemind_chatroom.errors import BodyInvalidError, TextEmptyError, TextTooLongError
from hivemind_chatroom.room.attribution import Attribution
from hivemind_chatroom.room.limits import CLIENT_ID_MAX, TEXT_MAX
from hivemind_chatroom.room.model import (
    ASSISTANT,
    Audience,
    Author,
    Draft,
    Kind,
    Member,
    Posting,
    Reply,
)
from hivemind_chatroom.room.text import clean_text
from hivemind_chatroom.room.utterances import new_correlation


def draft_of_posting(
    member: Member, posting: Posting, lang: str, at: datetime, *, asks: bool
) -> Draft:
    """Return what a member says.

    Args:
        member: Who speaks.
        posting: The words, and whom they are for.
        lang: The language they are in, in its standard form.
        at: The time of day, aware, UTC.
        asks: Whether the assistant is to be asked.

    Raises:
        TextEmptyError: There is nothing to say.
        TextTooLongError: It is longer than `TEXT_MAX` characters.
        BodyInvalidError: The browser's mark is empty, too long or not printable.
    """
    return Draft(
        kind=Kind.PERSON,
        author=Author(member.id, member.name),
        text=_own_text(posting.text),
        lang=lang,
        sent_at=at,
        private_to=member.id if posting.audience is Audience.ASSISTANT else None,
        client_id=_own_mark(posting.client_id),
        corr=new_correlation() if asks else None,
    )


def draft_of_reply(reply: Reply, whose: Attribution, at: datetime, lang: str) -> Draft:
    """Return what the assistant says.

    Args:
        reply: The words, or something to play.
        whose: Whom it answers, or whose an announcement is; nobody's is an announcement.
        at: The time of day, aware, UTC.
        lang: Which language it is in, in its standard form.
    """
    question, member = whose.question, whose.member
    to = question.draft.author if question else None
    if to is None and member is not None:
        to = Author(member.id, member.name)
    return Draft(
        kind=_kind_of(reply, to),
        author=ASSISTANT,
        text=clean_text(reply.text) or (reply.media.name if reply.media else ""),
        lang=lang,
        sent_at=at,
        to=to,
        private_to=whose.private_to,
        in_reply_to=question.id if question and not reply.is_announcement else None,
        expects_reply=reply.expects_reply and to is not None,
        media=reply.media,
    )


def _own_text(raw: str) -> str:
    text = clean_text(raw)
    if not text:
        raise TextEmptyError("There is nothing to send.")
    if len(text) > TEXT_MAX:
        over = len(text) - TEXT_MAX
        raise TextTooLongError("Too long by {over} letters. Shorten it, please.", over=over)
    return text


def _own_mark(client_id: str | None) -> str | None:
    if client_id is None:
        return None
    if not 0 < len(client_id) <= CLIENT_ID_MAX or not client_id.isprintable():
        raise BodyInvalidError(f"client_id has 1 to {CLIENT_ID_MAX} printable characters.")
    return client_id


def _kind_of(reply: Reply, to: Author | None) -> Kind:
    if reply.media:
        return Kind.MEDIA
    return Kind.ASSISTANT if to and not reply.is_announcement else Kind.ANNOUNCEMENT
