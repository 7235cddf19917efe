"""An invitation leads to the door with what lets people in, and members into the room."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from web.browser import Browser, error_of
from web.stage import CODE, Stage


def boot_of(browser: Browser, path: str) -> dict[str, Any]:
    """Return what a page tells its scripts."""
    response = browser.get(path)
    assert response.status_code == 200
    [found] = re.findall(r'id="boot">(.*?)</script>', response.text, re.DOTALL)
    boot: dict[str, Any] = json.loads(found)
    return boot


OLD = "This invitation is old. Scan the new QR, or type the code."
WRONG = "000000"


def test_the_invitation_lets_people_in_without_the_code(closed_stage: Stage) -> None:
    guest, invitation = closed_stage.browser(), closed_stage.room.door.invitation
    boot = boot_of(guest, f"/j/{invitation}")
    page = guest.get(f"/j/{invitation}").text
    assert boot["code"] == invitation
    assert OLD not in page
    assert CODE not in page
    guest.join("Ana", code=boot["code"])


def test_the_invitation_works_while_even_the_right_code_must_wait(closed_stage: Stage) -> None:
    guest, invitation = closed_stage.browser(), closed_stage.room.door.invitation
    for tries_left in (4, 3, 2, 1, 0):
        refused = guest.post("/api/join", {"name": "Ana", "code": WRONG})
        assert error_of(refused) == (403, "code_wrong")
        assert refused.get_json()["error"]["tries_left"] == tries_left
    refused = guest.post("/api/join", {"name": "Ana", "code": CODE})
    assert error_of(refused) == (429, "too_many_tries")
    assert refused.headers["Retry-After"] == "60"
    assert boot_of(guest, f"/j/{CODE}")["code"] == CODE  # which says nothing of whether it is right
    for path in ("/api/messages", "/api/members", "/api/events", "/messages", "/plain/messages"):
        assert guest.get(path).status_code == 401
        bearer = {"Authorization": f"Bearer {CODE}"}
        assert guest.get(path, bearer).status_code == 429
    boot = boot_of(guest, f"/j/{invitation}")
    guest.join("Ana", code=boot["code"])


def test_with_another_code_the_invitation_is_old_and_the_card_says_so(
    closed_stage: Stage,
) -> None:
    guest, invitation = closed_stage.browser(), closed_stage.room.door.invitation
    rules = closed_stage.room.settings
    closed_stage.room.change_settings(replace(rules, code="555555"))
    assert boot_of(guest, f"/j/{invitation}")["code"] == ""
    assert OLD in guest.get(f"/j/{invitation}").text
    refused = guest.post("/api/join", {"name": "Ana", "code": invitation})
    assert error_of(refused) == (403, "code_wrong")
    closed_stage.room.change_settings(replace(rules, code=""))
    assert OLD not in guest.get(f"/j/{invitation}").text


def test_an_invitation_is_read_as_the_code_is_by_who_has_not_joined(closed_stage: Stage) -> None:
    script = closed_stage.script()
    bearer = {"Authorization": f"Bearer {closed_stage.room.door.invitation}"}
    assert script.get("/api/messages", bearer).status_code == 200


def test_a_link_with_the_code_fills_it_in(closed_stage: Stage) -> None:
    guest = closed_stage.browser()
    boot = boot_of(guest, f"/j/{CODE}")
    assert boot["code"] == CODE
    assert f'value="{CODE}" required' in guest.get(f"/j/{CODE}").text
    guest.join("Ana", code=boot["code"])


def test_an_old_invitation_opens_the_door_and_not_the_room(closed_stage: Stage) -> None:
    guest = closed_stage.browser()
    code = boot_of(guest, "/j/000000")["code"]
    refused = guest.post("/api/join", {"name": "Ana", "code": code})
    assert error_of(refused) == (403, "code_wrong")


@pytest.mark.parametrize("code", ["x", "123", "1" * 13, "%3Cscript%3E", "٤٨٢١٩٣"])
def test_what_is_no_code_is_not_repeated(closed_stage: Stage, code: str) -> None:
    assert boot_of(closed_stage.browser(), f"/j/{code}")["code"] == ""


def test_an_invitation_to_an_open_room_opens_its_door(passer_by: Browser) -> None:
    page = passer_by.get(f"/j/{CODE}").text
    assert 'name="code"' in page
    assert f'value="{CODE}" required' not in page


def test_a_member_is_led_into_the_room(ana: Browser) -> None:
    response = ana.get(f"/j/{CODE}")
    assert response.status_code == 302
    assert response.headers["Location"] == "/chatroom/Ana/kitchen/pt-PT"
