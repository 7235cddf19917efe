"""The room put together, inside this process."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from e2e.guest import Guest
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.errors import PortTakenError
from hivemind_chatroom.settings import PORT_DEFAULT, HubChoice, Settings

Open = Callable[..., Chatroom]


@pytest.fixture
def open_room(tmp_path: Path) -> Iterator[Open]:
    with contextlib.ExitStack() as stack:

        def open_one(
            port: int | None = 0, hub: HubChoice = HubChoice.NONE, name: str = "Room"
        ) -> Chatroom:
            chatroom = Chatroom(
                Settings("127.0.0.1", port, hub=hub, data_dir=tmp_path / name, room_name=name)
            )
            chatroom.start()
            stack.callback(chatroom.stop)
            return chatroom

        yield open_one


def test_two_rooms_in_one_process_know_nothing_of_each_other(open_room: Open) -> None:
    kitchen, attic = open_room(name="Kitchen"), open_room(name="Attic")
    with Guest(kitchen.url) as ana, Guest(attic.url) as other_ana:
        ana.join("Ana", "en").says("in the kitchen")
        other_ana.join("Ana", "en")
        assert other_ana.get("/api/messages")["messages"] == []
        assert other_ana.get("/healthz")["room"] == "Attic"


def test_a_busy_port_is_passed_over_unless_it_was_asked_for(open_room: Open) -> None:
    with socket.socket() as other:
        with contextlib.suppress(OSError):  # somebody else has it: just as well
            other.bind(("127.0.0.1", PORT_DEFAULT))
            other.listen()
        passed_over = open_room(port=None)
        assert not passed_over.url.endswith(f":{PORT_DEFAULT}")
        with pytest.raises(PortTakenError):
            open_room(port=PORT_DEFAULT, name="Other")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "identity.missing"),
        ("", "identity.broken"),
        ('{"access_key": "abc', "identity.broken"),
        ("[]", "identity.broken"),
        ("\x00\xff garbage", "identity.broken"),
        ('{"access_key": 7, "password": null}', "identity.broken"),
    ],
)
def test_an_identity_that_cannot_be_used_leaves_the_room_open_and_is_said(
    open_room: Open, content: str | None, reason: str
) -> None:
    file = Path(os.environ["XDG_CONFIG_HOME"]) / "hivemind" / "_identity.json"
    if content is not None:
        file.parent.mkdir(parents=True)
        file.write_text(content, encoding="latin-1")
    chatroom = open_room(hub=HubChoice.IDENTITY)
    assert chatroom.assistant.startswith("none yet.")
    assert "hivemind-client set-identity" in chatroom.assistant
    with Guest(chatroom.url) as ana:
        ana.join("Ana", "en")
        status = ana.hears("hub", lambda status: status["state"] == "unconfigured")
        assert status["reason"] == reason
        assert ana.says("still here")["id"] == 1
    if content is not None:
        assert file.read_text(encoding="latin-1") == content


def test_an_identity_that_cannot_even_be_looked_at_is_said_to_the_operator(
    open_room: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/" + "x" * 300)  # no folder can be called so
    assert "can't be used" in open_room(hub=HubChoice.AUTO).assistant


def test_the_address_that_was_asked_for_is_one_of_the_rooms(tmp_path: Path) -> None:
    chatroom = Chatroom(Settings("127.0.0.2", 0, hub=HubChoice.NONE, data_dir=tmp_path / "data"))
    chatroom.start()
    try:
        page = httpx.get(chatroom.url, follow_redirects=True)
    finally:
        chatroom.stop()
    assert page.status_code == httpx.codes.OK


def test_the_page_is_served_before_any_hub_is_there(open_room: Open) -> None:
    chatroom = open_room(hub=HubChoice.BUILT_IN)
    page = httpx.get(chatroom.url, follow_redirects=True)
    assert page.status_code == httpx.codes.OK


def test_a_stopped_room_can_be_opened_again_on_its_port(open_room: Open) -> None:
    first = open_room()
    port = int(first.url.rpartition(":")[2])
    first.stop()
    assert open_room(port=port).url == first.url
