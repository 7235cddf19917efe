from __future__ import annotations

import queue
import threading
from typing import NoReturn

import pytest

from hivemind_chatroom.server.connection import Connection
from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.workers import Workers
from server.wire import DEADLINE_S, Connect, Site, outlet

SECRET = "the words of a person"


class Broken(Connection):
    """A connection whose request ends as no request should."""

    def communicate(self) -> NoReturn:
        raise LookupError(SECRET)


class Named(Connection):
    """A connection that tells which thread serves it."""

    thread: str

    def communicate(self) -> bool:
        self.thread = threading.current_thread().name
        return True


def test_a_thread_survives_a_request_that_breaks_and_logs_none_of_its_words(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    done: queue.SimpleQueue[tuple[Connection, bool]] = queue.SimpleQueue()
    workers = Workers("web", 1, lambda connection, keep: done.put((connection, keep)))
    broken = Broken(Site(), outlet(connect()[0]), Limits())
    named = Named(Site(), outlet(connect()[0]), Limits())
    workers.start()
    workers.serve(broken)
    workers.serve(named)
    assert done.get(timeout=DEADLINE_S) == (broken, False)
    assert done.get(timeout=DEADLINE_S) == (named, True)
    workers.stop(DEADLINE_S)
    assert named.thread == "web-1"
    [logged] = caplog.messages
    assert logged.startswith("a connection failed: LookupError at ")
    assert "test_workers.py:" in logged
    assert SECRET not in caplog.text


def test_a_thread_survives_that_nobody_takes_a_connection_back(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    done: queue.SimpleQueue[Connection] = queue.SimpleQueue()

    def take_back(connection: Connection, _keep: bool) -> None:  # noqa: FBT001 - the port's shape
        if connection is lost:
            raise LookupError(SECRET)
        done.put(connection)

    workers = Workers("web", 1, take_back)
    sock, client = connect()
    lost = Named(Site(), outlet(sock), Limits())
    named = Named(Site(), outlet(connect()[0]), Limits())
    workers.start()
    workers.serve(lost)
    workers.serve(named)
    assert done.get(timeout=DEADLINE_S) is named
    workers.stop(DEADLINE_S)
    assert client.read_to_end() == b""
    [logged] = caplog.messages
    assert logged.startswith("a connection was lost: LookupError at ")
    assert SECRET not in caplog.text


def test_what_waits_for_a_thread_is_served_before_the_stop(connect: Connect) -> None:
    done: queue.SimpleQueue[str] = queue.SimpleQueue()
    workers = Workers("web", 1, lambda connection, _: done.put(connection.remote_addr))
    for number in range(3):
        workers.serve(Named(Site(), outlet(connect()[0], str(number)), Limits()))
    workers.start()
    workers.stop(DEADLINE_S)
    assert [done.get_nowait() for _ in range(3)] == ["0", "1", "2"]
