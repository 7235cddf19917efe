"""What the operator decides about people, and takes back."""

from __future__ import annotations

import pytest

from hivemind_chatroom.errors import MutedError, RemovedError
from hivemind_chatroom.room.model import Introduction
from operator_stage import OperatorStage, error_of


def test_a_mute_is_for_so_many_minutes_and_can_be_undone(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    undo = stage.ask("POST", f"/api/members/{ana.id}/mute", {"minutes": 5}).get_json()
    assert undo["kind"] == "mute"
    assert (undo["member_id"], undo["name"]) == (ana.id, "Ana")
    assert undo["until"] == "2026-03-14T15:14:26.000Z"
    with pytest.raises(MutedError):
        stage.say(ana, "hello")
    assert stage.ask("POST", f"/api/undo/{undo['id']}").status_code == 204
    stage.say(ana, "hello")
    assert error_of(stage.ask("POST", f"/api/undo/{undo['id']}")) == (404, "undo_unknown")


@pytest.mark.parametrize("body", [{}, {"minutes": None}])
def test_a_mute_without_minutes_lasts_until_it_is_undone(
    stage: OperatorStage, body: dict[str, object]
) -> None:
    ana = stage.join("Ana")
    undo = stage.ask("POST", f"/api/members/{ana.id}/mute", body).get_json()
    stage.clock.advance(10 * 365 * 86_400)
    with pytest.raises(MutedError):
        stage.say(ana, "hello")
    assert stage.ask("POST", f"/api/undo/{undo['id']}").status_code == 204


@pytest.mark.parametrize("minutes", [0, -5, 1.5, "5", True, 10**9])
def test_minutes_are_a_number_of_minutes(stage: OperatorStage, minutes: object) -> None:
    ana = stage.join("Ana")
    answer = stage.ask("POST", f"/api/members/{ana.id}/mute", {"minutes": minutes})
    assert error_of(answer) == (400, "body_invalid")


def test_whoever_is_removed_is_out_and_back_after_an_undo(stage: OperatorStage) -> None:
    joined = stage.room.join(Introduction("Ana", "en"))
    undo = stage.ask("POST", f"/api/members/{joined.member.id}/remove").get_json()
    assert undo["kind"] == "remove"
    assert stage.room.member_by_key(joined.key) is None
    with pytest.raises(RemovedError):
        stage.room.moderation.check_key(joined.key)
    assert stage.get("/api/status")["members"] == []
    assert stage.ask("POST", f"/api/undo/{undo['id']}").status_code == 204
    assert stage.room.member_by_key(joined.key) == joined.member


def test_whoever_is_renamed_is_called_so_until_an_undo(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    stage.join("Bob")
    path = f"/api/members/{ana.id}/rename"
    undo = stage.ask("POST", path, {"name": "Anne"}).get_json()
    assert (undo["kind"], undo["name"]) == ("rename", "Ana")
    assert [member["name"] for member in stage.get("/api/status")["members"]] == ["Anne", "Bob"]
    stage.ask("POST", f"/api/undo/{undo['id']}")
    assert [member["name"] for member in stage.get("/api/status")["members"]] == ["Ana", "Bob"]


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("Bob", (409, "name_taken")), ("", (422, "name_invalid")), (7, (400, "body_invalid"))],
)
def test_a_name_that_cannot_be_is_refused(
    stage: OperatorStage, name: object, refusal: tuple[int, str]
) -> None:
    ana = stage.join("Ana")
    stage.join("Bob")
    answer = stage.ask("POST", f"/api/members/{ana.id}/rename", {"name": name})
    assert error_of(answer) == refusal


@pytest.mark.parametrize(
    ("deed", "body"), [("mute", {}), ("remove", {}), ("rename", {"name": "A"})]
)
def test_nobody_is_nobody(stage: OperatorStage, deed: str, body: dict[str, object]) -> None:
    answer = stage.ask("POST", f"/api/members/nobody/{deed}", body)
    assert error_of(answer) == (404, "member_unknown")
