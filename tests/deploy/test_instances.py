"""Two instances of one room behind nginx, by the files and the words of docs/deployment.md."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from contract.cluster import Cluster
from deploy.front import CODE, NGINX, ROOT, Nginx, Site, is_installed, running
from deploy.test_files import COMPOSE, decided
from e2e.guest import Guest
from e2e.hubs import free_port
from e2e.program import Program
from hivemind_chatroom.flags import room_flags

DOCUMENT = ROOT / "docs" / "deployment.md"
UPSTREAM = re.compile(r"^upstream chatroom \{.*?^\}", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"^  (\S+):\n(?:(?:    .*)?\n)*?        ipv4_address: (\S+)$", re.MULTILINE)
FORGIVEN_WITHIN_S = 15.0
"""How long a proxy may ask none of them that did not answer once: `fail_timeout`, and some more."""

VISITORS = [f"127.0.0.{number}" for number in range(2, 14)]
"""Enough of them that each instance has some: which, their addresses decide."""


class Several:
    """A proxy, and two instances behind it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.site = Site(folder)
        self.ports = [self.site.room_port, free_port()]
        self.programs = [self._program(folder / f"{port}", port, address) for port in self.ports]

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
        conf.write_text(UPSTREAM.sub(block, conf.read_text("utf-8")), "utf-8")
        stack.enter_context(running(Nginx(), command))
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


def test_who_was_at_an_instance_that_died_goes_on_at_the_other(several: Several) -> None:
    way = several.site.way(VISITORS[0])
    with httpx.Client(
        base_url=several.site.url, headers={"Origin": several.site.url}, transport=way
    ) as browser:
        joined = browser.post("/api/join", json={"name": "Ana", "code": CODE})
        assert joined.status_code == httpx.codes.OK, joined.text
        for number in range(len(several.programs)):
            several.programs[number].end(signal.SIGKILL)
            text = f"after {number}"
            until_kept(browser, text)
            page = browser.get("/api/messages?limit=100").json()["messages"]
            assert text in [each["text"] for each in page]
            several.programs[number].start()


def until_kept(browser: httpx.Client, text: str) -> None:
    """Post a line again and again, as a page does, while the proxy thinks that nobody is there."""
    ends_at_s = time.monotonic() + FORGIVEN_WITHIN_S
    said = {"client_id": text, "text": text}
    while (answer := browser.post("/api/messages", json=said)).status_code != httpx.codes.CREATED:
        assert answer.status_code == httpx.codes.BAD_GATEWAY, answer.text
        assert time.monotonic() < ends_at_s


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
    assert here - there == {"proxy_connect_timeout 2s;"}


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
