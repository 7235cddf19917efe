"""What every request must have and every response carries."""

from __future__ import annotations

import io
import json
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse, create_environ, run_wsgi_app

from fakes import FakeClock
from hivemind_chatroom.room.limits import ADDRESS_RATE
from hivemind_chatroom.web.lean import BODY_MAX_BYTES
from hivemind_chatroom.web.security import HEADERS, host_of, is_same_origin
from web.browser import HOST, ORIGIN, Browser, error_of
from web.stage import Stage

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src http: https:; connect-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types worker markdown"
)

OUR_HOSTS = [
    "localhost",
    "localhost:8985",
    "LOCALHOST:8985",
    "localhost.",
    "localhost.:8985",
    "localhost:",
    "127.0.0.1",
    "127.0.0.1:80",
    "[::1]",
    "[::1]:8985",
    "[0:0:0:0:0:0:0:1]:8985",
    "ana-pc:8985",
    "Ana-PC.:8985",
    "192.168.1.23:8985",
    "[fd00::23]:8985",
    "[FD00:0::23]",
]

FOREIGN_HOSTS = [
    "",
    " ",
    "evil.example",
    "evil.example:8985",
    "localhost.evil.example",
    "evil.example.localhost",
    "xlocalhost",
    "localhost..",
    ".localhost",
    "localhost:8985:8985",
    "localhost:abc",
    "localhost@evil.example",
    "evil.example@localhost",
    "evil.example/localhost",
    "evil.example#localhost",
    "evil.example?localhost",
    "localhost, evil.example",
    "localhost evil.example",
    "127.0.0.2",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0.0.0.0",  # noqa: S104 - a header, nothing to listen on
    "192.168.1.24",
    "::1",
    "[::1",
    "[::2]",
    "[localhost]",
    "[::1]evil.example",
    "[::ffff:127.0.0.1]",
    "[::1%25eth0]",
    "\x00localhost",
    "loc\u0430lhost".encode().decode("latin-1"),
    "a" * 10_000,
]

ARGUMENTS = {
    "username": "a",
    "site_id": "b",
    "lang": "en",
    "code": "111111",
    "message_id": 1,
    "filename": "js/main.js",
}
"""What stands in the addresses of routes; a new one fails until it has something here."""

NOT_ROUTES = [
    ("GET", "/nowhere"),
    ("GET", "/api/nowhere"),
    ("POST", "/nowhere"),
    ("PUT", "/api/me"),
    ("PROPFIND", "/"),
]
"""What is answered, and is none of ours."""

SAFE = {"GET", "HEAD", "OPTIONS"}

POLICIES = {
    "/plain": f"{CSP}; frame-src 'self'",
    "/plain/messages": CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
}
"""Of the pages that are, and have, a frame."""

KEPT = re.compile("/static/|/favicon.ico")
"""What a browser may keep."""

FOREIGN_ORIGINS = [
    "null",
    "",
    "http://evil.example",
    "http://evil.example:8985",
    "http://localhost:8986",
    "http://localhost",
    "https://localhost:8985",
    "http://localhost:8985.evil.example",
    "http://localhost.evil.example:8985",
    "http://localhost:8985@evil.example",
    "http://evil.example@localhost:8985",
    "http://127.0.0.1:8985",
    "http://localhost:8985/",
    "http://localhost:8985/path",
    "http://localhost:8985?x",
    "http://localhost:8985#x",
    "http://localhost:8985 http://evil.example",
    "http://localhost:8985, http://localhost:8985",
    "//localhost:8985",
    "localhost:8985",
    "file://",
    "data:text/html,x",
    "chrome-extension://abcdefgh",
    "http://[::1",
    "http://",
    "x" * 5_000,
]


def routes_of(app: Flask) -> list[tuple[str, str]]:
    """Return every route's methods and address."""
    adapter = app.url_map.bind("localhost")
    return [
        (method, adapter.build(rule.endpoint, {key: ARGUMENTS[key] for key in rule.arguments}))
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
    ]


