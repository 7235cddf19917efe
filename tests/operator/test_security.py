"""Who may call the operator's listener: nobody but its own page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from operator_stage import HOST, ORIGIN, PORT, TOKEN, OperatorStage, error_of

FOREIGN_HOSTS = [
    "",
    "127.0.0.1",
    "localhost",
    f"127.0.0.1:{PORT + 1}",
    f"127.0.0.2:{PORT}",
    f"[::1]:{PORT}",
    f"0.0.0.0:{PORT}",
    f"evil.example:{PORT}",
    f"127.0.0.1.evil.example:{PORT}",
    f"192.168.1.23:{PORT}",
    "192.168.1.23:8985",
    f"LOCALHOST:{PORT}",
    f"localhost.:{PORT}",
    f" 127.0.0.1:{PORT}",
]

FOREIGN_ORIGINS = [
    "null",
    "",
    "http://192.168.1.23:8985",
    "http://127.0.0.1:8985",
    f"http://localhost:{PORT}",
    f"https://127.0.0.1:{PORT}",
    "http://127.0.0.1",
    f"{ORIGIN}/",
    f"{ORIGIN}.evil.example",
    "http://evil.example",
]

WRONG_TOKENS = [None, "", "wrong", TOKEN[:-1], f"{TOKEN}x", TOKEN.upper(), f" {TOKEN}x", "é"]


def routes_of(stage: OperatorStage) -> Iterator[tuple[str, str]]:
    """Yield method and path of every route, with something where the path has a hole."""
    for rule in stage.app.url_map.iter_rules():
        path = re.sub(r"<int:\w+>", "1", rule.rule)
        path = re.sub(r"<(?:\w+:)?\w+>", "x", path)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, path


def api_of(stage: OperatorStage) -> list[tuple[str, str]]:
    return [(method, path) for method, path in routes_of(stage) if path.startswith("/api/")]


def is_page(rule: Rule) -> bool:
    return bool(rule.endpoint.startswith("pages."))


def test_every_route_is_of_the_api_or_a_page_that_holds_no_secret(stage: OperatorStage) -> None:
    for rule in stage.app.url_map.iter_rules():
        assert rule.rule.startswith("/api/") != is_page(rule), rule
    assert len(api_of(stage)) > 25


@pytest.mark.parametrize("token", WRONG_TOKENS)
def test_without_the_token_no_route_of_the_api_answers(
    stage: OperatorStage, token: str | None
) -> None:
    for method, path in api_of(stage):
        answer = stage.ask(method, path, token=token)
        assert error_of(answer) == (401, "token_wrong"), (method, path)


def test_the_token_counts_nowhere_but_in_its_header(stage: OperatorStage) -> None:
    headers = {"Cookie": f"token={TOKEN}; X-Operator-Token={TOKEN}", "Authorization": TOKEN}
    for method, path in api_of(stage):
        answer = stage.ask(method, f"{path}?k={TOKEN}", token=None, headers=headers)
        assert error_of(answer) == (401, "token_wrong"), (method, path)


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_under_another_name_no_route_answers(stage: OperatorStage, host: str) -> None:
    for method, path in routes_of(stage):
        answer = stage.ask(method, path, headers={"Host": host})
        assert error_of(answer) == (421, "host_unknown"), (method, path)


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_from_another_origin_no_route_answers(stage: OperatorStage, origin: str) -> None:
    for method, path in routes_of(stage):
        answer = stage.ask(method, path, headers={"Origin": origin})
        assert error_of(answer) == (403, "origin_wrong"), (method, path)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "x/json"])
def test_nothing_is_changed_by_a_body_that_a_foreign_form_could_send(
    stage: OperatorStage, kind: str
) -> None:
    for method, path in api_of(stage):
        if method != "GET":
            answer = stage.ask(method, path, b"{}", headers={"Content-Type": kind})
            assert error_of(answer) == (415, "media_type"), (method, path)


@pytest.mark.parametrize("host", [HOST, f"localhost:{PORT}"])
def test_the_page_itself_is_answered(stage: OperatorStage, host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}"}
    assert stage.ask("GET", "/api/status", headers=headers).status_code == 200
    assert stage.ask("POST", "/api/hub/reconnect", headers=headers).status_code == 204


def test_a_body_is_no_larger_than_it_may_be(stage: OperatorStage) -> None:
    answer = stage.ask("POST", "/api/identity/parse", {"text": "x" * 70_000})
    assert error_of(answer) == (413, "body_too_large")


def test_every_answer_is_protected_and_no_cookie_is_set(stage: OperatorStage) -> None:
    for method, path in [*routes_of(stage), ("GET", "/nowhere"), ("GET", "/api/nowhere")]:
        headers = stage.ask(method, path).headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Set-Cookie" not in headers
        assert "Access-Control-Allow-Origin" not in headers
        if path.startswith("/api/"):
            assert headers["Cache-Control"] == "no-store"


def test_no_page_has_the_token_in_it(stage: OperatorStage) -> None:
    for method, path in routes_of(stage):
        if not path.startswith("/api/"):
            assert TOKEN not in stage.ask(method, path, token=None).text
