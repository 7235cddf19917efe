"""The snapshot of how all stands."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from fakes import STARTED_AT
from hivemind_chatroom.room.model import Device, HubState, HubStatus
from hivemind_chatroom.room.operating import (
    Hint,
    HintKind,
    LanInterface,
    LanStanding,
    LanState,
)
from hivemind_chatroom.settings import Settings
from hivemind_chatroom.version import __version__
from operator_stage import OperatorStage


def test_the_room_is_told_with_its_address_its_code_and_its_people(stage: OperatorStage) -> None:
    stage.join("Ana")
    away = stage.join("Bob")
    stage.room.set_present(away.id, present=False)
    stage.room.change_settings(replace(stage.room.settings, code="482193", members_max=7))
    told = stage.get("/api/status")["room"]
    assert told == {
        "id": "0a1b2c3d",
        "name": "HiveMind Chatroom",
        "url": "http://127.0.0.1:8985",
        "lan_url": "http://192.168.1.23:8985",
        "public_url": None,
        "port": 8985,
        "port_wanted": None,
        "code": "482193",
        "locked_out": 0,
        "paused": False,
        "present": 1,
        "members": 2,
        "members_max": 7,
    }


def test_the_program_is_told_with_its_folders(tmp_path: Path) -> None:
    stage = OperatorStage(tmp_path, settings=Settings(set_up=True), with_window=False)
    (computer,) = re.findall(r"^[^.]+", socket.gethostname())
    stage.place.log_folder = Path("/var/log/room")
    assert stage.get("/api/status")["app"] == {
        "version": __version__,
        "started_at": "2026-03-14T15:09:26.000Z",
        "data_dir": "/home/ana/room",
        "log_dir": "/var/log/room",
        "computer": computer,
        "desktop": False,
        "set_up": True,
    }


def test_the_hub_is_told_with_what_to_do_about_it(stage: OperatorStage) -> None:
    status = HubStatus(HubState.NOT_ALLOWED, STARTED_AT, "hub.denied", "hivemind-core allow-msg x")
    stage.room.hub_is(status)
    assert stage.get("/api/status")["hub"] == {
        "choice": "auto",
        "builtin": False,
        "state": "not_allowed",
        "since": "2026-03-14T15:09:26.000Z",
        "reason": "hub.denied",
        "command": "hivemind-core allow-msg x",
        "address": "192.168.1.10:5678",
        "latency_ms": 12.5,
    }


def test_a_computer_without_a_network_is_told_to_be_one(stage: OperatorStage) -> None:
    assert stage.get("/api/status")["lan"]["state"] == "ok"
    stage.lan.now = LanStanding(last_visitor_at=STARTED_AT, state=LanState.NONE)
    assert stage.get("/api/status")["lan"] == {
        "state": "none",
        "addresses": [],
        "name": None,
        "machine_name": None,
        "wanted_name": "",
        "interfaces": [],
        "wanted_interface": "",
        "last_visitor_at": "2026-03-14T15:09:26.000Z",
        "hints": [],
    }


def test_the_names_and_networks_of_this_computer_are_told(stage: OperatorStage) -> None:
    stage.lan.now = LanStanding(
        ("192.168.1.23",),
        "hivechat-1a2b.local",
        machine_name="hc-1a2b3c4d.local",
        wanted_name="hivechat.local",
        interfaces=(LanInterface("eth0", ("192.168.1.23",), is_pinned=True),),
        wanted_interface="eth0",
    )
    assert stage.get("/api/status")["lan"] == {
        "state": "ok",
        "addresses": ["192.168.1.23"],
        "name": "hivechat-1a2b.local",
        "machine_name": "hc-1a2b3c4d.local",
        "wanted_name": "hivechat.local",
        "interfaces": [{"name": "eth0", "addresses": ["192.168.1.23"], "is_pinned": True}],
        "wanted_interface": "eth0",
        "last_visitor_at": None,
        "hints": [],
    }


def test_members_are_told_with_their_device_and_their_mute(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    stage.room.people.sightings.note_device(ana.id, Device.PHONE)
    stage.room.moderation.mute(ana.id, STARTED_AT + timedelta(minutes=5))
    [told] = stage.get("/api/status")["members"]
    assert told == {
        "id": ana.id,
        "name": "Ana",
        "present": True,
        "device": "phone",
        "last_seen": "2026-03-14T15:09:26.000Z",
        "muted_until": "2026-03-14T15:14:26.000Z",
    }
    stage.clock.advance(301)
    [told] = stage.get("/api/status")["members"]
    assert told["muted_until"] is None


def test_what_can_be_undone_is_told_until_it_cannot(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    undo = stage.room.moderation.mute(ana.id, STARTED_AT + timedelta(minutes=5))
    [told] = stage.get("/api/status")["undo"]
    assert told == {
        "id": undo.id,
        "kind": "mute",
        "member_id": ana.id,
        "name": "Ana",
        "until": "2026-03-14T15:14:26.000Z",
    }
    stage.clock.advance(301)
    assert stage.get("/api/status")["undo"] == []


def test_figures_have_a_number_for_each_hour(stage: OperatorStage) -> None:
    today = stage.get("/api/status")["today"]
    assert (today["asked"], today["answered"], today["people"], today["median_ms"]) == (
        3,
        2,
        1,
        900,
    )
    for name in ("asked_by_hour", "answered_by_hour", "median_ms_by_hour"):
        assert len(today[name]) == 24


def test_the_store_is_told_to_keep_nothing_on_disk(stage: OperatorStage) -> None:
    told = stage.get("/api/status")["store"]
    assert told == {
        "state": "memory", "messages": 0, "bytes": 0, "free_bytes": None, "set_aside": None
    }  # fmt: skip


def test_what_may_keep_phones_out_is_told_with_what_to_run(stage: OperatorStage) -> None:
    command = "sudo ufw allow 8985/tcp"
    stage.reach.found = (Hint(HintKind.WIFI), Hint(HintKind.FIREWALL, "ufw", (command,)))
    assert stage.get("/api/status")["lan"]["hints"] == [
        {"kind": "wifi", "name": "", "commands": []},
        {"kind": "firewall", "name": "ufw", "commands": [command]},
    ]


def test_the_window_is_told_when_it_has_been_lonely_for_long(stage: OperatorStage) -> None:
    stage.reach.due = 0.1
    stage.live.start()
    stage.live.watch(is_watched=True)
    try:  # a snapshot each 15 s, or when something is about to end
        stage.streams.until(lambda: len(stage.streams.published) > 1)
    finally:
        stage.live.stop()
