"""A hub that knows the password and means no good: it costs little, and the room goes on."""

from __future__ import annotations

import itertools
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
import pytest

from e2e.guest import Guest
from e2e.hubs import UTTERANCE, RealHub
from e2e.program import Program
from faults.asking import ENDS
from faults.attacking import Neighbour, memory_of
from faults.figures import Figures
from faults.scale import Scale
from hivemind_chatroom.diagnostics.logs import LOG_FILE
from hivemind_chatroom.hub.allowance import UNASKED, UNMARKED_FOR_EACH

MEMORY_MB = 50
"""The bar of what such a hub may cost."""

ANSWERED_WITHIN_S = 1.0
"""How long people may wait for an answer of the room meanwhile; 99 of 100 of them."""

NEIGHBOUR = "127.0.0.2"
GOES_ON_WITHIN_S = 45.0

TOPICS: Final = (
    "speak",
    "ovos.utterance.speak",
    "ovos.common_play.play",
    "mycroft.audio.service.play",
    "ovos.utterance.handled",
    "ovos.utterance.cancelled",
    "complete_intent_failure",
    "hive.policy.denied",
)

DEEP: Final = 5_000
"""Deeper than Python's parser goes."""

VALUES: Final = (
    *("null", "true", "-1", "1e999", "NaN", "9" * 4_000, '""', "[]", "{}", "[[1]]"),
    *('"\\ud800"', '"\\u0000\\u202e"', '"javascript:alert(1)"', f'"{"x" * 60_000}"'),
    *("[" * DEEP + "]" * DEEP, '{"a":' * DEEP + "1" + "}" * DEEP),
)
"""In JSON, as some of it can be written there alone."""

FIELDS: Final = (
    *("utterance", "lang", "expect_response", "listen", "media", "tracks", "code", "data"),
    *("denied_type", "cancel_reason"),
)
MARKS: Final = ("corr", "user", "session", "destination", "announced_for", "source")

NOT_HIVEMIND: Final = (
    *("", "null", "[]", "0", '"bus"', "{", "{}", "[" * 60_000),
    *('{"msg_type": "bus"}', '{"msg_type": 7, "payload": {}}', '{"msg_type": "nonsense"}'),
    '{"msg_type": "bus", "payload": [], "metadata": 1, "route": "x", "node": {}}',
    '{"msg_type": "hello", "payload": {"session_id": [], "node_id": 1, "peer": null}}',
    '{"msg_type": "shake", "payload": {"noise": 1, "handshake": "x"}}',
)


class Talk:
    """A room linked to a hub, with somebody in it who asks."""

    def __init__(self, program: Program, hub: RealHub, ana: Guest) -> None:
        self.program = program
        self.hub = hub
        self._ana = ana
        self.asked = 0
        """How many questions."""

    def count(self, text: str) -> int:
        """Return how many messages of the room are just this."""
        count = last = 0
        with httpx.Client(base_url=self.program.url) as web:
            while page := web.get(f"/api/messages?after={last}&limit=100").json()["messages"]:
                count += sum(message["text"] == text for message in page)
                last = page[-1]["id"]
        return count

    def goes_on(self) -> None:
        """Ask until the assistant answers.

        Who floods a link may well lose it, as its pongs come too late; what was on its way then is
        in doubt, and people see that.
        """
        self._ana.hears("hub", lambda _: self._is_linked(), GOES_ON_WITHIN_S)
        until = time.monotonic() + GOES_ON_WITHIN_S
        while self._follow(self._ask()) != "answered":
            assert time.monotonic() < until

    def _ask(self) -> int:
        self.asked += 1
        return int(self._ana.says(f"again {self.asked}")["id"])

    def _follow(self, number: int) -> str | None:
        """Return the end of a question, None if the stream has an end before."""
        url = f"{self.program.url}/api/events?after={number - 1}"
        with httpx.stream("GET", url, timeout=GOES_ON_WITHIN_S) as stream:
            for line in stream.iter_lines():
                if f'"id":{number},' in line:
                    delivery = json.loads(line.removeprefix("data: "))["delivery"]
                    if delivery in ENDS:
                        return str(delivery)
        return None

    def _is_linked(self) -> bool:
        return bool(httpx.get(f"{self.program.url}/healthz").json()["hub"] == "connected")


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    hub = RealHub(tmp_path / "hub").start(UTTERANCE)
    program = Program(tmp_path, "--port", "0", "--hub", "identity", "--rate-limit", "off")
    try:
        with program.set_identity(hub), Guest(program.url).join("Ana", "en") as ana:
            talk = Talk(program, hub, ana)
            ana.hears("hub", lambda state: state["state"] == "connected")
            talk.goes_on()
            yield talk
    finally:
        hub.stop()


