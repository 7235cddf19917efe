"""Two instances of one room behind nginx, by the files and the words of docs/deployment.md."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import secrets
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from contract.cluster import Cluster
from deploy.front import CODE, NGINX, ROOT, Nginx, Site, is_installed, running
from deploy.reader import Reader
from deploy.test_files import COMPOSE, decided
from e2e.guest import Guest
from e2e.hubs import free_port
from e2e.program import Program
from hivemind_chatroom.flags import room_flags

DOCUMENT = ROOT / "docs" / "deployment.md"
UPSTREAM = re.compile(r"^upstream chatroom \{.*?^\}", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"^  (\S+):\n(?:(?:    .*)?\n)*?        ipv4_address: (\S+)$", re.MULTILINE)
PATIENCE = re.compile(r"proxy_connect_timeout \S+;")
BACK_WITHIN_S = 5.0
"""How long after an instance went all of its readers may be without a stream."""

KNOCKS_S = 0.2
"""How long somebody waits for a port of this computer; one that answers does so at once."""

VISITORS = [f"127.0.0.{number}" for number in range(2, 14)]
"""Enough of them that each instance has some: which, their addresses decide."""


class Several:
    """A proxy, and two instances behind it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.site = Site(folder)
        self.ports = [self.site.room_port, free_port()]
        self.programs = [self._program(folder / f"{port}", port, address) for port in self.ports]
        self.logged: list[str] = []
        """What the proxy has said."""

    def _program(self, folder: Path, port: int, address: str) -> Program:
        flags = ("--port", f"{port}", "--hub", "none", "--no-lan", "--code", CODE)
        program = Program(folder, *flags, "--database", address)
        program.environment |= {
            "HIVEMIND_CHATROOM_TRUSTED_PROXIES": "127.0.0.1",
            "HIVEMIND_CHATROOM_PUBLIC_URL": self.site.url,
        }
        return program

    def guest(self, address: str) -> Guest:
        """Return a visitor, who is at one of the instances by its address."""
        return Guest(self.site.url, self.site.way(address))

    def reader(self, address: str) -> Reader:
        """Return somebody who reads and says nothing, from an address of their own."""
        return Reader(self.site.url, self.site.way(address), CODE)

    def streams(self) -> list[int]:
        """Count the connections that each instance has from the proxy."""
        counts = []
        for program in self.programs:
            assert program.process
            process = psutil.Process(program.process.pid)
            open_ones = (each for each in process.net_connections() if each.status == "ESTABLISHED")
            counts.append(sum(each.laddr.port in self.ports for each in open_ones))
        return counts


def upstream_of(file: Path) -> str:
    """Return how nginx is told of the instances, with the places of its ports."""
    [block] = UPSTREAM.findall(file.read_text("utf-8"))
    return str(block)


def patience_of(file: Path) -> str:
    """Return how nginx is told how long to wait for one of several instances."""
    [line] = PATIENCE.findall(file.read_text("utf-8"))
    return str(line)


@pytest.fixture(scope="module", params=[DOCUMENT, COMPOSE / "nginx.conf"], ids=["host", "compose"])
def several(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Several]:
    if not is_installed(Nginx()):
        pytest.skip("this computer has no nginx")
    cluster = Cluster()
    with contextlib.ExitStack() as stack:
        stack.callback(cluster.stop)
        room = Several(tmp_path_factory.mktemp("several"), cluster.new_database())
        for program in room.programs:
            stack.enter_context(program)
        command = Nginx().command(room.site)
        conf = room.site.folder / "chatroom.conf"
        places = iter(room.ports)
        block = re.sub(
            r"(?<=server )\S+", lambda _: f"127.0.0.1:{next(places)}", upstream_of(request.param)
        )
        text = UPSTREAM.sub(block, conf.read_text("utf-8"))
        conf.write_text(PATIENCE.sub(patience_of(request.param), text), "utf-8")
        room.logged = stack.enter_context(running(Nginx(), command))
        yield room


def test_people_at_either_instance_talk_with_each_other(several: Several) -> None:
    with contextlib.ExitStack() as stack:
        guests = [stack.enter_context(several.guest(address)) for address in VISITORS]
        for number, guest in enumerate(guests):
            guest.join(f"Guest {number}", "en", CODE)
        assert min(several.streams()) > 0
        for guest in (guests[0], guests[-1]):
            said = guest.says("good morning")
            for other in guests:
                heard = other.hears("message", lambda each, n=said["id"]: each["id"] == n)  # type: ignore[misc]
                assert heard["text"] == "good morning"


@pytest.mark.parametrize("gone", ["program", "computer"])
def test_who_was_at_an_instance_that_died_goes_on_at_the_other(several: Several, gone: str) -> None:
    way = several.site.way(VISITORS[0])
    with httpx.Client(
        base_url=several.site.url, headers={"Origin": several.site.url}, transport=way
    ) as browser:
        joined = browser.post("/api/join", json={"name": f"Ana's {gone}", "code": CODE})
        assert joined.status_code == httpx.codes.OK, joined.text
        for number, port in enumerate(several.ports):
            several.programs[number].end(signal.SIGKILL)
            with silent(port) if gone == "computer" else contextlib.nullcontext():
                text = f"after {gone} {number}"
                said = browser.post("/api/messages", json={"client_id": text, "text": text})
                assert said.status_code == httpx.codes.CREATED, said.text
                page = browser.get("/api/messages?limit=100").json()["messages"]
                assert text in [each["text"] for each in page]
            several.programs[number].start()
    assert "/api/messages" not in "".join(several.logged)  # it says nothing of who had to wait


