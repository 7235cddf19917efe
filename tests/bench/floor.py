"""The floor in Python: what `floor.c` does, by one thread with one bound `send` for each stream.

`python floor.py PORT`. It checks nothing, keeps nothing and believes every length.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import sys
from collections.abc import Callable
from typing import Final

STREAM: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n:\n\n"
CREATED: Final = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
BACKLOG: Final = 4_096
RECEIVE_BYTES: Final = 65_536


def serve(port: int) -> None:
    """Serve until somebody ends the process."""
    streams: list[Callable[[bytes], int]] = []
    listener = socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                sock, _ = listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(0)
                selector.register(sock, selectors.EVENT_READ, sock)
                continue
            request = key.data.recv(RECEIVE_BYTES)
            if not request:
                selector.unregister(key.data)
                key.data.close()
            elif request.startswith(b"GET"):
                streams.append(key.data.send)
                key.data.send(STREAM)
            else:
                body = request.partition(b"\r\n\r\n")[2]
                for send in streams:
                    with contextlib.suppress(OSError):
                        send(body)
                key.data.send(CREATED)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
