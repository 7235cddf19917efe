"""The operator's page as a program: the token out of the address, a live stream, and requests."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from typing import Any, Self

import httpx

HEARS_WITHIN_S = 15.0
_END_S = 3.0

Json = dict[str, Any]


class OperatorPage:
    """Opens the address that the program has printed, and listens."""

    def __init__(self, operator_url: str) -> None:
        """Take the token out of the address, as the page does."""
        self.url, _, self.token = operator_url.partition("/#k=")
        self.web = httpx.Client(
            base_url=self.url,
            headers={"X-Operator-Token": self.token, "Origin": self.url},
            timeout=HEARS_WITHIN_S,
        )
        self._changed = threading.Condition()
        self._told: list[Json] = []
        self._stream: httpx.Response | None = None
        self._is_open = True
        self._thread = threading.Thread(target=self._listen, name="page", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_open = False
        if self._stream is not None:
            connection = self._stream.extensions["network_stream"].get_extra_info("socket")
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(_END_S)
        self.web.close()

    def sees(self, wanted: Callable[[Json], object]) -> Json:
        """Wait until the status is as wanted, and return it."""
        with self._changed:
            assert self._changed.wait_for(
                lambda: self._told and wanted(self._told[-1]), HEARS_WITHIN_S
            ), self._told[-1:]
            return self._told[-1]

    def count(self) -> int:
        """Return how many snapshots have come so far."""
        with self._changed:
            return len(self._told)

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Ask for something."""
        answer = self.web.get(f"/api/{path}")
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - as above
        """Have something done; return what is answered, if anything."""
        answer = self.web.request(method, f"/api/{path}", json=body or {})
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def _listen(self) -> None:
        while self._is_open:
            with contextlib.suppress(httpx.HTTPError, httpx.StreamError, OSError):
                self._follow()

    def _follow(self) -> None:
        with self.web.stream("GET", "/api/events", timeout=None) as self._stream:
            for line in self._stream.iter_lines():
                if line.startswith("data: "):
                    with self._changed:
                        self._told.append(json.loads(line.removeprefix("data: ")))
                        self._changed.notify_all()
