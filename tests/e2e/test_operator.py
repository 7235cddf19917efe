"""The operator and the visitors of one real room, over HTTP."""

from __future__ import annotations

import io
import re
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from flask import Flask

from e2e.guest import Guest
from e2e.operator_page import OperatorPage
from e2e.program import Program
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.errors import PortTakenError
from hivemind_chatroom.settings import Origin, Settings
from qr import read_qr

STOP_BAR_S = 3.0
MODERATION_BAR_S = 1.0
"""What the host decides about somebody is on their page no later."""


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    """Flags as somebody gives them, and a settings file that nobody has written yet."""
    flags = {"host": "127.0.0.1", "port": "0", "data_dir": str(tmp_path / "data")}
    environment = {"HIVEMIND_CHATROOM_HUB": "none"}
    return Origin(tmp_path / "settings.toml", environment, flags)


@pytest.fixture
def settings(origin: Origin) -> Settings:
    return origin.settings()


@pytest.fixture
def chatroom(settings: Settings, origin: Origin) -> Iterator[Chatroom]:
    chatroom = Chatroom(settings, origin=origin)
    chatroom.start()
    yield chatroom
    chatroom.stop()


@pytest.fixture
def page(chatroom: Chatroom) -> Iterator[OperatorPage]:
    with OperatorPage(chatroom.operator_url) as page:
        yield page


def apps_of(chatroom: Chatroom) -> tuple[Flask, Flask]:
    """Return the room's app and the operator's."""
    room = chatroom._opening.gateway._server.wsgi_app  # noqa: SLF001 - both, as they are served
    operator = chatroom._opening.operation._gateway._server.wsgi_app  # noqa: SLF001 - as above
    assert isinstance(room, Flask)
    assert isinstance(operator, Flask)
    return room, operator