def unsafe_routes_of(app: Flask) -> list[tuple[str, str]]:
    """Return those that change something."""
    return [(method, path) for method, path in routes_of(app) if method not in SAFE]


def headers_of(stage: Stage, method: str, path: str, host: str = HOST) -> dict[str, str]:
    """Return the headers of an answer, bare of the checks of `Browser`."""
    response = stage.app.test_client().open(path, method=method, headers={"Host": host})
    return dict(response.headers)


@pytest.mark.parametrize("host", OUR_HOSTS)
def test_the_room_answers_to_its_names_and_addresses(stage: Stage, host: str) -> None:
    assert stage.browser().get("/healthz", {"Host": host}).status_code == 200


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
@pytest.mark.parametrize("path", ["/healthz", "/", "/api/events", "/static/js/main.js", "/nowhere"])
def test_the_room_answers_to_no_other_name(stage: Stage, host: str, path: str) -> None:
    response = stage.app.test_client().get(path, environ_overrides={"HTTP_HOST": host})
    assert response.status_code == 421
    assert "HiveMind-" not in response.text


def test_who_names_no_host_is_refused(stage: Stage) -> None:
    environ = create_environ("/healthz", base_url=f"http://{HOST}")
    del environ["HTTP_HOST"]
    _, status, _ = run_wsgi_app(stage.app, environ)
    assert status == "421 MISDIRECTED REQUEST"


def test_a_foreign_host_changes_nothing(stage: Stage) -> None:
    foreign = Browser(stage.app, origin="http://evil.example", host="evil.example")
    assert error_of(foreign.post("/api/join", {"name": "Eve"})) == (421, "host_unknown")
    assert stage.room.members() == []


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "Forwarded", "X-Host", "X-Real-IP"])
def test_what_a_proxy_would_say_is_not_believed(stage: Stage, header: str) -> None:
    response = stage.app.test_client().get(
        "/healthz", headers={"Host": "evil.example", header: "localhost"}
    )
    assert response.status_code == 421


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("Room.Local.:8985", "room.local"),
        ("[2001:DB8:0:0::1]:1", "2001:db8::1"),
        ("10.0.0.1", "10.0.0.1"),
        ("[10.0.0.1]", "10.0.0.1"),
        ("room:", "room"),
        (":8985", None),
        ("", None),
        ("[]", None),
        ("a b", None),
    ],
)
def test_one_host_has_one_spelling(header: str, host: str | None) -> None:
    assert host_of(header) == host


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_another_sites_page_changes_nothing(stage: Stage, origin: str) -> None:
    ana = stage.browser()
    ana.join("Ana")
    for method, path in unsafe_routes_of(stage.app):
        for browser in (ana, stage.browser()):
            _see_refused(browser.request(method, path, {"Origin": origin}, json={}), path)
    assert [member.name for member, _ in stage.room.members()] == ["Ana"]
    assert ana.read() == []


def test_without_an_origin_a_cookie_counts_for_nothing(stage: Stage) -> None:
    script = stage.script()
    script.join("Ana")
    for method, path in unsafe_routes_of(stage.app):
        _see_refused(script.request(method, path, json={}), path)


