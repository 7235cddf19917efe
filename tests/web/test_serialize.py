"""The room's values as JSON."""

from __future__ import annotations

import json

import pytest

from fakes import STARTED_AT
from hivemind_chatroom.room.model import (
    ASSISTANT,
    Author,
    Delivery,
    Draft,
    HubState,
    HubStatus,
    Kind,
    Media,
    Member,
    MemberId,
    Message,
    MessageId,
    Session,
    SessionId,
)
from hivemind_chatroom.web.serialize import (
    Typesetting,
    encoded,
    hub_json,
    member_json,
    message_json,
)
from web.contract import Contract

ANA, BOB = MemberId("ana"), MemberId("bob")
ASKED = Draft(
    Kind.PERSON, Author(ANA, "Ana"), "hi", "ar", STARTED_AT, client_id="c1", private_to=ANA
)
PLAYED = Draft(
    Kind.MEDIA,
    ASSISTANT,
    "Pixies - Hey",
    "en",
    STARTED_AT,
    to=Author(ANA, "Ana"),
    in_reply_to=MessageId(1),
    expects_reply=True,
    media=Media("http://a/b.mp3", "Hey", "Pixies"),
)


def direction(lang: str) -> str:
    return "rtl" if lang == "ar" else "ltr"


def html(text: str) -> str | None:
    return f"<p>{text}</p>" if "*" in text else None


TYPESETTING = Typesetting(direction, html)


def test_a_question_has_all_its_keys() -> None:
    value = message_json(Message(MessageId(1), ASKED, Delivery.QUEUED), ANA, TYPESETTING)
    assert json.loads(encoded(value)) == {
        "id": 1,
        "kind": "person",
        "author": {"id": "ana", "name": "Ana"},
        "to": None,
        "text": "hi",
        "lang": "ar",
        "dir": "rtl",
        "private": True,
        "sent_at": "2026-03-14T15:09:26.000Z",
        "delivery": "queued",
        "in_reply_to": None,
        "expects_reply": False,
        "media": None,
        "client_id": "c1",
    }


def test_something_to_play_has_all_its_keys() -> None:
    value = message_json(Message(MessageId(2), PLAYED), None, TYPESETTING)
    assert json.loads(encoded(value)) == {
        "id": 2,
        "kind": "media",
        "author": {"id": "assistant", "name": "HiveMind"},
        "to": {"id": "ana", "name": "Ana"},
        "text": "Pixies - Hey",
        "lang": "en",
        "dir": "ltr",
        "private": False,
        "sent_at": "2026-03-14T15:09:26.000Z",
        "delivery": None,
        "in_reply_to": 1,
        "expects_reply": True,
        "media": {"title": "Hey", "artist": "Pixies", "uri": "http://a/b.mp3", "kind": "audio"},
    }


@pytest.mark.parametrize("kind", Kind)
def test_only_what_the_assistant_says_has_html(kind: Kind) -> None:
    draft = Draft(kind, ASSISTANT, "*hi*", "en", STARTED_AT)
    value = message_json(Message(MessageId(1), draft), None, TYPESETTING)
    Contract().check_named(json.loads(encoded(value)), "Message")
    assert value["text"] == "*hi*"
    is_its_own = kind in {Kind.ASSISTANT, Kind.ANNOUNCEMENT}
    assert value.get("html") == ("<p>*hi*</p>" if is_its_own else None)


def test_what_says_the_same_without_has_no_html() -> None:
    draft = Draft(Kind.ASSISTANT, ASSISTANT, "hi", "en", STARTED_AT)
    assert "html" not in message_json(Message(MessageId(1), draft), None, TYPESETTING)


@pytest.mark.parametrize("viewer", [BOB, None])
def test_a_client_id_is_its_authors_alone(viewer: MemberId | None) -> None:
    value = message_json(Message(MessageId(1), ASKED), viewer, TYPESETTING)
    assert "client_id" not in value


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("delivery", [None, *Delivery])
def test_every_kind_and_state_is_in_the_description(kind: Kind, delivery: Delivery | None) -> None:
    draft = Draft(kind, ASSISTANT, "hi", "en", STARTED_AT)
    value = message_json(Message(MessageId(1), draft, delivery), None, TYPESETTING)
    Contract().check_named(json.loads(encoded(value)), "Message")


def test_a_member_says_nothing_of_its_session() -> None:
    session = Session(SessionId("5e55"), {"a": "secret"})
    member = Member(ANA, "Ana", "pt-PT", "kitchen", 3, session)
    value = member_json(member, present=True)
    assert value == {
        "id": "ana",
        "name": "Ana",
        "lang": "pt-PT",
        "site_id": "kitchen",
        "present": True,
        "color": 3,
    }


@pytest.mark.parametrize("state", HubState)
def test_every_state_of_the_hub_is_in_the_description(state: HubState) -> None:
    value = hub_json(HubStatus(state, STARTED_AT, "hub.key", "hivemind-core ...", builtin=True))
    Contract().check_named(json.loads(encoded(value["state"])), "HubState")
    assert value["builtin"] is True


def test_json_is_compact_and_on_one_line() -> None:
    assert encoded({"a": ["é\n", None, True]}) == '{"a":["é\\n",null,true]}'.encode()


def test_half_a_character_does_not_stop_the_rest() -> None:
    assert json.loads(encoded({"text": "a\ud800b"})) == {"text": "a?b"}
