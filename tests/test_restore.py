"""Backup, wipe, restore: with whole rooms in this process, over the operator's own routes."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import logging
import shutil
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.diagnostics.logs import Logs
from hivemind_chatroom.errors import SettingInvalidError
from hivemind_chatroom.hub.identity import identity_file
from hivemind_chatroom.paths import settings_file
from hivemind_chatroom.settings import Origin

WITHIN_S = 20.0
CODE = "482193"
KEY, PASSWORD = "a1b2c3d4e5f60718293a", "quetzal plumage seventy-seven"
WIFI, WIFI_PASSWORD = "Casa Villanueva 5G", "ornate-teapot-19"
WORDS = "meet me behind the gazebo"
TEXTS = (WORDS, "what time is it?", "Zwölf Boxkämpfer 🐝")


class Home:
    """A computer with a room on it, and its operator."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.has_ended = threading.Event()
        self.chatroom: Chatroom

    def settle(self) -> None:
        """Set the room up as an operator would."""
        settings_file().parent.mkdir(parents=True, exist_ok=True)
        settings_file().write_text(
            f'room_name = "Villanueva"\ncode = "{CODE}"\nport = {self.port}\nhub = "none"\n'
        )
        identity_file().parent.mkdir(parents=True, exist_ok=True)
        identity = {
            "access_key": KEY,
            "password": PASSWORD,
            "default_master": "ws://127.0.0.1",
            "default_port": 9,
            "noise_key": str(identity_file().with_name("ours_noise.key")),
        }
        identity_file().write_text(json.dumps(identity))
        identity_file().with_name("ours_noise.key").write_text("n01se" * 10)

    def open(self) -> Chatroom:
        flags = {
            "data_dir": str(self.folder / "data"),
            "host": "127.0.0.1",
            "log_path": str(self.folder / "log"),
        }
        origin = Origin(settings_file(), {}, flags)
        self.chatroom = Chatroom(origin.settings(), origin=origin, on_end=self.has_ended.set)
        self.chatroom.start()
        return self.chatroom

    def wipe(self) -> None:
        shutil.rmtree(self.folder / "data")
        settings_file().unlink()
        shutil.rmtree(identity_file().parent)

    @contextlib.contextmanager
    def operator(self) -> Iterator[httpx.Client]:
        base, _, token = self.chatroom.operator_url.partition("/#k=")
        with httpx.Client(
            base_url=base, headers={"X-Operator-Token": token}, timeout=WITHIN_S
        ) as client:
            yield client

    def restore(self, backup: bytes) -> httpx.Response:
        with self.operator() as operator:
            headers = {"Content-Type": "application/zip"}
            return operator.post("/api/restore", content=backup, headers=headers)

    def get(self, path: str) -> httpx.Response:
        with self.operator() as operator:
            answer = operator.get(path)
            assert answer.status_code == httpx.codes.OK, answer.text
            return answer


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = Home(tmp_path, port)
    home.settle()
    home.open()
    yield home
    home.chatroom.stop()


def join(chatroom: Chatroom, name: str) -> httpx.Cookies:
    with httpx.Client(base_url=chatroom.url, headers={"Origin": chatroom.url}) as web:
        answer = web.post("/api/join", json={"name": name, "lang": "en", "code": CODE})
        assert answer.status_code == httpx.codes.OK, answer.text
        for number, text in enumerate(TEXTS):
            said = web.post("/api/messages", json={"client_id": f"{name}{number}", "text": text})
            assert said.status_code == httpx.codes.CREATED
        return web.cookies


def seen_by(chatroom: Chatroom, cookies: httpx.Cookies) -> dict[str, Any]:
    """Return all that a member finds."""
    with httpx.Client(base_url=chatroom.url, cookies=cookies, timeout=WITHIN_S) as web:
        return {
            "room": {key: web.get("/healthz").json()[key] for key in ("id", "room")},
            "me": web.get("/api/me").json()["member"]["id"],
            "members": [each["name"] for each in web.get("/api/members").json()],
            "log": web.get("/api/messages?limit=100").json(),
        }


def wait_for_new(home: Home, room_before: object) -> None:
    """Wait until the room is another one: it is opened by a thread of its own."""
    again = home.chatroom._again  # noqa: SLF001 - nobody else needs to know when
    assert again is not None
    again.join(WITHIN_S)
    assert not again.is_alive()
    assert home.chatroom.room is not room_before


