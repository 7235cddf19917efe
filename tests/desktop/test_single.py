from __future__ import annotations

import json
import os
import queue
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hivemind_chatroom.desktop import single
from hivemind_chatroom.desktop.single import Instance, end_running, only_one
from hivemind_chatroom.errors import AlreadyRunningError, FolderUnusableError

TOKEN = "the-token-of-the-first"

WITHIN_S = 20


class First:
    """The operator's listener of the first start."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []
        self.is_up = True
        self.was_asked = threading.Event()
        self.was_missed = threading.Event()
        """Set when it was asked while it was not up."""
        first = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                token = self.headers["X-Operator-Token"]
                if not first.is_up:
                    first.was_missed.set()
                    self.send_error(503)
                    return
                first.asked.append((self.path, token))
                first.was_asked.set()
                self.send_response(204 if token == TOKEN else 401)
                self.end_headers()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://127.0.0.1:{self._server.server_port}/#k={TOKEN}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def first() -> Iterator[First]:
    first = First()
    first.start()
    yield first
    first.stop()


def test_the_first_can_be_found_by_its_user_alone_and_leaves_nothing_behind(
    tmp_path: Path, first: First
) -> None:
    file = tmp_path / "instance.json"
    with only_one(tmp_path) as claim:
        assert claim
        assert not file.exists()
        claim.announce(first.url)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        port = int(first.url.split(":")[2].split("/")[0])
        told = {"pid": os.getpid(), "port": port, "token": TOKEN}
        assert json.loads(file.read_text()) == told
    assert not file.exists()


def test_the_second_has_the_first_show_itself(tmp_path: Path, first: First) -> None:
    with only_one(tmp_path) as claim:
        assert claim
        claim.announce(first.url)
        with only_one(tmp_path) as second:
            assert second is None
    assert first.asked == [("/api/window/show", TOKEN)]


def test_one_that_runs_ends_when_asked_and_is_waited_for(tmp_path: Path, first: First) -> None:
    ended = threading.Event()

    def end() -> None:
        end_running(tmp_path)
        ended.set()

    with only_one(tmp_path) as claim:
        assert claim
        claim.announce(first.url)
        thread = threading.Thread(target=end)
        thread.start()
        assert first.was_asked.wait(WITHIN_S)
        assert not ended.is_set()
    assert ended.wait(WITHIN_S)
    thread.join()
    assert first.asked == [("/api/window/quit", TOKEN)]


def test_where_nothing_runs_there_is_nothing_to_end(tmp_path: Path) -> None:
    end_running(tmp_path / "never was")
    assert not (tmp_path / "never was").exists()
    end_running(tmp_path)
    with only_one(tmp_path) as claim:
        assert claim


def test_one_that_does_not_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single, "ENDS_WITHIN_S", 0)
    with only_one(tmp_path) as claim:
        assert claim
        with pytest.raises(AlreadyRunningError):
            end_running(tmp_path)


def test_the_next_is_the_first_again(tmp_path: Path, first: First) -> None:
    for _ in range(2):
        with only_one(tmp_path) as claim:
            assert claim
            claim.announce(first.url)


def test_one_that_could_not_start_leaves_its_place(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no room"), only_one(tmp_path):
        raise OSError("no room")
    with only_one(tmp_path) as claim:
        assert claim


def test_what_a_killed_one_has_left_is_not_believed(tmp_path: Path, first: First) -> None:
    (tmp_path / "instance.json").write_text('{"pid": 1, "port": 1, "token": "old"}')
    with only_one(tmp_path) as claim:
        assert claim
        assert not (tmp_path / "instance.json").exists()
        claim.announce(first.url)
        with only_one(tmp_path) as second:
            assert second is None


def test_the_second_waits_until_the_first_is_up(tmp_path: Path, first: First) -> None:
    answers: list[object] = []

    def start_again() -> None:
        with only_one(tmp_path) as second:
            answers.append(second)

    with only_one(tmp_path) as claim:
        assert claim
        thread = threading.Thread(target=start_again)
        thread.start()
        claim.announce(first.url)
        thread.join(10)
    assert answers == [None]
    assert first.asked == [("/api/window/show", TOKEN)]


class Again:
    """A second start in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._claims: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._start)
        self._thread.start()

    def became_the_first(self) -> bool:
        self._thread.join(WITHIN_S)
        return self._claims.get(timeout=WITHIN_S)

    def _start(self) -> None:
        with only_one(self._folder) as claim:
            self._claims.put(claim is not None)


def test_whoever_starts_while_the_first_stops_is_the_next_first(
    tmp_path: Path, first: First
) -> None:
    with only_one(tmp_path) as claim:
        assert claim
        claim.announce(first.url)
        first.is_up = False
        again = Again(tmp_path)
        assert first.was_missed.wait(WITHIN_S)
    assert again.became_the_first()


def test_whoever_starts_while_the_first_is_restored_has_it_show_itself(
    tmp_path: Path, first: First
) -> None:
    with only_one(tmp_path) as claim:
        assert claim
        claim.announce(first.url)
        first.is_up = False
        again = Again(tmp_path)
        assert first.was_missed.wait(WITHIN_S)
        first.is_up = True
        assert not again.became_the_first()
    assert first.asked == [("/api/window/show", TOKEN)]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pid": 7, "port": 1, "token": "k"}'])
def test_a_first_that_does_not_answer_is_named(
    tmp_path: Path, first: First, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single, "FIRST_STARTS_WITHIN_S", 0.1)
    with only_one(tmp_path) as claim:
        assert claim
        claim.announce(first.url)
        (tmp_path / "instance.json").write_text(content)
        with pytest.raises(AlreadyRunningError, match=r"process 7|not known"), only_one(tmp_path):
            pass


def test_a_first_that_does_not_come_up_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single, "FIRST_STARTS_WITHIN_S", 0.1)
    with only_one(tmp_path) as claim:
        assert claim
        with pytest.raises(AlreadyRunningError), only_one(tmp_path):
            pass


def test_the_token_is_in_no_representation(first: First) -> None:
    assert TOKEN not in repr(Instance.at(first.url))


@pytest.mark.parametrize("name", ["starting.lock", "running.lock", "instance.json"])
def test_a_file_that_is_in_the_way_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(FolderUnusableError, match=name), only_one(tmp_path):
        pass


def test_that_the_first_cannot_be_found_is_said(tmp_path: Path, first: First) -> None:
    (tmp_path / "instance.new").mkdir()
    with only_one(tmp_path) as claim:
        assert claim
        with pytest.raises(FolderUnusableError, match=r"instance\.json"):
            claim.announce(first.url)