def test_a_script_has_neither_and_may_join(stage: Stage) -> None:
    assert stage.script().join("Ana")["name"] == "Ana"


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8985", "http://localhost:8985"),
        ("LocalHost.:8985", "http://localhost:8985"),
        ("localhost:8985", "http://localhost.:8985"),
        ("localhost", "http://localhost"),
        ("localhost:80", "http://localhost"),
        ("localhost", "http://localhost:80"),
        ("192.168.1.23:8985", "http://192.168.1.23:8985"),
        ("[::1]:8985", "http://[::1]:8985"),
        ("[fd00::23]", "http://[fd00::23]"),
    ],
)
def test_our_own_page_may_change_things(stage: Stage, host: str, origin: str) -> None:
    assert Browser(stage.app, origin=origin, host=host).join("Ana")["name"] == "Ana"


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "same"),
    [
        ("https://localhost", "https", "localhost", True),
        ("https://localhost:443", "https", "localhost", True),
        ("https://localhost", "https", "localhost:443", True),
        ("http://localhost", "https", "localhost", False),
        ("https://localhost", "http", "localhost", False),
        ("https://localhost:80", "http", "localhost:80", False),
        ("HTTP://LOCALHOST", "http", "localhost", True),
    ],
)
def test_an_origin_is_scheme_host_and_port(
    origin: str, scheme: str, host: str, *, same: bool
) -> None:
    assert is_same_origin(origin, scheme, host) is same


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_to_read_needs_no_origin_and_a_foreign_one_reads_nothing_by_cors(
    stage: Stage, method: str
) -> None:
    foreign = {"Host": HOST, "Origin": "http://evil.example"}
    response = stage.app.test_client().open("/api/messages", method=method, headers=foreign)
    assert response.status_code == 200
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "X"])
def test_an_unknown_way_to_change_things_is_checked_too(stage: Stage, method: str) -> None:
    foreign = {"Host": HOST, "Origin": "http://evil.example"}
    response = stage.app.test_client().open("/api/messages", method=method, headers=foreign)
    assert error_of(response) == (403, "origin_foreign")


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "application/jsonp",
        "text/plain; application/json",
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/join"), ("PATCH", "/api/me"), ("POST", "/api/messages"), ("DELETE", "/api/me")],
)
def test_the_api_takes_json_alone(ana: Browser, method: str, path: str, content_type: str) -> None:
    body = json.dumps({"name": "Eve", "client_id": "c1", "text": "hi"})
    response = ana.request(method, path, {"Content-Type": content_type}, data=body)
    assert error_of(response) == (415, "media_type")


def test_json_may_name_its_charset(passer_by: Browser) -> None:
    response = passer_by.request(
        "POST",
        "/api/join",
        {"Content-Type": "Application/JSON; charset=utf-8"},
        data=b'{"name": "Ana"}',
    )
    assert response.status_code == 200


def padded(size: int) -> bytes:
    """Return a body to join with, of so many bytes."""
    start, end = b'{"name": "Ana", "pad": "', b'"}'
    return start + b"a" * (size - len(start) - len(end)) + end


def test_a_body_may_be_as_large_as_allowed(passer_by: Browser) -> None:
    response = passer_by.request(
        "POST", "/api/join", {"Content-Type": "application/json"}, data=padded(BODY_MAX_BYTES)
    )
    assert response.status_code == 200


@pytest.mark.parametrize("size", [BODY_MAX_BYTES + 1, 1_000_000])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/join"), ("DELETE", "/api/me"), ("POST", "/send_message")]
)
def test_a_larger_body_is_refused(ana: Browser, method: str, path: str, size: int) -> None:
    response = ana.request(method, path, {"Content-Type": "application/json"}, data=padded(size))
    assert response.status_code == 413


