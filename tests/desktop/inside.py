"""The page inside a window, by Chromium's own protocol for those who look into pages."""

from __future__ import annotations

import json
import socket
import urllib.request
from typing import Any, Self

import websocket

from desktop.desktop import WITHIN_S, Desktop

_WITHIN_MS = WITHIN_S * 1_000

UNTIL = """new Promise((done, fail) => {
  const end = performance.now() + %d;
  const look = () => {
    const seen = %s;
    if (seen) done(seen);
    else if (performance.now() > end) fail(document.body.innerText);
    else requestAnimationFrame(look);
  };
  look();
})"""
"""Waits for so many milliseconds until an expression is true, and returns what it is."""

_CLICK = """(() => {
  const buttons = [...document.querySelectorAll("button:enabled")];
  const button = buttons.find((each) => each.innerText.trim() === %s);
  if (!button) return false;
  const { x, y, width, height } = button.getBoundingClientRect();
  const isSeen = button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  if (isSeen) button.click();
  return isSeen;
})()"""
"""A click once nothing covers the button; below the edge of the window none can be pressed."""

_FOCUS = """(() => {
  const field = document.activeElement;
  const names = [field.ariaLabel, ...[...(field.labels ?? [])].map((each) => each.innerText)];
  return names.includes(%s);
})()"""
"""Whether the field of that name has the focus."""


class Inside:
    """Looks into the window of a command that is not started yet."""

    def __init__(self, desktop: Desktop) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._desktop = desktop
        self._asked = 0
        desktop.environment["QTWEBENGINE_REMOTE_DEBUGGING"] = f"127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._desktop.says("has loaded the page")
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/json") as answer:
            (page,) = json.load(answer)
        self._socket = websocket.create_connection(
            page["webSocketDebuggerUrl"], timeout=2 * WITHIN_S, suppress_origin=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def until(self, expression: str) -> Any:  # noqa: ANN401 - whatever the page says
        """Wait until an expression is true of the page; return it."""
        waiting = UNTIL % (_WITHIN_MS, expression)
        wanted = {"expression": waiting, "returnByValue": True, "awaitPromise": True}
        result = self._ask("Runtime.evaluate", wanted)
        assert "exceptionDetails" not in result, result
        return result["result"]["value"]

    def click(self, button: str) -> None:
        """Click a button, once it is there, can be pressed and can be seen."""
        self.until(_CLICK % json.dumps(button))

    def paste(self, text: str, field: str) -> None:
        """Paste into a field, once it has the focus."""
        self.until(_FOCUS % json.dumps(field))
        self._ask("Input.insertText", {"text": text})

    def _ask(self, method: str, values: dict[str, Any]) -> dict[str, Any]:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": values}))
        answer = json.loads(self._socket.recv())
        assert answer["id"] == self._asked, answer
        result: dict[str, Any] = answer["result"]
        return result
