"""What is said, before it has a number."""

from __future__ import annotations

import pytest

from fakes import STARTED_AT
from hivemind_chatroom.errors import BodyInvalidError, TextEmptyError, TextTooLongError
from hivemind_chatroom.room.attribution import Attribution
from hivemind_chatroom.room.drafts import draft_of_posting, draft_of_reply
from hivemind_chatroom.room.limits import CLIENT_ID_MAX, TEXT_MAX
from hivemind_chatroom.room.model import (
    ASSISTANT,
    Address,
    Audience,
    Author,
    Draft,
    Kind,
    Media,
    Member,
    MemberId,
    Message,
    MessageId,
    Posting,
    Reply,
    Session,
    SessionId,
)

ANA = Member(MemberId("ana"), "Ana", "pt-PT", "kitchen", 3, Session(SessionId("5e55")))


def said(posting: Posting, *, asks: bool = True) -> Draft:
    return draft_of_posting(ANA, posting, "gl", STARTED_AT, asks=asks)


def answered(reply: Reply, whose: Attribution) -> Draft:
    return draft_of_reply(reply, whose, STARTED_AT, "en")


def test_a_posting_is_its_members_line_in_the_language_that_is_said() -> None:
    draft = said(Posting(" olá\x00 ", "a"))
    assert (draft.author, draft.text, draft.lang) == (Author("ana", "Ana"), "olá", "gl")
    assert (draft.kind, draft.client_id, draft.private_to) == (Kind.PERSON, "a", None)


def test_only_what_asks_the_assistant_has_a_mark_of_its_own() -> None:
    assert said(Posting("a")).corr != said(Posting("a")).corr
    assert said(Posting("a"), asks=False).corr is None


def test_what_is_for_the_assistant_is_private() -> None:
    assert said(Posting("hush", audience=Audience.ASSISTANT)).private_to == ANA.id


@pytest.mark.parametrize(
    ("posting", "error"),
    [
        (Posting("\x00 "), TextEmptyError),
        (Posting("a" * (TEXT_MAX + 1)), TextTooLongError),
        (Posting("a", ""), BodyInvalidError),
        (Posting("a", "a" * (CLIENT_ID_MAX + 1)), BodyInvalidError),
    ],
)
def test_what_cannot_be_said_is_refused(posting: Posting, error: type[Exception]) -> None:
    with pytest.raises(error):
        said(posting)


def test_an_answer_goes_to_whoever_asked_and_is_as_private_as_the_question() -> None:
    question = Message(MessageId(7), said(Posting("hush", audience=Audience.ASSISTANT)))
    whose = Attribution(question, ANA, ANA.id)
    draft = answered(Reply(Address(), "done", expects_reply=True), whose)
    assert (draft.kind, draft.author, draft.to) == (
        Kind.ASSISTANT,
        ASSISTANT,
        question.draft.author,
    )
    assert (draft.in_reply_to, draft.private_to, draft.expects_reply) == (7, ANA.id, True)


def test_what_is_nobodys_is_an_announcement_that_expects_nothing() -> None:
    draft = answered(Reply(Address(), "the washing is done", expects_reply=True), Attribution())
    assert (draft.kind, draft.to, draft.expects_reply) == (Kind.ANNOUNCEMENT, None, False)


@pytest.mark.parametrize(
    ("media", "name"),
    [
        (Media("a.mp3", "Hey", "Pixies"), "Pixies - Hey"),
        (Media("a.mp3", "Hey"), "Hey"),
        (Media("a.mp3"), ""),
    ],
)
def test_something_to_play_is_called_as_upstream_does(media: Media, name: str) -> None:
    draft = answered(Reply(Address(), "", media=media), Attribution(member=ANA))
    assert (draft.kind, draft.text, draft.to) == (Kind.MEDIA, name, Author("ana", "Ana"))
