"""Who is on a test's LAN: rooms, listeners, and computers with avahi."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from e2e.program import Program
from lan.network import Host
from lan.talk import HEARD_WITHIN_S, Said, Talk

HERE: Final = Path(__file__).parent

_BUS: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
 <type>system</type>
 <listen>unix:path=/run/dbus/system_bus_socket</listen>
 <auth>EXTERNAL</auth>
 <policy context="default">
  <allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
  <allow send_requested_reply="true"/><allow receive_type="method_call"/>
  <allow receive_type="method_return"/><allow receive_type="error"/><allow receive_type="signal"/>
 </policy>
</busconfig>
"""

_AVAHI: Final = """[server]
host-name={name}
use-ipv4=yes
use-ipv6=no
allow-interfaces=eth0
disallow-other-stacks={alone}
[publish]
publish-hinfo=no
publish-workstation=no
"""

_PEOPLE: Final = {
    "passwd": "root:x:0:0::/:/bin/sh\navahi:x:0:0::/:/bin/sh\n",
    "group": "root:x:0:\navahi:x:0:\nnetdev:x:0:\n",
}
"""avahi gives its folder to its own user, of whom a namespace without rights knows nothing."""

_MAKE_WAY: Final = """
set -e
mount -t tmpfs tmpfs /run
mkdir /run/dbus /run/avahi-daemon
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/group" /etc/group
"""

_OPERATOR: Final = re.compile(r"Operator: +(http://[0-9.:]+)/#k=(\S+)")
_JSON: Final = "Content-Type: application/json"


def room_id(number: int) -> str:
    """Return an id of a room: its first eight digits are announced, four of them tell it apart."""
    return f"{number:04x}{number:04x}" + "0" * 24


class Room(Talk):
    """A room's presence on a host, without the room."""

    def __init__(
        self, host: Host, number: int, name: str = "Kitchen", wanted: str = "hivechat"
    ) -> None:
        """Have it ready; it begins when it is told `go`."""
        super().__init__(
            host.begin(
                sys.executable,
                str(HERE / "announcing.py"),
                room_id(number),
                name,
                wanted,
                "0.0.0.0",  # noqa: S104 - in a network of its own
            )
        )
        self.suffixed = f"{wanted}-{number:04x}.local"
        """What it is called when somebody else has the name that it wants."""
        self.id = room_id(number)[:8]
        self.machine = f"hc-{self.id}.local"
        self.wait(lambda line: line["what"] == "ready")

    def go(self) -> float:
        """Begin; return when that was."""
        return float(self.ask("go")["at"])

    def standing(self) -> Said:
        """Return how it stands on the LAN as far as it has said."""
        return [line for line in self.said if line["what"] == "standing"][-1]

    def until(self, *, after: float = 0.0, **wanted: object) -> Said:
        """Wait until it stands like this on the LAN."""
        return self.wait(
            lambda line: line["what"] == "standing" and wanted.items() <= line.items(), after=after
        )

    def until_rooms(self, *ids: str, after: float = 0.0) -> Said:
        """Wait until it knows these rooms and no others."""
        return self.wait(
            lambda line: line["what"] == "others" and sorted(ids) == sorted(ids_of(line)),
            after=after,
        )

    def until_hubs(self, *hubs: Said) -> None:
        """Wait until it knows these hubs and no others."""
        self.wait(lambda line: line["what"] == "others" and line["hubs"] == list(hubs))


def ids_of(line: Said) -> list[str]:
    """Return the ids of the rooms that a line tells of."""
    return [room["id"] for room in line["rooms"]]


class Running(Talk):
    """The program on a host, in a data folder that stays."""

    def __init__(self, host: Host, folder: Path, *flags: str) -> None:
        super().__init__(
            host.begin(
                sys.executable,
                *("-m", "hivemind_chatroom", "--hub", "none", "--port", "8985", *flags),
                env=Program(folder).environment,
            )
        )
        self.hear("Press Ctrl+C")

    def operate(self, host: Host, path: str, *flags: str) -> Any:  # noqa: ANN401 - any JSON value
        """Ask its operator's API, with the token that it has printed."""
        [found] = [found for line in self.noise if (found := _OPERATOR.search(line))]
        typed = ("--header", f"X-Operator-Token: {found[2]}", "--header", _JSON)
        return json.loads(get(host, f"{found[1]}{path}", *typed, *flags) or "null")

    def stop(self) -> float:
        """Stop it as a system does; return how long that took, in seconds."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(HEARD_WITHIN_S)
        took = time.monotonic() - begun
        self.end()
        return took


class Listener(Talk):
    """A stranger's program on a host that hears what is announced."""

    def __init__(self, host: Host) -> None:
        """Have it listen."""
        super().__init__(host.begin(sys.executable, str(HERE / "listening.py"), host.address))
        self.wait(lambda line: line["what"] == "ready")

    def hears(self, name: str, address: str, after: float = 0.0) -> float:
        """Wait until somebody says that a name has an address; return when that was."""
        told = {"what": "address", "name": f"{name}.", "address": address}
        return float(
            self.wait(lambda line: told.items() <= line.items() and line["ttl"] > 0, after=after)[
                "at"
            ]
        )

    def sees(self, what: str, part_of_name: str, after: float = 0.0) -> float:
        """Wait until a service has come (`added`) or gone (`removed`); return when that was."""
        return float(
            self.wait(
                lambda line: line["what"] == what and part_of_name in line["name"], after=after
            )["at"]
        )

    def found(self) -> list[Said]:
        """Ask where all services are that it has heard of."""
        services: list[Said] = self.ask("resolve")["found"]
        return services


@contextlib.contextmanager
def avahi(host: Host, name: str, *, is_alone: bool = False) -> Iterator[Talk]:
    """Have a host run avahi, with its own bus.

    Args:
        host: Which.
        name: What it is called, without `.local`.
        is_alone: Whether it lets no other program speak multicast DNS (`disallow-other-stacks`).
    """
    with contextlib.ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="avahi-")))
        (folder / "bus.conf").write_text(_BUS)
        (folder / "avahi.conf").write_text(
            _AVAHI.format(name=name, alone="yes" if is_alone else "no")
        )
        for file, people in _PEOPLE.items():
            (folder / file).write_text(people)
        host.run("sh", "-c", _MAKE_WAY, "sh", str(folder))
        host.settle()
        bus = Talk(
            host.begin(
                "dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork", "--print-address"
            )
        )
        running.callback(bus.kill)
        bus.hear("unix:path")
        free = ("--no-chroot", "--no-drop-root", "--no-rlimits")
        daemon = Talk(host.begin("avahi-daemon", "-f", f"{folder}/avahi.conf", *free))
        running.callback(daemon.kill)
        daemon.hear("Server startup complete")
        yield daemon


def get(host: Host, url: str, *flags: str) -> str:
    """Fetch a page as a visitor on a host; empty if it can't be had."""
    return host.try_run("curl", "--silent", "--location", "--max-time", "5", *flags, url).stdout