@contextlib.contextmanager
def silent(port: int) -> Iterator[None]:
    """Have a port neither answer nor refuse, as those of a computer that has been off for long."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", port), backlog=0))
        while True:
            knocking = stack.enter_context(socket.socket())
            knocking.settimeout(KNOCKS_S)
            try:
                knocking.connect(listener.getsockname())
            except TimeoutError:
                break  # more are not let into the queue, from which nobody is taken
        yield


def test_who_only_reads_goes_on_at_the_other_whichever_instance_is_stopped(
    several: Several,
) -> None:
    # Said at the instance itself: a short request through the proxy would tell it that one is back.
    way = httpx.HTTPTransport(local_address="127.0.0.20")
    with contextlib.ExitStack() as stack:
        speaker = stack.enter_context(httpx.Client(transport=way))
        here, there = (program.url for program in several.programs)
        body = {"name": "Eve", "code": CODE}
        assert speaker.post(f"{here}/api/join", json=body).status_code == httpx.codes.OK
        readers = [stack.enter_context(several.reader(address)) for address in VISITORS]
        until_all_hear(readers, speaker, here)
        for program, other in zip(several.programs, (there, here), strict=True):
            program.end()
            until_all_hear(readers, speaker, other)
            program.start()
        assert {code for reader in readers for code in reader.codes} == {httpx.codes.OK}


def until_all_hear(readers: list[Reader], speaker: httpx.Client, url: str) -> None:
    """Say a line at one instance, and have each reader hear it, wherever their streams are."""
    line = {"client_id": secrets.token_hex(8), "text": "is anybody there?"}
    said = speaker.post(f"{url}/api/messages", json=line, headers={"Origin": url})
    assert said.status_code == httpx.codes.CREATED, said.text
    ends_at_s = time.monotonic() + BACK_WITHIN_S
    heard = [reader.hears(said.json()["id"], ends_at_s - time.monotonic()) for reader in readers]
    assert all(heard), [reader.codes for reader in readers]


def test_the_containers_know_each_other() -> None:
    composed = (COMPOSE / "compose.yaml").read_text("utf-8")
    rooms = re.findall(r"^  (room-\d+):\n    <<: \*instance$", composed, re.MULTILINE)
    named = re.findall(r"server (\S+):8985 ", upstream_of(COMPOSE / "nginx.conf"))
    places = dict(PLACE.findall(composed))
    assert set(places) == {*rooms, "nginx"}
    assert named == [places[room] for room in rooms]
    assert len(rooms) > 1
    said = decided(COMPOSE / "compose.yaml")
    assert said["HIVEMIND_CHATROOM_TRUSTED_PROXIES"] == places["nginx"]
    assert said["HIVEMIND_CHATROOM_DATABASE"] == "postgresql://room@database/room"
    assert re.findall(r"(?<!_)ports:\n +- (.*)", composed) == ['"${ROOM_PORT:-8985}:8985"']


def test_no_container_is_given_the_place_of_another() -> None:
    composed = (COMPOSE / "compose.yaml").read_text("utf-8")
    places = [ipaddress.ip_address(place) for _, place in PLACE.findall(composed)]
    [subnet] = re.findall(r"subnet: (\S+)", composed)
    [given] = re.findall(r"ip_range: (\S+)", composed)
    assert len(set(places)) == len(places)
    for place in places:
        assert place in ipaddress.ip_network(subnet)
        assert place not in ipaddress.ip_network(given)


def test_the_database_is_asked_where_it_answers_once_it_is_made() -> None:
    composed = (COMPOSE / "compose.yaml").read_text("utf-8")
    [asked] = re.findall(r'test: \["CMD", "pg_isready", (.*)\]', composed)
    assert '"--host", "127.0.0.1"' in asked


def test_the_proxy_of_the_containers_says_what_the_other_example_says() -> None:
    def said(file: Path) -> set[str]:
        lines = {line.strip() for line in file.read_text("utf-8").splitlines()}
        return {line for line in lines if line.startswith(("proxy_", "client_", "limit_", "gzip"))}

    there, here = said(NGINX), said(COMPOSE / "nginx.conf")
    assert there - here == {"proxy_connect_timeout 5s;"}
    assert here - there == {patience_of(DOCUMENT)}


def test_the_services_of_one_computer_share_what_they_must() -> None:
    instance = (ROOT / "packaging" / "systemd" / "instance.conf").read_text("utf-8")
    [command] = re.findall(r"^ExecStart=(/.*)", instance.replace("\\\n", ""), re.MULTILINE)
    apart = dict(re.findall(r"--([a-z-]+) (\S+)", command))
    assert {name for name, value in apart.items() if "%i" in value} == {
        "port",
        "data-dir",
        "log-path",
    }
    room_flags("hivemind-flask-chatroom").parse_args(command.replace("%i", "8985").split()[1:])
