"""One room on two instances and a database, each of which may be killed or frozen at any moment."""

from __future__ import annotations

import contextlib
import itertools
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from contract.cluster import Cluster
from e2e.guest import Guest
from e2e.hubs import UTTERANCE, RealHub, free_port
from e2e.program import Program
from faults.posting import joined, visitor

ANSWERS_WITHIN_S = 3.0
"""How long a browser waits before it asks at the other instance."""

STARTS_MAX = 20
"""How often an instance is started while its database is away."""

AGAIN_AFTER_S = 0.1
"""How long it waits before it asks there, in seconds."""

WELL_S = (2.0, 8.0)
"""How long each of the three is well before the next fault, in seconds."""

AWAY_S = (0.0, 3.0)
"""How long something that was killed is not started, in seconds."""

FROZEN_S = (0.5, 9.0)
"""How long something is frozen, in seconds: shorter and longer than the link may be silent."""


class Instances:
    """A database, a hub, and two instances of one room at ports that they keep."""

    def __init__(self, folder: Path) -> None:
        """Choose the ports; nothing runs yet."""
        self._folder = folder
        self.ports = (free_port(), free_port())
        self.hub = RealHub(folder / "hub")
        self.cluster = Cluster(is_durable=True)
        self._address = self.cluster.new_database()
        self._programs: dict[int, Program] = {}

    @property
    def urls(self) -> list[str]:
        """Where they are."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def start(self, port: int) -> None:
        """Start one, again and again until its database is there, as its service does."""
        for _ in range(STARTS_MAX):
            with contextlib.suppress(AssertionError):
                self._programs[port] = self._instance(port).start()
                return
        raise AssertionError(port)

    def kill(self, port: int) -> None:
        """End one as a power cut would."""
        self._programs[port].end(signal.SIGKILL)

    def stop(self, port: int) -> None:
        """End one as its service does."""
        self._programs[port].end()

    def send(self, port: int, what: signal.Signals) -> None:
        """Send a signal to one."""
        process = self._programs[port].process
        assert process
        process.send_signal(what)

    def close(self) -> None:
        """End all of it."""
        for port in self._programs:
            self.kill(port)
        self.hub.stop()
        self.cluster.stop()

    def _instance(self, port: int) -> Program:
        flags = ("--port", f"{port}", "--no-lan", "--rate-limit", "off", "--hub", "identity")
        program = Program(self._folder / f"{port}", *flags, "--database", self._address)
        config = self._folder / "config"  # one satellite, and so one identity
        program.environment["XDG_CONFIG_HOME"] = str(config)
        if not config.exists():
            program.set_identity(self.hub)
        return program


@contextlib.contextmanager
def instances(folder: Path) -> Iterator[Instances]:
    """Run all of it, linked to the hub."""
    room = Instances(folder)
    with contextlib.closing(room):
        room.hub.start(UTTERANCE)
        for port in room.ports:
            room.start(port)
        with Guest(room.urls[0]) as watcher:
            watcher.join("First", "en")
            watcher.hears("hub", lambda hub: hub["state"] == "connected")
        yield room


class Poster(threading.Thread):
    """Posts, and repeats what was not acknowledged at the other instance, as a page does."""

    def __init__(self, name: str, urls: Sequence[str], *, to: str, pause_s: float) -> None:
        """Join.

        Args:
            name: Of the member, and of the thread.
            urls: The instances.
            to: Whom it speaks to.
            pause_s: How long it thinks before each line, in seconds.
        """
        super().__init__(name=name, daemon=True)
        cookie = joined(urls[0], name)
        self._ways = [visitor(url, cookie) for url in urls]
        self._to, self._pause_s = to, pause_s
        self._is_done = threading.Event()
        self.acknowledged: dict[str, int] = {}
        """The number that each text was given."""
        self.failures = 0
        """How often nothing was acknowledged."""
        self.refused: list[str] = []
        """What it was told that nobody may be told here."""

    def run(self) -> None:
        for number in itertools.count():
            if self._is_done.wait(self._pause_s):
                return
            self.keep(f"{self.name}, line {number}")

    def end(self) -> None:
        """Post no more, once the line on its way is kept."""
        self._is_done.set()
        self.join()

    def close(self) -> None:
        """Hang up."""
        for way in self._ways:
            way.close()

    def keep(self, text: str) -> None:
        """Post a line until it is acknowledged."""
        body = {"client_id": text, "text": text, "to": self._to}
        while not self.refused:
            with contextlib.suppress(httpx.HTTPError):
                answer = self._ways[0].post("/api/messages", json=body, timeout=ANSWERS_WITHIN_S)
                if answer.status_code in {httpx.codes.OK, httpx.codes.CREATED}:
                    self.acknowledged[text] = answer.json()["id"]
                    return
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    self.refused.append(answer.text)
            self.failures += 1
            self._ways.reverse()
            threading.Event().wait(AGAIN_AFTER_S)


class Trouble(threading.Thread):
    """Kills or freezes one of the three again and again, and lets it come back."""

    def __init__(self, name: str, faults: Sequence[Fault], chance: random.Random) -> None:
        """Choose among these faults; nothing happens yet."""
        super().__init__(name=name, daemon=True)
        self._faults, self._chance = faults, chance
        self._is_over = threading.Event()
        self.done: Counter[str] = Counter()
        """How often each was made."""

    def run(self) -> None:
        while not self._is_over.wait(self._chance.uniform(*WELL_S)):
            fault = self._chance.choice(self._faults)
            self.done[fault.name] += 1
            fault.begin()
            self._is_over.wait(self._chance.uniform(*fault.lasts_s))
            fault.end()

    def end(self) -> None:
        """Make no more, once all is well."""
        self._is_over.set()
        self.join()


Do = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to one of the three, and how that is undone."""

    name: str
    begin: Do
    end: Do
    lasts_s: tuple[float, float]


def troubles(room: Instances, chance: random.Random) -> list[Trouble]:
    """Return what befalls each of the three."""
    database = room.cluster
    return [
        Trouble(f"trouble-{name}", faults, random.Random(chance.random()))  # noqa: S311 - a schedule, not a secret
        for name, faults in [
            *((f"{port}", _of_instance(room, port)) for port in room.ports),
            ("database", _faults("database", database.crash, database.start, database.signal)),
        ]
    ]


def _of_instance(room: Instances, port: int) -> list[Fault]:
    return _faults(
        "instance", partial(room.kill, port), partial(room.start, port), partial(room.send, port)
    )


def _faults(name: str, kill: Do, start: Do, send: Callable[[signal.Signals], None]) -> list[Fault]:
    return [
        Fault(f"{name} killed", kill, start, AWAY_S),
        Fault(
            f"{name} frozen", partial(send, signal.SIGSTOP), partial(send, signal.SIGCONT), FROZEN_S
        ),
    ]
