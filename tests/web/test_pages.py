"""The pages that a browser's address bar shows."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fakes import FakeClock
from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.web.app import OFFERED_LANGUAGES
from web.browser import Browser
from web.stage import CODE, Stage

NAME_ON_CARD = re.compile(r'<input id="join-name" name="name" value="([^"]*)"')
CODE_REQUIRED = re.compile(r'<input id="join-code" [^>]* required')
BOOT = re.compile(r'<script type="application/json" id="boot">(.*?)</script>', re.DOTALL)

PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "javascript:alert(1)",
    "{{12345*54321}}",
    "<!--",
    "\u2028\u2029",
]


def boot_of(response: TestResponse) -> dict[str, Any]:
    """Return what the page tells its scripts."""
    assert response.status_code == 200
    [found] = BOOT.findall(response.text)
    boot: dict[str, Any] = json.loads(found)
    return boot


def name_on_card(response: TestResponse) -> str:
    """Return what the card proposes."""
    [found] = NAME_ON_CARD.findall(response.text)
    name: str = found
    return name


def test_a_newcomer_is_sent_where_upstream_sends_everybody(passer_by: Browser) -> None:
    response = passer_by.get("/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/chatroom/anon_user/flask/en"


def test_a_member_is_sent_to_its_own_page(ana: Browser) -> None:
    assert ana.get("/").headers["Location"] == "/chatroom/Ana/kitchen/pt-PT"


def test_a_name_with_every_kind_of_letter_comes_back_from_its_address(stage: Stage) -> None:
    browser = stage.browser()
    browser.join("A?b#c&d %e 李", site_id="a;b")
    response = browser.get(browser.get("/").headers["Location"])
    boot = boot_of(response)
    assert (boot["member"]["name"], boot["site_id"]) == ("A?b#c&d %e 李", "a;b")


def test_a_newcomers_page_knows_the_room_and_nobody(passer_by: Browser) -> None:
    response = passer_by.get("/chatroom/anon_user/flask/en")
    assert "<title>HiveMind Chatroom</title>" in response.text
    assert boot_of(response) == {
        "lang": "en",
        "site_id": "flask",
        "code": "",
        "member": None,
        "languages": list(OFFERED_LANGUAGES),
    }


def test_what_the_address_says_is_offered(passer_by: Browser) -> None:
    response = passer_by.get("/chatroom/alice/livingroom/pt_pt")
    boot = boot_of(response)
    assert (boot["site_id"], boot["lang"]) == ("livingroom", "pt-PT")
    assert name_on_card(response) == "alice"


@pytest.mark.parametrize("name", ["HiveMind", "anon_user", "...", "a" * 25, "%00", "%E2%80%AE"])
def test_a_name_that_nobody_may_have_is_not_offered(passer_by: Browser, name: str) -> None:
    assert name_on_card(passer_by.get(f"/chatroom/{name}/flask/en")) == ""


@pytest.mark.parametrize("lang", ["xx-YY", "%3Cscript%3E", "und", "a" * 100, "%FF"])
def test_a_language_that_is_none_becomes_the_rooms(passer_by: Browser, lang: str) -> None:
    assert boot_of(passer_by.get(f"/chatroom/alice/flask/{lang}"))["lang"] == "en"


def test_the_card_speaks_of_an_assistant_only_where_there_is_one(
    stage: Stage, passer_by: Browser
) -> None:
    words = "the assistant, hears what you ask it"
    assert words in passer_by.get("/chatroom/anon_user/flask/en").text
    stage.room.hub_is(HubStatus(HubState.OFF, stage.clock.now()))
    assert words not in passer_by.get("/chatroom/anon_user/flask/en").text


def test_a_members_page_knows_its_member(stage: Stage, ana: Browser) -> None:
    stage.room.set_present(stage.member(ana).id, present=True)
    boot = boot_of(ana.get("/chatroom/Ana/kitchen/pt-PT"))
    assert boot["member"] == ana.get("/api/me").get_json()["member"]
    assert boot["member"]["present"] is True


def test_a_members_page_keeps_the_cookie_alive(ana: Browser, passer_by: Browser) -> None:
    header = ana.get("/chatroom/Ana/kitchen/pt-PT").headers["Set-Cookie"]
    assert header.startswith(f"room_session={ana.cookie()};")
    assert "Max-Age=7776000" in header
    assert "Set-Cookie" not in passer_by.get("/chatroom/anon_user/flask/en").headers


def test_a_cookie_from_another_time_is_nobodys(passer_by: Browser) -> None:
    passer_by.set_cookie("from-another-time")
    response = passer_by.get("/chatroom/anon_user/flask/en")
    assert boot_of(response)["member"] is None
    assert "Set-Cookie" not in response.headers


def test_a_room_with_a_code_asks_newcomers_for_it(closed_stage: Stage) -> None:
    ana, newcomer = closed_stage.browser(), closed_stage.browser()
    ana.join("Ana", code=CODE)
    ana.say("a line that no newcomer may see")
    response = newcomer.get("/chatroom/anon_user/flask/en")
    assert CODE_REQUIRED.search(response.text)
    assert CODE not in response.text
    assert "no newcomer" not in response.text
    assert not CODE_REQUIRED.search(ana.get("/chatroom/Ana/flask/en").text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_an_address_becomes_markup(passer_by: Browser, payload: str) -> None:
    quoted = "".join(f"%{byte:02X}" for byte in payload.encode() if byte != ord("/"))
    for path in (f"{quoted}/flask/en", f"a/{quoted}/en", f"a/b/{quoted}"):
        response = passer_by.get(f"/chatroom/{path}")
        assert boot_of(response)
        assert "<" not in BOOT.findall(response.text)[0]
        for piece in ("<img src=x", "<script>alert", "<!--", "670592745"):
            assert piece not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/chatroom",
        "/chatroom/",
        "/chatroom/a/b",
        "/chatroom/a/b/c/d",
        "/chatroom//b/c",
        "/chatroom/a/b/c/",
        "/admin",
        "/index.html",
        "/api/status",
    ],
)
def test_there_is_nothing_anywhere_else(passer_by: Browser, path: str) -> None:
    assert passer_by.get(path).status_code == 404


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/%2e%2e", "///"])
def test_no_address_leads_to_another_host(stage: Stage, path: str) -> None:
    response = stage.app.test_client().get("/", environ_overrides={"PATH_INFO": path})
    assert "evil" not in response.headers.get("Location", "")


def test_a_head_has_no_body(passer_by: Browser) -> None:
    response = passer_by.request("HEAD", "/chatroom/anon_user/flask/en")
    assert (response.status_code, response.data) == (200, b"")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "kept while the room is open."),
        (1, "kept for 1 day on the host's computer."),
        (30, "kept for 30 days on the host's computer."),
    ],
)
def test_the_join_card_says_how_long_it_is_kept(
    clock: FakeClock, days: int | None, words: str
) -> None:
    stage = Stage(clock, RoomSettings(keep_days=days), rate_limit=False)
    page = stage.browser().get("/chatroom/Ana/flask/en").text
    assert words in html.unescape(page)
