"""Two instances of a room and one hub: one is linked, and when it is gone the other is."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract.cluster import Cluster
from e2e.guest import Guest
from e2e.hubs import RealHub
from e2e.program import Program

pytestmark = pytest.mark.timeout(180)

Json = dict[str, Any]

TAKEN_OVER_WITHIN_S = 40.0
"""The hand-over takes seconds; a machine that is busy takes more."""


class Pair:
    """Two instances of one room, the first of which is linked to the hub, and a guest at each."""

    def __init__(self, folder: Path, hub: RealHub, address: str) -> None:
        self.hub = hub
        self._config = folder / "config"
        self.first = self._instance(folder / "first", address)
        self.ana = Guest(self.first.url).join("Ana", "en")
        hears_of_hub(self.ana, "connected")
        self.second = self._instance(folder / "second", address)
        self.bob = Guest(self.second.url).join("Bob", "en")
        hears_of_hub(self.bob, "connected")

    def close(self) -> None:
        for guest in (self.ana, self.bob):
            guest.go()
        for program in (self.first, self.second):
            if program.process is not None and program.process.poll() is None:
                program.end(signal.SIGKILL)

    def send(self, program: Program, what: signal.Signals) -> None:
        assert program.process
        program.process.send_signal(what)

    def require_nothing_at_the_hub_twice(self) -> None:
        assert [text for text, n in Counter(self.hub.ever_heard()).items() if n > 1] == []

    def _instance(self, folder: Path, address: str) -> Program:
        flags = ("--port", "0", "--hub", "identity", "--no-lan", "--rate-limit", "off")
        program = Program(folder, *flags, "--database", address)
        program.environment["XDG_CONFIG_HOME"] = str(self._config)  # the hub knows one satellite
        if not self._config.exists():
            program.set_identity(self.hub)
        return program.start()


@pytest.fixture
def pair(cluster: Cluster, own_hub: RealHub, tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path, own_hub, cluster.new_database())
    yield pair
    pair.close()


def hears_of_hub(guest: Guest, state: str) -> None:
    """Wait until the newest that a guest has heard of the hub is this."""
    guest.hears(
        "hub", lambda _: bool(guest.heard("hub")[-1]["state"] == state), TAKEN_OVER_WITHIN_S
    )


def stands(number: int, *deliveries: str) -> Callable[[Json], bool]:
    return lambda update: update["id"] == number and update["delivery"] in deliveries


def is_answered(guest: Guest, text: str) -> None:
    """Wait until a guest has heard what the hub says to a text."""
    guest.hears("message", lambda message: message["text"] == f"echo {text}", TAKEN_OVER_WITHIN_S)


def operator_of(program: Program) -> httpx.Client:
    [address] = re.findall(r"Operator: +(\S+)", program.welcome)
    url, _, token = address.partition("/#k=")
    return httpx.Client(base_url=url, headers={"X-Operator-Token": token})


def test_what_is_asked_anywhere_goes_out_by_the_one_link(pair: Pair) -> None:
    for guest, text in ((pair.bob, "from the second"), (pair.ana, "from the first")):
        asked = guest.says(text)
        for other in (pair.ana, pair.bob):
            is_answered(other, text)
            other.hears("update", stands(asked["id"], "answered"))
    pair.require_nothing_at_the_hub_twice()
    with operator_of(pair.second) as operator:
        refused = operator.post("/api/hub/reconnect", json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "hub_elsewhere")


def test_when_the_linked_one_is_closed_the_other_goes_on(pair: Pair) -> None:
    pair.first.end()
    pair.bob.says("who is there")
    is_answered(pair.bob, "who is there")
    pair.require_nothing_at_the_hub_twice()


def test_when_the_linked_one_is_killed_the_other_goes_on_and_says_what_is_in_doubt(
    pair: Pair,
) -> None:
    asked = pair.ana.says("silent")
    pair.bob.hears("update", stands(asked["id"], "sent"))
    pair.first.end(signal.SIGKILL)
    pair.bob.hears("update", stands(asked["id"], "unconfirmed"), TAKEN_OVER_WITHIN_S)
    hears_of_hub(pair.bob, "connected")
    pair.bob.says("and now")
    is_answered(pair.bob, "and now")
    pair.require_nothing_at_the_hub_twice()


def test_when_the_linked_one_is_frozen_the_other_goes_on_and_who_wakes_sends_nothing(
    pair: Pair,
) -> None:
    on_its_way = pair.ana.says("silent")
    pair.bob.hears("update", stands(on_its_way["id"], "sent"))
    pair.send(pair.first, signal.SIGSTOP)
    asked = [pair.bob.says(f"meanwhile {n}") for n in range(5)]
    for message in asked:
        is_answered(pair.bob, message["text"])
    pair.bob.hears("update", stands(on_its_way["id"], "unconfirmed"))
    pair.send(pair.first, signal.SIGCONT)
    later = [pair.ana.says(f"awake {n}") for n in range(5)]
    later += [pair.bob.says(f"later {n}") for n in range(5)]
    for message in (*asked, *later):
        pair.ana.hears("update", stands(message["id"], "answered"), TAKEN_OVER_WITHIN_S)
    assert pair.ana.heard("hub")[-1]["state"] == "connected"
    shown = {message["id"]: message for message in pair.ana.get("/api/messages")["messages"]}
    assert shown[on_its_way["id"]]["delivery"] == "unconfirmed"
    pair.require_nothing_at_the_hub_twice()
    with operator_of(pair.first) as operator:
        refused = operator.post("/api/hub/reconnect", json={})
    assert refused.status_code == httpx.codes.CONFLICT


def test_when_the_database_has_been_away_one_is_linked_again(pair: Pair, cluster: Cluster) -> None:
    cluster.crash()
    cluster.start()
    hears_of_hub(pair.ana, "connected")
    hears_of_hub(pair.bob, "connected")
    for guest in (pair.ana, pair.bob):
        text = f"{guest is pair.ana}"
        while guest.posts(text).status_code != httpx.codes.CREATED:
            """Its connections are being made."""
        is_answered(guest, text)
