"""Who fans out, side by side: the room, and what else one could use.

All get the same bytes to send on: those that the room sends for one message. The room is the real
program with a durable store and every check; only its limit of posts per member is off, which one
member who posts as fast as streams hear would be stopped by. The floors check and keep nothing.
nginx with nchan keeps messages in memory. Upstream's own program has no stream, so that pages poll;
its hub is left out, as the room's is.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx

from bench.cores import SERVER, on
from bench.native import BUILT, HERE, built
from bench.posting import join
from e2e.hubs import free_port
from e2e.program import Program
from hivemind_chatroom.room.model import Author, Draft, Kind, MemberId, Message, MessageId
from hivemind_chatroom.web.frames import message_frame
from hivemind_chatroom.web.serialize import Typesetting

MARK: Final = "@@@@@@@@@@@@"
"""What the load overwrites with the mark of each message (sockets.h)."""
TEXT: Final = f"Can you hear me? This is line {MARK}."

FLAGS: Final = ("--port", "0", "--hub", "none", "--no-lan", "--rate-limit", "off")

UPSTREAM: Final = "hivemind-flask-chatroom==1.0.2a1"
_UPSTREAM_VENV: Final = BUILT.parent / UPSTREAM.replace("==", "-")
"""One for each version: what was installed once is not looked at again."""
_NCHAN: Final = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
_STARTS_WITHIN_S: Final = 20.0

_NGINX_CONF: Final = """
load_module {module};
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 15000; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    client_body_temp_path {folder};
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        nchan_channel_id room;
        location = /post {{ nchan_publisher; nchan_message_buffer_length 100; }}
        location = /stream {{ nchan_subscriber eventsource; }}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Server:
    """One that runs."""

    pid: int
    port: int
    get: str
    """The request that opens a stream, or polls."""
    post: str
    """The request that posts, with `MARK` in the place of the message's own."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One to be measured."""

    name: str
    serve: Callable[[Path], contextlib.AbstractContextManager[Server]]
    """Runs it in a folder."""
    most: int
    """Streams that it can be asked for."""
    load: str = "fanout"
    """The program that drives it."""


def event_data() -> str:
    """Return what the room sends of one message, the event's fields left out."""
    author = Author(MemberId("0123456789abcdef"), "member 1")
    draft = Draft(Kind.PERSON, author, TEXT, "en", datetime.now(UTC))
    typesetting = Typesetting(lambda _lang: "ltr", lambda _text: None)
    frame = message_frame(Message(MessageId(100_000), draft, None), None, typesetting)
    return frame.partition(b"data: ")[2].decode().strip()


def get_request(path: str, port: int) -> str:
    """Return a request for a stream, as a browser's but shorter."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n"


def post_request(path: str, port: int, body: str, *fields: str, kind: str = "text/plain") -> str:
    """Return a post."""
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *fields]
    lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}", "", body]
    return "\r\n".join(lines)


def room_post(url: str, port: int, name: str) -> str:
    """Let a member join, and return what it posts."""
    fields = (f"Origin: {url}", f"Cookie: room_session={join(url, name)}")
    body = f'{{"client_id": "{MARK}", "text": "{TEXT}"}}'
    return post_request("/api/messages", port, body, *fields, kind="application/json")


@contextlib.contextmanager
def room(folder: Path, *flags: str, **environment: str) -> Iterator[Server]:
    """Run the real program."""
    program = Program(folder, *FLAGS, *flags)
    program.environment |= environment
    with contextlib.ExitStack() as running:
        with on(SERVER):
            running.enter_context(program)
        assert program.process
        port = int(program.url.rpartition(":")[2].strip("/"))
        post = room_post(program.url, port, "member 1")
        yield Server(program.process.pid, port, get_request("/api/events", port), post)


@contextlib.contextmanager
def floor_in_c(_folder: Path) -> Iterator[Server]:
    """Run the loop of sends in C."""
    with _floor([str(built("sendloop"))]) as server:
        yield server


@contextlib.contextmanager
def floor_in_python(_folder: Path) -> Iterator[Server]:
    """Run the same loop in Python."""
    with _floor([sys.executable, "-I", str(HERE / "sendloop.py")]) as server:
        yield server


@contextlib.contextmanager
def nchan(folder: Path) -> Iterator[Server]:
    """Run nginx with nchan."""
    port = free_port()
    conf = folder / "nginx.conf"
    conf.write_text(_NGINX_CONF.format(module=_NCHAN, folder=folder, port=port))
    command = ["/usr/sbin/nginx", "-p", str(folder), "-c", str(conf)]
    with _process(command) as process:
        await_answer(f"http://127.0.0.1:{port}/")
        post = post_request("/post", port, event_data())
        yield Server(process.pid, port, get_request("/stream", port), post)


@contextlib.contextmanager
def upstream(folder: Path) -> Iterator[Server]:
    """Run upstream's app in an environment of its own."""
    python = _UPSTREAM_VENV / "bin" / "python"
    if not (_UPSTREAM_VENV / "bin" / "hivemind-flask-chatroom").exists():
        venv.create(_UPSTREAM_VENV, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", UPSTREAM], check=True)
    port = free_port()
    command = [str(python), "-I", str(HERE / "upstream.py"), str(port)]
    with _process(command, cwd=folder) as process:
        await_answer(f"http://127.0.0.1:{port}/messages")
        form = f"username=member&lang=en&site_id=bench&message={TEXT.replace(' ', '+')}"
        kind = "application/x-www-form-urlencoded"
        post = post_request("/send_message", port, form, kind=kind)
        yield Server(process.pid, port, get_request("/messages", port), post)


def await_answer(url: str) -> None:
    """Return when somebody answers there, whatever it is.

    Raises:
        TimeoutError: Nobody does.
    """
    by = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < by:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url)
            return
    raise TimeoutError(url)


@contextlib.contextmanager
def _floor(command: list[str]) -> Iterator[Server]:
    with _process(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        post = post_request("/", port, event_data())
        yield Server(process.pid, port, get_request("/", port), post)


@contextlib.contextmanager
def _process(
    command: list[str], *, stdout: int = subprocess.DEVNULL, cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with on(SERVER):
        process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.DEVNULL, cwd=cwd)
    with process:
        try:
            yield process
        finally:
            process.terminate()


CONTENDERS: Final = (
    Contender("loop of sends in C", floor_in_c, 10_000),
    Contender("the same in Python", floor_in_python, 10_000),
    Contender("the room", room, 10_000),
    Contender("nginx + nchan", nchan, 10_000),
    Contender("upstream, polled each second", upstream, 1_000, "polls"),
)
