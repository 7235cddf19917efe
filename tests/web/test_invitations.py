"""An invitation leads to the door with the code filled in, and members into the room."""

from __future__ import annotations

import json
import re
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


def test_an_invitation_fills_in_the_code(closed_stage: Stage) -> None:
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
