from __future__ import annotations

import pytest

from hivemind_chatroom.server.follower import CHATTER_BYTES, SEND_BYTES, Follower, Progress
from hivemind_chatroom.server.run import Mark, Run
from server.wire import Connect, Reader, opening

SYSTEM_BYTES = 128 << 10
SMALL = {"send_buffer": 4_096, "receive_buffer": 4_096}


def following(
    connect: Connect, head: bytes, audience: str | None = None, *, slow: bool = False
) -> tuple[Follower, Reader]:
    sock, reader = connect(**SMALL) if slow else connect()
    follower = Follower(opening(sock, head, Mark(0, 0), audience))
    follower.prepare(None)
    return follower, reader


def run_of(*chunks: tuple[bytes, str | None]) -> Run:
    run = Run(last_id=0)
    for chunk, audience in chunks:
        run.append(chunk, audience, None)
    return run


def test_a_follower_with_everything_sent_is_in_step(connect: Connect) -> None:
    run = run_of((b"one ", None), (b"not mine ", "ben"), (b"two", "ana"))
    follower, reader = following(connect, b"head ", "ana")
    assert follower.catch_up(run, run.end) is Progress.IN_STEP
    assert follower.position == run.end
    assert reader.read_until(b"two") == b"head one two"


def test_a_follower_goes_no_further_than_the_front(connect: Connect) -> None:
    run = run_of((b"now later", None))
    follower, reader = following(connect, b"")
    assert follower.catch_up(run, 4) is Progress.IN_STEP
    assert follower.position == 4
    assert follower.catch_up(run, run.end) is Progress.IN_STEP
    assert reader.read_until(b"later") == b"now later"


def test_bytes_for_others_alone_bring_a_follower_on_without_a_send(connect: Connect) -> None:
    run = run_of((b"x" * (2 * SEND_BYTES), "ben"))
    follower, reader = following(connect, b"")
    reader.close()
    assert follower.catch_up(run, run.end) is Progress.IN_STEP


@pytest.mark.parametrize("in_head", [True, False])
def test_a_follower_without_room_stands_still_and_goes_on_where_it_was(
    connect: Connect, *, in_head: bool
) -> None:
    much = b"".join(b"%07d" % number for number in range(100_000))
    run = run_of((b"" if in_head else much, None), (b"end", None))
    follower, reader = following(connect, much if in_head else b"", slow=True)
    heard = b""
    while follower.catch_up(run, run.end) is Progress.NO_ROOM:
        heard += reader.sock.recv(1 << 16)
    assert heard
    assert heard + reader.read_until(b"end") == much + b"end"


def test_a_follower_whose_client_has_left_is_gone(connect: Connect) -> None:
    run = run_of((b"x", None))
    follower, reader = following(connect, b"")
    assert follower.is_there()
    reader.close()
    assert not follower.is_there()
    follower.sock.close()
    assert follower.catch_up(run, run.end) is Progress.GONE


def test_a_client_may_say_a_little_and_no_more(connect: Connect) -> None:
    follower, reader = following(connect, b"")
    reader.say(b"x" * CHATTER_BYTES)
    heard = 0
    while heard < CHATTER_BYTES:
        assert follower.is_there()
        heard = follower._said  # noqa: SLF001 - how much has come so far is the kernel's choice
    reader.say(b"x")
    follower.sock.settimeout(5)
    assert not follower.is_there()


def test_little_is_left_to_the_system_for_who_reads_nothing(connect: Connect) -> None:
    sock, _ = connect(receive_buffer=4_096)
    follower = Follower(opening(sock, b"", Mark(0, 0)))
    follower.prepare(SYSTEM_BYTES)
    run = run_of(*((bytes(4_000), None) for _ in range(2_000)))
    assert follower.catch_up(run, run.end) is Progress.NO_ROOM
    assert follower.position <= 2 * SYSTEM_BYTES
