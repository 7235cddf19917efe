"""The app: put together for one room, and for as many rooms as one likes."""

from __future__ import annotations

from fakes import FakeClock
from hivemind_chatroom.room.rules import RoomSettings
from web.stage import Stage


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
