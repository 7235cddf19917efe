"""Looks into a page for a test that can't reach it: expressions come in, what they are goes out.

Run in the network of the program whose window it is: `python -m package.looking PORT`, where PORT
is Chromium's for those who look into pages. A line in is `seen <expression>`, which is waited for
until it is true; a line out is `{"at": <moment>, "what": "seen", "value": ...}`.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
from typing import Any, Final

import websocket

from desktop.inside import UNTIL

WITHIN_S: Final = 20


def main(port: int) -> None:
    """Answer line by line."""
    page = websocket.create_connection(_address(port), timeout=2 * WITHIN_S, suppress_origin=True)
    _say("ready")
    for number, line in enumerate(sys.stdin):
        expression = UNTIL % (WITHIN_S * 1_000, line.removeprefix("seen ").strip())
        wanted = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        page.send(json.dumps({"id": number, "method": "Runtime.evaluate", "params": wanted}))
        result = json.loads(page.recv())["result"]
        assert "exceptionDetails" not in result, result
        _say("seen", value=result["result"]["value"])


def _address(port: int) -> str:
    """Wait for the page; it can be looked into from some moment on that nobody tells."""
    deadline = time.monotonic() + WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                pages = [page for page in json.load(answer) if page["type"] == "page"]
        except urllib.error.URLError:
            pages = []
        if pages:
            return str(pages[0]["webSocketDebuggerUrl"])
        assert time.monotonic() < deadline, "there is no page to look into"


def _say(what: str, **values: Any) -> None:  # noqa: ANN401 - whatever the page has
    sys.stdout.write(json.dumps({"at": time.monotonic(), "what": what, **values}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
