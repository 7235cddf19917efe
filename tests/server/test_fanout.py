from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from fakes import FakeClock
from hivemind_chatroom.server.audiences import Audiences
from hivemind_chatroom.server.fanout import Fanout
from hivemind_chatroom.server.follower import SEND_BYTES, Follower
from hivemind_chatroom.server.limits import StreamLimits
from hivemind_chatroom.server.run import Mark, Run
from server.wire import DEADLINE_S, Connect, Reader, opening

KEEP_BYTES = 1 << 20
HEAD_S = 10.0
SMALL = {"send_buffer": 8_192, "receive_buffer": 8_192}
HEAD = b"".join(b"%07d" % number for number in range(100_000))
"""More than a slow reader's sockets take at once."""


class Counted(socket.socket):
    """A socket that counts what it is asked to send."""

    sends: list[int]

    def send(self, data: Any, flags: int = 0, /) -> int:  # noqa: ANN401 - any buffer
        self.sends.append(len(data))
        return super().send(data, flags)


class Hall:
    """A fan-out and its part of the stream thread, which the test plays."""

    def __init__(self, connect: Connect, selector: selectors.BaseSelector) -> None:
        self.run = Run(last_id=0)
        self.audiences = Audiences(None)
        self.closed: list[Follower] = []
        self.fanout = Fanout(
            self.run,
            selector,
            self.audiences,
            StreamLimits(keep_bytes=KEEP_BYTES, system_bytes=None, head_s=HEAD_S),
            on_close=self.closed.append,
        )
        self._connect = connect
        self._selector = selector

    def follow(
        self,
        audience: str | None = None,
        *,
        head: bytes = b"",
        mark: Mark | None = None,
        slow: bool = False,
    ) -> tuple[Follower, Reader]:
        """Let a follower in, at the end of the run if no mark is given."""
        sock, reader = self._connect(**SMALL) if slow else self._connect()
        follower = Follower(opening(sock, head, mark or self.run.mark(), audience))
        self.fanout.let_in(follower)
        return follower, reader

    def publish(self, *chunks: tuple[bytes, str | None]) -> None:
        """Put chunks into the run, and then offer all of them."""
        for chunk, audience in chunks:
            self.run.append(chunk, audience, None)
        while self.fanout.front < self.run.end:
            self.fanout.send_on()

    def read(self, reader: Reader, end: bytes) -> bytes:
        """Return what a reader gets up to `end`, while its follower is looked after."""
        heard = b""
        while not heard.endswith(end):
            heard += self.read_some(reader)
        return heard

    def read_some(self, reader: Reader) -> bytes:
        """Return what a reader has got when its follower, or it, is to be looked after next."""
        self._selector.register(reader.sock, selectors.EVENT_READ)
        ready = self._selector.select(DEADLINE_S)
        self._selector.unregister(reader.sock)
        assert ready
        heard = b""
        for key, events in ready:
            if key.data is None:
                heard += reader.sock.recv(1 << 16)
            else:
                self.fanout.attend(key.data, events)
        return heard


@pytest.fixture
def hall(connect: Connect) -> Iterator[Hall]:
    with selectors.DefaultSelector() as selector:
        yield Hall(connect, selector)


def test_all_that_waits_goes_out_in_one_send(hall: Hall, connect: Connect) -> None:
    sock, reader = connect()
    counted = Counted(fileno=sock.detach())
    counted.sends = []
    hall.fanout.let_in(Follower(opening(counted, b"head", hall.run.mark())))
    hall.publish(*[(b"%d;" % number, None) for number in range(50)])
    reader.read_until(b"49;")
    assert counted.sends == [4, 140]
    counted.close()


def test_a_private_chunk_keeps_its_place_in_a_burst(hall: Hall) -> None:
    (_, ana), (_, ben), (_, guest) = hall.follow("ana"), hall.follow("ben"), hall.follow()
    hall.publish((b"1 ", None), (b"ana ", "ana"), (b"ben ", "ben"), (b"2.", None))
    assert ana.read_until(b"2.") == b"1 ana 2."
    assert ben.read_until(b"2.") == b"1 ben 2."
    assert guest.read_until(b"2.") == b"1 2."


def test_a_reader_who_is_behind_gets_its_private_chunks_in_their_place(hall: Hall) -> None:
    _, slow = hall.follow("ana", slow=True)
    filler = b"x" * 200_000
    hall.publish((filler, None), (b"ana", "ana"), (b"ben", "ben"), (filler, None), (b"end", None))
    assert hall.read(slow, b"end") == filler + b"ana" + filler + b"end"


def test_a_reader_who_is_behind_and_then_reads_on_is_in_step_again(hall: Hall) -> None:
    follower, reader = hall.follow(slow=True)
    for _ in range(3):
        hall.publish((b"x" * 300_000 + b".", None))
        assert follower.awaits_room
        assert len(hall.read(reader, b".")) == 300_001
        hall.publish((b"short!", None))
        assert reader.read_until(b"!") == b"short!"


