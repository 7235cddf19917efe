"""What the hub takes: from a post to its answer on all streams, and utterances a second.

The hub is a real hivemind-core whose assistant says at once what it was asked, over a bus that
costs next to nothing. It has the load's core, the room has the other. What it takes from a bare
client is beside it, over that bus and over ovos-utils' FakeBus.
"""

from __future__ import annotations

import contextlib
import socket
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from bench.bare import UNDER_WAY, BareClient
from bench.contenders import MARK, get_request, post_request
from bench.cores import LOAD, SERVER, cpu_s, on
from bench.loads import drive
from bench.posting import join
from bench.table import show, spread
from e2e.guest import Guest
from e2e.hubs import UTTERANCE, RealHub
from e2e.program import Program
from faults.asking import ENDS

FLAGS: Final = ("--port", "0", "--hub", "identity", "--no-lan", "--rate-limit", "off")
LINKED_WITHIN_S: Final = 30.0

STREAMS: Final = (1, 100, 1_000)
QUESTIONS: Final = 60
"""Asked one after the other, each when the last stream has the answer to the one before."""
WARM_UPS: Final = 5

ANSWER: Final = '"text":"echo '
"""What stands before the mark in an answer alone."""
UPDATE: Final = b"event: update\n"
ENDED: Final = tuple(f'"delivery":"{end}"'.encode() for end in sorted(ENDS))
ANSWERED: Final = b'"delivery":"answered"'
RECEIVE_BYTES: Final = 65_536

PLAIN, FAKE = "plain", "FakeBus"
BARE_ASKS: Final = 3_000
BARE_WARM_UPS: Final = 300

ASKING: Final = 32
"""Members who ask at the same time."""
ROUNDS: Final = 6
FOR_S: Final = 2.0
ENDED_WITHIN_S: Final = 60.0
"""How long the last of them may take to be answered, in seconds."""


class Ear:
    """Listens to the room, and counts the utterances that have come to an end."""

    def __init__(self, port: int) -> None:
        """Open a stream."""
        self.answered = self.ended = 0
        self._changed = threading.Condition()
        self._stream = socket.create_connection(("127.0.0.1", port))
        self._stream.sendall(get_request("/api/events", port).encode())
        self._thread = threading.Thread(target=self._listen, name="ear", daemon=True)
        self._thread.start()

    def hears(self, ended: int) -> None:
        """Wait until so many have come to an end, whichever.

        Raises:
            TimeoutError: They have not.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self.ended >= ended, ENDED_WITHIN_S):
                raise TimeoutError(f"{ended - self.ended} have no end")

    def close(self) -> None:
        """Hang up."""
        self._stream.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._stream.close()

    def _listen(self) -> None:
        heard = b""
        while received := self._stream.recv(RECEIVE_BYTES):
            *events, heard = (heard + received).split(b"\n\n")
            updates = [each for each in events if each.startswith(UPDATE)]
            with self._changed:
                self.answered += sum(ANSWERED in each for each in updates)
                self.ended += sum(any(end in each for end in ENDED) for each in updates)
                self._changed.notify_all()


def talk() -> None:
    """Measure, and print."""
    with (
        tempfile.TemporaryDirectory(prefix="chatroom-bench-") as name,
        contextlib.ExitStack() as running,
    ):
        floors = {bus: floor(Path(name, bus), is_plain=bus == PLAIN) for bus in (PLAIN, FAKE)}
        program = linked(Path(name), running)
        assert program.process
        pid, port = program.process.pid, int(program.url.rpartition(":")[2].strip("/"))
        with Guest(program.url).join("Watcher", "en") as watcher:
            watcher.hears("hub", lambda hub: hub["state"] == "connected", LINKED_WITHIN_S)
        said = [asked(program.url, port, f"member {number}") for number in range(ASKING)]
        round_trips(pid, port, said[0])
        ear = Ear(port)
        running.callback(ear.close)
        throughput(pid, port, said, ear)
        show(
            f"The same hub without a room, a bare client with {UNDER_WAY} under way",
            ("assistant's bus", "answered/s", "the hub's CPU us/utterance"),
            [(bus, f"{rate:,.0f}", f"{cost_us:,.0f}") for bus, (rate, cost_us) in floors.items()],
        )


def floor(folder: Path, *, is_plain: bool) -> tuple[float, float]:
    """Measure what a hub takes from a bare client: utterances a second, its own CPU for one."""
    with contextlib.ExitStack() as running:
        with on(LOAD):
            hub = RealHub(folder, is_plain=is_plain).start(UTTERANCE)
        running.callback(hub.stop)
        client = BareClient(hub, folder / "satellite")
        running.callback(client.close)
        client.asks(BARE_WARM_UPS)
        before_s = cpu_s(hub.pid)
        rate = client.asks(BARE_ASKS)
        return rate, (cpu_s(hub.pid) - before_s) / BARE_ASKS * 1e6


def linked(folder: Path, running: contextlib.ExitStack) -> Program:
    """Start a hub and a room that is its satellite."""
    with on(LOAD):
        hub = RealHub(folder / "hub", is_plain=True).start(UTTERANCE)
    running.callback(hub.stop)
    program = Program(folder, *FLAGS).set_identity(hub)
    with on(SERVER):
        return running.enter_context(program)


def asked(url: str, port: int, name: str) -> str:
    """Let a member join, and return what it asks."""
    fields = (f"Origin: {url}", f"Cookie: room_session={join(url, name)}")
    body = f'{{"client_id": "{MARK}", "text": "{MARK}"}}'
    return post_request("/api/messages", port, body, *fields, kind="application/json")


def round_trips(pid: int, port: int, said: str) -> None:
    """Ask one question after the other while so many listen."""
    rows = []
    for streams in STREAMS:
        words = (port, streams, WARM_UPS, QUESTIONS, get_request("/api/events", port), said)
        done = drive("fanout", pid, *words, ANSWER)
        took_ms = sorted(float(line.split()[0]) / 1e3 for line in done.lines)
        p99 = took_ms[int(len(took_ms) * 0.99)]
        rows.append((f"{streams:,}", f"{statistics.median(took_ms):.1f}", f"{p99:.1f}"))
    show(
        f"From a post to the hub's answer on all streams, ms; {QUESTIONS} questions",
        ("streams", "p50", "p99"),
        rows,
    )


def throughput(pid: int, port: int, said: list[str], ear: Ear) -> None:
    """Have everybody ask again as soon as the question is taken, and wait for all answers."""
    rates, costs, lost = [], [], 0
    for _ in range(ROUNDS):
        answered, ended = ear.answered, ear.ended
        before_s, begun = cpu_s(pid), time.perf_counter()
        done = drive("posts", pid, port, 0, FOR_S, "", *said)
        count = int(done.lines[-1].split()[0])
        ear.hears(ended + count)
        lost += count - (ear.answered - answered)
        rates.append((ear.answered - answered) / (time.perf_counter() - begun))
        costs.append((cpu_s(pid) - before_s) / count)
    cost_us = statistics.median(costs) * 1e6
    show(
        f"Utterances through the hub and back, {ASKING} members, {ROUNDS} rounds of {FOR_S:g} s",
        ("answered/s", "from-to", "not answered", "CPU us/utterance"),
        [(f"{statistics.median(rates):,.0f}", spread(rates), f"{lost:,}", f"{cost_us:,.0f}")],
    )
