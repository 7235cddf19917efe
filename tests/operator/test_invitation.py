"""The way into the room, for eyes and for cameras."""

from __future__ import annotations

import re
from dataclasses import replace

import segno

from hivemind_chatroom.operator.invitation import qr_svg
from hivemind_chatroom.room.operating import LanStanding
from operator_stage import OperatorStage


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


def dark_modules(svg: str) -> set[tuple[int, int]]:
    """Return row and column of each dark module of a drawing by segno, its border counted."""
    path = re.search(r'<path[^>]* class="qrline"[^>]* d="([^"]+)"', svg)
    assert path, svg
    dark, x, y = set(), 0.0, 0.0
    for command, arguments in re.findall(r"([Mmh])([^Mmh]*)", path[1]):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", arguments)]
        if command == "M":
            x, y = numbers
        elif command == "m":
            x, y = x + numbers[0], y + numbers[1]
        else:
            dark |= {(int(y), int(x) + step) for step in range(int(numbers[0]))}
            x += numbers[0]
    return dark


def test_the_drawing_is_that_of_the_url_with_four_modules_of_white_around_it() -> None:
    url = "http://192.168.1.23:8985/j/482193"
    wanted = {
        (row, column)
        for row, modules in enumerate(segno.make(url, error="m").matrix_iter(border=4))
        for column, module in enumerate(modules)
        if module
    }
    drawn = dark_modules(qr_svg(url))
    assert drawn == wanted
    assert min(min(module) for module in drawn) == 4


def test_the_drawing_is_black_on_white_and_has_nothing_that_a_policy_forbids() -> None:
    svg = qr_svg("http://192.168.1.23:8985/")
    assert svg.startswith("<svg ")
    assert 'fill="#fff"' in svg
    assert 'stroke="#000"' in svg
    assert not re.search(r"style|script|<\?xml|href", svg)