def test_a_reader_who_is_too_far_behind_is_closed_and_the_others_go_on(hall: Hall) -> None:
    slow, reader = hall.follow("ana", slow=True)
    _, quick = hall.follow("ben")
    sent = b""
    while not hall.closed:
        line = b"%07d" % len(sent) * 5_000
        hall.publish((line, None))
        sent += line
        assert quick.read_until(line) == line
        assert len(sent) < 4 * KEEP_BYTES
    heard = reader.read_to_end()
    assert len(heard) < len(sent)
    assert sent.startswith(heard)
    assert (hall.closed, len(hall.fanout)) == ([slow], 1)
    assert hall.audiences.present() == frozenset({"ben"})


def test_a_follower_whose_mark_is_older_than_what_is_kept_is_not_let_in(hall: Hall) -> None:
    mark = hall.run.mark()
    hall.publish((b"x" * (KEEP_BYTES + 1), None))
    late, reader = hall.follow("ana", mark=mark)
    assert reader.read_to_end() == b""
    assert (hall.closed, len(hall.fanout)) == ([late], 0)
    assert hall.audiences.present() == frozenset()


def test_a_follower_who_was_marked_before_its_audience_was_closed_is_not_let_in(
    hall: Hall,
) -> None:
    before = hall.run.mark()
    here, _ = hall.follow("ana")
    hall.publish((b"goodbye", "ana"))
    hall.fanout.close("ana", hall.run.end)
    late, _ = hall.follow("ana", mark=before)
    assert hall.closed == [here, late]
    _, again = hall.follow("ana")
    _, other = hall.follow("ben", mark=before)
    hall.publish((b"live", None))
    assert again.read_until(b"live") == other.read_until(b"live") == b"live"


def test_what_nobody_can_ask_for_any_more_is_forgotten(hall: Hall) -> None:
    for _ in range(4):
        hall.publish((b"x" * KEEP_BYTES, None))
    kept = hall.run.between(0, hall.run.end)
    assert sum(len(piece.data) for piece in kept) == KEEP_BYTES


def test_closings_are_forgotten_with_the_run(hall: Hall) -> None:
    for number in range(20):
        hall.publish((b"x" * KEEP_BYTES, None))
        hall.fanout.close(str(number), hall.run.end)
    assert len(hall.fanout._closings) == 2  # noqa: SLF001 - memory shows in no other way


def test_everybody_is_closed_who_is_in_step_and_who_is_behind(hall: Hall) -> None:
    (_, slow), (_, quick) = hall.follow(slow=True), hall.follow()
    event = b"x" * (4 * SEND_BYTES)
    hall.publish((event, None))
    hall.fanout.close_all()
    assert quick.read_to_end() == event
    assert event.startswith(slow.read_to_end())
    assert len(hall.fanout) == 0


# --- who does not take the beginning ---


def test_a_client_that_takes_nothing_of_its_beginning_is_closed_in_a_quiet_room(
    clock: FakeClock, hall: Hall
) -> None:
    stuck, reader = hall.follow("ana", head=HEAD, slow=True)
    begun, _ = hall.follow("ben", head=b"short")
    clock.advance(HEAD_S - 1)
    hall.fanout.close_late()
    assert (hall.closed, hall.fanout.next_late_in_s()) == ([], 1)
    clock.advance(1)
    hall.fanout.close_late()
    assert (hall.closed, hall.fanout.next_late_in_s()) == ([stuck], None)
    assert hall.audiences.of("ben") == [begun]
    assert HEAD.startswith(reader.read_to_end())


def test_a_client_that_takes_its_beginning_slowly_has_the_time_for_it(
    clock: FakeClock, hall: Hall
) -> None:
    _, reader = hall.follow(head=HEAD, slow=True)
    taken, parts = b"", 0
    while hall.fanout.next_late_in_s() is not None:
        clock.advance(HEAD_S - 1)
        hall.fanout.close_late()
        while hall.fanout.next_late_in_s() == 1:
            taken += hall.read_some(reader)
        parts += 1
    assert parts > 2
    assert hall.closed == []
    hall.publish((b"live", None))
    assert taken + hall.read(reader, b"live") == HEAD + b"live"


def test_a_client_that_leaves_in_its_beginning_is_late_no_more(
    clock: FakeClock, hall: Hall
) -> None:
    follower, reader = hall.follow(head=HEAD, slow=True)
    reader.close()
    hall.fanout.attend(follower, selectors.EVENT_READ)
    clock.advance(HEAD_S)
    hall.fanout.close_late()
    assert hall.closed == [follower]


def test_a_follower_that_leaves_is_forgotten(hall: Hall) -> None:
    follower, reader = hall.follow("ana")
    reader.close()
    hall.fanout.attend(follower, selectors.EVENT_READ)
    assert (hall.closed, len(hall.fanout)) == ([follower], 0)
