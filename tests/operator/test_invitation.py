"""The way into the room, for eyes and for cameras."""

from __future__ import annotations

import re
from dataclasses import replace

from hivemind_chatroom.operator.invitation import qr_svg
from hivemind_chatroom.room.operating import LanStanding
from operator_stage import OperatorStage
from qr import dark_modules, read_qr


def test_an_open_room_is_entered_by_its_address(stage: OperatorStage) -> None:
    told = stage.get("/api/invite")
    assert told["url"] == "http://192.168.1.23:8985/"
    assert told["addresses"] == ["http://192.168.1.23:8985", "http://[fd00::23]:8985"]
    assert told["name_url"] == "http://family.local:8985"
    assert told["code"] == ""
    assert told["qr_svg"] == qr_svg(told["url"])


def test_the_address_of_a_closed_room_carries_its_code(stage: OperatorStage) -> None:
    stage.room.change_settings(replace(stage.room.settings, code="482193"))
    told = stage.get("/api/invite")
    assert told["url"] == "http://192.168.1.23:8985/j/482193"
    assert told["code"] == "482193"
    assert not any("482193" in url for url in [*told["addresses"], told["name_url"]])


def test_without_a_network_the_invitation_is_for_this_computer(stage: OperatorStage) -> None:
    stage.place.lan_url = None
    stage.lan.now = LanStanding()
    told = stage.get("/api/invite")
    assert told["url"] == "http://127.0.0.1:8985/"
    assert told["addresses"] == ["http://127.0.0.1:8985"]
    assert told["name_url"] is None


def test_a_camera_reads_the_url_with_its_code(stage: OperatorStage) -> None:
    stage.room.change_settings(replace(stage.room.settings, code="482193"))
    told = stage.get("/api/invite")
    assert read_qr(told["qr_svg"]) == told["url"]


def test_the_drawing_has_four_modules_of_white_around_it() -> None:
    dark = dark_modules(qr_svg("http://192.168.1.23:8985/j/482193"))
    assert min(min(module) for module in dark) == 4


def test_the_drawing_is_black_on_white_and_has_nothing_that_a_policy_forbids() -> None:
    svg = qr_svg("http://192.168.1.23:8985/")
    assert svg.startswith("<svg ")
    assert 'fill="#fff"' in svg
    assert 'stroke="#000"' in svg
    assert not re.search(r"style|script|<\?xml|href", svg)
