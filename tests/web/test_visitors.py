"""Who asks: the cookie, and the code for those who have none."""

from __future__ import annotations

import pytest

from fakes import FakeClock
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.web.visitors import KEYS_MAX
from web.browser import Browser, error_of
from web.stage import CODE, Stage


def test_the_cookie_is_a_strict_one_for_ninety_days(passer_by: Browser) -> None:
    header = passer_by.post("/api/join", {"name": "Ana"}).headers["Set-Cookie"]
    value, *parts = header.split("; ")
    assert value.startswith("room_session=")
    assert {"HttpOnly", "Path=/", "SameSite=Strict", "Max-Age=7776000"} < set(parts)
    assert "Secure" not in parts


def test_the_cookie_is_secure_over_https(stage: Stage) -> None:
    browser = Browser(stage.app, origin="https://localhost")
    response = browser.request(
        "POST", "/api/join", {"Host": "localhost"}, json={"name": "Ana"}, url_scheme="https"
    )
    assert "Secure" in response.headers["Set-Cookie"].split("; ")


def test_a_cookie_from_another_time_joins_as_anybody(passer_by: Browser) -> None:
    passer_by.set_cookie("from-another-time")
    assert error_of(passer_by.get("/api/me")) == (401, "not_joined")
    passer_by.join("Ana")
    assert passer_by.cookie() != "from-another-time"


def test_a_made_up_cookie_is_nobodys(stage: Stage, ana: Browser, passer_by: Browser) -> None:
    member = stage.member(ana)
    for made_up in ("Ana", member.id, member.session.id, "\xff", "", "a" * 3_000):
        passer_by.set_cookie(made_up)
        assert error_of(passer_by.get("/api/me")) == (401, "not_joined")


def test_two_browsers_are_two_members(ana: Browser, bob: Browser) -> None:
    assert ana.get("/api/me").get_json()["member"]["name"] == "Ana"
    assert bob.get("/api/me").get_json()["member"]["name"] == "Bob"


def test_a_401_names_a_way_in_that_no_browser_asks_people_for(passer_by: Browser) -> None:
    assert passer_by.get("/api/me").headers["WWW-Authenticate"] == "Bearer"


def test_two_rooms_on_one_computer_leave_each_others_members_in(
    stage: Stage, clock: FakeClock
) -> None:
    neighbour = Stage(clock, RoomSettings(name="Next door"), rate_limit=False)
    here, there = stage.browser(), neighbour.browser()

    def go_over(one: Browser, other: Browser) -> None:
        other.set_cookie(one.cookie() or "")  # one host, one cookie, whatever the port

    here.join("Ana")
    go_over(here, there)
    assert error_of(there.get("/api/me")) == (401, "not_joined")
    there.join("Bia")
    there.get("/chatroom/Bia/flask/en")
    go_over(there, here)
    assert here.get("/api/me").get_json()["member"]["name"] == "Ana"
    here.get("/chatroom/Ana/flask/en")
    assert here.delete("/api/me").status_code == 204
    go_over(here, there)
    assert there.get("/api/me").get_json()["member"]["name"] == "Bia"
    assert there.delete("/api/me").status_code == 204
    assert not there.cookie()


def test_a_cookie_keeps_only_so_many_keys_and_only_what_can_be_one(passer_by: Browser) -> None:
    foreign = [f"{number:043}" for number in range(KEYS_MAX + 3)]
    passer_by.set_cookie(".".join(["", "short", "é" * 43, *foreign]))
    passer_by.join("Ana")
    own, *others = (passer_by.cookie() or "").split(".")
    assert passer_by.get("/api/me").get_json()["member"]["name"] == "Ana"
    assert own not in foreign
    assert others == foreign[: KEYS_MAX - 3]


@pytest.mark.parametrize(
    "path", ["/api/members", "/api/messages", "/api/events", "/messages", "/api/events?after=0"]
)
def test_a_room_with_a_code_is_read_by_members_and_with_the_code(
    closed_stage: Stage, path: str
) -> None:
    ana, stranger = closed_stage.browser(), closed_stage.browser()
    ana.join("Ana", code=CODE)
    ana.say("hello")
    assert error_of(stranger.get(path)) == (401, "not_joined")
    assert error_of(stranger.get(path, {"Authorization": "Basic eDp5"})) == (401, "not_joined")
    wrong = stranger.get(path, {"Authorization": "Bearer 000000"})
    assert error_of(wrong) == (403, "code_wrong")
    assert "hello" not in wrong.text
    assert stranger.get(path, {"Authorization": f"Bearer {CODE}"}).status_code == 200
    assert ana.get(path).status_code == 200


def test_wrong_codes_in_the_header_count_as_tries(closed_stage: Stage) -> None:
    stranger = closed_stage.browser()
    for _ in range(5):
        stranger.get("/api/messages", {"Authorization": "Bearer 000000"})
    response = stranger.get("/api/messages", {"Authorization": f"Bearer {CODE}"})
    assert error_of(response) == (429, "too_many_tries")
