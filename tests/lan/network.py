"""A LAN made of network namespaces: a switch, and hosts with an interface and an address each.

Nothing of it has a name on this system: it is held by a process for each host and one for the
switch, which end when their input does, and goes with the last of them, whatever becomes of us.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Self

NETWORK: Final = "10.77.0"
SWITCH: Final = f"{NETWORK}.254"
HOSTS_MAX: Final = 199
SETTLES_S: Final = 20.0
"""How long a command may take that sets something up, in seconds."""

TOOLS: Final = ("ip", "unshare", "nsenter", "setpriv", "mount")

NSSWITCH: Final = "hosts: files mdns4_minimal [NOTFOUND=return] dns\n"
RESOLVER: Final = "nameserver 127.0.0.1\n"
"""Without it, every look-up of a name waits for the resolver of the real network."""

_PREPARE: Final = """
set -e
mount -t tmpfs tmpfs /run
mount --bind "$1" /etc/nsswitch.conf
test ! -f /etc/resolv.conf || mount --bind "$2" /etc/resolv.conf
ip link set lo up
ip link add name switch type bridge mcast_snooping 0
ip addr add "$3/24" dev switch
ip link set switch up
"""

_PLUG_IN: Final = """
set -e
ip link add name "$1" type veth peer name eth0 netns "$2"
ip link set "$1" master switch up
"""

_TAKE: Final = """
set -e
ip link set lo up
ip addr replace "$1/24" brd + dev eth0
ip link set eth0 up
ip route replace default via "$2" src "$1"
"""


class _Held:
    """Namespaces that a process of ours holds."""

    def __init__(self, command: Sequence[str], *, is_user_too: bool) -> None:
        self.holder = subprocess.Popen(
            [*command, "sh", "-c", "echo held; exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._begun: list[subprocess.Popen[str]] = []
        assert self.holder.stdout
        if self.holder.stdout.readline() != b"held\n":
            self.close()
            raise OSError("this system gives out no network namespaces")
        user = ("--user", "--preserve-credentials") if is_user_too else ()
        target = str(self.holder.pid)
        self.inside = ("nsenter", "--target", target, *user, "--net", "--mount", "--")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in there to its end; it must succeed."""
        done = self.try_run(*command)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done

    def try_run(
        self, *command: str, within_s: float = SETTLES_S
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in there to its end."""
        return subprocess.run(
            [*self.inside, *command], capture_output=True, text=True, check=False, timeout=within_s
        )

    def begin(self, *command: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a program in there, which ends with us at the latest; its process id is its own."""
        program = subprocess.Popen(
            [*self.inside, "setpriv", "--pdeathsig", "KILL", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
        )
        self._begun.append(program)
        return program

    def close(self) -> None:
        """Let go of it, and end what a test has left running there."""
        for program in self._begun:
            program.kill()
            program.wait()
            for pipe in (program.stdin, program.stdout):
                with contextlib.suppress(OSError):  # what was written and never read
                    assert pipe
                    pipe.close()
        for held in (self.holder.stdin, self.holder.stdout):
            assert held
            held.close()
        self.holder.kill()
        self.holder.wait()


class Host(_Held):
    """A computer of the LAN."""

    def __init__(self, switch: _Held, number: int, *, is_user_too: bool) -> None:
        super().__init__(
            [*switch.inside, "unshare", "--net", "--mount", "--"], is_user_too=is_user_too
        )
        self.number = number
        self.address = f"{NETWORK}.{number}"
        self.port = f"port{number}"
        self._switch = switch
        switch.run("sh", "-c", _PLUG_IN, "sh", self.port, str(self.holder.pid))
        self.take(self.address)

    def take(self, address: str) -> None:
        """Have this address, beside those it has."""
        self.run("sh", "-c", _TAKE, "sh", address, SWITCH)

    def settle(self) -> None:
        """Wait until the switch forwards what we send: Linux takes up to a second after the cable.

        Who asks for a name meanwhile asks nobody, and takes the silence for a yes.
        """
        self.run("ping", "-q", "-c", "1", "-i", "0.01", "-w", "10", SWITCH)

    def move(self, address: str) -> None:
        """Have this address instead of the one that it has, as after roaming."""
        before, self.address = self.address, address
        self.run("ip", "addr", "del", f"{before}/24", "dev", "eth0")
        self.take(address)

    def add_interface(self, name: str, address: str) -> None:
        """Have one interface more, on the same switch but in a network of its own."""
        pair = ("link", "add", "name", f"{self.port}-{name}", "type", "veth", "peer", "name", name)
        self._switch.run("ip", *pair, "netns", str(self.holder.pid))
        self._switch.run("ip", "link", "set", f"{self.port}-{name}", "master", "switch", "up")
        self.run("ip", "addr", "add", f"{address}/24", "brd", "+", "dev", name)
        self.run("ip", "link", "set", name, "up")

    def remove_interface(self, name: str) -> None:
        """Have it no longer."""
        self.run("ip", "link", "delete", name)

    def unplug(self) -> None:
        """Take the cable out."""
        self._switch.run("ip", "link", "set", self.port, "down")
        self.run("ip", "link", "set", "eth0", "down")

    def plug(self) -> None:
        """Put the cable in again."""
        self._switch.run("ip", "link", "set", self.port, "up")
        self.run("sh", "-c", _TAKE, "sh", self.address, SWITCH)


class Lan:
    """A switch with hosts, made as they are asked for."""

    def __init__(self) -> None:
        """Make the switch.

        Raises:
            OSError: This system gives out no network namespaces.
        """
        self._is_user_too = os.geteuid() != 0
        self._folder = Path(tempfile.mkdtemp(prefix="lan-"))
        self._owned = contextlib.ExitStack()
        self._owned.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self._guests = self._owned
        """What ends the hosts that are made now."""
        self._hosts = 0
        user = ("--user", "--map-root-user") if self._is_user_too else ()
        try:
            self._switch = _Held(
                ["unshare", *user, "--net", "--mount", "--"], is_user_too=self._is_user_too
            )
            self._owned.callback(self._switch.close)
            (self._folder / "nsswitch.conf").write_text(NSSWITCH)
            (self._folder / "resolv.conf").write_text(RESOLVER)
            files = (str(self._folder / "nsswitch.conf"), str(self._folder / "resolv.conf"))
            self._switch.run("sh", "-c", _PREPARE, "sh", *files, SWITCH)
        except BaseException:
            self._owned.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def host(self) -> Host:
        """Put one more computer on the LAN."""
        self._hosts += 1
        assert self._hosts <= HOSTS_MAX
        host = Host(self._switch, self._hosts, is_user_too=self._is_user_too)
        self._guests.callback(host.close)
        return host

    @contextlib.contextmanager
    def visit(self) -> Iterator[Self]:
        """Take away in the end the computers that are put on it meanwhile."""
        before, self._guests = self._guests, contextlib.ExitStack()
        try:
            with self._guests:
                yield self
        finally:
            self._guests = before

    @contextlib.contextmanager
    def without_multicast_dns(self) -> Iterator[None]:
        """Have the switch drop what is sent to UDP port 5353, as some access points do."""
        rule = "udp dport 5353 drop"
        self._switch.run("nft", "add", "table", "bridge", "wifi")
        chain = "{ type filter hook forward priority 0; }"
        self._switch.run("nft", "add", "chain", "bridge", "wifi", "forward", chain)
        self._switch.run("nft", "add", "rule", "bridge", "wifi", "forward", *rule.split())
        try:
            yield
        finally:
            self._switch.run("nft", "delete", "table", "bridge", "wifi")

    def close(self) -> None:
        """End every host, and the switch."""
        self._owned.close()


def why_not() -> str:
    """Return why there can be no such LAN here; empty if there can."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"there is no {', '.join(missing)} on this system"
    try:
        with Lan() as lan:
            lan.host()
    except (OSError, AssertionError, subprocess.SubprocessError) as error:
        return f"this system gives out no network namespaces: {type(error).__name__}"
    return ""
