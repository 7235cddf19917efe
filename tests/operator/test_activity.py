"""What happens now, line by line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fakes import STARTED_AT
from hivemind_chatroom.operator.activity import LINES, Activity
from hivemind_chatroom.room.model import (
    Address,
    Delivery,
    Ending,
    HubState,
    HubStatus,
    Member,
    Reply,
)
from operator_stage import OperatorStage


def ask(stage: OperatorStage, member: Member, text: str = "the secret question") -> Address:
    """Let somebody ask, and send it to the hub."""
    stage.say(member, text)
    [utterance] = stage.room.utterances.waiting()
    stage.room.utterances.sending(utterance)
    stage.room.utterances.sent(utterance)
    return Address(corr=utterance.corr)


def lines(stage: OperatorStage) -> list[dict[str, Any]]:
    now: list[dict[str, Any]] = stage.get("/api/status")["now"]
    return now


def kinds(stage: OperatorStage) -> list[str]:
    return [line["kind"] for line in lines(stage)]


def test_an_answer_is_told_with_how_long_it_took_and_without_a_word_of_anybody(
    stage: OperatorStage,
) -> None:
    ana = stage.join("Ana")
    address = ask(stage, ana)
    stage.clock.advance(0.8)
    stage.room.receive(Reply(address, "the secret answer"))
    stage.room.utterances.end(Ending(address, Delivery.ANSWERED))
    assert [(line["kind"], line["name"], line["ms"]) for line in lines(stage)] == [
        ("joined", "Ana", None),
        ("asked", "Ana", None),
        ("answered", "Ana", 800),
    ]
    assert "secret" not in stage.ask("GET", "/api/status").text
    assert not any(line["is_problem"] for line in lines(stage))


@pytest.mark.parametrize("delivery", [Delivery.UNMATCHED, Delivery.REFUSED])
def test_what_the_assistant_could_not_do_is_a_problem(
    stage: OperatorStage, delivery: Delivery
) -> None:
    address = ask(stage, stage.join("Ana"))
    stage.room.utterances.end(Ending(address, delivery))
    assert (lines(stage)[-1]["kind"], lines(stage)[-1]["is_problem"]) == (delivery, True)


def test_what_is_said_to_people_alone_is_no_line(stage: OperatorStage) -> None:
    stage.room.hub_is(HubStatus(HubState.OFF, STARTED_AT))
    stage.say(stage.join("Ana"), "hello Bob")
    assert kinds(stage) == ["hub", "joined"]


def test_whoever_leaves_is_told_by_their_last_name(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    stage.room.moderation.rename(ana.id, "Anne")
    stage.room.leave(ana)
    assert [(line["kind"], line["name"]) for line in lines(stage)] == [
        ("joined", "Ana"),
        ("renamed", "Ana"),
        ("left", "Anne"),
    ]


def test_a_mute_and_its_undoing_are_told_once_and_its_end_is_no_line(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    undo = stage.room.moderation.mute(ana.id, STARTED_AT + timedelta(minutes=5))
    stage.room.set_present(ana.id, present=False)
    stage.room.moderation.undo(undo.id)
    stage.room.moderation.mute(ana.id, STARTED_AT + timedelta(minutes=5))
    assert kinds(stage) == ["joined", "muted", "unmuted", "muted"]
    stage.clock.advance(301)
    stage.room.moderation.rename(ana.id, "Anne")
    assert kinds(stage)[4:] == ["renamed"]


def test_a_new_name_and_the_old_one_again_are_told_with_both(stage: OperatorStage) -> None:
    undo = stage.room.moderation.rename(stage.join("Ana").id, "Anne")
    stage.room.moderation.undo(undo.id)
    assert [(line["kind"], line["name"], line["detail"]) for line in lines(stage)[1:]] == [
        ("renamed", "Ana", "Anne"),
        ("renamed", "Anne", "Ana"),
    ]


def test_a_removed_member_is_told_to_be_removed_and_not_to_have_left(
    stage: OperatorStage,
) -> None:
    ana = stage.join("Ana")
    undo = stage.room.moderation.remove(ana.id)
    assert [(line["kind"], line["name"]) for line in lines(stage)] == [
        ("joined", "Ana"),
        ("removed", "Ana"),
    ]
    stage.room.moderation.undo(undo.id)
    assert kinds(stage) == ["joined", "removed", "let_in"]


def test_who_was_removed_before_the_start_is_let_in_again_once(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    undo = stage.room.moderation.remove(ana.id)
    activity = Activity(stage.clock, stage.room.people.members.records(), lambda: stage.room.hub)
    stage.room.feed.listen(activity.note)
    stage.room.moderation.undo(undo.id)
    stage.room.set_present(ana.id, present=True)
    assert [(line.kind, line.name) for line in activity.lines()] == [("let_in", "Ana")]


def test_the_hub_is_told_once_for_each_trouble(stage: OperatorStage) -> None:
    for _ in range(3):
        stage.room.hub_is(HubStatus(HubState.UNREACHABLE, STARTED_AT, "hub.unreachable"))
    stage.room.hub_is(HubStatus(HubState.CONNECTED, STARTED_AT))
    assert [(line["kind"], line["detail"], line["is_problem"]) for line in lines(stage)] == [
        ("hub", "hub.unreachable", True),
        ("hub", "connected", False),
    ]


def test_an_announcement_is_told_without_its_words(stage: OperatorStage) -> None:
    stage.room.receive(Reply(Address(), "the secret timer is over"))
    assert kinds(stage) == ["announced"]
    assert "secret" not in stage.ask("GET", "/api/status").text


def test_the_newest_lines_are_kept(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    for number in range(LINES + 5):
        stage.say(ana, f"question {number}")
    assert len(kinds(stage)) == LINES
    assert "joined" not in kinds(stage)


def test_of_who_was_removed_nothing_is_remembered(stage: OperatorStage) -> None:
    room = stage.room
    ana = stage.join("Ana")
    activity = Activity(stage.clock, room.people.members.records(), lambda: room.hub)
    room.feed.listen(activity.note)
    room.moderation.remove(ana.id)
    assert not activity._rulings  # noqa: SLF001 - nothing else shows it
