"""A report of a room that has something to hide."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from fakes import FakeClock, FakeLanguages
from hivemind_chatroom.diagnostics import report as reporting
from hivemind_chatroom.diagnostics.logs import LOG_FILE, Logs
from hivemind_chatroom.diagnostics.report import Reports, Sources
from hivemind_chatroom.room.model import HubState, HubStatus, Introduction, Posting
from hivemind_chatroom.room.operating import LanStanding, StorageStanding, StorageState
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.settings import Settings
from hivemind_chatroom.store.memory import MemoryStore

KEY, PASSWORD, CODE = "a1b2c3d4e5f60718", "quetzal plumage 77", "482193"
ROOM = "The Villanueva Family"
WORDS = "meet me behind the gazebo"
SETTINGS = Settings(
    host="192.168.7.31",
    port=8985,
    code=CODE,
    room_name=ROOM,
    data_dir=Path("/home/xiomara/room"),
    log_path="/home/xiomara/log",
    database="sqlite:////home/xiomara/x.db",
    hosts=("villanueva.example",),
)


class FakeStorage:
    def standing(self) -> StorageStanding:
        return StorageStanding(StorageState.OK, 7, 4_096, 1_000_000, "/home/xiomara/broken.db")


class FakeLan:
    def standing(self) -> LanStanding:
        return LanStanding(("192.168.7.31",), "villanueva.local")


@pytest.fixture
def log_folder(tmp_path: Path) -> Iterator[Path]:
    logs = Logs("INFO", tmp_path / "log")
    logs.start()
    yield tmp_path / "log"
    logs.stop()


@pytest.fixture
def room() -> Room:
    clock = FakeClock()
    room = Room(RoomSettings(ROOM), MemoryStore(clock), clock, FakeLanguages())
    room.hub_is(HubStatus(HubState.REFUSED, clock.now(), "hub.key", f"run this with {KEY}"))
    for name in ("Xiomara", "Bo"):
        member = room.join(Introduction(name, "en")).member
        room.post(member, Posting(WORDS))
    return room


def sources(room: Room, log_folder: Path | None) -> Sources:
    return Sources(
        room,
        lambda: SETTINGS,
        FakeStorage(),
        FakeLan(),
        log_folder,
        lambda: (KEY, PASSWORD, CODE, ""),
    )


def contents(made_of: Sources) -> dict[str, str]:
    packed = b"".join(Reports(made_of, FakeClock()).report().chunks)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_report_tells_versions_settings_health_and_what_the_log_says(
    room: Room, log_folder: Path
) -> None:
    logging.getLogger("hivemind_chatroom.hub").warning("refused: hub.key")
    found = contents(sources(room, log_folder))
    assert set(found) == {"versions.json", "settings.json", "health.json", "log.txt"}
    versions, health = json.loads(found["versions.json"]), json.loads(found["health.json"])
    assert {"chatroom", "python", "system", "sqlite"} <= set(versions)
    assert "flask" in {name.lower() for name in versions["libraries"]}
    assert health["hub"]["state"] == "refused"
    assert health["hub"]["reason"] == "hub.key"
    assert health["people"] == {"members": 2, "present": 0}
    assert health["store"]["messages"] == 7
    assert health["lan"] == {"addresses": 1, "has_name": True, "last_visitor_at": None}
    assert json.loads(found["settings.json"])["port"] == 8985
    assert "refused: hub.key" in found["log.txt"]


def test_nothing_of_the_household_is_in_a_report_even_if_the_log_has_told_it(
    room: Room, log_folder: Path
) -> None:
    for secret in (KEY, PASSWORD, CODE, ROOM, "Xiomara", "Bo", str(Path.home())):
        logging.getLogger("hivemind_chatroom").warning("it was '%s', he said", secret)
    everything = "".join(contents(sources(room, log_folder)).values())
    for secret in (KEY, PASSWORD, CODE, ROOM, "Xiomara", WORDS, "gazebo"):
        assert secret not in everything
    for place in ("192.168.7.31", "villanueva", "/home/xiomara", f"'{Path.home()}"):
        assert place not in everything
    assert "'Bo'" not in everything
    assert "it was '•••', he said" in everything


def test_a_short_name_leaves_the_words_alone_that_it_is_a_part_of(
    room: Room, log_folder: Path
) -> None:
    logging.getLogger("hivemind_chatroom").warning("Both Bobs of Bo")
    assert "Both Bobs of •••" in contents(sources(room, log_folder))["log.txt"]


def test_a_setting_that_nobody_has_thought_of_is_not_told(room: Room) -> None:
    told = json.loads(contents(sources(room, None))["settings.json"])
    assert set(told) == {field.name for field in fields(Settings)}
    hidden = {name for name, value in told.items() if value in ("set", "default")}
    assert hidden == {
        "host", "log_path", "data_dir", "database", "code", "room_name", "hosts",
        "lan_name", "lan_interface", "trusted_proxies", "public_url",
    }  # fmt: skip
    assert told["code"] == "set"


def test_settings_that_nobody_has_changed_are_told_as_that(room: Room) -> None:
    made_of = replace(sources(room, None), settings=Settings)
    told = json.loads(contents(made_of)["settings.json"])
    assert (told["code"], told["room_name"], told["data_dir"]) == ("default",) * 3


def test_of_a_long_log_a_report_has_the_end(
    monkeypatch: pytest.MonkeyPatch, room: Room, tmp_path: Path
) -> None:
    monkeypatch.setattr(reporting, "_LOG_MAX_BYTES", 100)
    (tmp_path / f"{LOG_FILE}.1").write_text("old line\n" * 50, encoding="utf-8")
    (tmp_path / LOG_FILE).write_text("new line\n" * 5, encoding="utf-8")
    log = contents(sources(room, tmp_path))["log.txt"]
    assert log == "old line\n" * 6 + "new line\n" * 5


@pytest.mark.parametrize("has_folder", [True, False])
def test_a_room_without_a_log_file_has_its_report_too(
    room: Room, tmp_path: Path, *, has_folder: bool
) -> None:
    assert "versions.json" in contents(sources(room, tmp_path if has_folder else None))
