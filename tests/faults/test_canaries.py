"""Secrets and words that must not be found again: a whole session, and a look at all it left."""

from __future__ import annotations

import re
import secrets
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from e2e.guest import Guest
from e2e.hubs import UTTERANCE, RealHub
from e2e.operator_page import OperatorPage
from e2e.program import Program
from faults.attacking import ANSWERED_WITHIN_S
from faults.figures import Figures
from faults.posting import joined, visitor
from hivemind_chatroom.version import __version__

HOLDERS: Final = ("data/", "config/hivemind/", "settings.toml", "instance.json")
"""What may hold them: the room's database, the identity, the settings, the address of the page."""

NO_REQUESTS: Final = (
    b"nonsense\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET //[ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /#x HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\nHost: x\n\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03" + bytes(60) + b"\r\n\r\n",  # of TLS
)
"""What the server refuses before, or instead of, the app."""

SERVERS: Final = ("cheroot", "werkzeug", "python", __version__)

OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


class Session:
    """One evening of a room, with a canary for each thing that must not sing."""

    def __init__(self, folder: Path, program: Program, hub: RealHub) -> None:
        self.folder = folder
        self.program = program
        self.canaries = {
            "access key": hub.key,
            "password": hub.password,
            **{name: f"canary{secrets.token_hex(6)}" for name in ("text", "private", "name")},
        }
        self.seen: dict[str, str] = {}
        """Where the canaries are looked for, by what it is."""

    def live(self) -> None:
        """Join, talk, be refused, look for words, and ask for all that the host may have."""
        url = self.program.url
        with Guest(url).join(self.canaries["name"], "en") as guest:
            guest.hears("hub", lambda state: state["state"] == "connected")
            number = guest.says(self.canaries["text"])["id"]
            guest.says(self.canaries["private"], to="assistant")
            guest.hears("message", lambda message: message["in_reply_to"] == number)
            guest.get(f"/api/messages?q={self.canaries['text']}")
        self.canaries["cookie"] = joined(url, "Ben")
        with visitor(url, self.canaries["cookie"]) as ben:
            self.canaries["device code"] = ben.post("/api/me/device-code", json={}).json()["code"]
            ben.post("/api/messages", json={"client_id": "1", "text": self.canaries["text"] * 99})
            ben.post("/api/messages", content=self.canaries["text"])
            ben.get(f"/api/{self.canaries['text']}")

    def ask_as_host(self, page: OperatorPage) -> None:
        """Have reports, backups and exports made, and a code and invitations."""
        self.canaries["operator token"] = page.token
        page.ask("POST", "invite/rotate")
        invitation = page.get("invite")
        self.canaries["join code"] = invitation["code"]
        self.canaries["invitation"] = invitation["url"].rpartition("/")[2]
        with Guest(self.program.url) as guest:
            guest.join("Cleo", "en", invitation["code"])
        httpx.get(f"{self.program.url}/j/{self.canaries['invitation']}")
        page.web.get("/api/backup").raise_for_status()
        page.web.get("/api/export?format=json").raise_for_status()
        page.web.get("/api/nothing", headers={"X-Operator-Token": "wrong"})
        self._look_at_processes()
        self.seen["report"] = page.web.get("/api/report").raise_for_status().text

    def leave(self) -> None:
        """Close the room, and read what it has printed and kept."""
        self.program.end()
        self.seen["output"] = "\n".join(
            line for line in self.program.welcome.splitlines() if "127.0.0.1" not in line
        )
        for file in self.files():
            place = str(file.relative_to(self.folder))
            if not any(holder in place for holder in HOLDERS):
                self.seen[place] = file.read_bytes().decode("utf-8", "replace")

    def found(self) -> list[str]:
        """Return which canary was seen where."""
        return [
            f"{name} in {place}"
            for place, text in self.seen.items()
            for name, canary in self.canaries.items()
            if re.search(rf"(?<!\d){re.escape(canary)}(?!\d)", text)
        ]

    def files(self) -> Iterator[Path]:
        """Return all that the room has written; the hub's own folder is not the room's."""
        mine = (self.folder / kind for kind in ("config", "data", "state", "cache"))
        return (file for place in mine for file in place.rglob("*") if file.is_file())

    def _look_at_processes(self) -> None:
        assert self.program.process
        room = psutil.Process(self.program.process.pid)
        for process in [room, *room.children(recursive=True)]:
            for part in ("cmdline", "environ"):
                place = f"/proc/{process.pid}/{part}"
                self.seen[place] = Path(place).read_bytes().decode("utf-8", "replace")