def bus_message(topic: str, data: str, context: str) -> str:
    """Write one message of the bus in JSON, of parts that may be anything."""
    payload = f'{{"type": "{topic}", "data": {data}, "context": {context}}}'
    return f'{{"msg_type": "bus", "payload": {payload}}}'


def misshapen() -> Iterator[str]:
    """Write every value into every field of every kind of message, and what is no message."""
    for topic, value in itertools.product(TOPICS, VALUES):
        yield bus_message(topic, value, "{}")
        yield bus_message(topic, '{"utterance": "who?"}', value)
        for field in FIELDS:
            if len(value) < DEEP or field in {"utterance", "media"}:
                yield bus_message(topic, f'{{"{field}": {value}}}', "{}")
        for mark in MARKS:
            if len(value) < DEEP or mark == "session":
                yield bus_message(topic, '{"utterance": "who?"}', f'{{"{mark}": {value}}}')
    yield from NOT_HIVEMIND


def test_one_endless_message_is_given_up_and_the_link_made_anew(
    talk: Talk, scale: Scale, figures: Figures
) -> None:
    before_mb = memory_of(talk.program)
    with Neighbour(talk.program.url, NEIGHBOUR) as neighbour:
        poured = talk.hub.tell("pour", size=scale.hub_message_bytes)
        talk.goes_on()
    grown_mb = memory_of(talk.program) - before_mb
    with figures.of(f"a hub sends a message of {scale.hub_message_bytes // 1_000_000} MB") as seen:
        seen.told("sent until the room hung up", poured / 1e6, "MB")
        seen.exactly("hung up before the end", 1, int(poured < scale.hub_message_bytes))
        seen.at_most("memory, MB", MEMORY_MB, round(grown_mb, 1))
        seen.exactly("others refused", 0, neighbour.refused)
        seen.within("others' p99", ANSWERED_WITHIN_S, neighbour.p99_s())


def test_a_hub_that_never_stops_speaking_keeps_nobody_waiting_and_pushes_nothing_out(
    tmp_path: Path, talk: Talk, scale: Scale, figures: Figures
) -> None:
    data, nobody = {"utterance": "Hear me", "lang": "en"}, {"user": "nobody", "corr": "none"}
    text = bus_message("speak", json.dumps(data), json.dumps(nobody))
    begun = time.monotonic()
    before_mb = memory_of(talk.program)
    with Neighbour(talk.program.url, NEIGHBOUR) as neighbour:
        talk.hub.tell("write", text=text, times=scale.hub_speaks)
        talk.goes_on()
    grown_mb = memory_of(talk.program) - before_mb
    since_s = time.monotonic() - begun
    allowed = UNASKED.burst + since_s * UNASKED.per_second + talk.asked * UNMARKED_FOR_EACH
    kept = talk.count(data["utterance"])
    assert kept >= UNASKED.burst
    logs = "".join(file.read_text() for file in tmp_path.rglob(LOG_FILE))
    assert "the hub says more than it was asked for" in logs
    with figures.of(f"a hub speaks {scale.hub_speaks} times to nobody, as fast as it can") as seen:
        seen.at_most("kept of it", math.ceil(allowed), kept)
        seen.at_most("memory, MB", MEMORY_MB, round(grown_mb, 1))
        seen.exactly("others refused", 0, neighbour.refused)
        seen.within("others' p99", ANSWERED_WITHIN_S, neighbour.p99_s())


def test_what_a_hub_says_may_have_any_shape(talk: Talk, figures: Figures) -> None:
    threads_before = threads_of(talk.program)
    before_mb = memory_of(talk.program)
    said = list(misshapen())
    with Neighbour(talk.program.url, NEIGHBOUR) as neighbour:
        for text in said:
            talk.hub.tell("write", text=text, times=1)
        talk.goes_on()
    grown_mb = memory_of(talk.program) - before_mb
    with figures.of(f"a hub sends {len(said)} messages of wrong shapes") as seen:
        seen.at_most("memory, MB", MEMORY_MB, round(grown_mb, 1))
        seen.exactly("threads lost", 0, len(threads_before - threads_of(talk.program)))
        seen.exactly("others refused", 0, neighbour.refused)
        seen.within("others' p99", ANSWERED_WITHIN_S, neighbour.p99_s())


def threads_of(program: Program) -> set[int]:
    assert program.process
    threads: list[Any] = psutil.Process(program.process.pid).threads()
    return {each.id for each in threads}