def test_backup_wipe_restore_gives_the_same_room_invitation_and_history(home: Home) -> None:
    cookies = join(home.chatroom, "Ana")
    before = seen_by(home.chatroom, cookies)
    invitation = home.get("/api/invite").json()
    operator_url = home.chatroom.operator_url
    backup = home.get("/api/backup").content
    home.chatroom.stop()
    home.wipe()
    fresh = home.open()
    assert fresh.code == ""
    room = fresh.room
    assert home.restore(backup).status_code == httpx.codes.NO_CONTENT
    wait_for_new(home, room)
    assert seen_by(home.chatroom, cookies) == before
    assert home.get("/api/invite").json() == invitation
    assert home.chatroom.code == CODE
    assert home.chatroom.url.endswith(f":{home.port}")
    assert home.chatroom.operator_url != operator_url
    identity = json.loads(identity_file().read_text())
    assert (identity["access_key"], identity["noise_key"]) == (KEY, "ours_noise.key")
    assert identity_file().with_name("ours_noise.key").read_text() == "n01se" * 10
    for file in (settings_file(), *identity_file().parent.iterdir()):
        assert file.stat().st_mode & 0o777 == 0o600, file


def test_the_operators_page_finds_the_room_where_it_was(home: Home) -> None:
    url, room = home.chatroom.operator_url, home.chatroom.room
    assert home.restore(home.get("/api/backup").content).status_code == httpx.codes.NO_CONTENT
    wait_for_new(home, room)
    assert home.chatroom.operator_url == url
    assert home.get("/api/status").json()["room"]["name"] == "Villanueva"


def test_what_was_said_since_the_backup_is_set_aside(home: Home, tmp_path: Path) -> None:
    backup, room = home.get("/api/backup").content, home.chatroom.room
    join(home.chatroom, "Ana")
    home.restore(backup)
    wait_for_new(home, room)
    assert home.get("/api/messages").json()["messages"] == []
    [aside] = (tmp_path / "data").glob("room-before-restore-*.db")
    assert WORDS.encode() in aside.read_bytes()
    with home.operator() as operator:
        assert (
            operator.request("DELETE", "/api/messages", json={}).status_code
            == httpx.codes.NO_CONTENT
        )
    assert not aside.exists()


def test_a_restore_that_a_crash_has_cut_short_is_done_at_the_next_start(home: Home) -> None:
    cookies = join(home.chatroom, "Ana")
    before = seen_by(home.chatroom, cookies)
    backup = home.get("/api/backup").content
    home.chatroom.stop()
    home.wipe()
    home.open()
    home.chatroom._is_over = True  # noqa: SLF001 - as good as killed: it is not opened again
    home.restore(backup)
    home.chatroom.stop()
    home.open()
    assert seen_by(home.chatroom, cookies) == before


def test_what_is_no_backup_changes_nothing(home: Home) -> None:
    cookies, room = join(home.chatroom, "Ana"), home.chatroom.room
    before = seen_by(home.chatroom, cookies)
    answer = home.restore(b"this is no zip")
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert answer.json()["error"]["code"] == "backup_invalid"
    assert home.chatroom.room is room
    assert seen_by(home.chatroom, cookies) == before


def test_a_room_that_cannot_be_opened_again_says_so(home: Home) -> None:
    backup = home.get("/api/backup").content
    settings_file().write_text("this is no TOML")
    home.restore(backup)
    assert home.has_ended.wait(WITHIN_S)
    assert isinstance(home.chatroom.failure, SettingInvalidError)


def test_a_page_from_before_a_restore_begins_anew_although_its_numbers_are_given_again(
    home: Home,
) -> None:
    cookies = join(home.chatroom, "Ana")
    room = home.chatroom.room
    asked = {"after": len(TEXTS), "history": room.history}
    assert not is_begun_anew(home.chatroom, cookies, asked)
    home.restore(home.get("/api/backup").content)
    wait_for_new(home, room)
    assert is_begun_anew(home.chatroom, cookies, asked)
    asked["history"] = home.chatroom.room.history
    assert not is_begun_anew(home.chatroom, cookies, asked)


