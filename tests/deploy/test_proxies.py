"""The examples for nginx and Caddy, each with a real room behind it."""

from __future__ import annotations

import re

import httpx
import pytest

from deploy.front import CADDY, CODE, NGINX, Front
from e2e.guest import Guest
from hivemind_chatroom.server.limits import Limits, StreamLimits
from hivemind_chatroom.web.lean import BODY_MAX_BYTES

ANA, BOB, EVE = "127.0.0.2", "127.0.0.3", "127.0.0.4"
HEARS_WITHIN_S = 5.0

OPERATORS = ["/api/status", "/api/settings", "/api/invite", "/api/backup", "/api/identity"]


def join(browser: httpx.Client, name: str, code: str = CODE) -> httpx.Response:
    return browser.post("/api/join", json={"name": name, "code": code})


def padded(size: int) -> bytes:
    start, end = b'{"name": "x", "pad": "', b'"}'
    return start + b"a" * (size - len(start) - len(end)) + end


def test_what_one_says_the_other_hears_at_once_while_the_stream_stays_open(front: Front) -> None:
    ways = front.site.way(ANA), front.site.way(BOB)
    with Guest(front.site.url, ways[0]) as ana, Guest(front.site.url, ways[1]) as bob:
        ana.join("Ana", "en", CODE)
        bob.join("Bob", "de", CODE)
        for text in ("one", "two", "three"):
            ana.says(text)
            heard = bob.hears("message", lambda said, t=text: said["text"] == t, HEARS_WITHIN_S)  # type: ignore[misc]
            assert heard["author"]["name"] == "Ana"


def test_who_closes_the_page_is_seen_to_go(front: Front) -> None:
    with Guest(front.site.url, front.site.way(BOB)) as bob:
        bob.join("Bea", "en", CODE)
        with Guest(front.site.url, front.site.way(ANA)) as ana:
            ana.join("Cleo", "en", CODE)
            bob.hears("members", lambda _: _is_present(bob, "Cleo"), HEARS_WITHIN_S)
        bob.hears("members", lambda _: not _is_present(bob, "Cleo"), HEARS_WITHIN_S)


def _is_present(guest: Guest, name: str) -> bool:
    """Tell whether somebody is there, by the last that a guest has heard of them."""
    told = [who for each in guest.heard("members") for who in each["members"]]
    return [bool(who["present"]) for who in told if who["name"] == name][-1:] == [True]


def test_a_page_of_the_public_name_joins_and_its_cookie_stays_on_https(front: Front) -> None:
    with front.visitor(ANA) as browser:
        page = browser.get("/", follow_redirects=True)
        assert page.headers["Content-Type"].startswith("text/html")
        assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        answer = join(browser, "Origin")
        assert answer.status_code == httpx.codes.OK, answer.text
        assert "; Secure" in answer.headers["Set-Cookie"]
        assert browser.get("/api/me").json()["member"]["name"] == "Origin"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_page_of_another_origin_changes_nothing(front: Front, scheme: str) -> None:
    port = front.site.room_port if scheme == "https" else front.site.port
    with front.visitor(ANA, Origin=f"{scheme}://localhost:{port}") as browser:
        assert join(browser, "Eve").json()["error"]["code"] == "origin_foreign"


def test_a_name_that_is_not_the_rooms_is_refused(front: Front) -> None:
    with front.visitor(ANA, Host="evil.example") as browser:
        answer = browser.get("/healthz")
    assert answer.status_code != httpx.codes.OK or "hivemind" not in answer.text


def test_who_guesses_codes_waits_and_others_need_not_whatever_the_guesser_calls_itself(
    front: Front,
) -> None:
    codes = []
    for number in range(6):
        forged = {
            "X-Forwarded-For": f"127.0.0.1{number}, 127.0.0.1",
            "X-Real-IP": f"127.0.0.1{number}",
            "X_Forwarded_For": f"127.0.0.1{number}",
            "Forwarded": f"for=127.0.0.1{number}",
        }
        with front.visitor(EVE, **forged) as eve:
            codes.append(join(eve, "Eve", "000000").json()["error"]["code"])
    assert codes == ["code_wrong"] * 5 + ["too_many_tries"]
    with front.visitor(BOB, **{"X-Forwarded-For": EVE}) as bob:
        assert join(bob, "Bob's phone").status_code == httpx.codes.OK


def test_who_goes_around_the_proxy_is_not_taken_for_it(front: Front) -> None:
    # From an address that is not the proxy's, straight to the room's own port.
    forged = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    with httpx.Client(
        base_url=front.room.url, transport=httpx.HTTPTransport(local_address="127.0.0.5")
    ) as web:
        answer = web.post("/api/join", json={"name": "Zoe", "code": CODE}, headers=forged)
    assert answer.status_code == httpx.codes.OK
    assert "; Secure" not in answer.headers["Set-Cookie"]


def test_a_body_may_be_as_large_as_the_room_allows_and_no_larger(front: Front) -> None:
    with front.visitor(ANA) as browser:
        kind = {"Content-Type": "application/json"}
        exact = browser.post("/api/join", content=padded(BODY_MAX_BYTES), headers=kind)
        assert exact.json()["error"]["code"] == "code_wrong"
        for size in (BODY_MAX_BYTES + 1, 1_000_000):
            answer = browser.post("/api/join", content=padded(size), headers=kind)
            assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE


def test_nobody_keeps_what_people_ask_for(front: Front) -> None:
    with front.visitor(ANA) as browser, httpx.Client() as plain:
        for path in ("/j/quietword", "/api/messages?q=quietword", "/"):
            browser.get(path)
            if front.kind.redirects:
                plain.get(f"http://127.0.0.1:{front.site.plain_port}{path}")
    logs = {each.name: each.read_text("utf-8") for each in front.site.folder.rglob("*.log*")}
    assert logs.keys() >= front.kind.logs
    assert not [name for name, text in logs.items() if "quietword" in text]
    assert "quietword" not in "".join(front.logged)


@pytest.mark.parametrize("path", OPERATORS)
def test_nothing_of_the_operators_is_to_be_had(front: Front, path: str) -> None:
    token = re.findall(r"#k=(\S+)", front.room.welcome)[0]
    with front.visitor(ANA, **{"X-Operator-Token": token}) as browser:
        assert browser.get(path).status_code == httpx.codes.NOT_FOUND


def test_a_stream_lives_from_one_heartbeat_to_the_next() -> None:
    [patience_s] = re.findall(r"proxy_read_timeout (\d+)s;", NGINX.read_text())
    assert int(patience_s) > 2 * StreamLimits().heartbeat_s
    assert "read_timeout" not in CADDY.read_text()  # it waits for ever unless told otherwise


@pytest.mark.parametrize("example", [NGINX, CADDY], ids=["nginx", "caddy"])
def test_a_kept_connection_is_let_go_by_the_proxy_before_the_room(example: object) -> None:
    text = (NGINX if example is NGINX else CADDY).read_text()
    [kept_s] = re.findall(r"keepalive(?:_timeout)? (\d+)s", text)
    assert int(kept_s) < Limits().idle_s
