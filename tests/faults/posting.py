"""Browsers that post to a room as it is started, and repeat what was not acknowledged."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any

import httpx

from e2e.program import Program

END_S = 5.0
"""How long a client may take to end: one answer at most is on its way."""

Json = dict[str, Any]


def room_without_hub(folder: Path, *flags: str) -> Program:
    """Return a room in which people may post as fast as they can."""
    return Program(folder, "--port", "0", "--hub", "none", "--rate-limit", "off", *flags)


def joined(url: str, name: str) -> str:
    """Join, and return the cookie."""
    body = {"name": name, "lang": "en", "site_id": "test"}
    answer = httpx.post(f"{url}/api/join", json=body, headers={"Origin": url})
    assert answer.status_code == httpx.codes.OK, answer.text
    return str(answer.cookies["room_session"])


def visitor(url: str, cookie: str) -> httpx.Client:
    """Return a browser that has joined."""
    return httpx.Client(base_url=url, headers={"Origin": url}, cookies={"room_session": cookie})


def whole_log(url: str) -> list[Json]:
    """Return everything that is public, oldest first."""
    messages: list[Json] = []
    after = 0
    while True:
        page = httpx.get(f"{url}/api/messages?after={after}&limit=100").json()
        messages += page["messages"]
        if not page["more"]:
            return messages
        after = page["messages"][-1]["id"]


class Client(threading.Thread):
    """Posts as fast as it can, and repeats what was not acknowledged, as a page does."""

    def __init__(self, number: int, cookie: str) -> None:
        super().__init__(name=f"client-{number}", daemon=True)
        self._number = number
        self._cookie = cookie
        self._is_up = threading.Event()
        self._is_done = threading.Event()
        self._url = ""
        self.acknowledged: dict[str, int] = {}
        """The number that each text was given."""

    def meet(self, url: str) -> None:
        """The room is at this address from now on."""
        self._url = url
        self._is_up.set()

    def miss(self) -> None:
        """The room is gone for now."""
        self._is_up.clear()

    def end(self) -> None:
        """Post no more."""
        self._is_done.set()
        self._is_up.set()
        self.join(END_S)

    def run(self) -> None:
        while not self._is_done.is_set():
            self._is_up.wait()
            with contextlib.suppress(httpx.HTTPError), visitor(self._url, self._cookie) as web:
                while not self._is_done.is_set():
                    self._post(web, f"{self._number}-{len(self.acknowledged)}")

    def _post(self, web: httpx.Client, mark: str) -> None:
        answer = web.post("/api/messages", json={"client_id": mark, "text": f"line {mark}"})
        assert answer.status_code in {httpx.codes.OK, httpx.codes.CREATED}, answer.text
        self.acknowledged[f"line {mark}"] = answer.json()["id"]