def is_begun_anew(chatroom: Chatroom, cookies: httpx.Cookies, asked: dict[str, Any]) -> bool:
    """Tell whether a page that goes on from a place is told to forget what it has."""
    with (
        httpx.Client(base_url=chatroom.url, cookies=cookies, timeout=WITHIN_S) as web,
        web.stream("GET", "/api/events", params=asked) as stream,
    ):
        lines = itertools.takewhile(lambda line: not line.startswith("id:"), stream.iter_lines())
        return "event: reset" in list(lines)


def test_a_backup_whose_port_is_busy_leaves_the_room_on_the_port_it_had_until_that_is_free(
    home: Home,
) -> None:
    backup = home.get("/api/backup").content
    home.chatroom.stop()
    home.wipe()
    with socket.socket() as other:
        other.bind(("127.0.0.1", home.port))
        other.listen()
        settings_file().write_text("port = 0\n")
        url, room = home.open().url, home.chatroom.room
        home.restore(backup)
        wait_for_new(home, room)
        assert home.chatroom.failure is None
        assert home.chatroom.url == url
        assert home.chatroom.code == CODE
        standing = home.get("/api/status").json()["room"]
        assert (standing["port"], standing["port_wanted"]) == (int(url.split(":")[-1]), home.port)
        with home.operator() as operator:
            refusal = operator.post("/api/port", json={})
        assert refusal.status_code == httpx.codes.CONFLICT
        assert refusal.json()["error"]["code"] == "port_taken"
    room = home.chatroom.room
    with home.operator() as operator:
        assert operator.post("/api/port", json={}).status_code == httpx.codes.NO_CONTENT
    wait_for_new(home, room)
    assert home.chatroom.url.endswith(f":{home.port}")
    assert home.chatroom.code == CODE


def test_a_stop_while_the_room_is_opened_again_is_the_end(home: Home) -> None:
    home.restore(home.get("/api/backup").content)
    home.chatroom.stop()
    with pytest.raises(httpx.TransportError):
        httpx.get(home.chatroom.url)


def test_the_export_has_the_talk(home: Home) -> None:
    join(home.chatroom, "Ana")
    for to in ("json", "html", "text"):
        answer = home.get(f"/api/export?format={to}")
        assert WORDS in answer.text
        assert "attachment" in answer.headers["Content-Disposition"]


def test_a_report_has_nothing_that_was_planted_in_the_room(home: Home, tmp_path: Path) -> None:
    logs = Logs("DEBUG", tmp_path / "log")
    logs.start()
    try:
        cookies = join(home.chatroom, "Xiomara")
        with httpx.Client(base_url=home.chatroom.url) as stranger:
            stranger.post("/api/join", json={"name": "Eve", "code": "000000"})
            stranger.get("/api/me", headers={"Authorization": f"Bearer {CODE}"})
            invitation = home.chatroom.room.door.invitation
            assert invitation in stranger.get(f"/j/{invitation}").text
            stranger.post("/api/join", json={"name": "No ! name", "code": invitation})
        with home.operator() as operator:
            operator.post("/api/identity/parse", json={"text": f"key: {KEY} {PASSWORD}"})
            operator.put("/api/identity", json={"key": KEY, "password": PASSWORD, "host": "h:p:q"})
            for name in (WIFI, ""):
                operator.post("/api/invite/wifi", json={"name": name, "password": WIFI_PASSWORD})
            assert invitation in operator.get("/api/invite").text
        logging.getLogger("hivemind_chatroom").info("the report is next")
        report = home.get("/api/report").content
    finally:
        logs.stop()
    token = home.chatroom.operator_url.partition("/#k=")[2]
    log = "".join(file.read_text() for file in (tmp_path / "log").iterdir())
    with zipfile.ZipFile(io.BytesIO(report)) as archive:
        everything = "\n".join(archive.read(name).decode() for name in archive.namelist())
    assert "the report is next" in everything
    cookie = next(iter(cookies.values()))
    wifi = (WIFI, WIFI_PASSWORD)
    for secret in (
        KEY,
        PASSWORD,
        CODE,
        invitation,
        *wifi,
        token,
        cookie,
        "Xiomara",
        "Villanueva",
        *TEXTS,
    ):
        assert secret not in everything
        assert secret not in log
        assert secret.encode() not in report
