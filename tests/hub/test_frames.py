from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator

import pytest
from hivemind_bus_client.noise import NoiseTransportFailed
from websocket import ABNF, WebSocketPayloadException, frame_buffer

from hivemind_chatroom.hub.frames import MESSAGE_MAX_BYTES, CappedCipher, CappedFrames

TEXT, BINARY, MORE, PING = (
    ABNF.OPCODE_TEXT,
    ABNF.OPCODE_BINARY,
    ABNF.OPCODE_CONT,
    ABNF.OPCODE_PING,
)
HEADER_MAX_BYTES = 10


def header(opcode: int, length: int, *, last: bool = True) -> bytes:
    """Return the beginning of a frame, with its length in the longest form (RFC 6455, 5.2)."""
    return struct.pack("!BBQ", last << 7 | opcode, 127, length)


def frame(opcode: int, length: int, *, last: bool = True) -> bytes:
    return header(opcode, length, last=last) + b"x" * length


def reading(*sent: bytes) -> tuple[CappedFrames, io.BytesIO]:
    stream = io.BytesIO(b"".join(sent))
    return CappedFrames(frame_buffer(stream.read, skip_utf8_validation=False)), stream


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_the_largest_message_is_read(opcode: int) -> None:
    frames, _ = reading(frame(opcode, MESSAGE_MAX_BYTES))
    assert len(frames.recv_frame().data) == MESSAGE_MAX_BYTES


@pytest.mark.parametrize("opcode", [TEXT, BINARY, PING])
@pytest.mark.parametrize("length", [MESSAGE_MAX_BYTES + 1, 1 << 30, (1 << 63) - 1])
def test_of_a_larger_one_nothing_is_read_but_its_length(opcode: int, length: int) -> None:
    frames, stream = reading(header(opcode, length), b"x" * MESSAGE_MAX_BYTES)
    with pytest.raises(WebSocketPayloadException):
        frames.recv_frame()
    assert stream.tell() == HEADER_MAX_BYTES


def test_parts_that_are_too_large_together_are_not_read_on() -> None:
    half = MESSAGE_MAX_BYTES // 2
    frames, _ = reading(
        frame(BINARY, half, last=False), frame(MORE, half, last=False), header(MORE, 1)
    )
    frames.recv_frame()
    frames.recv_frame()
    with pytest.raises(WebSocketPayloadException):
        frames.recv_frame()


def test_each_message_and_each_ping_counts_for_itself() -> None:
    part = frame(BINARY, MESSAGE_MAX_BYTES - 100, last=False)
    sent = (part, frame(PING, 100), frame(MORE, 100), frame(TEXT, MESSAGE_MAX_BYTES))
    frames, _ = reading(*sent)
    assert [frames.recv_frame().opcode for _ in sent] == [BINARY, PING, MORE, TEXT]


class FakeCipher:
    """Decrypts frames to what a test says, one after the other."""

    def __init__(self, *messages: str | bytes | None) -> None:
        self._messages: Iterator[str | bytes | None] = iter(messages)

    def send_message(self, payload: str, raw_send: Callable[[bytes], None]) -> None:
        raw_send(payload.encode())

    def decrypt_frame(self, data: bytes) -> str | bytes | None:
        return next(self._messages)


def test_a_message_in_parts_is_heard_whole_and_counted_whole() -> None:
    cipher = CappedCipher(FakeCipher(None, None, "whole", "next"))
    heard = [cipher.decrypt_frame(b"x" * size) for size in (100, 20, 3)]
    assert (heard, cipher.message_bytes) == ([None, None, "whole"], 123)
    assert (cipher.decrypt_frame(b"x"), cipher.message_bytes) == ("next", 1)


def test_parts_that_never_end_are_not_put_together() -> None:
    cipher = CappedCipher(FakeCipher(*[None] * 9))
    for _ in range(8):
        assert cipher.decrypt_frame(b"x" * (MESSAGE_MAX_BYTES // 8)) is None
    with pytest.raises(NoiseTransportFailed):
        cipher.decrypt_frame(b"x")


def test_what_may_be_compressed_is_not_unpacked() -> None:
    cipher = CappedCipher(FakeCipher(b"binary", "text"))
    assert [cipher.decrypt_frame(b"x"), cipher.decrypt_frame(b"x")] == [None, "text"]


def test_what_is_sent_goes_through_the_same_cipher() -> None:
    sent: list[bytes] = []
    CappedCipher(FakeCipher()).send_message("hello", sent.append)
    assert sent == [b"hello"]