def routes_of(app: Flask) -> list[tuple[str, str]]:
    """Return method and path of every route, with something where the path has a hole."""
    return [
        (method, re.sub(r"<[^>]*>", "1", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def patterns_of(app: Flask) -> set[str]:
    return {re.sub(r"<[^>]*>", "<>", rule.rule) for rule in app.url_map.iter_rules()}


def parts_of(app: Flask) -> set[str]:
    """Return which parts of the program the routes are of."""
    return {view.__module__.split(".")[1] for view in app.view_functions.values()}


def test_the_two_listeners_share_no_route_but_names_that_mean_other_things(
    chatroom: Chatroom,
) -> None:
    room, operator = apps_of(chatroom)
    assert (parts_of(room), parts_of(operator)) == ({"web"}, {"operator"})
    # Each has its own page, stream and log; whose they are is asked of cookie or token.
    shared = patterns_of(room) & patterns_of(operator)
    assert {path for path in shared if not path.startswith("/static/")} == {
        "/",
        "/api/events",
        "/api/messages",
        "/api/messages/<>",
        "/favicon.ico",
    }


def test_from_the_rooms_address_none_of_the_operators_routes_answers(chatroom: Chatroom) -> None:
    page = OperatorPage(chatroom.operator_url)
    page.web.close()
    room, operator = apps_of(chatroom)
    shared = patterns_of(room)
    headers = {"X-Operator-Token": page.token, "Origin": chatroom.url}
    with httpx.Client(base_url=chatroom.url, headers=headers) as web:
        for method, path in routes_of(operator):
            if re.sub(r"/1$", "/<>", path) not in shared:
                answer = web.request(method, path, json={})
                assert answer.status_code in {404, 405}, (method, path)


@pytest.mark.parametrize("whose", ["a guest's", "nobody's", "no token", "wrong token", "host"])
def test_whoever_is_not_the_operators_page_is_answered_nothing(
    chatroom: Chatroom, whose: str
) -> None:
    page = OperatorPage(chatroom.operator_url)
    page.web.close()
    right = {"X-Operator-Token": page.token}
    headers = {
        "a guest's": right | {"Origin": chatroom.url},
        "nobody's": right | {"Origin": "null"},
        "no token": {"Origin": page.url},
        "wrong token": {"Origin": page.url, "X-Operator-Token": page.token[::-1]},
        "host": right | {"Host": urlsplit(chatroom.url).netloc},
    }[whose]
    _, operator = apps_of(chatroom)
    asked = [(method, path) for method, path in routes_of(operator) if path.startswith("/api/")]
    assert len(asked) > 25
    with httpx.Client(base_url=page.url, headers=headers) as web:
        for method, path in asked:
            answer = web.request(method, path, json={})
            assert answer.status_code in {401, 403, 421}, (method, path)
            assert set(answer.json()) == {"error"}


def test_the_operators_listener_is_on_this_computer_alone(chatroom: Chatroom) -> None:
    operator = chatroom._opening.operation._gateway  # noqa: SLF001 - where it listens is seen there alone
    assert operator._server.bind_addr[0] == "127.0.0.1"  # noqa: SLF001 - as above
    address = urlsplit(chatroom.operator_url)
    assert (address.scheme, address.hostname, address.path) == ("http", "127.0.0.1", "/")
    assert len(address.fragment.removeprefix("k=")) >= 43


def test_its_page_is_served_with_its_policy_and_without_the_token(
    page: OperatorPage, chatroom: Chatroom
) -> None:
    answer = httpx.get(page.url)
    assert answer.status_code == httpx.codes.OK
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert page.token not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert page.token not in httpx.get(chatroom.url, follow_redirects=True).text


def test_the_operator_sees_people_come_and_what_happens(
    page: OperatorPage, chatroom: Chatroom
) -> None:
    first = page.sees(lambda status: status["room"]["url"] == chatroom.url)
    assert first["room"]["present"] == 0
    assert first["app"]["desktop"] is False
    with Guest(chatroom.url) as ana:
        ana.join("Ana", "pt-PT")
        status = page.sees(lambda status: status["room"]["present"] == 1)
        [member] = status["members"]
        assert (member["name"], member["lang"], member["present"]) == ("Ana", "pt-PT", True)
        ana.says("hello")
        page.sees(lambda status: status["store"]["messages"] == 1)
    page.sees(lambda status: status["room"]["present"] == 0)
    assert [line["kind"] for line in page.get("status")["now"]] == ["joined"]


def test_open_pages_hold_no_worker_and_a_burst_is_few_snapshots(chatroom: Chatroom) -> None:
    pages = [OperatorPage(chatroom.operator_url) for _ in range(10)]  # there are four workers
    for page in pages:
        page.__enter__()
    try:
        for page in pages:
            page.sees(lambda status: status)
        before, begun = pages[0].count(), time.monotonic()
        for number in range(40):
            pages[0].ask("PATCH", "settings", {"room_name": f"Room {number}"})
        for page in pages:
            page.sees(lambda status: status["room"]["name"] == "Room 39")
        lasted_s = time.monotonic() - begun
        assert pages[0].count() - before <= 2 + lasted_s / 0.25
    finally:
        for page in pages:
            page.__exit__()


def test_what_the_operator_decides_reaches_the_visitors_at_once_and_the_file(
    page: OperatorPage, chatroom: Chatroom, tmp_path: Path
) -> None:
    with Guest(chatroom.url) as ana:
        ana.join("Ana", "en")
        page.ask("PATCH", "settings", {"room_name": "Attic", "languages": ["pt-PT", "ar"]})
        ana.hears("room", lambda room: room["name"] == "Attic")
        assert ana.get("/healthz")["room"] == "Attic"
        front = httpx.get(chatroom.url, follow_redirects=True).text
        assert "Attic" in front
        page.ask("POST", "pause", {"paused": True})
        ana.hears("room", lambda room: room["paused"] is True)
    kept = (tmp_path / "settings.toml").read_text()
    assert kept == 'room_name = "Attic"\nlanguages = ["pt-PT", "ar"]\npaused = true\n'
    assert Origin(tmp_path / "settings.toml").settings().room_name == "Attic"


def test_a_camera_reads_the_invitation_which_opens_the_door_as_its_code_does(
    page: OperatorPage, chatroom: Chatroom
) -> None:
    old = page.ask("POST", "invite/rotate")
    invite = page.ask("POST", "invite/rotate")
    assert invite["code"] != old["code"]
    url = read_qr(invite["qr_svg"])
    assert url == invite["url"]
    carried = url.removeprefix(f"{chatroom.url}/j/")
    assert carried in httpx.get(url).text
    assert carried not in old["url"]
    tried = (("Ana", old["code"], 403), ("Ana", invite["code"], 200), ("Bob", carried, 200))
    for name, code, status in tried:
        body = {"name": name, "code": code}
        answer = httpx.post(f"{chatroom.url}/api/join", json=body)
        assert answer.status_code == status


def test_a_mute_acts_at_once_and_its_undo_too(page: OperatorPage, chatroom: Chatroom) -> None:
    with Guest(chatroom.url) as bob:
        bob.join("Bob", "en").says("noise")
        [member] = page.sees(lambda status: status["members"])["members"]
        undo = page.ask("POST", f"members/{member['id']}/mute", {"minutes": 5})
        bob.hears("you", lambda you: you["state"] == "muted", within_s=MODERATION_BAR_S)
        assert said(bob).status_code == httpx.codes.FORBIDDEN
        status = page.sees(lambda status: status["undo"])
        assert [line["kind"] for line in status["now"]] == ["joined", "muted"]
        page.ask("POST", f"undo/{undo['id']}")
        bob.says("hello again")
        page.sees(lambda status: not status["undo"])


def test_whoever_is_removed_is_out_with_their_cookie_until_an_undo(
    page: OperatorPage, chatroom: Chatroom
) -> None:
    with Guest(chatroom.url) as bob:
        bob.join("Bob", "en")
        [member] = page.sees(lambda status: status["room"]["present"])["members"]
        undo = page.ask("POST", f"members/{member['id']}/remove")
        bob.hears("you", lambda you: you["state"] == "removed", within_s=MODERATION_BAR_S)
        page.sees(lambda status: status["members"] == [])
        answer = said(bob)
        assert answer.status_code == httpx.codes.FORBIDDEN
        assert answer.json()["error"]["code"] == "removed"
        page.ask("POST", f"undo/{undo['id']}")
        bob.says("hello again")


def said(guest: Guest) -> httpx.Response:
    """Try to say something."""
    body = {"client_id": "a-mark", "text": "noise"}
    return guest._web.post("/api/messages", json=body)  # noqa: SLF001 - what it is answered


def test_what_the_operator_forgets_is_gone_from_every_page(
    page: OperatorPage, chatroom: Chatroom
) -> None:
    with Guest(chatroom.url) as ana:
        ana.join("Ana", "en")
        first, second = ana.says("one"), ana.says("two")
        assert [message["text"] for message in page.get("messages")["messages"]] == ["one", "two"]
        page.ask("DELETE", f"messages/{first['id']}")
        ana.hears("removed", lambda removed: removed["ids"] == [first["id"]])
        page.ask("DELETE", "messages")
        ana.hears("reset", lambda reset: reset["newest"] == second["id"])
        assert ana.get("/api/messages")["messages"] == []
    assert page.get("messages")["messages"] == []


def test_a_hub_is_chosen_while_the_room_runs(page: OperatorPage, chatroom: Chatroom) -> None:
    with Guest(chatroom.url) as ana:
        ana.join("Ana", "en")
        assert page.sees(lambda status: status)["hub"]["state"] == "off"
        page.ask("POST", "hub/built-in")
        status = page.sees(lambda status: status["hub"]["latency_ms"] is not None)
        assert (status["hub"]["state"], status["hub"]["builtin"]) == ("connected", True)
        question = ana.says("What time is it?")
        ana.hears("message", lambda message: bool(message["in_reply_to"] == question["id"]))
        page.sees(lambda status: "answered" in [line["kind"] for line in status["now"]])
        assert page.get("status")["today"]["answered"] == 1


def test_report_and_export_are_files_that_tell_no_secret(page: OperatorPage) -> None:
    page.ask("PATCH", "settings", {"code": "482193"})
    report = page.web.get("/api/report")
    assert report.content.startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(report.content)) as unpacked:
        members = {name: unpacked.read(name) for name in unpacked.namelist()}
    assert members
    assert [name for name, content in members.items() if b"482193" in content] == []
    assert "attachment" in report.headers["Content-Disposition"]
    assert "<html" in page.web.get("/api/export?format=html").text


def test_a_restored_room_is_back_under_the_same_addresses_with_its_people_and_history(
    page: OperatorPage, chatroom: Chatroom
) -> None:
    addresses = chatroom.url, chatroom.operator_url
    with Guest(chatroom.url) as ana:
        ana.join("Ana", "en").says("one")
        page.ask("PATCH", "settings", {"room_name": "Attic", "code": "482193"})
        backup = page.web.get("/api/backup").content
        page.ask("DELETE", "messages")
        page.ask("PATCH", "settings", {"room_name": "Cellar", "code": ""})
        page.sees(lambda status: status["room"]["name"] == "Cellar")
        zipped = {"Content-Type": "application/zip"}
        answer = page.web.post("/api/restore", content=backup, headers=zipped)
        assert answer.status_code == httpx.codes.NO_CONTENT, answer.text
        status = page.sees(lambda status: status["room"]["name"] == "Attic")
        assert (status["room"]["code"], status["store"]["messages"]) == ("482193", 1)
        assert (chatroom.url, chatroom.operator_url) == addresses
        assert ana.get("/api/me")["member"]["name"] == "Ana"
        assert [message["text"] for message in page.get("messages")["messages"]] == ["one"]


def test_only_who_has_the_token_may_send_as_much_as_a_backup(page: OperatorPage) -> None:
    large, zipped = b"x" * 1_000_000, {"Content-Type": "application/zip"}
    answer = page.web.post("/api/restore", content=large, headers=zipped)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "backup_invalid")
    answer = page.web.post("/api/hub/reconnect", content=large, headers=zipped)
    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    answer = httpx.post(f"{page.url}/api/restore", content=large, headers=zipped)
    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE


def test_everything_ends_with_open_pages_within_the_bar(settings: Settings) -> None:
    chatroom = Chatroom(settings)
    chatroom.start()
    names = {thread.name for thread in threading.enumerate()}
    wanted = {"operator-accept", "operator-1", "operator-live", "operator-stream"}
    assert wanted <= names
    with OperatorPage(chatroom.operator_url) as page:
        page.sees(lambda status: status)
        begun = time.monotonic()
        chatroom.stop()
        assert time.monotonic() - begun < STOP_BAR_S
        page.web.close()
    assert not {t.name for t in threading.enumerate() if t.name.startswith("operator-")}


def test_a_port_that_is_asked_for_is_taken_or_refused(settings: Settings, tmp_path: Path) -> None:
    first = Chatroom(settings)
    first.start()
    try:
        port = urlsplit(first.operator_url).port
        asked = replace(settings, data_dir=tmp_path / "other", operator_port=port or 0)
        with pytest.raises(PortTakenError, match="--operator-port"):
            Chatroom(asked).start()
    finally:
        first.stop()
    again = Chatroom(asked)
    again.start()
    try:
        assert urlsplit(again.operator_url).port == port
    finally:
        again.stop()


def test_each_start_has_another_token(settings: Settings) -> None:
    tokens = set()
    for _ in range(2):
        chatroom = Chatroom(settings)
        chatroom.start()
        tokens.add(chatroom.operator_url.partition("#")[2])
        chatroom.stop()
    assert len(tokens) == 2


def test_the_program_prints_the_address_and_logs_it_nowhere(tmp_path: Path) -> None:
    with Program(tmp_path, "--port", "0", "--hub", "none", "--log-level", "DEBUG") as program:
        found = re.search(r"Operator: +(http://127\.0\.0\.1:\d+/#k=(\S+))", program.welcome)
        assert found
        with OperatorPage(found[1]) as page:
            status: dict[str, Any] = page.sees(lambda status: status["room"]["url"])
            assert status["room"]["url"] == program.url
        program.end()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files)
    assert not [path for path in files if found[2].encode() in path.read_bytes()]
