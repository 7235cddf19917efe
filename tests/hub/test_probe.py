"""The runner of the five checks, against wires that are fakes and hubs that misbehave."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hivemind_chatroom.hub import probe as probe_module
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import (
    Arrived,
    BusMessage,
    Closed,
    FromConnection,
    Greeted,
    Opened,
    Reached,
    Report,
    Secured,
)
from hivemind_chatroom.hub.examination import PROOF_DEADLINE_S
from hivemind_chatroom.hub.gate import NotSentError
from hivemind_chatroom.hub.probe import probe
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.room.operating import Check, CheckName, CheckState
from hub.fake_wire import UTTERANCE, FakeWire, permission

TARGET = Target(
    HubAddress("::1", 5678, tls=False),
    "key",
    "correct horse battery staple",
    Path("_identity.json"),
)

Answer = Callable[[BusMessage], FromConnection]


class AnsweringWire(FakeWire):
    """A wire to a hub that reports what the test says, and answers what is sent."""

    def __init__(self, report: Report, told: tuple[FromConnection, ...], answer: Answer) -> None:
        super().__init__()
        self._report = report
        self._told = told
        self._answer = answer

    def start(self) -> None:
        for event in self._told:
            self._report(event)

    def send(self, message: BusMessage) -> None:
        super().send(message)
        self._report(self._answer(message))


class Hub:
    """Makes such wires, and keeps them."""

    def __init__(self, *told: FromConnection, answer: Answer | None = None) -> None:
        self.wires: list[AnsweringWire] = []
        self._told = told
        self._answer = answer or speak

    def dial(self, target: Target, report: Report) -> AnsweringWire:
        assert target == TARGET
        self.wires.append(AnsweringWire(report, self._told, self._answer))
        return self.wires[-1]

    def checks(self, client_id: str = "") -> list[Check]:
        return list(probe(TARGET, client_id, self.dial))


def speak(message: BusMessage) -> FromConnection:
    if message.topic == UTTERANCE:
        return Arrived(BusMessage("speak", {"utterance": "Hi!"}, message.context))
    return Arrived(permission(UTTERANCE))


SECURED = (Reached(), Opened(), Greeted(), Secured())


def test_where_there_is_no_place_to_call_from_that_is_told_as_a_failed_check() -> None:
    def dial(_target: Target, _report: Report) -> FakeWire:
        raise OSError("no space left")

    first, *rest = probe(TARGET, "", dial)
    assert (first.name, first.state, first.code) == (
        CheckName.REACHED,
        CheckState.FAILED,
        "storage_full",
    )
    assert "disk is full" in first.text
    assert [(each.name, each.state) for each in rest] == [
        (name, CheckState.SKIPPED) for name in list(CheckName)[1:]
    ]


def test_five_checks_are_told_and_the_wire_is_closed() -> None:
    hub = Hub(*SECURED)
    checks = hub.checks()
    assert [(check.name, check.state) for check in checks] == [
        (name, CheckState.OK) for name in CheckName
    ]
    assert {(each.code, each.text, each.command, each.address) for each in checks} == {
        ("", "", "", "[::1]:5678")
    }
    assert all(each.ms >= 0 for each in checks)
    assert hub.wires[0].is_closed


def test_a_failure_has_its_code_its_text_and_the_command_with_our_number() -> None:
    told = *SECURED, Closed(code=1008)
    for number, client_id in (("7", "7"), ("<id>", "")):
        hub = Hub(*told, answer=lambda _message: Reached())
        failed, skipped = hub.checks(client_id)[3:]
        assert failed.code == "hub.pin"
        assert failed.command == f"hivemind-core reset-noise-pin {number}"
        assert "another computer" in failed.text
        assert (skipped.state, skipped.code, skipped.text, skipped.command) == (
            CheckState.SKIPPED,
            *("", "", ""),
        )


def test_the_number_that_the_hub_tells_counts_more_than_the_pasted_one() -> None:
    hub = Hub(*SECURED, answer=lambda _message: Arrived(permission()))
    assert hub.checks("7")[3].command == f"hivemind-core allow-msg {UTTERANCE} 3"


def test_a_weak_password_is_told_before_anybody_is_called() -> None:
    target = Target(TARGET.address, "key", "abc", TARGET.identity_file)
    hub = Hub()
    checks = list(probe(target, dial=hub.dial))
    assert [each.state[0] for each in checks] == list("ssfss")
    assert checks[2].code == "hub.weak_password"
    assert hub.wires == []


def test_whoever_closes_the_iterator_ends_the_call() -> None:
    hub = Hub(*SECURED)
    checks = probe(TARGET, dial=hub.dial)
    assert next(checks).name is CheckName.REACHED
    assert isinstance(checks, Iterator)
    checks.close()  # type: ignore[attr-defined]  # a generator's
    assert hub.wires[0].is_closed


def test_a_connection_that_breaks_as_we_send_is_told_by_itself() -> None:
    class BreakingWire(AnsweringWire):
        def send(self, message: BusMessage) -> None:
            self._report(Closed(Fault.NETWORK))
            raise NotSentError

    def dial(_target: Target, report: Report) -> BreakingWire:
        return BreakingWire(report, SECURED, speak)

    checks = list(probe(TARGET, dial=dial))
    assert [each.state[0] for each in checks] == list("ooofs")
    assert checks[3].code == "hub.unreachable"


def test_it_ends_in_time_even_if_nothing_happens_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_module, "PROBE_DEADLINE_S", 0.05)
    checks = Hub().checks()
    assert [each.state[0] for each in checks] == list("fssss")
    assert checks[0].code == "hub.unreachable"


def test_the_time_for_everything_is_over_at_once_whatever_was_still_to_be_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(probe_module, "PROBE_DEADLINE_S", 0.05)
    begin = time.monotonic()
    checks = Hub(*SECURED, answer=lambda _message: Reached()).checks()
    assert [each.state[0] for each in checks] == list("oooof")
    assert checks[4].code == "hub.no_agent"
    assert time.monotonic() - begin < PROOF_DEADLINE_S


def test_promised_times_leave_some_for_closing() -> None:
    assert probe_module.PROBE_DEADLINE_S <= 7.5


def test_a_real_wire_is_used_by_default(tmp_path: Path) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    file = tmp_path / "hivemind" / "_identity.json"
    target = Target(HubAddress("127.0.0.1", port, tls=False), "k", TARGET.password, file)
    checks = list(probe(target))
    assert checks[0].code == "hub.unreachable"
    assert not file.exists()
