"""What goes wrong, as HTTP."""

from __future__ import annotations

import inspect
import logging

import pytest

from hivemind_chatroom import errors
from hivemind_chatroom.web.errors import STATUS_OF
from web.browser import Browser, error_of
from web.stage import Stage

NOT_FOR_VISITORS = {
    "start_failed",
    "setting_invalid",
    "port_taken",
    "host_invalid",
    "folder_unusable",
    "folder_in_use",
    "already_running",
    "database_away",
    "database_encoding",
    "database_foreign",
    "database_in_use",
    "database_newer",
    "identity_unusable",
    "identity_missing",
    "identity_broken",
    "builtin_hub_failed",
    "backup_failed",
    "report_unwritable",
    "upgrade_failed",
    "token_wrong",
    "origin_wrong",
    "undo_unknown",
    "member_unknown",
    "backup_invalid",
    "identity_incomplete",
    "no_window",
    "hub_elsewhere",
    "migration_refused",
    "migration_unfinished",
    "migration_failed",
}
"""What stops a start, keeps the hub away or is between the operator and the window alone never
comes out of a request."""

SECRET = "what Ana said to Bob"


@pytest.fixture
def broken(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Return a browser in a room that fails with somebody's words in its error."""

    def fail(*_: object, **__: object) -> None:
        raise LookupError(SECRET)

    monkeypatch.setattr(stage.room, "messages", fail)
    return stage.browser()


def test_every_code_that_a_visitor_may_meet_has_one_status() -> None:
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass)]
    codes = {each.code for each in classes if issubclass(each, errors.ChatroomError)}
    assert set(STATUS_OF) == (codes - NOT_FOR_VISITORS) | {"method_not_allowed"}
    assert all(400 <= status < 600 for status in STATUS_OF.values())


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/", "/api/me/", "/api/messages/one"])
def test_what_is_not_there_is_not_found(passer_by: Browser, path: str) -> None:
    assert error_of(passer_by.get(path)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/me", {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH"}),
        ("GET", "/api/join", {"OPTIONS", "POST"}),
        ("POST", "/api/events", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_method_that_a_route_does_not_take_is_refused_with_those_it_takes(
    passer_by: Browser, method: str, path: str, allowed: set[str]
) -> None:
    response = passer_by.request(method, path, json={})
    assert error_of(response) == (405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/api/me", "/api/messages", "/api/events", "/", "/send_message"])
def test_options_tells_what_a_route_takes(passer_by: Browser, path: str) -> None:
    response = passer_by.request("OPTIONS", path)
    assert response.status_code == 200
    assert "OPTIONS" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/nowhere", "/static/nowhere.js", "/static/../app.py"])
def test_people_are_told_on_a_page(passer_by: Browser, path: str) -> None:
    response = passer_by.get(path)
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "There is nothing at this address." in response.text


def test_a_fault_of_ours_says_nothing_of_itself(broken: Browser) -> None:
    response = broken.get("/api/messages")
    assert error_of(response) == (500, "internal")
    for telltale in (SECRET, "LookupError", "Traceback", "api.py"):
        assert telltale not in response.text


def test_a_fault_of_ours_is_logged_with_its_place_and_without_words(
    broken: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        broken.get("/api/messages?q=secret-search")
    [record] = [each for each in caplog.records if each.levelno >= logging.ERROR]
    said = record.getMessage()
    assert said.startswith("a request failed in api.messages: LookupError at ")
    assert "api.py" in said
    assert SECRET not in caplog.text
    assert "secret-search" not in caplog.text


def test_nothing_of_what_people_do_is_logged(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        browser = stage.browser()
        browser.join("Hemlock")
        browser.say("a quiet word")
        browser.get("/api/messages?q=quiet")
        browser.get("/chatroom/Hemlock/flask/en")
        browser.post("/api/join", {"name": "HiveMind"})
        browser.submit(username="Hemlock", message="a quiet word")
    for word in ("Hemlock", "quiet", browser.cookie() or "?"):
        assert word not in caplog.text
