"""The room put together, inside this process."""

from __future__ import annotations

import contextlib
import ipaddress
import itertools
import json
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from e2e.guest import Guest
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.errors import DatabaseForeignError, FolderInUseError, PortTakenError
from hivemind_chatroom.lan import addresses, reach
from hivemind_chatroom.lan.interfaces import Interface
from hivemind_chatroom.room.operating import Hint, HintKind
from hivemind_chatroom.settings import MEMORY, PORT_DEFAULT, SQLITE, HubChoice, Settings

Open = Callable[..., Chatroom]


@pytest.fixture
def open_room(tmp_path: Path) -> Iterator[Open]:
    with contextlib.ExitStack() as stack:

        def open_one(
            port: int | None = 0,
            hub: HubChoice = HubChoice.NONE,
            name: str = "Room",
            database: str = SQLITE,
        ) -> Chatroom:
            settings = Settings("127.0.0.1", port, hub=hub, data_dir=tmp_path / name)
            chatroom = Chatroom(replace(settings, room_name=name, database=database))
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
        assert other_ana.get("/healthz")["id"] != ana.get("/healthz")["id"]


def test_one_browser_may_be_in_two_rooms_on_one_computer(open_room: Open) -> None:
    kitchen, attic = open_room(name="Kitchen"), open_room(name="Attic")
    with httpx.Client() as browser:  # like browsers, it keeps cookies by host, whatever the port
        for chatroom in (kitchen, attic):
            origin = {"Origin": chatroom.url}
            browser.post(f"{chatroom.url}/api/join", json={"name": chatroom.name}, headers=origin)
        for chatroom in (kitchen, attic):
            me = browser.get(f"{chatroom.url}/api/me").json()
            assert me["member"]["name"] == chatroom.name


@pytest.mark.parametrize("is_limited", [True, False])
def test_who_may_post_as_fast_as_they_can_may_join_so_too(
    tmp_path: Path, *, is_limited: bool
) -> None:
    settings = Settings("127.0.0.1", 0, hub=HubChoice.NONE, data_dir=tmp_path / "data")
    chatroom = Chatroom(replace(settings, rate_limit=is_limited))
    chatroom.start()
    chatroom.stop()
    rates = (chatroom.room.settings.member_rate, chatroom.room.settings.join_rate)
    assert [rate is not None for rate in rates] == [is_limited] * 2


def test_a_busy_port_is_passed_over_unless_it_was_asked_for(open_room: Open) -> None:
    with socket.socket() as other:
        with contextlib.suppress(OSError):  # somebody else has it: just as well
            other.bind(("127.0.0.1", PORT_DEFAULT))
            other.listen()
        passed_over = open_room(port=None)
        assert not passed_over.url.endswith(f":{PORT_DEFAULT}")
        with pytest.raises(PortTakenError):
            open_room(port=PORT_DEFAULT, name="Other")


def test_a_room_that_had_to_move_knows_whether_another_room_has_its_port(open_room: Open) -> None:
    kitchen, attic = open_room(port=None, name="Kitchen"), open_room(port=None, name="Attic")
    url, _, token = attic.operator_url.partition("#k=")
    told = httpx.get(f"{url}api/port", headers={"X-Operator-Token": token}).json()
    assert told["wanted"] == PORT_DEFAULT
    # unless a program of somebody else's has it
    assert told["has_room"] or not kitchen.url.endswith(f":{PORT_DEFAULT}")


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


def test_pages_are_told_that_the_host_closes_the_room_before_their_streams_end(
    open_room: Open,
) -> None:
    chatroom = open_room(name="Kitchen")
    with httpx.stream("GET", f"{chatroom.url}/api/events", timeout=5) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        history = chatroom.room.history
        chatroom.stop()
        last = [line for line in lines if line][-2:]
    closing = f'{{"name":"Kitchen","paused":false,"history":"{history}","closing":true}}'
    assert last == ["event: room", f"data: {closing}"]


def test_messages_members_and_cookies_are_there_after_a_restart(open_room: Open) -> None:
    first = open_room()
    with httpx.Client(base_url=first.url) as ana:
        ana.post("/api/join", json={"name": "Ana"}, headers={"Origin": first.url})
        cookies = dict(ana.cookies)
        said = {"client_id": "a", "text": "still here?"}
        ana.post("/api/messages", json=said, headers={"Origin": first.url})
        room_id = ana.get("/healthz").json()["id"]
    first.stop()
    second = open_room()
    with httpx.Client(base_url=second.url, cookies=cookies) as ana:
        assert ana.get("/api/me").json()["member"]["name"] == "Ana"
        assert ana.get("/healthz").json()["id"] == room_id
        again = ana.post("/api/messages", json=said, headers={"Origin": second.url})
        assert (again.status_code, again.json()["id"]) == (httpx.codes.OK, 1)
        [message] = ana.get("/api/messages?q=still").json()["messages"]
        assert message["text"] == "still here?"


