"""The way into the room, for eyes and for cameras."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hivemind_chatroom.errors import CodeWrongError
from hivemind_chatroom.operator.invitation import qr_svg
from hivemind_chatroom.room.feed import CodesGuessed, Event
from hivemind_chatroom.room.model import Introduction
from hivemind_chatroom.room.operating import LanStanding
from hivemind_chatroom.room.tries import PAUSE_S, TRIES_MAX
from operator_stage import OperatorStage, error_of
from qr import dark_modules, read_qr, read_qr_bytes

CODE = "482193"
PHONE = "192.168.1.20"


def close(stage: OperatorStage) -> None:
    """Give the room a code."""
    stage.room.change_settings(replace(stage.room.settings, code=CODE))


def test_an_open_room_is_entered_by_its_address(stage: OperatorStage) -> None:
    told = stage.get("/api/invite")
    assert told["url"] == "http://192.168.1.23:8985/"
    assert told["addresses"] == ["http://192.168.1.23:8985", "http://[fd00::23]:8985"]
    assert told["name_url"] == "http://family.local:8985"
    assert told["code"] == ""
    assert told["qr_svg"] == qr_svg(told["url"])


def test_the_address_of_a_closed_room_carries_its_invitation(stage: OperatorStage) -> None:
    close(stage)
    told = stage.get("/api/invite")
    carried = stage.room.door.invitation
    assert told["url"] == f"http://192.168.1.23:8985/j/{carried}"
    assert told["code"] == CODE
    for url in [*told["addresses"], told["name_url"]]:
        assert CODE not in url
        assert carried not in url


def test_a_new_code_makes_another_qr_and_an_open_room_has_none_of_both(
    stage: OperatorStage,
) -> None:
    close(stage)
    before = stage.get("/api/invite")
    after = stage.ask("POST", "/api/invite/rotate").get_json()
    assert after["code"] == stage.room.settings.code != before["code"]
    assert read_qr(after["qr_svg"]) == after["url"] != before["url"]
    stage.ask("PATCH", "/api/settings", {"code": ""})
    assert stage.get("/api/invite")["url"] == "http://192.168.1.23:8985/"


def test_who_was_locked_out_may_try_again_when_the_host_says_so(stage: OperatorStage) -> None:
    close(stage)
    for _ in range(TRIES_MAX):
        with pytest.raises(CodeWrongError):
            stage.room.join(Introduction("Ana"), "000000", PHONE)
    status = stage.get("/api/status")
    assert status["room"]["locked_out"] == 1
    assert [(line["kind"], line["is_problem"]) for line in status["now"]] == [("guessed", True)]
    assert stage.ask("POST", "/api/invite/unlock").status_code == 204
    assert stage.get("/api/status")["room"]["locked_out"] == 0
    stage.room.join(Introduction("Ana"), CODE, PHONE)


def test_the_window_is_told_when_a_lock_out_begins_and_when_it_ends(
    stage: OperatorStage,
) -> None:
    close(stage)
    told: list[Event] = []
    stage.room.feed.listen(told.append)
    for _ in range(TRIES_MAX):
        with pytest.raises(CodeWrongError):
            stage.room.join(Introduction("Ana"), "000000", PHONE)
    assert told == [CodesGuessed(1)]
    stage.clock.advance(PAUSE_S - 0.1)
    stage.live.start()
    stage.live.watch(is_watched=True)
    try:  # a snapshot each 15 s, or when something is about to end
        stage.streams.until(lambda: len(stage.streams.published) > 1)
    finally:
        stage.live.stop()


def test_without_a_network_the_invitation_is_for_this_computer(stage: OperatorStage) -> None:
    stage.place.lan_url = None
    stage.lan.now = LanStanding()
    told = stage.get("/api/invite")
    assert told["url"] == "http://127.0.0.1:8985/"
    assert told["addresses"] == ["http://127.0.0.1:8985"]
    assert told["name_url"] is None


def test_behind_a_proxy_the_invitation_leads_to_the_proxy(stage: OperatorStage) -> None:
    close(stage)
    stage.place.public_url = "https://chat.example.org"
    told = stage.get("/api/invite")
    assert told["url"] == f"https://chat.example.org/j/{stage.room.door.invitation}"
    assert told["addresses"] == ["https://chat.example.org"]
    assert told["name_url"] is None
    assert read_qr(told["qr_svg"]) == told["url"]


def test_a_camera_reads_the_url_with_its_invitation(stage: OperatorStage) -> None:
    close(stage)
    told = stage.get("/api/invite")
    assert read_qr(told["qr_svg"]) == told["url"]


@pytest.mark.parametrize("host", ["10.0.0.2", "192.168.100.123", "169.254.100.100"])
def test_the_drawing_is_small_enough_for_old_cameras(stage: OperatorStage, host: str) -> None:
    close(stage)
    stage.place.port = 65_535
    stage.place.lan_url = stage.place.url_of(host)
    [width] = re.findall(r'viewBox="0 0 (\d+) ', stage.get("/api/invite")["qr_svg"])
    assert int(width) <= 4 * 4 + 17 + 2 * 4  # version 4 (ISO/IEC 18004), and white around it


@pytest.mark.parametrize(
    ("name", "password", "read"),
    [
        ("Our home", "correct horse", "WIFI:T:WPA;S:Our home;P:correct horse;;"),
        ("Café", "", "WIFI:T:nopass;S:Café;;"),
        ('a;b,c:d"e\\f', '\\;,:"', 'WIFI:T:WPA;S:a\\;b\\,c\\:d\\"e\\\\f;P:\\\\\\;\\,\\:\\";;'),
        ("شبكة", "כן ✓", "WIFI:T:WPA;S:شبكة;P:כן ✓;;"),
    ],
)
def test_a_camera_reads_the_way_into_the_wi_fi(
    stage: OperatorStage, name: str, password: str, read: str
) -> None:
    told = stage.ask("POST", "/api/invite/wifi", {"name": name, "password": password}).get_json()
    assert read_qr(told["qr_svg"]) == read
    assert read_qr_bytes(told["qr_svg"]) == read.encode()
    assert list(told) == ["qr_svg"]


@pytest.mark.parametrize(
    "body",
    [{}, {"name": ""}, {"name": "ü" * 17}, {"name": "a", "password": "b" * 65}, {"name": 1}],
)
def test_what_no_wi_fi_can_have_is_refused(stage: OperatorStage, body: dict[str, object]) -> None:
    assert error_of(stage.ask("POST", "/api/invite/wifi", body)) == (400, "body_invalid")


def test_the_drawing_has_four_modules_of_white_around_it() -> None:
    dark = dark_modules(qr_svg("http://192.168.1.23:8985/j/482193"))
    assert min(min(module) for module in dark) == 4


def test_the_drawing_is_black_on_white_and_has_nothing_that_a_policy_forbids() -> None:
    svg = qr_svg("http://192.168.1.23:8985/")
    assert svg.startswith("<svg ")
    assert 'fill="#fff"' in svg
    assert 'stroke="#000"' in svg
    assert not re.search(r"style|script|<\?xml|href", svg)
