"""A room behind a proxy, played by the test: whom it believes, and what visitors get of that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from e2e.program import Program

PUBLIC = "https://chat.example.org"
CODE = "482193"
ANA, BOB = "203.0.113.7", "2001:db8::7"


def opened(folder: Path, trusted: str) -> Program:
    program = Program(folder, "--port", "0", "--hub", "none", "--no-lan", "--code", CODE)
    program.environment["HIVEMIND_CHATROOM_TRUSTED_PROXIES"] = trusted
    program.environment["HIVEMIND_CHATROOM_PUBLIC_URL"] = PUBLIC
    return program


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with opened(tmp_path_factory.mktemp("room"), "127.0.0.1, 10.0.0.0/8") as program:
        yield program


@pytest.fixture(scope="module")
def unproxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with opened(tmp_path_factory.mktemp("unproxied"), "10.0.0.0/8") as program:
        yield program


def through(program: Program, visitor: str, origin: str = PUBLIC) -> httpx.Client:
    """Return a browser's way to the room: what the proxy makes of its requests."""
    fields = {
        "Host": "chat.example.org",
        "Origin": origin,
        "X-Forwarded-For": visitor,
        "X-Forwarded-Proto": "https",
    }
    return httpx.Client(base_url=program.url, headers=fields)


def join(browser: httpx.Client, name: str, code: str = CODE) -> httpx.Response:
    return browser.post("/api/join", json={"name": name, "code": code})


def test_a_page_over_https_joins_and_its_cookie_stays_on_https(room: Program) -> None:
    with through(room, ANA) as ana:
        answer = join(ana, "Ana")
    assert answer.status_code == httpx.codes.OK
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("origin", ["http://chat.example.org", "https://chat.example.org:8985"])
def test_another_origin_stays_a_foreign_one(room: Program, origin: str) -> None:
    with through(room, ANA, origin) as eve:
        assert join(eve, "Eve").json()["error"]["code"] == "origin_foreign"


def test_wrong_codes_are_counted_by_visitors_and_not_by_the_proxy(room: Program) -> None:
    with through(room, f"{BOB}, {ANA}") as guesser, through(room, f"{ANA}, {BOB}") as bob:
        codes = [join(guesser, "Eve", "000000").json()["error"]["code"] for _ in range(6)]
        assert codes == ["code_wrong"] * 5 + ["too_many_tries"]
        assert join(bob, "Bob").status_code == httpx.codes.OK


def test_who_is_no_proxy_is_not_believed(unproxied: Program) -> None:
    secure = {"Origin": PUBLIC, "X-Forwarded-Proto": "https"}
    with httpx.Client(base_url=unproxied.url) as web:
        answer = web.post("/api/join", json={"name": "Eve", "code": CODE}, headers=secure)
        assert answer.json()["error"]["code"] == "origin_foreign"
        answer = join(web, "Ana")
        assert "; Secure" not in answer.headers["Set-Cookie"]
    codes = []
    for number in range(6):
        forged = {"X-Forwarded-For": f"10.0.0.{number}", "X_Forwarded_For": f"10.0.0.{number}"}
        with httpx.Client(base_url=unproxied.url, headers=forged) as eve:
            codes.append(join(eve, "Eve", "000000").json()["error"]["code"])
    assert codes == ["code_wrong"] * 5 + ["too_many_tries"]


def test_people_are_invited_to_where_the_proxy_lets_them_in(room: Program) -> None:
    assert f"Public address:    {PUBLIC}\n" in room.welcome
    [operator] = re.findall(r"Operator: +(\S+)", room.welcome)
    address, _, token = operator.partition("/#k=")
    with httpx.Client(base_url=address, headers={"X-Operator-Token": token}) as web:
        invited = web.get("/api/invite").json()
    assert invited["url"].startswith(f"{PUBLIC}/j/")
    assert invited["addresses"] == [PUBLIC]
