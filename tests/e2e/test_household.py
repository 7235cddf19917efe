"""A household: people at browsers, the room as it is started, the built-in hub or a real one."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from e2e.guest import Guest
from e2e.hubs import UTTERANCE, RealHub
from e2e.program import Program
from hivemind_chatroom.server.descriptors import allow_descriptors

STREAMS = 1_000
STOP_BAR_S = 3.0
"""A stop takes no longer, with that many streams open."""

BACK_BAR_S = 3.0
"""The link is back no later, once the hub is."""

DESCRIPTORS = 4_096


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RealHub]:
    hub = RealHub(tmp_path / "hub")
    yield hub
    hub.stop()


def answers(question: dict[str, Any], message: dict[str, Any]) -> bool:
    return bool(message["in_reply_to"] == question["id"])


def test_two_people_are_each_answered_in_their_own_language_and_see_both(tmp_path: Path) -> None:
    with Program(tmp_path, "--port", "0") as program, ExitStack() as guests:
        assert "built-in" in program.welcome
        ana = guests.enter_context(Guest(program.url)).join("Ana", "pt-PT")
        bob = guests.enter_context(Guest(program.url)).join("Bob", "en-US")
        ana.hears("hub", lambda hub: hub["state"] == "connected")
        asked = ana.says("Que horas são?"), bob.says("What time is it?")
        for guest in (ana, bob):
            for question, lang in zip(asked, ("pt", "en"), strict=True):
                reply = guest.hears("message", partial(answers, question))
                assert reply["to"] == question["author"]
                assert reply["lang"].startswith(lang)
            guest.hears("update", lambda m: m["id"] == asked[1]["id"])


def test_upstreams_quickstart_works_to_the_letter(tmp_path: Path, hub: RealHub) -> None:
    hub.start(UTTERANCE)
    program = Program(tmp_path, "--port", "0")
    program.set_identity(hub)
    with (
        program,
        httpx.Client(base_url=program.url, follow_redirects=True) as web,
        Guest(program.url) as guest,
    ):
        guest.join("Watcher", "en")
        guest.hears("hub", lambda status: status["state"] == "connected")
        form = {"username": "alice", "lang": "en", "site_id": "livingroom", "message": "hello"}
        page = web.post("/send_message", data=form)
        assert page.url.path == "/chatroom/alice/livingroom/en"
        guest.hears("message", lambda m: m["text"] == "echo hello")
        assert web.get("/messages").json() == [
            {"incoming": False, "message": "hello", "username": "alice"},
            {"incoming": True, "message": "@alice - echo hello", "username": "HiveMind"},
        ]


def test_a_hub_that_grants_nothing_is_said_with_the_command_to_run(
    tmp_path: Path, hub: RealHub
) -> None:
    hub.start("speak")
    program = Program(tmp_path, "--port", "0")
    program.set_identity(hub)
    with program, Guest(program.url) as guest:
        guest.join("Ana", "en")
        status = guest.hears("hub", lambda status: status["state"] == "not_allowed")
        assert status["reason"] == "hub.denied"
        assert status["command"].startswith(f"hivemind-core allow-msg {UTTERANCE}")
        hub.tell("allow", key=hub.key, types=[UTTERANCE])
        guest.hears("hub", lambda status: status["state"] == "connected")


def test_people_go_on_talking_without_the_hub_and_it_is_back_soon_after_it_is(
    tmp_path: Path, hub: RealHub
) -> None:
    hub.start(UTTERANCE)
    program = Program(tmp_path, "--port", "0")
    program.set_identity(hub)
    with program, Guest(program.url) as ana, Guest(program.url) as bob:
        ana.join("Ana", "en")
        bob.join("Bob", "en")
        ana.hears("hub", lambda status: status["state"] == "connected")
        hub.kill()
        ana.hears("hub", lambda status: status["state"] == "unreachable")
        ana.says("are you still there?", to="people")
        bob.hears("message", lambda m: m["text"] == "are you still there?")
        ups = len([s for s in ana.heard("hub") if s["state"] == "connected"])
        hub.start()
        ana.hears(
            "hub",
            lambda _: len([s for s in ana.heard("hub") if s["state"] == "connected"]) > ups,
            within_s=BACK_BAR_S,
        )
        ana.says("hello again")
        bob.hears("message", lambda m: m["text"] == "echo hello again")


def test_a_thousand_streams_hear_a_post_and_a_stop_takes_three_seconds(tmp_path: Path) -> None:
    allow_descriptors(DESCRIPTORS)
    with Program(tmp_path, "--port", "0", "--hub", "none") as program, ExitStack() as stack:
        streams = [stack.enter_context(open_stream(program.url)) for _ in range(STREAMS)]
        with Guest(program.url) as guest:
            guest.join("Ana", "en").says("to all of you")
        for stream in streams:
            read_until(stream, b"to all of you")
        code, took_s = program.end(signal.SIGTERM)
        assert code == 0
        assert took_s <= STOP_BAR_S


def read_until(stream: socket.socket, words: bytes) -> None:
    """Read until the words have come, or the stream's time is up."""
    got = b""
    while words not in got:
        more = stream.recv(65_536)
        assert more, "the stream has ended"
        got += more


def open_stream(url: str) -> socket.socket:
    """Open an event stream as somebody who only reads."""
    place = urlsplit(url)
    stream = socket.create_connection((place.hostname, place.port), timeout=STOP_BAR_S)
    stream.sendall(f"GET /api/events HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
    read_until(stream, b"event: members")
    return stream
