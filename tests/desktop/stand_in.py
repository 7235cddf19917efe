"""The command `hivemind-chatroom` with a stand-in for the room, whose page says what it sees.

    python stand_in.py <flags of the command>

Each line of the output is a JSON object: what the page has reported, and what became of the room.
"""

from __future__ import annotations

import json
import secrets
import sys
import threading
import time
import types
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from hivemind_chatroom.desktop import launch
from hivemind_chatroom.operator.ports import Login, Window
from hivemind_chatroom.settings import Origin, Settings

POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)

PAGE = b"""<!DOCTYPE html><meta charset="utf-8"><title>Operator</title>
<link rel="stylesheet" href="/page.css"><h1>The stand-in's page</h1>
<button id="copy">Copy</button> <a id="save" download="room.txt" href="/room.txt">Save</a>
<a id="away" href="http://127.0.0.1:9/elsewhere">Elsewhere</a> <button id="print">Print</button>
<script type="module" src="/page.js"></script>"""

STYLE = b"body{background:#8a4b00;color:#1b1d21;font-family:system-ui;margin:40px}"

SCRIPT = b"""
const token = new URLSearchParams(location.hash.slice(1)).get("k");
history.replaceState(null, "", location.pathname);
const wishes = atonce("ready");
if (wishes.includes("hang")) {
  addEventListener("load", () => setTimeout(() => {
    atonce("hanging");
    for (;;);
  }));
}
function atonce(what) {
  const said = new XMLHttpRequest(); // before the next line, unlike fetch
  said.open("POST", "/api/report", false);
  said.setRequestHeader("Content-Type", "application/json");
  said.setRequestHeader("X-Operator-Token", token);
  said.send(JSON.stringify({ what }));
  return JSON.parse(said.responseText);
}
const report = (what, more = {}) => fetch("/api/report", {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-Operator-Token": token },
  body: JSON.stringify({ what, ...more }),
});
console.error("what somebody has said");
addEventListener("visibilitychange", () => report(document.visibilityState));
addEventListener("blur", () => report("blur"));
addEventListener("focus", () => report("focus"));
addEventListener("download", (event) => report("download", event.detail));
copy.onclick = () => report("copied", { done: document.execCommand("copy") });
document.addEventListener("copy", (event) => {
  event.clipboardData.setData("text/plain", "the invitation");
  event.preventDefault();
});
document.getElementById("print").onclick = () => window.print();
requestAnimationFrame(() => requestAnimationFrame(() => report("painted", {
  href: location.href, visible: document.visibilityState,
  bridge: Object.keys(globalThis.pywebview?.api ?? {}),
})));
for (const wish of wishes) {
  if (wish === "away") {
    document.getElementById("away").click();
    setTimeout(() => report("still here", { href: location.href }), 300);
  }
  if (wish === "save") document.getElementById("save").click();
}
"""


def say(what: str, **more: object) -> None:
    sys.stdout.write(json.dumps({"what": what, **more}) + "\n")
    sys.stdout.flush()


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of browsers that go."""


class StandIn:
    """A `Chatroom` as far as the command knows it."""

    def __init__(
        self,
        settings: Settings,
        *,
        origin: Origin,
        window: Window,
        login: Login,
        on_end: Callable[[], None],
    ) -> None:
        self.name = settings.room_name
        self.url = "http://127.0.0.1:1"
        self.lan_url = self.public_url = None
        self.code = self.assistant = ""
        self.set_aside = self.failure = None
        self._window = window
        self._token = secrets.token_urlsafe(32)
        self._server = Server(("127.0.0.1", 0), self._handler(window))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def operator_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/#k={self._token}"

    def start(self) -> None:
        self._thread.start()
        say("served", url=self.operator_url, at=time.time())
        if "--wish-early" in ASIDE:  # as a second start does, before there is a window
            self._window.show()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        say("stopped", at=time.time())

    def _handler(self, window: Window) -> type[BaseHTTPRequestHandler]:
        token = self._token
        files = {"/": (PAGE, "text/html"), "/page.css": (STYLE, "text/css")}
        files["/page.js"] = (SCRIPT, "text/javascript")
        files["/room.txt"] = (b"the room", "application/octet-stream")
        wishes = [each for each in ("away", "hang", "save") if f"--wish-{each}" in ASIDE]

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                body, kind = files.get(self.path, (b"", ""))
                self._answer(200 if body else 404, body, kind)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers["X-Operator-Token"] != token:
                    self._answer(401, b"", "")
                elif self.path == "/api/report":
                    self._heard(json.loads(body))
                    self._answer(200, json.dumps(wishes).encode(), "application/json")
                else:
                    {"/api/window/show": window.show, "/api/window/quit": window.quit}[self.path]()
                    say(self.path.rpartition("/")[2])
                    self._answer(204, b"", "")

            def _heard(self, report: dict[str, Any]) -> None:
                say(**report, at=time.time())

            def _answer(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", kind)
                self.send_header("Content-Security-Policy", POLICY)
                self.end_headers()
                self.wfile.write(body)

        return Handler


ASIDE = [flag for flag in sys.argv[1:] if flag.startswith("--wish-")]

if __name__ == "__main__":
    # Before the command imports it, and with it all that a room is made of.
    room = types.ModuleType("hivemind_chatroom.chatroom")
    room.Chatroom = StandIn  # type: ignore[attr-defined]  # a module of our own making
    sys.modules[room.__name__] = room
    sys.exit(launch.main([flag for flag in sys.argv[1:] if flag not in ASIDE]))
