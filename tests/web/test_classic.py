"""The seed's routes, as its users' scripts and links know them."""

from __future__ import annotations

import pytest
from flask import Flask, jsonify
from werkzeug.test import TestResponse

from hivemind_chatroom.room.attendance import VISITORS_MAX
from hivemind_chatroom.room.limits import MEMBER_RATE
from hivemind_chatroom.room.model import Address, Media, Reply
from hivemind_chatroom.web.classic import LOG_BYTES_MAX, LOG_MAX
from web.browser import Browser
from web.stage import CODE, Stage


def location(response: TestResponse) -> str:
    assert response.status_code == 302
    return response.headers["Location"]


@pytest.fixture
def script(stage: Stage) -> Browser:
    """Upstream's users post with curl: no origin, no cookie."""
    return stage.script()


def test_a_line_is_posted_and_the_room_is_shown(script: Browser) -> None:
    response = script.submit(
        username="alice", lang="en", site_id="livingroom", message="hello hive"
    )
    assert location(response) == "/chatroom/alice/livingroom/en"
    [message] = script.read()
    assert (message["text"], message["author"]["name"]) == ("hello hive", "alice")


@pytest.mark.parametrize(
    "fields", [{}, {"username": "", "lang": "", "site_id": ""}, {"lang": "en"}]
)
def test_what_is_empty_or_missing_is_upstreams_anybody(
    script: Browser, fields: dict[str, str]
) -> None:
    response = script.submit(**fields, message="yo")
    assert location(response) == "/chatroom/anon_user/flask/en"
    assert script.read()[0]["author"]["name"] == "anon_user"


def test_the_language_stays_as_it_was_typed_in_the_address(script: Browser) -> None:
    response = script.submit(username="alice", lang="pt-pt", message="olá")
    assert location(response) == "/chatroom/alice/flask/pt-pt"
    assert script.read()[0]["lang"] == "pt-PT"


def test_a_name_in_any_script_is_part_of_the_address(script: Browser) -> None:
    response = script.submit(username="Zoë 李?#%", message="hi")
    assert location(response) == "/chatroom/Zo%C3%AB%20%E6%9D%8E%3F%23%25/flask/en"
    assert script.get(location(response)).status_code == 200


def test_a_form_may_come_in_parts(script: Browser) -> None:
    response = script.request(
        "POST",
        "/send_message",
        data={"username": "alice", "message": "hi"},
        content_type="multipart/form-data",
    )
    assert location(response) == "/chatroom/alice/flask/en"
    assert script.texts() == ["hi"]


@pytest.mark.parametrize("message", ["", "   ", "\x00"])
def test_an_empty_line_shows_the_room_and_says_nothing(
    stage: Stage, script: Browser, message: str
) -> None:
    shown = script.submit(username="alice", lang="de", message=message)
    assert location(shown) == "/chatroom/alice/flask/de"
    assert script.read() == []
    assert stage.room.members() == []


@pytest.mark.parametrize(
    "fields", [{"username": "/"}, {"site_id": "a/b"}, {"lang": "xx-YY"}, {"username": "..."}]
)
def test_an_empty_line_shows_no_room_that_has_no_address(
    script: Browser, fields: dict[str, str]
) -> None:
    assert script.submit(**fields).status_code == 422


def test_an_empty_line_of_ones_own_changes_language_and_site(stage: Stage, ana: Browser) -> None:
    shown = ana.submit(username="ana", lang="de", site_id="garden", message="")
    assert location(shown) == "/chatroom/Ana/garden/de"
    assert (stage.member(ana).lang, stage.member(ana).site_id) == ("de", "garden")
    assert ana.read() == []


def test_a_thousand_names_are_not_a_thousand_members_and_what_they_said_stays(
    stage: Stage, ana: Browser, script: Browser
) -> None:
    for number in range(1_000):
        script.submit(username=f"guest {number}", message="hi")
    assert len(stage.room.members()) == VISITORS_MAX + 1
    assert stage.member(ana).name == "Ana"
    gone = b'"members":[],"gone":["'
    assert stage.streams.heard_by(None).count(gone) == 1_000 - VISITORS_MAX
    [oldest] = script.read("?after=0&limit=1")
    assert oldest["author"]["name"] == "guest 0"


