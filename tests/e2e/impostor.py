"""What listens where a hub is looked for, and is none."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

WEB_PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
SSH = b"SSH-2.0-OpenSSH_9.2p1\r\n"


class Impostor:
    """Something that listens and is no hub: answers each connection with the same bytes."""

    def __init__(self, answer: bytes, *, stays: bool) -> None:
        self._answer = answer
        self._stays = stays
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="impostor", daemon=True)
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self._answer:
                connection.recv(4_096)
                with contextlib.suppress(OSError):
                    connection.sendall(self._answer)
            if self._stays:
                self._open.append(connection)
            else:
                connection.close()
