"""The page inside a window, by Chromium's own protocol for those who look into pages."""

from __future__ import annotations

import json
import socket
import urllib.request
from typing import Any, Self

import websocket

from desktop.desktop import WITHIN_S, Desktop

_UNTIL = """new Promise((done) => {
  const look = () => { const seen = %s; seen ? done(seen) : requestAnimationFrame(look); };
  look();
})"""


class Inside:
    """Looks into the window of a command that is not started yet."""

    def __init__(self, desktop: Desktop) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._desktop = desktop
        desktop.environment["QTWEBENGINE_REMOTE_DEBUGGING"] = f"127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._desktop.says("has loaded the page")
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/json") as answer:
            (page,) = json.load(answer)
        self._socket = websocket.create_connection(
            page["webSocketDebuggerUrl"], timeout=WITHIN_S, suppress_origin=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def until(self, expression: str) -> Any:  # noqa: ANN401 - whatever the page says
        """Wait until an expression is true of the page; return it."""
        wanted = {"expression": _UNTIL % expression, "returnByValue": True, "awaitPromise": True}
        self._socket.send(json.dumps({"id": 1, "method": "Runtime.evaluate", "params": wanted}))
        result = json.loads(self._socket.recv())["result"]
        assert "exceptionDetails" not in result, result
        return result["result"]["value"]
