"""The floor in Python: read a post, send it to every stream, and nothing else.

It prints its port, understands a request's first letter and trusts everybody, as sendloop.c does.
"""

from __future__ import annotations

import resource
import selectors
import socket
import sys
from collections.abc import Callable

_READ_BYTES = 65_536
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
_KEPT = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"

Streams = dict[socket.socket, Callable[[bytes], int]]


def main() -> None:
    """Serve until the process is ended."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    streams: Streams = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                sock, _ = listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(0)
                selector.register(sock, selectors.EVENT_READ, sock)
            elif not serve(key.data, streams):
                streams.pop(key.data, None)
                selector.unregister(key.data)
                key.data.close()


def serve(sock: socket.socket, streams: Streams) -> bool:
    """Answer one request; False when its client has left."""
    try:
        request = sock.recv(_READ_BYTES)
    except OSError:
        return False
    if request.startswith(b"G"):
        streams[sock] = sock.send
        sock.send(_HEAD)
    elif request:
        sock.send(_KEPT)
        event = b"data: %s\n\n" % request.partition(b"\r\n\r\n")[2]
        for send in streams.values():
            try:  # contextlib.suppress would cost more than all else here
                send(event)
            except OSError:
                continue
    return bool(request)


if __name__ == "__main__":
    main()
