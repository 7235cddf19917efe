"""The app: put together for one room, and for as many rooms as one likes."""

from __future__ import annotations

from fakes import FakeClock
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.web.app import WebSettings, create_app
from hivemind_chatroom.web.languages import KnownLanguages
from web.browser import Browser
from web.stage import HOSTS, ROOM_ID, Stage


def test_two_apps_in_one_process_know_nothing_of_each_other(clock: FakeClock) -> None:
    one = Stage(clock, RoomSettings(name="One"), rate_limit=False)
    other = Stage(clock, RoomSettings(name="Other", code="1234"), rate_limit=False)
    ana = one.browser()
    ana.join("Ana")
    ana.say("hello")
    stranger = other.browser()
    stranger.set_cookie(ana.cookie() or "")
    assert stranger.get("/api/me").status_code == 401
    assert stranger.get("/healthz").get_json()["room"] == "Other"
    assert other.room.members() == []
    assert b"hello" not in other.streams.heard_by(None)


def test_no_cookie_but_ours_is_ever_set(stage: Stage) -> None:
    browser = stage.browser()
    for path in ("/", "/chatroom/a/b/en", "/api/members", "/nowhere", "/messages"):
        assert "Set-Cookie" not in browser.get(path).headers


def test_who_calls_the_room_by_its_name_is_told_to_whoever_wants_to_know(stage: Stage) -> None:
    visits: list[str] = []
    known = KnownLanguages()
    settings = WebSettings(lambda: HOSTS, ROOM_ID, on_visit=visits.append)
    app = create_app(stage.room, stage.streams, known, stage.clock, settings)
    Browser(app, address="192.168.1.40").get("/api/rooms")
    Browser(app, address="192.168.1.41", host="evil.example").get("/api/rooms")
    Browser(app, address="192.168.1.42").get("/healthz")  # as the other rooms of the LAN do
    assert visits == ["192.168.1.40"]
