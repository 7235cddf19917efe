"""What a hub may send in one piece, where the libraries by themselves take almost anything.

websocket-client reads messages of any size. hivemind-bus-client puts messages of 32 MiB together
out of encrypted pieces, and unpacks compressed ones to whatever they become: a thousand times as
much.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from hivemind_bus_client.noise import NoiseTransportFailed
from websocket import ABNF, WebSocket, WebSocketPayloadException
from websocket import frame_buffer as FrameBuffer  # noqa: N812 - a class, whatever its name looks like

from hivemind_chatroom.hub.gate import Cipher

MESSAGE_MAX_BYTES = 256 * 1024
"""The largest message, as a websocket has it and as it is put together out of encrypted pieces, of
which each has 65,535 bytes at most (Noise protocol, 3)."""


class CappedFrames(FrameBuffer):
    """Reads the frames of one websocket, and gives up before it reads too large a message."""

    def __init__(self, uncapped: FrameBuffer) -> None:
        """Take the place of the frames that a websocket was made with, before any is read."""
        super().__init__(uncapped.recv, uncapped.skip_utf8_validation)
        self._begun_bytes = 0

    def recv_length(self) -> None:
        """Read how long the next frame is.

        Raises:
            WebSocketPayloadException: Its message is too large; nothing of the frame is read.
        """
        super().recv_length()
        if self.length is None or self._begun_bytes + self.length > MESSAGE_MAX_BYTES:
            raise WebSocketPayloadException("too large")

    def recv_frame(self) -> ABNF:
        """Read a frame, and count it to its message."""
        frame = super().recv_frame()
        if frame.opcode in {ABNF.OPCODE_TEXT, ABNF.OPCODE_BINARY, ABNF.OPCODE_CONT}:
            self._begun_bytes = 0 if frame.fin else self._begun_bytes + len(frame.data)
        return frame


def cap_frames(websocket: WebSocket) -> None:
    """Have a websocket that has just been opened read no message that is too large."""
    websocket.frame_buffer = CappedFrames(websocket.frame_buffer)


class WholeCipher(Cipher, Protocol):
    """One established Noise session, in both directions."""

    def decrypt_frame(self, data: bytes) -> str | bytes | None:
        """Return the message that a frame completes: JSON, or the binary form; None for a part."""
        ...


class CappedCipher:
    """Decrypts what a hub sends, and gives up before it puts together too large a message."""

    def __init__(self, uncapped: WholeCipher) -> None:
        """Take the place of a connection's cipher, before it has decrypted anything."""
        self._uncapped = uncapped
        self.message_bytes = 0
        """The size of the message that was heard last, or of what has come of it so far."""
        self._is_whole = True

    def send_message(self, payload: str, raw_send: Callable[[bytes], None]) -> None:
        """Encrypt a message and hand its frames over, one after the other."""
        self._uncapped.send_message(payload, raw_send)

    def decrypt_frame(self, data: bytes) -> str | None:
        """Decrypt the next frame.

        Returns:
            The message that it completes, in JSON; None for a part of one. The binary form is left
            out: we never say that we read it, hubs use it for sounds, and it may be compressed.

        Raises:
            NoiseTransportFailed: The message is too large, or the frame is not the hub's next one.
        """
        begun_bytes = 0 if self._is_whole else self.message_bytes
        self.message_bytes = begun_bytes + len(data)
        if self.message_bytes > MESSAGE_MAX_BYTES:
            raise NoiseTransportFailed("too large")
        message = self._uncapped.decrypt_frame(data)
        self._is_whole = message is not None
        return message if isinstance(message, str) else None
