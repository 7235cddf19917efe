"""The values of the room."""

from __future__ import annotations

import dataclasses

import pytest

from fakes import STARTED_AT
from hivemind_chatroom.room.model import Author, Draft, Kind, MemberId, Message, MessageId

ANA, BOB = MemberId("ana"), MemberId("bob")


def message_for(owner: MemberId | None) -> Message:
    draft = Draft(Kind.PERSON, Author(ANA, "Ana"), "hi", "en", STARTED_AT, private_to=owner)
    return Message(MessageId(1), draft)


@pytest.mark.parametrize("viewer", [ANA, BOB, None])
def test_an_open_message_is_for_everybody(viewer: MemberId | None) -> None:
    assert message_for(None).visible_to(viewer)


@pytest.mark.parametrize(("viewer", "sees"), [(ANA, True), (BOB, False), (None, False)])
def test_a_private_message_is_for_its_member_alone(viewer: MemberId | None, *, sees: bool) -> None:
    assert message_for(ANA).visible_to(viewer) is sees


def test_a_message_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        message_for(None).delivery = None  # type: ignore[misc] # that is what is tested
