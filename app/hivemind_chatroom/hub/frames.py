"""What a hub may send in one piece: websocket-client by itself reads messages of any size."""

from __future__ import annotations

from websocket import ABNF, WebSocket, WebSocketPayloadException
from websocket import frame_buffer as FrameBuffer  # noqa: N812 - a class, whatever its name looks like

MESSAGE_MAX_BYTES = 256 * 1024
"""The largest websocket message; an encrypted one has 65,535 bytes at most (Noise protocol, 3)."""


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
