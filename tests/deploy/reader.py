"""Somebody who reads and says nothing: a page asks for its stream alone, again when it breaks."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from typing import Final, Self

import httpx

AGAIN_AFTER_S: Final = 0.2
"""How long it waits before it asks again; the page waits for one to three seconds."""

SILENT_MAX_S: Final = 60.0
"""Longer than a room is ever silent: it sends a comment every 15 s."""

_END_S: Final = 3.0


class Reader:
    """Reads the whole room from its beginning, as long as the context lasts."""

    def __init__(self, url: str, way: httpx.BaseTransport, code: str) -> None:
        """Stand before the room at `url`."""
        self.codes: list[int] = []
        """What each of its requests was answered with."""
        self._web = httpx.Client(
            base_url=url,
            transport=way,
            timeout=SILENT_MAX_S,
            headers={"Authorization": f"Bearer {code}"},
        )
        self._changed = threading.Condition()
        self._newest = 0
        self._stream: httpx.Response | None = None
        self._goes = threading.Event()
        self._thread = threading.Thread(target=self._read, name="reader", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._goes.set()
        if self._stream is not None:
            connection = self._stream.extensions["network_stream"].get_extra_info("socket")
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)  # closing alone does not wake the thread
        self._thread.join(_END_S)
        self._web.close()

    def hears(self, number: int, within_s: float) -> bool:
        """Wait for a message, and tell whether it came."""
        with self._changed:
            return self._changed.wait_for(lambda: self._newest >= number, within_s)

    def _read(self) -> None:
        while not self._goes.wait(AGAIN_AFTER_S):
            with contextlib.suppress(httpx.HTTPError, httpx.StreamError, OSError):
                self._follow()

    def _follow(self) -> None:
        """Read one stream to its end."""
        place = {"after": self._newest}
        with self._web.stream("GET", "/api/events", params=place) as self._stream:
            self.codes.append(self._stream.status_code)
            if self._goes.is_set():  # whoever said so may have seen the stream before
                return
            event = ""
            for line in self._stream.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    event = value
                elif field == "data" and event == "message":
                    self._note(json.loads(value)["id"])

    def _note(self, number: int) -> None:
        with self._changed:
            self._newest = number
            self._changed.notify_all()
