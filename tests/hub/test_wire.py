"""One attempt at one hub: what it reports, and how it ends."""

from __future__ import annotations

import queue
import socket
import threading
from pathlib import Path

import pytest

from hivemind_chatroom.hub import wire as wire_module
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import BusMessage, Closed, FromConnection, Opened
from hivemind_chatroom.hub.gate import NotSentError
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.hub.wire import HubWire
from hub.fake_hub import DEADLINE_S, PASSWORD, FakeHub, Meet

SECRET = BusMessage("recognizer_loop:utterance", {"utterances": ["my diary"]}, {})


def attempt(folder: Path, port: int) -> tuple[HubWire, queue.SimpleQueue[FromConnection]]:
    reports: queue.SimpleQueue[FromConnection] = queue.SimpleQueue()
    address = HubAddress("127.0.0.1", port, tls=False)
    target = Target(address, "a" * 32, PASSWORD, folder / "_identity.json")
    return HubWire(target, reports.put), reports


def test_before_it_starts_nothing_can_leave_and_closing_it_is_nothing(tmp_path: Path) -> None:
    wire, reports = attempt(tmp_path, 1)
    with pytest.raises(NotSentError):
        wire.send(SECRET)
    wire.close()
    assert reports.empty()


def test_where_nobody_listens_it_says_so_and_ends(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    wire, reports = attempt(tmp_path, port)
    wire.start()
    assert reports.get(timeout=DEADLINE_S) == Closed(Fault.NETWORK)
    wire.close()
    assert reports.empty()


def test_a_failure_of_ours_is_an_end_like_any_other_and_its_words_stay_out_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(address: HubAddress, *_: object) -> socket.socket:
        raise ValueError(f"{PASSWORD} {address}")

    monkeypatch.setattr(wire_module, "open_socket", fail)
    wire, reports = attempt(tmp_path, 1)
    wire.start()
    assert reports.get(timeout=DEADLINE_S) == Closed(Fault.NETWORK)
    wire.close()
    assert "ValueError" in caplog.text
    assert PASSWORD not in caplog.text


def test_the_keys_it_makes_are_private(tmp_path: Path, meet: Meet) -> None:
    meeting = meet(FakeHub.hear_all)
    assert meeting.next() == Opened()
    meeting.close()
    files = [path for path in tmp_path.glob("*") if path.is_file()]
    assert files
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_hub_that_hangs_up_is_reported_with_its_code(meet: Meet) -> None:
    def hang_up(hub: FakeHub) -> None:
        hub.hang_up(1008, "invalid api key")

    meeting = meet(hang_up)
    assert [meeting.next(), meeting.next()] == [Opened(), Closed(code=1008)]


def test_closing_ends_the_thread_and_silences_it(meet: Meet) -> None:
    meeting = meet(FakeHub.hear_all)
    assert meeting.next() == Opened()
    meeting.close()
    assert not meeting.has_more
    assert "hub-wire" not in {thread.name for thread in threading.enumerate()}
