"""What the host decides about people and the room, as browsers meet it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from hivemind_chatroom.room.model import Device
from web.browser import Browser, Json, error_of
from web.sse import listen
from web.stage import CODE, Stage

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"

FREE = {"state": "free", "until": None}
REMOVED = {"state": "removed", "until": None}


def post(browser: Browser, text: str = "hello") -> tuple[int, str]:
    """Say something; return what is wrong with that."""
    body = {"client_id": text, "text": text}
    return error_of(browser.post("/api/messages", body))


def told(stage: Stage, browser: Browser) -> list[Json]:
    """Return what a browser's member was told of itself so far."""
    member_id = stage.member(browser).id
    return listen(stage.streams.heard_by(member_id)).of("you")


def boot(browser: Browser) -> Json:
    """Return what the page is told that a browser is sent to."""
    page = browser.get("/chatroom/anon_user/flask/en").text
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page)
    assert found is not None
    values: Json = json.loads(found[1])
    return values


def test_who_is_muted_reads_and_is_told_in_their_language_why_they_cannot_write(
    stage: Stage, ana: Browser
) -> None:
    ana.patch("/api/me", {"lang": "de"})
    stage.room.moderation.mute(stage.member(ana).id, None)
    assert post(ana) == (403, "muted")
    refusal = ana.post("/api/messages", {"client_id": "c", "text": "hello"}).get_json()
    assert refusal["error"]["message"].startswith("Du kannst lesen, aber nicht schreiben, bis ")
    assert ana.read() == []
    assert error_of(ana.post("/api/messages/1/ask-again", {})) == (403, "muted")
    assert ana.submit(username="Ana", message="hello").status_code == 403


def test_who_is_muted_is_told_at_once_and_nobody_else_is(
    stage: Stage, ana: Browser, bob: Browser
) -> None:
    until = stage.clock.now() + timedelta(minutes=10)
    undo = stage.room.moderation.mute(stage.member(ana).id, until)
    stage.room.moderation.undo(undo.id)
    muted = {"state": "muted", "until": "2026-03-14T15:19:26.000Z"}
    assert told(stage, ana) == [muted, FREE]
    assert told(stage, bob) == []


def test_a_stream_begins_with_what_was_decided_before(stage: Stage, ana: Browser) -> None:
    def begin(browser: Browser) -> list[Json]:
        return listen(browser.get("/api/events").data).of("you")

    assert begin(ana) == [FREE]
    stage.room.moderation.mute(stage.member(ana).id, stage.clock.now() + timedelta(minutes=1))
    assert begin(ana) == [{"state": "muted", "until": "2026-03-14T15:10:26.000Z"}]
    stage.clock.advance(60)
    assert begin(ana) == [FREE]
    stage.room.moderation.mute(stage.member(ana).id, None)
    assert begin(ana) == [{"state": "muted", "until": None}]
    assert begin(stage.browser()) == []


def test_a_removed_browser_neither_reads_nor_writes_nor_comes_in_again(
    stage: Stage, ana: Browser
) -> None:
    member = stage.member(ana)
    stage.room.moderation.remove(member.id)
    removed = (403, "removed")
    assert post(ana) == removed
    assert error_of(ana.post("/api/join", {"name": "Rita"})) == removed
    assert error_of(ana.patch("/api/me", {"name": "Rita"})) == removed
    assert error_of(ana.delete("/api/me")) == removed
    assert error_of(ana.delete("/api/messages/1")) == removed
    for path in ("/api/me", "/api/members", "/api/messages", "/api/events", "/messages"):
        assert error_of(ana.get(path)) == removed
    form = ana.submit(username="Rita", message="hello")
    assert form.status_code == 403
    assert "The host removed you from the room." in form.text
    assert boot(ana)["member"] is None
    assert [each.name for each, _ in stage.room.members()] == []


