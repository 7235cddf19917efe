"""Whatever comes, no answer is a fault of ours, and each is one that the description knows."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import FakeClock
from hivemind_chatroom.room.rules import RoomSettings
from web.browser import Browser
from web.stage import CODE, Stage

EXAMPLES = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

any_text = st.text(st.characters(codec=None), max_size=80)
"""Halves of surrogate pairs included: JSON can spell them."""

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=5,
)
a_value = any_json | st.sampled_from(["Ana", "en", "hi", "everyone", CODE, "\ud800", "\x00"])
a_body = st.dictionaries(
    st.sampled_from(["name", "lang", "site_id", "code", "client_id", "text", "to"]) | any_text,
    a_value,
    max_size=6,
)
a_path = st.sampled_from(
    ["/", "/messages", "/api/me", "/api/members", "/api/messages", "/api/events", "/healthz"]
)


def two_browsers(code: str = "") -> tuple[Browser, Browser]:
    """Return one that has joined, and one that has not."""
    stage = Stage(FakeClock(), RoomSettings(code=code, member_rate=None), rate_limit=False)
    ana = stage.browser()
    ana.join("Ana", code=code)
    ana.say("hello")
    return ana, stage.browser()


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/join"), ("PATCH", "/api/me"), ("POST", "/api/messages")]
)
@EXAMPLES
@given(body=a_body)
def test_any_object_gets_an_answer(method: str, path: str, body: dict[str, object]) -> None:
    for browser in two_browsers():
        response = browser.request(
            method, path, {"Content-Type": "application/json"}, data=json.dumps(body)
        )
        assert response.status_code < 500
        assert browser.get("/api/messages").status_code == 200
        assert browser.get("/api/events?after=0").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
@EXAMPLES
@given(body=st.binary(max_size=300), path=a_path)
def test_any_bytes_get_an_answer(method: str, path: str, body: bytes) -> None:
    for browser in two_browsers():
        response = browser.request(method, path, {"Content-Type": "application/json"}, data=body)
        assert response.status_code < 500


@EXAMPLES
@given(
    fields=st.dictionaries(
        st.sampled_from(["username", "lang", "site_id", "message"]),
        st.text(max_size=80) | st.sampled_from(["Ana", "anon_user", "pt-pt", "..", "\x00"]),
    )
)
def test_any_form_gets_an_answer(fields: dict[str, str]) -> None:
    for browser in two_browsers():
        response = browser.submit(**fields)
        assert response.status_code < 500
        if response.status_code == 302:
            assert browser.get(response.headers["Location"]).status_code == 200
        assert browser.get("/messages").status_code == 200


@pytest.mark.parametrize("code", ["", CODE])
@EXAMPLES
@given(
    path=a_path,
    query=st.dictionaries(
        st.sampled_from(["before", "after", "limit", "q", "lang"]),
        st.text(max_size=40) | st.integers().map(str),
    ),
    headers=st.dictionaries(
        st.sampled_from(["Last-Event-ID", "Authorization", "Cookie", "If-None-Match", "Range"]),
        st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=40),
    ),
)
def test_any_question_gets_an_answer(
    code: str, path: str, query: dict[str, str], headers: dict[str, str]
) -> None:
    for browser in two_browsers(code):
        response = browser.request("GET", path, headers, query_string=query)
        assert response.status_code < 500


@EXAMPLES
@given(path=st.binary(max_size=60))
def test_any_address_gets_an_answer(path: bytes) -> None:
    _, browser = two_browsers()
    response = browser.request(
        "GET", "/", environ_overrides={"PATH_INFO": "/chatroom/" + path.decode("latin-1")}
    )
    assert response.status_code in {200, 404}
