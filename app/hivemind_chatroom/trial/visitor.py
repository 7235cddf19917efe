"""A visitor of the room who is no browser and calls as one does."""

from __future__ import annotations

import http.client
import json
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

_PATIENCE_S: Final = 8.0
"""How long the room may say nothing, in seconds; the checks have deadlines of their own."""

_CREATED: Final = 201


class Visitor:
    """Joins, asks and hears what the room's stream says; for one thread at a time."""

    def __init__(self, url: str) -> None:
        """Call the room at `url`; nothing is said yet."""
        self._url = url
        self._place = urlsplit(url).netloc
        self._cookie = ""
        self._stream: http.client.HTTPResponse | None = None
        self._socket: socket.socket | None = None
        self._events: Iterator[tuple[str, Any]] = iter(())

    def get(self, path: str) -> tuple[int, Mapping[str, str], bytes]:
        """Return the status, the headers and the body of what is at a path."""
        return self._call("GET", path)

    def join(self, name: str, code: str) -> int:
        """Join by a code, and remember the cookie; return the status."""
        wanted = {"name": name, "lang": "en", "code": code}
        status, headers, _ = self._call("POST", "/api/join", wanted)
        self._cookie = headers.get("Set-Cookie", "").partition(";")[0]
        return status

    def ask(self, text: str) -> int | None:
        """Post a question for oneself; return its number, or None if it is refused."""
        posting = {"client_id": uuid.uuid4().hex, "text": text, "to": "assistant"}
        status, _, body = self._call("POST", "/api/messages", posting)
        return json.loads(body)["id"] if status == _CREATED else None

    def listen(self) -> bool:
        """Open the stream of events; return whether there is one."""
        connection = http.client.HTTPConnection(self._place, timeout=_PATIENCE_S)
        connection.request("GET", "/api/events", headers={"Cookie": self._cookie})
        self._socket = connection.sock
        self._stream = connection.getresponse()  # which has the connection from now on
        self._events = _events_of(self._stream)
        return self._stream.status == http.client.OK

    def hears(self, is_wanted: Callable[[str, Any], bool], within_s: float) -> bool:
        """Wait for an event; return whether one came, without a silence of so many seconds."""
        assert self._socket is not None  # noqa: S101 - `listen` came before
        self._socket.settimeout(within_s)
        try:
            return any(is_wanted(name, data) for name, data in self._events)
        except TimeoutError:
            return False

    def leave(self) -> None:
        """Close the stream."""
        if self._stream is not None and self._socket is not None:
            self._stream.close()
            self._socket.close()

    def _call(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Origin": self._url}
        connection = http.client.HTTPConnection(self._place, timeout=_PATIENCE_S)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


def _events_of(lines: Iterator[bytes]) -> Iterator[tuple[str, Any]]:
    """Yield the name and the data of each event (HTML, "Parsing an event stream")."""
    name = ""
    for line in lines:
        field, _, value = line.decode().strip().partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)
