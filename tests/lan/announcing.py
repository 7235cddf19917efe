"""A room's presence without the room, as a program: many of them fit on one computer.

It opens when it is told `go`, and says in lines of JSON what others are told of it and when. Its
input's end is its own, with a goodbye.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import asdict, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hivemind_chatroom.lan.addresses import Here, Listening
from hivemind_chatroom.lan.offer import Offer
from hivemind_chatroom.lan.presence import Presence
from hivemind_chatroom.room.clock import SystemClock

WATCHED_EVERY_S = 0.05
"""Between two looks at what it knows of others: nobody is told of that by an event."""


RETRY_S = 1.0
"""Instead of half a minute, in which a test would wait for another program to let go."""


def say(what: str, **more: object) -> None:
    """Tell one thing, and when it was."""
    line = json.dumps({"what": what, "at": time.monotonic(), **more}, default=str)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def health(room_id: str, name: str) -> ThreadingHTTPServer:
    """Return a server that answers as a room does to another."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = {"app": "hivemind-chatroom", "id": room_id, "room": name}
            body = json.dumps(told).encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
            """Say nothing: the output is for what a test waits for."""

    return ThreadingHTTPServer(("", 0), Answer)


class Room:
    """What is announced, and by what."""

    def __init__(self, room_id: str, name: str, wanted: str, host: str) -> None:
        self.is_over = threading.Event()
        self.server = health(room_id, name)
        clock = SystemClock()
        self.here = Here(clock, Listening(host), wanted_name=f"{wanted}.local")
        port = self.server.server_address[1]
        assert isinstance(port, int)
        self.offer = Offer(room_id, name, port, needs_code=False, wanted=wanted)
        self.presence = Presence(self.here, clock, lambda: self.offer, self.tell, retry_s=RETRY_S)

    def tell(self) -> None:
        """Say how it stands."""
        say("standing", **asdict(self.here.standing()))

    def watch(self) -> None:
        """Say what it knows of others whenever that is something else."""
        known: object = None
        while not self.is_over.wait(WATCHED_EVERY_S):
            rooms, hubs = self.presence.rooms(), self.presence.hubs()
            if (rooms, hubs) != known:
                known = (rooms, hubs)
                say("others", **asdict(rooms), hubs=asdict(hubs)["hubs"])

    def open(self) -> None:
        """Begin to be there."""
        for each in (self.server.serve_forever, self.watch):
            threading.Thread(target=each, daemon=True).start()
        say("go", port=self.offer.port)
        self.presence.start()

    def close(self) -> None:
        """Take leave."""
        say("leaving")
        self.presence.stop()
        self.is_over.set()
        say("left")


def main() -> None:
    """Do what is said, line by line."""
    room = Room(*sys.argv[1:5])
    say("ready")
    for line in sys.stdin:
        command, _, rest = line.strip().partition(" ")
        match command:
            case "go":
                room.open()
            case "offer":
                room.offer = replace(room.offer, **json.loads(rest))
                room.presence.renew()
            case "pin":
                room.here.wish(rest, room.here.wanted_name)
                room.presence.renew()
            case _:
                say("unknown", command=command)
    room.close()


if __name__ == "__main__":
    main()