def test_the_hub_is_asked(stage: Stage, script: Browser) -> None:
    script.submit(username="alice", lang="pt-pt", site_id="kitchen", message="que horas são?")
    [utterance] = stage.room.utterances.waiting()
    assert (utterance.text, utterance.lang) == ("que horas são?", "pt-PT")
    assert (utterance.member.name, utterance.member.site_id) == ("alice", "kitchen")


def test_one_name_keeps_one_session(stage: Stage, script: Browser) -> None:
    for text in ("one", "two"):
        script.submit(username="alice", message=text)
    script.submit(username="bob", message="three")
    sessions = [each.member.session.id for each in stage.room.utterances.waiting()]
    assert sessions[0] == sessions[1] != sessions[2]


@pytest.mark.parametrize("name", ["HiveMind", "Аssistant", "a/b", "a" * 25, "..."])
def test_a_name_that_cannot_be_one_is_refused_with_the_reason(script: Browser, name: str) -> None:
    response = script.submit(username=name, message="hi")
    assert (response.status_code, response.mimetype) == (422, "text/html")
    assert "name" in response.text
    assert script.read() == []


@pytest.mark.parametrize("fields", [{"lang": "xx-YY"}, {"site_id": "a/b"}, {"message": "a" * 1001}])
def test_what_the_room_cannot_take_is_refused_with_the_reason(
    script: Browser, fields: dict[str, str]
) -> None:
    response = script.submit(**{"username": "alice", "message": "hi", **fields})
    assert (response.status_code, response.mimetype) == (422, "text/html")
    assert script.read() == []


def test_what_people_typed_is_no_markup_on_the_page_with_the_reason(
    stage: Stage, script: Browser
) -> None:
    stage.browser().join("<b>x</b>".replace("/", ""))
    response = script.submit(username="<b>x<b>", message="hi")
    assert response.status_code == 409
    assert "<b>" not in response.text
    assert "&lt;b&gt;" in response.text


def test_a_name_that_a_cookie_holds_cannot_be_spoken_for(ana: Browser, script: Browser) -> None:
    response = script.submit(username="ANA", message="open the door")
    assert (response.status_code, response.mimetype) == (409, "text/html")
    assert "already here" in response.text
    assert ana.read() == []


def test_with_the_cookie_one_speaks_as_oneself(stage: Stage, ana: Browser) -> None:
    response = ana.submit(username="Ana", lang="de", site_id="garden", message="hallo")
    assert location(response) == "/chatroom/Ana/garden/de"
    [message] = ana.read()
    assert message["author"]["id"] == stage.member(ana).id
    assert (message["lang"], stage.member(ana).site_id) == ("de", "garden")


def test_with_the_cookie_what_is_empty_is_ones_own(stage: Stage, ana: Browser) -> None:
    response = ana.submit(username="", lang="", site_id="", message="olá")
    assert location(response) == "/chatroom/Ana/kitchen/pt-PT"
    assert ana.read()[0]["author"]["id"] == stage.member(ana).id
    assert stage.member(ana).lang == "pt-PT"


def test_with_the_cookie_one_may_still_speak_as_anybody(stage: Stage, ana: Browser) -> None:
    response = ana.submit(username="anon_user", lang="en", site_id="flask", message="hi")
    assert location(response) == "/chatroom/anon_user/flask/en"
    assert ana.read()[0]["author"]["name"] == "anon_user"
    assert stage.member(ana).lang == "pt-PT"


def test_the_cookie_does_not_speak_for_another(bob: Browser, ana: Browser) -> None:
    assert bob.submit(username="Ana", message="hi").status_code == 409
    assert ana.read() == []


def test_another_sites_form_is_refused(stage: Stage, ana: Browser) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}):
        response = ana.submit(headers, username="Ana", message="open the door")
        assert (response.status_code, response.mimetype) == (403, "text/html")
        assert stage.browser().submit(headers, message="open the door").status_code == 403
    assert ana.read() == []


