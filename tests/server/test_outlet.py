from __future__ import annotations

import selectors
import socket

import pytest

from hivemind_chatroom.server.allowance import Allowance
from hivemind_chatroom.server.outlet import Outlet
from server.wire import DEADLINE_S, HERE, Connect, Reader

SMALL = {"send_buffer": 4_096, "receive_buffer": 4_096}
CHUNKS = [bytes([number]) * 300_000 for number in range(3)]


def made(connect: Connect, allowance: Allowance) -> tuple[Outlet, Reader]:
    sock, reader = connect(**SMALL)
    sock.settimeout(0)
    return Outlet(sock, HERE, allowance), reader


def holds_nothing(allowance: Allowance) -> bool:
    """Tell by what is let to the only one alone."""
    return allowance.take("another address", 1 << 40)


def await_room(sock: socket.socket) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        assert selector.select(DEADLINE_S)


def test_what_there_is_room_for_is_sent_at_once_and_nothing_held(connect: Connect) -> None:
    allowance = Allowance(1, 1)
    outlet, reader = made(connect, allowance)
    outlet.write(b"one ")
    outlet.write(b"two")
    assert outlet.is_empty
    assert holds_nothing(allowance)
    assert reader.read_until(b"two") == b"one two"


def test_what_is_kept_goes_out_along_with_what_is_next(connect: Connect) -> None:
    outlet, reader = made(connect, Allowance(1, 1))
    reader.sock.settimeout(0)
    outlet.keep_next()
    outlet.write(b"head ")
    with pytest.raises(BlockingIOError):
        reader.sock.recv(1)
    outlet.write(b"body")
    reader.sock.settimeout(DEADLINE_S)
    assert reader.sock.recv(64) == b"head body"


def test_what_is_kept_goes_out_alone_where_nothing_is_next(connect: Connect) -> None:
    outlet, reader = made(connect, Allowance(1, 1))
    outlet.keep_next()
    outlet.write(b"head ")
    outlet.flush()
    assert reader.read_until(b"head ") == b"head "
    outlet.write(b"body")
    assert reader.read_until(b"body").endswith(b"body")


def test_what_there_is_no_room_for_is_sent_on_in_its_order(connect: Connect) -> None:
    allowance = Allowance(1 << 20, 1 << 20)
    outlet, reader = made(connect, allowance)
    for chunk in CHUNKS:
        outlet.write(chunk)
    assert not holds_nothing(allowance)
    heard = b""
    while not outlet.is_empty:
        heard += reader.sock.recv(1 << 16)
        outlet.send_on()
    assert holds_nothing(allowance)
    outlet.sock.shutdown(socket.SHUT_WR)
    assert heard + reader.read_to_end() == b"".join(CHUNKS)


def test_what_is_dropped_is_held_no_more(connect: Connect) -> None:
    allowance = Allowance(1 << 20, 1 << 20)
    outlet, _ = made(connect, allowance)
    for chunk in CHUNKS:
        outlet.write(chunk)
    outlet.drop()
    assert outlet.is_empty
    assert holds_nothing(allowance)


def test_more_than_may_be_held_ends_the_answer(connect: Connect) -> None:
    allowance = Allowance(500_000, 500_000)
    outlet, _ = made(connect, allowance)
    outlet.write(CHUNKS[0])
    with pytest.raises(ConnectionAbortedError):
        outlet.write(CHUNKS[1])
    assert outlet.is_empty
    assert holds_nothing(allowance)


def test_a_client_that_has_left_is_noticed(connect: Connect) -> None:
    outlet, reader = made(connect, Allowance(1 << 20, 1 << 20))
    outlet.write(CHUNKS[0])
    reader.close()  # with bytes unread, which resets the connection
    await_room(outlet.sock)
    with pytest.raises(OSError, match=r"reset|pipe"):
        outlet.send_on()
