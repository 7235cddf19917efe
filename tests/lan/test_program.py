"""The program itself on a LAN: how phones and other computers come in."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lan.household import Listener, Running, avahi, get
from lan.network import Host, Lan
from lan.talk import HEARD_WITHIN_S

STOPS_WITHIN_S = 3.0
MOVED_WITHIN_S = 3.0
PORT = 8985
CODE = "%{http_code}"
"""How curl writes an answer's status."""


@pytest.fixture
def program(host: Host, tmp_path: Path) -> Iterator[Running]:
    running = Running(host, tmp_path)
    yield running
    running.kill()


def test_the_room_opens_by_its_name_and_tells_of_the_other_one(
    program: Running, lan: Lan, host: Host, ear: Listener, tmp_path: Path
) -> None:
    ear.hears("hivechat.local", host.address)
    elsewhere = lan.host()
    with avahi(elsewhere, "visitor"):
        assert "<title>HiveMind Chatroom</title>" in get(elsewhere, "http://hivechat.local:8985/")
        assert get(elsewhere, "http://somebody-else.local:8985/") == ""
    other = Running(elsewhere, tmp_path / "other", "--lan-name", "attic", "--code", "1234")
    ear.hears("attic.local", elsewhere.address)
    deadline = time.monotonic() + HEARD_WITHIN_S
    while not (told := json.loads(get(host, "http://127.0.0.1:8985/api/rooms"))["rooms"]):
        assert time.monotonic() < deadline
    [room] = told
    assert (room["url"], room["needs_code"]) == (f"http://{elsewhere.address}:8985/", True)
    assert other.stop() <= STOPS_WITHIN_S
    assert program.stop() <= STOPS_WITHIN_S


def test_where_no_multicast_gets_through_the_address_of_the_qr_code_still_opens_the_room(
    lan: Lan, host: Host, tmp_path: Path
) -> None:
    elsewhere, program = lan.host(), Running(host, tmp_path, "--code", "4821")
    invitation = program.operate(host, "/api/invite")["url"]
    assert invitation.startswith(f"http://{host.address}:{PORT}/j/")
    with lan.without_multicast_dns(), avahi(elsewhere, "visitor"):
        assert get(elsewhere, "http://hivechat.local:8985/") == ""
        assert "HiveMind Chatroom" in get(elsewhere, invitation)
    program.stop()


def test_a_room_has_the_same_machine_name_after_a_restart(
    host: Host, ear: Listener, tmp_path: Path
) -> None:
    health = "http://127.0.0.1:8985/healthz"
    first = Running(host, tmp_path)
    machine = f"hc-{json.loads(get(host, health))['id'][:8]}.local"
    ear.hears(machine, host.address)
    first.stop()
    stopped = time.monotonic()
    again = Running(host, tmp_path)
    ear.hears(machine, host.address, after=stopped)
    again.stop()


def test_a_room_that_shall_not_be_announced_is_not(
    lan: Lan, host: Host, ear: Listener, tmp_path: Path
) -> None:
    silent = Running(host, tmp_path, "--no-lan")
    Running(lan.host(), tmp_path / "other")
    ear.sees("added", "_http._tcp")
    assert len({line["name"] for line in ear.said if line["what"] == "added"}) <= 2
    assert not [line for line in ear.said if line.get("address") == host.address]
    silent.stop()


def status_of(program: Running, host: Host, name: str) -> int:
    """Call the room by a name or an address, and return how it answers."""
    url, called = f"http://127.0.0.1:{PORT}/healthz", f"Host: {name}:{PORT}"
    assert program.process.poll() is None
    return int(get(host, url, "--header", called, "--output", "/dev/null", "--write-out", CODE))


def change(program: Running, host: Host, **settings: object) -> None:
    """Decide something as the host does in the window."""
    told = program.operate(
        host, "/api/settings", "--request", "PATCH", "--data", json.dumps(settings)
    )
    assert told.items() >= settings.items()


def test_what_the_host_changes_is_right_everywhere_without_a_restart(
    program: Running, host: Host, ear: Listener
) -> None:
    ear.hears("hivechat.local", host.address)
    changed = time.monotonic()
    change(program, host, lan_name="cellar", code="4821", room_name="Cellar")
    ear.hears("cellar.local", host.address, after=changed)
    for label in ("Cellar hc-", "Cellar on "):
        ear.sees("added", label, after=changed)
    texts = [each["text"] for each in ear.found() if each["name"].startswith("Cellar ")]
    assert [(each["room"], each["auth"]) for each in texts] == [("Cellar", "pin")] * 2
    lan = program.operate(host, "/api/status")["lan"]
    assert (lan["state"], lan["name"], lan["wanted_name"]) == ("ok",) + ("cellar.local",) * 2
    assert program.operate(host, "/api/invite")["name_url"] == f"http://cellar.local:{PORT}"
    assert [status_of(program, host, name) for name in ("cellar.local", "hivechat.local")] == [
        200,
        421,
    ]
    change(program, host, lan=False)
    ear.sees("removed", "Cellar hc-", after=changed)
    assert program.operate(host, "/api/status")["lan"]["state"] == "disabled"
    program.stop()


def test_another_address_is_that_of_the_invitation_and_the_only_one_that_is_answered_to(
    program: Running, host: Host, ear: Listener
) -> None:
    before, address = host.address, "10.77.0.222"
    ear.hears("hivechat.local", before)
    moved = time.monotonic()
    host.move(address)
    called = (address, before, "hivechat.local")
    while [status_of(program, host, name) for name in called] != [200, 421, 200]:
        assert time.monotonic() - moved <= MOVED_WITHIN_S
    assert program.operate(host, "/api/invite")["url"].startswith(f"http://{address}:{PORT}/")
    assert program.operate(host, "/api/status")["lan"]["addresses"] == [address]
    assert time.monotonic() - moved <= MOVED_WITHIN_S
    ear.hears("hivechat.local", address, after=moved)
    program.stop()