def test_who_posts_too_fast_waits(slow_stage: Stage) -> None:
    script = slow_stage.script()
    for number in range(MEMBER_RATE.burst):
        assert location(script.submit(username="alice", message=f"line {number}"))
    response = script.submit(username="alice", message="one more")
    assert (response.status_code, response.mimetype) == (429, "text/html")
    assert response.headers["Retry-After"] == "1"


def test_a_room_with_a_code_wants_the_cookie_or_the_code(closed_stage: Stage) -> None:
    script, ana = closed_stage.script(), closed_stage.browser()
    assert script.submit(username="alice", message="hi").status_code == 401
    wrong = {"Authorization": "Bearer 000000"}
    assert script.submit(wrong, username="alice", message="hi").status_code == 403
    right = {"Authorization": f"Bearer {CODE}"}
    assert location(script.submit(right, username="alice", message="hi"))
    ana.join("Ana", code=CODE)
    assert location(ana.submit(username="Ana", message="olá"))
    assert ana.texts() == ["hi", "olá"]


def upstreams_bytes(entries: list[dict[str, object]]) -> bytes:
    """Return what a Flask app as upstream's answers for these entries."""
    app = Flask("upstream")
    app.add_url_rule("/messages", view_func=lambda: jsonify(entries))
    response: TestResponse = app.test_client().get("/messages")
    return bytes(response.data)


def test_the_log_is_upstreams_byte_for_byte(stage: Stage, script: Browser) -> None:
    assert script.get("/messages").data == upstreams_bytes([])
    script.submit(username="Zoë", lang="de", message='Wie "spät"\nist es?')
    stage.answer("zehn nach drei")
    response = script.get("/messages")
    assert response.content_type == "application/json"
    assert response.data == upstreams_bytes(
        [
            {"incoming": False, "username": "Zoë", "message": 'Wie "spät"\nist es?'},
            {"incoming": True, "username": "HiveMind", "message": "@Zoë - zehn nach drei"},
        ]
    )


def test_something_to_play_is_its_name_and_then_its_address(stage: Stage, script: Browser) -> None:
    script.submit(username="alice", message="play hey")
    media = Media("file:///hey.mp3", "Hey", "Pixies")
    stage.room.receive(Reply(stage.send_to_hub(), "", media=media))
    entries = script.get("/messages").get_json()[1:]
    assert [entry["message"] for entry in entries] == ["Pixies - Hey", "file:///hey.mp3"]
    assert {(entry["incoming"], entry["username"]) for entry in entries} == {(True, "HiveMind")}


def test_something_nameless_to_play_is_its_address(stage: Stage, script: Browser) -> None:
    stage.room.receive(Reply(Address(), "", media=Media("a.mp3")))
    assert [entry["message"] for entry in script.get("/messages").get_json()] == ["a.mp3"]


def test_what_is_nobodys_is_the_text_alone(stage: Stage, script: Browser) -> None:
    stage.room.receive(Reply(Address(), "the washing is done"))
    assert script.get("/messages").get_json() == [
        {"incoming": True, "username": "HiveMind", "message": "the washing is done"}
    ]


def test_what_is_private_is_not_in_the_log_not_even_for_its_member(
    stage: Stage, ana: Browser
) -> None:
    ana.say("hush", "assistant")
    stage.answer("a secret")
    assert ana.get("/messages").get_json() == []


def test_the_log_has_an_end(ana: Browser) -> None:
    for number in range(LOG_MAX + 5):
        ana.say(f"line {number}", "people")
    entries = ana.get("/messages").get_json()
    assert len(entries) == LOG_MAX
    assert entries[-1]["message"] == f"line {LOG_MAX + 4}"


def test_the_log_has_an_end_in_bytes_too_and_the_newest_is_in_it(
    stage: Stage, script: Browser
) -> None:
    for number in range(200):
        stage.room.receive(Reply(Address(), f"{number} {'😀' * 1_000}"))
    response = script.get("/messages")
    entries = response.get_json()
    assert 0.9 * LOG_BYTES_MAX < len(response.data) < LOG_BYTES_MAX + 1_000
    said = [entry["message"].split()[0] for entry in entries]
    assert said == [f"{number}" for number in range(200 - len(said), 200)]
