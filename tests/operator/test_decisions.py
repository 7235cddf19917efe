"""What the operator decides about the room: written down and in force, both or none."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest

from hivemind_chatroom.settings import Settings
from operator_stage import OperatorStage, error_of


def written(stage: OperatorStage) -> dict[str, Any]:
    return tomllib.loads(stage.file.read_text("utf-8"))


def test_the_settings_are_those_in_force(tmp_path: Path) -> None:
    settings = Settings(room_name="Kitchen", keep_days=7, members_max=20, language="de")
    stage = OperatorStage(tmp_path, settings=settings, fixed={"keep_days": "the environment"})
    assert stage.get("/api/settings") == {
        "room_name": "Kitchen",
        "code": "",
        "paused": False,
        "keep_days": 7,
        "keep_messages": 100_000,
        "languages": ["en", "pt-PT"],
        "members_max": 20,
        "language": "de",
        "lan": True,
        "lan_name": "hivechat",
        "lan_interface": "",
        "set_up": False,
        "set_up_step": 1,
        "set_up_later": False,
        "start_at_login": False,
        "fixed": {"keep_days": "the environment"},
    }


def test_a_change_is_written_down_and_in_force(stage: OperatorStage) -> None:
    changes = {
        "room_name": "Attic",
        "code": "1234",
        "paused": True,
        "keep_days": 3,
        "keep_messages": 50,
        "languages": ["pt-PT", "ar"],
        "members_max": 5,
        "language": "pt-PT",
        "lan": False,
        "lan_name": "attic",
        "lan_interface": "eth1",
        "set_up": True,
        "set_up_step": 4,
        "set_up_later": True,
    }
    answer = stage.ask("PATCH", "/api/settings", changes)
    assert answer.status_code == 200
    told = answer.get_json()
    assert {name: told[name] for name in changes} == changes
    assert written(stage) == changes
    assert stage.in_force[-1] == Settings(
        **{**changes, "languages": ("pt-PT", "ar")}  # type: ignore[arg-type]
    )
    assert stage.room.settings.name == "Attic"
    assert not stage.room.door.is_open


def test_languages_are_kept_in_their_standard_form(stage: OperatorStage) -> None:
    changes = {"languages": ["PT-pt", "en-us"], "language": "DE"}
    told = stage.ask("PATCH", "/api/settings", changes).get_json()
    assert (told["languages"], told["language"]) == (["pt-PT", "en-US"], "de")
    assert written(stage) == {"languages": ["pt-PT", "en-US"], "language": "de"}


def test_an_open_room_has_no_code_and_the_file_says_so(stage: OperatorStage) -> None:
    stage.ask("PATCH", "/api/settings", {"code": "1234"})
    stage.ask("PATCH", "/api/settings", {"code": ""})
    assert stage.get("/api/settings")["code"] == ""
    assert written(stage) == {"code": "none"}
    assert stage.room.door.is_open


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("keep_days", 0),
        ("keep_days", "soon"),
        ("code", "12"),
        ("code", 7),
        ("code", None),
        ("room_name", ""),
        ("room_name", 5),
        ("paused", 1),
        ("languages", "english"),
        ("languages", [1]),
        ("languages", ["en", "zz"]),
        ("language", "zz"),
        ("members_max", -1),
        ("language", "en_US"),
        ("set_up", None),
        ("set_up_step", 0),
        ("set_up_later", 0),
        ("start_at_login", "yes"),
        ("port", 80),
        ("data_dir", "/etc"),
        ("hub", "none"),
        ("colour", "red"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_changed(
    stage: OperatorStage, name: str, value: object
) -> None:
    answer = stage.ask("PATCH", "/api/settings", {"members_max": 9, name: value})
    assert error_of(answer) == (422, "setting_invalid")
    assert answer.get_json()["error"]["setting"] == name
    assert not stage.file.exists()
    assert stage.in_force == []


def test_what_a_flag_has_fixed_stays(tmp_path: Path) -> None:
    stage = OperatorStage(tmp_path, fixed={"code": "the command line"})
    answer = stage.ask("PATCH", "/api/settings", {"code": "1234"})
    assert error_of(answer) == (422, "setting_invalid")
    assert "the command line" in answer.get_json()["error"]["message"]
    assert error_of(stage.ask("POST", "/api/invite/rotate")) == (422, "setting_invalid")
    assert stage.in_force == []


def test_starting_at_login_is_switched_where_there_is_such_a_thing(tmp_path: Path) -> None:
    stage = OperatorStage(tmp_path)
    answer = stage.ask("PATCH", "/api/settings", {"start_at_login": True})
    assert answer.get_json()["start_at_login"] is True
    assert not stage.file.exists()
    elsewhere = OperatorStage(tmp_path, with_window=False)
    assert elsewhere.get("/api/settings")["start_at_login"] is None
    answer = elsewhere.ask("PATCH", "/api/settings", {"start_at_login": True})
    assert error_of(answer) == (422, "setting_invalid")


def test_the_room_is_paused_and_open_again(stage: OperatorStage) -> None:
    for paused in (True, False):
        assert stage.ask("POST", "/api/pause", {"paused": paused}).status_code == 204
        assert stage.room.settings.paused is paused
        assert written(stage)["paused"] is paused
    assert error_of(stage.ask("POST", "/api/pause", {"paused": "yes"})) == (400, "body_invalid")


def test_whether_another_room_has_the_port_is_told(stage: OperatorStage) -> None:
    assert stage.get("/api/port") == {"wanted": 8985, "has_room": False}
    stage.rooms.add(8985)
    assert stage.get("/api/port") == {"wanted": 8985, "has_room": True}


def test_the_room_returns_to_its_port_once_it_is_free(stage: OperatorStage) -> None:
    stage.place.port = 8986
    assert stage.ask("POST", "/api/port").status_code == 204
    assert stage.place.port == 8985
    assert error_of(stage.ask("POST", "/api/port")) == (409, "port_taken")


def test_the_hub_of_the_operators_choice_is_that_of_the_next_start(stage: OperatorStage) -> None:
    assert stage.ask("POST", "/api/hub/built-in").status_code == 204
    assert written(stage) == {"hub": "built-in"}
    assert stage.ask("POST", "/api/hub/identity").status_code == 204
    assert written(stage) == {"hub": "identity"}


def test_a_hub_that_a_flag_chose_is_used_now_and_not_written_down(tmp_path: Path) -> None:
    stage = OperatorStage(tmp_path, fixed={"hub": "the command line"})
    assert stage.ask("POST", "/api/hub/built-in").status_code == 204
    assert stage.get("/api/status")["hub"]["choice"] == "built-in"
    assert not stage.file.exists()


def test_a_new_code_has_six_digits_and_another_invitation(stage: OperatorStage) -> None:
    codes = set()
    for _ in range(3):
        told = stage.ask("POST", "/api/invite/rotate").get_json()
        assert told["code"] == stage.room.settings.code == written(stage)["code"]
        assert len(told["code"]) == 6
        assert told["code"].isdigit()
        codes.add(told["code"])
    assert len(codes) > 1


def test_a_file_that_cannot_be_read_is_left_alone(stage: OperatorStage) -> None:
    stage.file.parent.mkdir()
    stage.file.write_text("port = = 1")
    answer = stage.ask("PATCH", "/api/settings", {"keep_days": 3})
    assert error_of(answer) == (422, "setting_invalid")
    assert stage.file.read_text() == "port = = 1"
    assert stage.in_force == []


def test_a_disk_that_takes_nothing_changes_nothing(
    stage: OperatorStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert error_of(stage.ask("PATCH", "/api/settings", {"keep_days": 3})) == (507, "storage_full")
    assert stage.in_force == []


def test_the_file_is_its_users_alone(stage: OperatorStage) -> None:
    stage.ask("PATCH", "/api/settings", {"code": "1234"})
    assert stat.S_IMODE(stage.file.stat().st_mode) == 0o600
