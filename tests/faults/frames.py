"""Websocket frames as they were seen on the wire (RFC 6455, section 5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA


@dataclass(frozen=True)
class Frame:
    """One frame, its mask taken off."""

    opcode: int
    payload: bytes


def frames_of(recorded: bytes | bytearray) -> Iterator[Frame]:
    """Read what one side of a websocket sent, up to the last whole frame."""
    _head, found, rest = bytes(recorded).partition(b"\r\n\r\n")
    while found and len(rest) >= 2:
        opcode, masked, length, start = rest[0] & 0x0F, rest[1] & 0x80, rest[1] & 0x7F, 2
        for marker, size in ((126, 2), (127, 8)):
            if length == marker:
                length, start = int.from_bytes(rest[2 : 2 + size]), 2 + size
                break
        mask = rest[start : start + 4] if masked else b"\0\0\0\0"
        start += 4 if masked else 0
        if len(rest) < start + length:
            return
        body = rest[start : start + length]
        yield Frame(opcode, bytes(byte ^ mask[index % 4] for index, byte in enumerate(body)))
        rest = rest[start + length :]