@pytest.mark.parametrize(("size", "status"), [(BODY_MAX_BYTES, 200), (BODY_MAX_BYTES + 1, 413)])
def test_a_body_without_a_length_is_measured_as_it_comes(
    stage: Stage, size: int, status: int
) -> None:
    client = stage.app.test_client()
    response = client.post(
        "/api/join",
        headers={"Host": HOST, "Origin": ORIGIN, "Transfer-Encoding": "chunked"},
        content_type="application/json",
        input_stream=io.BytesIO(padded(size)),
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert response.status_code == status


def test_a_body_that_breaks_off_is_no_fault_of_ours(stage: Stage) -> None:
    client = stage.app.test_client()
    response = client.post(
        "/api/join",
        headers={"Host": HOST, "Origin": ORIGIN},
        content_type="application/json",
        input_stream=io.BytesIO(b'{"name": '),
        environ_overrides={"CONTENT_LENGTH": "500"},
    )
    assert error_of(response) == (400, "body_invalid")


def test_an_address_that_asks_too_fast_waits_and_others_need_not(
    slow_stage: Stage, clock: FakeClock
) -> None:
    client, neighbour = slow_stage.app.test_client(), slow_stage.app.test_client()
    here, there = {"REMOTE_ADDR": "192.168.1.20"}, {"REMOTE_ADDR": "192.168.1.21"}
    headers = {"Host": HOST}
    for _ in range(ADDRESS_RATE.burst):
        client.get("/nowhere", headers=headers, environ_base=here)
    response = client.get("/api/members", headers=headers, environ_base=here)
    assert error_of(response) == (429, "too_fast")
    assert response.headers["Retry-After"] == "1"
    assert neighbour.get("/healthz", headers=headers, environ_base=there).status_code == 200
    clock.advance(1)
    assert client.get("/healthz", headers=headers, environ_base=here).status_code == 200


def test_a_whole_school_may_fetch_the_pages_files(slow_stage: Stage) -> None:
    client = slow_stage.app.test_client()
    statuses = {
        client.get("/static/js/main.js", headers={"Host": HOST}).status_code
        for _ in range(ADDRESS_RATE.burst + 1)
    }
    assert statuses == {200}


def test_an_address_cannot_call_itself_otherwise(slow_stage: Stage) -> None:
    client = slow_stage.app.test_client()
    statuses = [
        client.get(
            "/healthz", headers={"Host": HOST, "X-Forwarded-For": f"10.0.0.{number}"}
        ).status_code
        for number in range(ADDRESS_RATE.burst + 1)
    ]
    assert (statuses[-2], statuses[-1]) == (200, 429)


@pytest.mark.parametrize("host", [HOST, "evil.example"])
def test_every_answer_is_protected(stage: Stage, host: str) -> None:
    for method, path in [*routes_of(stage.app), *NOT_ROUTES]:
        headers = headers_of(stage, method, path, host)
        assert headers["Content-Security-Policy"] == POLICIES.get(path, CSP), path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "microphone=()" in headers["Permissions-Policy"], path


def test_no_page_and_no_answer_is_kept(stage: Stage) -> None:
    for method, path in [*routes_of(stage.app), *NOT_ROUTES]:
        if not KEPT.match(path):
            assert headers_of(stage, method, path)["Cache-Control"] == "no-store", path


def test_a_fault_of_ours_is_protected_too(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(stage.room), "members", None)
    headers = headers_of(stage, "GET", "/api/members")
    assert headers["Content-Security-Policy"] == CSP


def test_windows_are_isolated_where_browsers_heed_it(stage: Stage) -> None:
    client = stage.app.test_client()
    over_tls = client.get("/healthz", base_url="https://localhost")
    assert over_tls.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Cross-Origin-Opener-Policy" not in headers_of(stage, "GET", "/healthz")


def test_the_page_has_no_script_and_no_style_of_its_own_in_it(passer_by: Browser) -> None:
    page = passer_by.get("/chatroom/anon_user/flask/en").text
    inline = re.findall(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>", page)
    assert inline == []
    assert "<style" not in page
    assert not re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", page)


def test_no_header_can_be_broken_in_two(stage: Stage) -> None:
    script = stage.script()
    response = script.submit(username="a\r\nSet-Cookie: x=1", lang="en", message="hi")
    assert "Set-Cookie" not in response.headers
    assert all("\n" not in value for value in HEADERS.values())


def _see_refused(response: TestResponse, path: str) -> None:
    if path.startswith("/api/"):
        assert error_of(response) == (403, "origin_foreign"), path
    else:
        assert response.status_code == 403, path