@pytest.fixture(params=["file", "stdout"])
def session(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A room at DEBUG with a code, linked to a hub."""
    hub = RealHub(tmp_path / "hub").start(UTTERANCE)
    flags = ["--port", "0", "--hub", "identity", "--log-level", "DEBUG", "--operator-port", "0"]
    program = Program(tmp_path, *flags, *(["--log-path", "stdout"] * (request.param == "stdout")))
    program.set_identity(hub)
    try:
        with program:
            yield Session(tmp_path, program, hub)
    finally:
        hub.stop()


def test_no_secret_and_no_word_is_found_outside_its_place(
    session: Session, figures: Figures
) -> None:
    session.live()
    [address] = re.findall(r"Operator: +(\S+)", session.program.welcome)
    with OperatorPage(address) as page:
        session.ask_as_host(page)
    session.leave()
    others_may = [
        str(file) for file in session.files() if stat.S_IMODE(file.stat().st_mode) & OTHERS_MAY
    ]
    assert "DEBUG" in "".join(session.seen.values())
    print(session.found(), others_may)  # noqa: T201 - what pytest shows of a failure
    with figures.of("a session at DEBUG, with a canary for each secret") as seen:
        seen.told("canaries", len(session.canaries))
        seen.told("places looked at", len(session.seen))
        seen.exactly("found", 0, len(session.found()))
        seen.exactly("files that others may read", 0, len(others_may))


def test_no_answer_says_what_serves_it(session: Session, figures: Figures) -> None:
    paths = ("/", "/api/me", "/api/nothing", "/nothing", "/static/nothing", "/messages", "/healthz")
    answers = [httpx.get(session.program.url + path) for path in paths]
    answers += [httpx.request(odd, session.program.url) for odd in ("TRACE", "BREW", "POST")]
    names = SERVERS[:-1]
    telling = [
        answer.request.url.path
        for answer in answers
        if any(name in f"{answer.headers}{answer.text}".lower() for name in names)
        or __version__ in answer.headers.get("Server", "")
        or (answer.is_error and __version__ in answer.text)
    ]
    print(telling)  # noqa: T201 - what pytest shows of a failure
    with figures.of("answers and refusals") as seen:
        seen.exactly("of what serves them", 0, len(telling))


def test_no_refusal_of_the_server_says_what_it_is(session: Session, figures: Figures) -> None:
    [address] = re.findall(r"Operator: +(\S+)", session.program.welcome)
    told = [
        answer_of(url, request) for url in (session.program.url, address) for request in NO_REQUESTS
    ]
    assert all(re.match(r"HTTP/1.1 [45]\d\d ", answer) for answer in told), told
    telling = [answer for answer in told if any(name in answer.lower() for name in SERVERS)]
    with figures.of(f"{len(told)} requests that are none, at both listeners") as seen:
        seen.exactly("refusals that tell what serves them", 0, len(telling))


def answer_of(url: str, request: bytes) -> str:
    """Send bytes, and return all that comes back until the room closes."""
    target = urlsplit(url)
    place = str(target.hostname), target.port or 80
    with socket.create_connection(place, ANSWERED_WITHIN_S) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        answer = b""
        while more := client.recv(4_096):
            answer += more
    return answer.decode("latin-1")
