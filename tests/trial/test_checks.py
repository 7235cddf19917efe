"""Each check of an installed copy can fail, by what it is about."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from hivemind_chatroom.diagnostics.selftest import Outcome, SelfTest, Verdict, skipped, well
from hivemind_chatroom.hub.builtin import child
from hivemind_chatroom.store.sqlite import SqliteStore
from hivemind_chatroom.trial import checks
from hivemind_chatroom.trial.checks import See, Sight, Trial

HEADLESS = skipped("headless", "Nobody looks.")


@dataclass(frozen=True, slots=True)
class Said:
    result: Outcome
    code: str


def see_nothing(_: Sight) -> Verdict:
    return HEADLESS


def tried(folder: Path, *names: str, see: See = see_nothing, port: int = 0) -> dict[str, Said]:
    """Return what the checks of these names have found, and the stop."""
    found: dict[str, Said] = {}
    trial = Trial(folder, see, port)
    wanted = [each for each in trial.checks() if each.name in {*names, "stop"}]
    SelfTest(wanted).run(
        lambda results: found.update({each.name: Said(each.result, each.code) for each in results})
    )
    return found


def test_a_store_that_forgets_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tried(tmp_path, "store")["store"] == Said(Outcome.OK, "")
    monkeypatch.setattr(SqliteStore, "get", lambda *_: None)
    (tmp_path / "other").mkdir()
    found = tried(tmp_path / "other", "store")["store"]
    assert found == Said(Outcome.FAILED, "store_forgets")


def test_a_store_that_can_not_be_opened_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("in the way")
    assert tried(tmp_path, "store")["store"].result is Outcome.FAILED


def test_a_room_without_its_files_or_headers_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "HEADERS", {"X-Nobody-Sends": "this"})
    found = tried(tmp_path, "server")
    assert found == {
        "server": Said(Outcome.FAILED, "header_missing"),
        "stop": Said(Outcome.OK, ""),
    }


def test_a_port_that_is_taken_is_found_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))  # noqa: S104 - as the room would
        other.listen()
        found = tried(tmp_path, "server", "hub", port=other.getsockname()[1])
    assert found["server"] == Said(Outcome.FAILED, "port_taken")
    assert found["hub"] == found["stop"] == Said(Outcome.SKIPPED, "not_tried")


def test_a_hub_that_does_not_start_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends_at_once = [sys.executable, "-c", "raise SystemExit('no hub today')"]
    monkeypatch.setattr(child, "child_command", lambda *_: ends_at_once)
    monkeypatch.setattr(checks, "CONNECTED_WITHIN_S", 1.0)
    found = tried(tmp_path, "server", "hub", "answer")
    assert found["hub"] == Said(Outcome.FAILED, "hub_not_connected")
    assert found["answer"] == Said(Outcome.SKIPPED, "not_tried")
    assert found["stop"] == Said(Outcome.OK, "")


def test_an_assistant_that_says_nothing_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "QUESTION", "")
    monkeypatch.setattr(checks, "ANSWERED_WITHIN_S", 1.0)
    assert tried(tmp_path, "server", "hub", "answer")["answer"] == Said(
        Outcome.FAILED, "question_refused"
    )
    monkeypatch.setattr(checks, "QUESTION", "What time is it?")
    monkeypatch.setattr(checks, "_is_answer", lambda *_: False)
    (tmp_path / "other").mkdir()
    assert tried(tmp_path / "other", "server", "hub", "answer")["answer"] == Said(
        Outcome.FAILED, "no_answer"
    )


def test_a_room_that_nobody_announces_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "FOUND_WITHIN_S", 0.5)
    monkeypatch.setattr(checks, "own_addresses", lambda _: ("127.0.0.1",))
    assert tried(tmp_path, "server", "lan")["lan"] == Said(Outcome.FAILED, "not_found")


def test_no_network_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "own_addresses", lambda _: ())
    assert tried(tmp_path, "server", "lan")["lan"] == Said(Outcome.SKIPPED, "no_network")


def test_multicast_dns_that_the_system_refuses_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> bool:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(checks, "own_addresses", lambda _: ("127.0.0.1",))
    monkeypatch.setattr(checks, "is_announced", refused)
    assert tried(tmp_path, "server", "lan")["lan"] == Said(Outcome.FAILED, "mdns_refused")


def test_the_window_is_told_where_the_page_is_and_when_it_is_live(tmp_path: Path) -> None:
    seen: list[Sight] = []

    def see(sight: Sight) -> Verdict:
        assert threading.current_thread() is threading.main_thread()
        url, _, key = sight.url.partition("/#k=")
        headers = {"X-Operator-Token": key}
        assert not sight.is_live.is_set()
        with httpx.stream("GET", f"{url}/api/events", headers=headers) as stream:
            assert stream.status_code == 200
            assert sight.is_live.wait(20)
        seen.append(sight)
        return well("It is seen.")

    assert tried(tmp_path, "server", "window", see=see)["window"] == Said(Outcome.OK, "")
    assert "#k=" not in repr(seen)


def test_a_process_that_stays_behind_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_GONE_WITHIN_S", 0.1)
    stays = [sys.executable, "-c", "input()"]
    with subprocess.Popen(stays, stdin=subprocess.PIPE) as other:
        found = tried(tmp_path, "server")["stop"]
        assert other.stdin
        other.stdin.close()
    assert found == Said(Outcome.FAILED, "process_left")
