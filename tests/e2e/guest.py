"""A guest of the room as a browser would be one: over HTTP, with a cookie and a live stream."""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import threading
from collections.abc import Callable
from typing import Any, Self

import httpx

HEARS_WITHIN_S = 15.0
"""Seconds until a guest who hears nothing gives up."""

_END_S = 3.0

Happening = tuple[str, dict[str, Any]]


class Guest:
    """Joins, speaks, and remembers what the stream tells."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        """Stand before the room at `url`; `transport` is another way there."""
        self._web = httpx.Client(
            base_url=url, headers={"Origin": url}, timeout=HEARS_WITHIN_S, transport=transport
        )
        self._changed = threading.Condition()
        self._happened: list[Happening] = []
        self._stream: httpx.Response | None = None
        self._thread = threading.Thread(target=self._listen, name="guest", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.go()

    def join(self, name: str, lang: str, code: str = "") -> Self:
        """Come in and open the stream."""
        body = {"name": name, "lang": lang, "site_id": "test", "code": code}
        answer = self._web.post("/api/join", json=body)
        assert answer.status_code == httpx.codes.OK, answer.text
        return self._begin()

    def come_as(self, other: Guest) -> Self:
        """Open the stream as somebody who has joined already, maybe at another instance."""
        self._web.cookies = other._web.cookies
        return self._begin()

    def says(self, text: str, to: str = "everyone") -> dict[str, Any]:
        """Post a message and return it."""
        answer = self.posts(text, to)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        message: dict[str, Any] = answer.json()
        return message

    def posts(self, text: str, to: str = "everyone") -> httpx.Response:
        """Post a message and return the answer, whatever it is."""
        body = {"client_id": secrets.token_hex(8), "text": text, "to": to}
        return self._web.post("/api/messages", json=body)

    def hears(
        self, event: str, wanted: Callable[[dict[str, Any]], bool], within_s: float = HEARS_WITHIN_S
    ) -> dict[str, Any]:
        """Wait until the stream has told of something, and return it."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._found(event, wanted), within_s), event
            return self._found(event, wanted)[0]

    def heard(self, event: str) -> list[dict[str, Any]]:
        """Return everything of one kind that the stream has told so far."""
        with self._changed:
            return self._found(event, lambda _: True)

    def is_sent_away(self) -> bool:
        """Wait until the room has closed the stream, and tell whether it has."""
        self._thread.join(HEARS_WITHIN_S)
        return not self._thread.is_alive()

    def removes(self, number: int) -> None:
        """Take a message of one's own back."""
        answer = self._web.delete(f"/api/messages/{number}")
        assert answer.is_success, answer.text

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Fetch JSON."""
        answer = self._web.get(path)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    def go(self) -> None:
        """Close the stream and everything else."""
        if self._stream is not None:
            connection = self._stream.extensions["network_stream"].get_extra_info("socket")
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)  # closing alone does not wake the thread
        if self._thread.ident is not None:
            self._thread.join(_END_S)
        self._web.close()

    def _begin(self) -> Self:
        self._thread.start()
        self.hears("members", lambda _: True)
        return self

    def _found(self, event: str, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        return [data for name, data in self._happened if name == event and wanted(data)]

    def _listen(self) -> None:
        name, data = "", ""
        try:
            with self._web.stream("GET", "/api/events", timeout=None) as self._stream:
                for line in self._stream.iter_lines():
                    field, _, value = line.partition(": ")
                    if field == "event":
                        name = value
                    elif field == "data":
                        data = value
                    elif not line and name:
                        self._note((name, json.loads(data)))
                        name = ""
        except (httpx.HTTPError, httpx.StreamError, OSError):
            return  # the room is closed, or the guest goes

    def _note(self, happening: Happening) -> None:
        with self._changed:
            self._happened.append(happening)
            self._changed.notify_all()
