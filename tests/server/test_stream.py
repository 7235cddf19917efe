from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from hivemind_chatroom.server import limits, loop
from hivemind_chatroom.server.bell import Bell
from hivemind_chatroom.server.descriptors import allow_descriptors
from hivemind_chatroom.server.follower import CHATTER_BYTES, SEND_BYTES, USER_TIMEOUT_MS
from hivemind_chatroom.server.run import Mark
from hivemind_chatroom.server.stream import COMMENT, Streams
from server.wire import DEADLINE_S, Connect, MakeStreams, Reader, Watch, connected, opening

MANY = 1_000
STOP_S = 1.0
"""The bar for stopping with MANY streams open."""

SMALL = {"send_buffer": 8_192, "receive_buffer": 8_192}


class Strange(socket.socket):
    """A socket that fails as no socket should."""

    def settimeout(self, value: float | None, /) -> None:
        raise LookupError(value)


class Gate:
    """Holds the stream thread inside its word about the audience "gate"."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._opened = threading.Event()

    def __call__(self, audience: str, present: bool) -> None:  # noqa: FBT001 - the port's shape
        if audience == "gate" and present:
            self._reached.set()
            assert self._opened.wait(DEADLINE_S)

    @contextlib.contextmanager
    def shut(self, streams: Streams, connect: Connect) -> Iterator[Reader]:
        sock, reader = connect()
        streams.accept(opening(sock, b"", streams.mark(), "gate"))
        assert self._reached.wait(DEADLINE_S)
        yield reader
        self._opened.set()


def follow(streams: Streams, connect: Connect, audience: str | None = None) -> Reader:
    """Open a stream and wait until it is in step."""
    sock, reader = connect()
    streams.accept(opening(sock, b"head ", streams.mark(), audience))
    reader.read_until(b"head ")
    return reader


# --- everybody hears everything, once and in order ---


def test_what_is_published_reaches_every_stream(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    readers = [follow(streams, connect) for _ in range(5)]
    streams.publish(b"one ")
    streams.publish(b"two")
    assert [reader.read_until(b"two") for reader in readers] == [b"one two"] * 5


def test_a_burst_that_is_larger_than_a_send_arrives_whole(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    reader = follow(streams, connect)
    burst = b"".join(b"%07d" % number for number in range(SEND_BYTES))
    streams.publish(burst[: SEND_BYTES * 3])
    streams.publish(burst[SEND_BYTES * 3 :])
    streams.publish(b"end")
    assert reader.read_until(b"end") == burst + b"end"


def test_what_was_published_before_the_mark_is_not_sent_again(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    streams.publish(b"in the log", last_id=1)
    reader = follow(streams, connect)
    streams.publish(b"live")
    assert reader.read_until(b"live") == b"live"


def test_what_was_published_after_the_mark_is_sent_though_the_stream_came_later(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    mark = streams.mark()
    other = follow(streams, connect)
    streams.publish(b"between ")
    other.read_until(b"between ")
    sock, reader = connect()
    streams.accept(opening(sock, b"backlog ", mark))
    streams.publish(b"live")
    assert reader.read_until(b"live") == b"backlog between live"


def test_a_stream_marked_ahead_of_what_was_sent_on_gets_nothing_twice(
    make_streams: MakeStreams, connect: Connect
) -> None:
    gate = Gate()
    streams = make_streams(on_change=gate)
    sock, reader = connect()
    with gate.shut(streams, connect):
        streams.publish(b"old " * SEND_BYTES)  # several rounds behind when the stream comes
        streams.accept(opening(sock, b"head ", streams.mark()))
        streams.publish(b"new.")
    assert reader.read_until(b"new.") == b"head new."


def test_a_head_that_is_larger_than_the_send_buffer_arrives_whole(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    sock, reader = connect(**SMALL)
    head = b"0123456789" * 300_000
    streams.accept(opening(sock, head, streams.mark()))
    streams.publish(b"live")
    assert reader.read_until(b"live") == head + b"live"


def test_the_mark_counts_private_messages_and_begins_behind_the_log(
    make_streams: MakeStreams,
) -> None:
    streams = make_streams(last_id=40)
    assert streams.mark().last_id == 40
    streams.publish(b"shared", last_id=41)
    streams.publish(b"private", last_id=42, audience="ana")
    assert streams.mark() == Mark(13, 42)


def test_a_stream_thread_that_is_woken_again_and_again_misses_nothing(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    reader = follow(streams, connect)
    for number in range(2_000):
        line = b"%d\n" % number
        streams.publish(line)
        assert reader.read_until(line) == line


# --- private ---


def test_a_private_chunk_reaches_its_audience_alone_and_in_its_place(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    phone, laptop = (follow(streams, connect, "ana") for _ in range(2))
    ben, guest = follow(streams, connect, "ben"), follow(streams, connect)
    streams.publish(b"1 ")
    streams.publish(b"for ana ", audience="ana")
    streams.publish(b"2 ")
    streams.publish(b"for ben ", audience="ben")
    streams.publish(b"3.")
    assert phone.read_until(b"3.") == laptop.read_until(b"3.") == b"1 for ana 2 3."
    assert ben.read_until(b"3.") == b"1 2 for ben 3."
    assert guest.read_until(b"3.") == b"1 2 3."


def test_a_stream_that_comes_late_does_not_miss_a_private_chunk(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    first = follow(streams, connect, "ana")
    mark = streams.mark()
    streams.publish(b"private ", audience="ana", last_id=1)
    streams.publish(b"shared ")
    first.read_until(b"shared ")
    sock, reader = connect()
    streams.accept(opening(sock, b"", mark, "ana"))
    assert reader.read_until(b"shared ") == b"private shared "


# --- silent readers and talkative ones ---


def test_a_heartbeat_comes_again_and_again_and_counts_in_the_run(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams(heartbeat_s=0.02)
    reader = follow(streams, connect)
    for _ in range(3):
        assert reader.read_until(b"\n\n") == b":\n\n"
    assert streams.mark().position >= 9


def test_between_two_heartbeats_there_is_silence(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams(heartbeat_s=0.2)
    reader = follow(streams, connect)
    reader.read_until(b":\n\n")
    streams.publish(b"live")
    assert len(reader.read_until(b"live")) < 10 * len(b":\n\n")


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="Linux has it alone")
def test_a_client_that_vanished_is_noticed_by_the_system(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    sock, reader = connect()
    streams.accept(opening(sock, b"head", streams.mark()))
    reader.read_until(b"head")
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == USER_TIMEOUT_MS
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_client_that_takes_nothing_of_its_beginning_is_closed_though_nothing_happens(
    make_streams: MakeStreams, connect: Connect
) -> None:
    watch = Watch()
    streams = make_streams(head_s=0.05, on_change=watch)
    sock, reader = connect(**SMALL)
    head = b"0123456789" * 300_000
    streams.accept(opening(sock, head, streams.mark(), "ana"))
    watch.wait_for(lambda seen: ("ana", False) in seen)
    assert len(reader.read_to_end()) < len(head)


def test_what_is_held_for_a_stream_that_is_not_taken_in_is_held_no_more(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams(streams=0)
    sock, _ = connect()
    turned_away = opening(sock, b"head", streams.mark())
    streams.accept(turned_away)
    assert turned_away.outlet.is_empty


def test_what_a_client_says_into_its_stream_is_ignored(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    reader = follow(streams, connect)
    reader.say(b"GET / HTTP/1.1\r\n\r\n")
    streams.publish(b"live")
    assert reader.read_until(b"live") == b"live"


def test_a_client_that_does_not_stop_talking_is_closed(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    reader = follow(streams, connect)
    with contextlib.suppress(ConnectionError):
        reader.say(b"x" * (CHATTER_BYTES + 1))
    reader.read_to_end()
    assert streams.count() == 0


# --- who is here ---


def test_word_is_given_of_the_first_stream_and_of_the_last(
    make_streams: MakeStreams, connect: Connect
) -> None:
    watch = Watch()
    streams = make_streams(on_change=watch)
    follow(streams, connect)
    phone, laptop = follow(streams, connect, "ana"), follow(streams, connect, "ana")
    ben = follow(streams, connect, "ben")
    assert streams.audiences() == {"ana", "ben"}
    ben.close()
    watch.wait_for(lambda seen: len(seen) == 3)
    phone.close()
    laptop.close()
    watch.wait_for(lambda seen: len(seen) == 4)
    assert watch.seen == [("ana", True), ("ben", True), ("ben", False), ("ana", False)]
    assert streams.audiences() == frozenset()
    assert streams.count() == 1


def test_a_client_that_resets_its_connection_is_gone(
    make_streams: MakeStreams, connect: Connect
) -> None:
    watch = Watch()
    streams = make_streams(on_change=watch)
    reader = follow(streams, connect, "ana")
    reader.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    reader.close()
    watch.wait_for(lambda seen: ("ana", False) in seen)
    assert streams.count() == 0


def test_a_listener_to_presence_that_fails_does_not_stop_the_streams(
    make_streams: MakeStreams, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(audience: str, _present: bool) -> None:  # noqa: FBT001 - the port's shape
        raise LookupError(audience)

    streams = make_streams(on_change=fail)
    reader = follow(streams, connect, "somebody")
    streams.publish(b"live")
    reader.read_until(b"live")
    assert "LookupError at audiences.py:" in caplog.text
    assert "somebody" not in caplog.text


def test_a_failure_on_the_stream_thread_is_logged_and_the_others_go_on(
    make_streams: MakeStreams,
    connect: Connect,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "REST_S", 0.0)
    streams = make_streams()
    reader = follow(streams, connect)
    with Strange(fileno=connect()[0].detach()) as strange:
        streams.accept(opening(strange, b"head", streams.mark()))
        streams.publish(b"live")
        assert reader.read_until(b"live") == b"live"
        streams.publish(b"on")
        assert reader.read_until(b"on") == b"on"
    assert "the thread stream goes on after a failure: LookupError at " in caplog.text


def test_closing_an_audience_closes_its_streams_after_what_was_published(
    make_streams: MakeStreams, connect: Connect
) -> None:
    watch = Watch()
    streams = make_streams(on_change=watch)
    ana, ben = follow(streams, connect, "ana"), follow(streams, connect, "ben")
    streams.publish(b"goodbye", audience="ana")
    streams.close_audience("ana")
    assert ana.read_to_end() == b"goodbye" + COMMENT
    assert watch.seen[-1] == ("ana", False)
    streams.publish(b"live")
    assert ben.read_until(b"live") == b"live"


def test_closing_an_audience_waits_for_a_burst_that_came_before(
    make_streams: MakeStreams, connect: Connect
) -> None:
    gate = Gate()
    streams = make_streams(on_change=gate)
    reader = follow(streams, connect, "ana")
    with gate.shut(streams, connect):
        streams.publish(b"x" * (2 * SEND_BYTES))
        streams.publish(b"goodbye", audience="ana")
        streams.close_audience("ana")
    assert reader.read_to_end().endswith(b"xgoodbye" + COMMENT)


def test_a_stream_that_was_being_opened_while_its_audience_was_closed_is_closed(
    make_streams: MakeStreams, connect: Connect
) -> None:
    watch = Watch()
    streams = make_streams(on_change=watch)
    before = streams.mark()
    other = follow(streams, connect, "ben")
    streams.close_audience("ana")
    sock, late = connect()
    streams.accept(opening(sock, b"head", before, "ana"))
    assert late.read_to_end() == b""
    assert streams.count() == 1
    assert ("ana", True) not in watch.seen
    streams.publish(b"live")
    assert other.read_until(b"live") == b"live"


def test_an_audience_that_was_closed_may_open_its_streams_again(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    streams.close_audience("ana")
    ana = follow(streams, connect, "ana")
    streams.publish(b"live")
    assert ana.read_until(b"live") == b"live"


def test_closing_an_audience_that_is_not_here_changes_nothing(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    reader = follow(streams, connect, "ben")
    streams.close_audience("ana")
    streams.publish(b"live")
    assert reader.read_until(b"live") == b"live"


# --- the number of streams, start and stop ---


def test_one_stream_too_many_is_closed_until_another_has_left(
    make_streams: MakeStreams, connect: Connect
) -> None:
    watch = Watch()
    streams = make_streams(streams=2, on_change=watch)
    first = follow(streams, connect, "ana")
    follow(streams, connect)
    sock, reader = connect()
    streams.accept(opening(sock, b"head", streams.mark()))
    assert reader.read_to_end() == b""
    first.close()
    watch.wait_for(lambda seen: ("ana", False) in seen)
    follow(streams, connect)


def test_one_address_does_not_take_all_the_streams_from_the_others(
    make_streams: MakeStreams, connect: Connect
) -> None:
    watch = Watch()
    streams = make_streams(streams=9, streams_per_address=1, on_change=watch)
    first = follow(streams, connect, "ana")
    sock, reader = connect()
    streams.accept(opening(sock, b"head", streams.mark()))
    assert reader.read_to_end() == b""
    sock, reader = connect()
    streams.accept(opening(sock, b"head", streams.mark(), None, "192.0.2.7"))
    assert reader.read_until(b"head") == b"head"
    first.close()
    watch.wait_for(lambda seen: ("ana", False) in seen)
    follow(streams, connect)
    assert streams.count() == 2


def test_where_there_is_select_only_the_streams_are_as_many_as_it_holds(
    make_streams: MakeStreams, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "DefaultSelector", selectors.SelectSelector)
    monkeypatch.setattr(limits, "IN_SELECT", 1)
    streams = make_streams()
    kept = follow(streams, connect)
    sock, reader = connect()
    streams.accept(opening(sock, b"head", streams.mark()))
    assert reader.read_to_end() == b""
    streams.publish(b"live")
    assert kept.read_until(b"live") == b"live"


def test_a_socket_that_was_closed_before_its_turn_is_forgotten(
    make_streams: MakeStreams, connect: Connect
) -> None:
    gate = Gate()
    streams = make_streams(on_change=gate)
    sock, _ = connect()
    with gate.shut(streams, connect) as reader:
        streams.accept(opening(sock, b"head", streams.mark()))
        sock.close()
    streams.publish(b"live")
    reader.read_until(b"live")
    assert streams.count() == 1


def test_stopping_sends_what_was_published(make_streams: MakeStreams, connect: Connect) -> None:
    watch = Watch()
    streams = make_streams(on_change=watch)
    reader = follow(streams, connect, "ana")
    streams.publish(b"last")
    streams.stop()
    assert reader.read_to_end() == b"last"
    assert watch.seen == [("ana", True)]
    assert streams.count() == 0


def test_stopping_sends_a_whole_burst_first(make_streams: MakeStreams, connect: Connect) -> None:
    gate = Gate()
    streams = make_streams(on_change=gate)
    reader = follow(streams, connect)
    with gate.shut(streams, connect):
        streams.publish(b"x" * (3 * SEND_BYTES))
        stopping = threading.Thread(target=streams.stop)
        stopping.start()
    assert reader.read_to_end() == b"x" * (3 * SEND_BYTES)
    stopping.join(DEADLINE_S)


def test_after_a_stop_nothing_is_taken_and_nobody_waits(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams()
    streams.stop()
    streams.stop()
    streams.publish(b"late")
    streams.close_audience("ana")
    sock, reader = connect()
    streams.accept(opening(sock, b"head", streams.mark()))
    assert reader.read_to_end() == b""
    assert streams.count() == 0


def test_streams_that_never_started_can_be_stopped(
    make_streams: MakeStreams, connect: Connect
) -> None:
    streams = make_streams(start=False)
    sock, reader = connect()
    streams.accept(opening(sock, b"head", streams.mark()))
    streams.stop()
    assert reader.read_to_end() == b"head"
    assert streams.count() == 0


def test_who_came_just_before_the_stop_is_told_what_was_published_last(
    make_streams: MakeStreams, connect: Connect
) -> None:
    gate = Gate()
    streams = make_streams(on_change=gate)
    sock, reader = connect()
    with gate.shut(streams, connect):
        streams.publish(b"earlier")
        streams.accept(opening(sock, b"head ", streams.mark()))
        streams.publish(b"last")
        stopping = threading.Thread(target=streams.stop)
        stopping.start()
        assert streams._is_stopping.wait(DEADLINE_S)  # noqa: SLF001 - before the gate opens
    assert reader.read_to_end() == b"head last"
    stopping.join(DEADLINE_S)


def test_a_thousand_streams_hear_a_message_and_stop_within_a_second(
    make_streams: MakeStreams, closing: contextlib.ExitStack
) -> None:
    allow_descriptors(3 * MANY)
    streams = make_streams()
    readers: list[Reader] = []
    for _ in range(MANY):
        sock, reader = connected()
        readers.append(closing.enter_context(reader))
        streams.accept(opening(sock, b"head ", streams.mark()))
    streams.publish(b"live")
    for reader in readers:
        assert reader.read_until(b"live") == b"head live"
    assert streams.count() == MANY
    before = time.monotonic()
    streams.stop()
    assert time.monotonic() - before < STOP_S
    for reader in readers:
        assert reader.read_to_end() == b""


def test_what_nobody_hears_wakes_the_thread_only_when_there_is_much_to_forget(
    make_streams: MakeStreams, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = make_streams(start=False)
    rings: list[int] = []
    monkeypatch.setattr(Bell, "ring", lambda _self: rings.append(streams.mark().position))
    streams.publish(bytes(SEND_BYTES))
    assert rings == []
    streams.publish(b"!")
    assert rings == [SEND_BYTES + 1]
    monkeypatch.undo()
    streams.start()
    reader = follow(streams, connect)
    streams.publish(b"live")
    assert reader.read_until(b"live") == b"live"
