from __future__ import annotations

from collections.abc import Callable

import pytest

from hivemind_chatroom.hub.gate import Gate, NotSentError, UnsureError


class FakeCipher:
    """Encrypts by turning the text around, in frames of three bytes."""

    def __init__(self) -> None:
        self.fails = False

    def send_message(self, payload: str, raw_send: Callable[[bytes], None]) -> None:
        if self.fails:
            raise ValueError(payload)
        body = payload.encode()[::-1]
        for start in range(0, len(body), 3):
            raw_send(body[start : start + 3])


class FakeSocket:
    """Keeps what is written; breaks or closes where it is told to."""

    def __init__(self) -> None:
        self.connected = True
        self.frames: list[tuple[bytes, int]] = []
        self.breaks_at: int | None = None
        self.closes_after: int | None = None

    def send(self, payload: bytes, opcode: int) -> None:
        if self.breaks_at == len(self.frames):
            raise BrokenPipeError(payload)
        self.frames.append((payload, opcode))
        if self.closes_after == len(self.frames):
            self.connected = False


def test_a_message_goes_out_encrypted_in_binary_frames() -> None:
    websocket = FakeSocket()
    Gate(FakeCipher(), websocket).send("abcde")
    assert websocket.frames == [(b"edc", 2), (b"ba", 2)]


def test_a_closed_socket_lets_no_byte_out() -> None:
    websocket = FakeSocket()
    websocket.connected = False
    with pytest.raises(NotSentError):
        Gate(FakeCipher(), websocket).send("abc")
    assert websocket.frames == []


@pytest.mark.parametrize("frame", [0, 1])
def test_a_socket_that_breaks_while_writing_leaves_it_open_what_arrived(frame: int) -> None:
    websocket = FakeSocket()
    websocket.breaks_at = frame
    with pytest.raises(UnsureError):
        Gate(FakeCipher(), websocket).send("abcde")


def test_a_socket_that_closes_between_two_frames_leaves_it_open_what_arrived() -> None:
    websocket = FakeSocket()
    websocket.closes_after = 1
    with pytest.raises(UnsureError):
        Gate(FakeCipher(), websocket).send("abcde")


def test_a_cipher_that_fails_lets_no_byte_out() -> None:
    cipher, websocket = FakeCipher(), FakeSocket()
    cipher.fails = True
    with pytest.raises(NotSentError):
        Gate(cipher, websocket).send("abc")
    assert websocket.frames == []


def test_errors_hold_nothing_of_the_message() -> None:
    cipher, websocket = FakeCipher(), FakeSocket()
    websocket.breaks_at = 0
    with pytest.raises(UnsureError) as broken:
        Gate(cipher, websocket).send("secret")
    cipher.fails = True
    with pytest.raises(NotSentError) as failed:
        Gate(cipher, websocket).send("secret")
    for error in (broken.value, failed.value):
        assert not error.args
        assert error.__suppress_context__