def test_who_is_removed_is_told_before_their_streams_end(
    stage: Stage, ana: Browser, bob: Browser
) -> None:
    member = stage.member(ana)
    stage.room.moderation.remove(member.id)
    heard = listen(stage.streams.heard_by(member.id))
    assert heard.kinds[-2:] == ["you", "members"]
    assert heard.of("you") == [REMOVED]
    assert heard.of("members")[-1] == {"members": [], "gone": [member.id], "complete": False}
    assert stage.streams.closed == [member.id]
    assert told(stage, bob) == []


def test_a_removal_that_is_undone_leaves_the_cookie_what_it_was(stage: Stage, ana: Browser) -> None:
    member = stage.member(ana)
    stage.room.moderation.undo(stage.room.moderation.remove(member.id).id)
    assert stage.member(ana) == member
    ana.say("hello")


def test_another_browser_than_the_removed_one_may_join(stage: Stage, ana: Browser) -> None:
    stage.room.moderation.remove(stage.member(ana).id)
    other = stage.browser()
    assert error_of(other.post("/api/join", {"name": "Ana"})) == (409, "name_taken")
    other.join("Rita")


def test_in_a_paused_room_nobody_writes_and_everybody_is_told(
    stage: Stage, ana: Browser, passer_by: Browser
) -> None:
    stage.room.change_settings(replace(stage.room.settings, paused=True))
    assert post(ana) == (403, "room_paused")
    form = passer_by.submit(username="Guest", message="hello")
    assert form.status_code == 403
    assert "The host paused the room." in form.text
    assert ana.read() == []
    stage.room.change_settings(replace(stage.room.settings, paused=False))
    ana.say("hello")
    states = listen(stage.streams.heard_by(None)).of("room")
    assert [state["paused"] for state in states] == [True, False]


def test_a_full_room_is_closed_to_newcomers_and_open_to_those_with_a_cookie(
    stage: Stage, ana: Browser
) -> None:
    stage.room.change_settings(replace(stage.room.settings, members_max=1))
    newcomer = stage.browser()
    assert error_of(newcomer.post("/api/join", {"name": "Bob"})) == (403, "room_full")
    ana.join("Rita")
    ana.say("hello")
    assert newcomer.texts() == ["hello"]


def test_who_is_in_stays_in_when_the_code_changes(closed_stage: Stage) -> None:
    ana, bob = closed_stage.browser(), closed_stage.browser()
    ana.join("Ana", code=CODE)
    closed_stage.room.change_settings(replace(closed_stage.room.settings, code="555555"))
    ana.say("hello")
    assert error_of(bob.post("/api/join", {"name": "Bob", "code": CODE})) == (403, "code_wrong")
    assert error_of(bob.get("/api/messages", {"Authorization": f"Bearer {CODE}"})) == (
        403,
        "code_wrong",
    )
    bob.join("Bob", code="555555")


def test_a_new_name_and_new_languages_are_on_the_next_page(
    stage: Stage, passer_by: Browser
) -> None:
    settings = replace(stage.room.settings, name="Kitchen", languages=("de", "en"), keep_days=2)
    stage.room.change_settings(settings)
    assert boot(passer_by)["languages"] == ["de", "en"]
    page = passer_by.get("/chatroom/anon_user/flask/en").text
    assert "<title>Kitchen</title>" in page
    assert "for 2 days" in page
    assert "<h1><bdi>Kitchen</bdi></h1>" in passer_by.get("/nowhere").text
    assert passer_by.get("/healthz").get_json()["room"] == "Kitchen"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (ANDROID, Device.PHONE),
        (IPHONE, Device.PHONE),
        (WINDOWS, Device.COMPUTER),
        ("curl/8.5.0", Device.UNKNOWN),
        ("", Device.UNKNOWN),
    ],
)
def test_the_host_sees_what_a_browser_runs_on(
    stage: Stage, ana: Browser, agent: str, device: Device
) -> None:
    ana.get("/api/events", {"User-Agent": agent})
    [person] = stage.room.people.listing()
    assert person.device is device
