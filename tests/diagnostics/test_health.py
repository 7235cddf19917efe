"""What is said of a room to whoever watches over it."""

from __future__ import annotations

import http.server
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hivemind_chatroom.diagnostics.health import READY, health_at, tell_supervisor

DEADLINE_S = 5.0


class Other(http.server.BaseHTTPRequestHandler):
    """A program that is no room."""

    answer = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def other() -> Iterator[http.server.HTTPServer]:
    with http.server.HTTPServer(("127.0.0.1", 0), Other) as server:
        thread = threading.Thread(target=server.handle_request, name="other")
        thread.start()
        yield server
        thread.join(DEADLINE_S)


@pytest.mark.parametrize("answer", [b"", b"[]", b"well", b'{"app": "another"}', b"\xff" * 100_000])
def test_what_another_program_says_is_no_health_of_ours(
    other: http.server.HTTPServer, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(Other, "answer", answer)
    assert health_at("127.0.0.1", other.server_port) is None


def test_nobody_is_not_well() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        assert health_at("127.0.0.1", silent.getsockname()[1]) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such sockets")
@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_a_supervisor_that_asks_to_be_told_is_told(tmp_path: Path, kind: str) -> None:
    if kind == "abstract" and sys.platform != "linux":
        pytest.skip("only Linux has sockets without a file")
    path = str(tmp_path / "notify")
    name = f"@{path}" if kind == "abstract" else path
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.settimeout(DEADLINE_S)
        supervisor.bind(f"\0{path}" if kind == "abstract" else path)
        tell_supervisor(READY, {"NOTIFY_SOCKET": name})
        assert supervisor.recv(100) == b"READY=1"


@pytest.mark.parametrize("name", ["", "vsock:2:1", "/nowhere/at/all", "relative"])
def test_whoever_has_not_asked_or_is_not_there_is_no_trouble(name: str) -> None:
    tell_supervisor(READY, {"NOTIFY_SOCKET": name})
    tell_supervisor(READY, {})