def test_a_room_that_keeps_nothing_leaves_nothing(open_room: Open, tmp_path: Path) -> None:
    chatroom = open_room(database=MEMORY)
    with Guest(chatroom.url) as ana:
        ana.join("Ana", "en").says("hello")
    assert not [path for path in (tmp_path / "Room").rglob("*") if path.is_file()]


def test_a_database_may_be_elsewhere(open_room: Open, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    open_room(database=f"sqlite:///{tmp_path}/elsewhere/one.db").stop()
    assert (tmp_path / "elsewhere" / "one.db").exists()
    open_room(database="sqlite:///two.db").stop()
    assert (tmp_path / "Room" / "two.db").exists()


def test_the_file_of_another_program_is_refused_and_left_as_it_is(
    open_room: Open, tmp_path: Path
) -> None:
    diary = tmp_path / "diary.txt"
    diary.write_text("dear diary")
    before = diary.stat()
    with pytest.raises(DatabaseForeignError, match=r"diary\.txt is not this room's database"):
        open_room(database=f"sqlite:///{diary}")
    after = diary.stat()
    assert (after.st_ino, after.st_mode, after.st_mtime_ns) == (
        before.st_ino,
        before.st_mode,
        before.st_mtime_ns,
    )
    assert [*tmp_path.glob("diary*")] == [diary]


def open_files() -> set[str]:
    """Return what each open file of this process is, a socket by its number."""
    return {str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux lists open files there")
def test_a_room_that_was_never_started_holds_nothing_after_its_stop(tmp_path: Path) -> None:
    settings = Settings("127.0.0.1", 0, hub=HubChoice.BUILT_IN, data_dir=tmp_path / "data")
    Chatroom(settings).stop()  # what is opened once and for all is open now
    before = open_files()
    chatroom = Chatroom(settings)
    assert open_files() > before
    chatroom.stop()
    assert open_files() == before


def test_a_second_room_in_the_same_folder_is_refused(open_room: Open) -> None:
    open_room()
    with pytest.raises(FolderInUseError):
        open_room()


def test_a_room_that_could_not_start_leaves_its_folder_free(open_room: Open) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTakenError):
            open_room(port=other.getsockname()[1])
    open_room()


def test_a_broken_database_is_set_aside_and_the_room_opens(open_room: Open, tmp_path: Path) -> None:
    file = tmp_path / "Room" / "room.db"
    file.parent.mkdir()
    file.write_text("this is no database" * 100)
    chatroom = open_room()
    assert chatroom.set_aside is not None
    assert "no database" in chatroom.set_aside.read_text()
    with Guest(chatroom.url) as ana:
        assert ana.join("Ana", "en").says("still here")["id"] == 1


def test_the_host_is_told_what_may_keep_phones_out_until_one_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspect = Hint(HintKind.FIREWALL, "ufw", ("sudo ufw allow 8985/tcp",))
    network = Interface("eth0", (ipaddress.ip_interface("192.168.1.23/24"),))
    monkeypatch.setattr(reach, "ALONE_S", 0.0)
    monkeypatch.setattr("hivemind_chatroom.opening.find_suspects", lambda _port: [suspect])
    monkeypatch.setattr(addresses, "read_interfaces", lambda: (network,))
    monkeypatch.setattr(addresses, "_LOCAL", frozenset())  # this computer plays the phone
    any_address, caller = "0.0.0.0", "127.0.0.1"  # noqa: S104 - the room of a household
    settings = Settings(any_address, 0, hub=HubChoice.NONE, data_dir=tmp_path, lan=False)
    chatroom = Chatroom(replace(settings, hosts=(caller,)))
    with contextlib.ExitStack() as stack:
        stack.callback(chatroom.stop)
        chatroom.start()
        base, _, token = chatroom.operator_url.partition("/#k=")
        headers = {"X-Operator-Token": token}
        operator = stack.enter_context(httpx.Client(base_url=base, headers=headers))
        events = stack.enter_context(operator.stream("GET", "/api/events"))
        told = (json.loads(line[5:]) for line in events.iter_lines() if line[:5] == "data:")
        [hint] = next(told)["lan"]["hints"]
        assert hint["commands"] == list(suspect.commands)
        assert httpx.get(f"{chatroom.url}/messages").status_code == httpx.codes.OK
        assert any(status["lan"]["hints"] == [] for status in itertools.islice(told, 5))
