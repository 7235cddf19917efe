"""A real hivemind-core that announces itself by hivemind-presence is found for the wizard."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from e2e.keys import give_hub_key
from e2e.program import Program
from lan.household import HERE, Room, Running
from lan.network import Host, Lan
from lan.talk import HEARD_WITHIN_S, Talk

NAME = "Living room"
PORT = 5678
SETTINGS = {
    "presence": {"enabled": True, "name": NAME, "zeroconf": True, "upnp": False},
    "network_protocol": {
        "hivemind-websocket-plugin": {"host": "0.0.0.0", "port": PORT, "ssl": False}  # noqa: S104 - in a network of its own
    },
}


def hub(host: Host, folder: Path) -> Talk:
    """Start a hub on a host."""
    environment = Program(folder).environment
    config = Path(environment["XDG_CONFIG_HOME"])
    (config / "hivemind-core").mkdir(parents=True)
    (config / "hivemind-core" / "server.json").write_text(json.dumps(SETTINGS))
    give_hub_key(config / "hivemind")
    return Talk(host.begin(sys.executable, str(HERE / "announced_hub.py"), env=environment))


def test_a_hub_is_found_and_said_to_answer_until_it_goes(
    lan: Lan, host: Host, tmp_path: Path
) -> None:
    room, elsewhere = Room(host, 0xA11), lan.host()
    room.go()
    running = hub(elsewhere, tmp_path)
    found = {"name": NAME, "host": elsewhere.address, "port": PORT, "tls": False}
    for is_reachable in (True, False):
        room.until_hubs({**found, "is_reachable": is_reachable})
        running.kill()
    room.end()


def test_the_wizard_lists_it(lan: Lan, host: Host, tmp_path: Path) -> None:
    elsewhere = lan.host()
    running = hub(elsewhere, tmp_path / "hub")
    room = Running(host, tmp_path / "room")
    deadline = time.monotonic() + HEARD_WITHIN_S
    while not (listed := room.operate(host, "/api/hubs")["hubs"]):
        assert time.monotonic() < deadline
    assert [(each["name"], each["host"], each["port"]) for each in listed] == [
        (NAME, elsewhere.address, PORT)
    ]
    room.stop()
    running.kill()
