"""A make-believe program behind the operator's page: it says and does what a test has it say."""

from __future__ import annotations

import copy
import io
import json
import threading
from collections.abc import Iterator
from typing import Any, Final

import segno
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import WSGIRequestHandler, make_server

from browser.household import CHECKS, NOWHERE, SETTINGS, STATUS, found_in, passed
from hivemind_chatroom.operator import failures
from hivemind_chatroom.operator.pages import Pages
from hivemind_chatroom.operator.security import Guard

TAKEN_WITHIN_S = 5.0
"""How long a page may take to send what it is told to, in seconds."""

TOKEN: Final = "made-up"


class Program:
    """What the page talks to; a test sets its values, then calls `tell`."""

    def __init__(self, **status: Any) -> None:  # noqa: ANN401
        """Listen on a free port; `status` replaces parts of the usual one."""
        self.status: dict[str, Any] = {**copy.deepcopy(STATUS), **copy.deepcopy(status)}
        self.settings: dict[str, Any] = copy.deepcopy(SETTINGS)
        self.hubs: dict[str, Any] = {"hubs": [], "is_searching": False}
        self.identity: dict[str, Any] = {
            "is_set": False,
            "host": "",
            "port": None,
            "tls": False,
            "site_id": "",
            "key": NOWHERE,
            "password": NOWHERE,
            "file": "",
            "broken": "",
        }
        self.port: dict[str, Any] = {"wanted": 8985, "has_room": False}
        """What is told of the port that the room was to have."""
        self.found: dict[str, Any] = {}
        """What is found in a text, beside what a print-out has."""
        self.checks: list[dict[str, Any]] = [passed(name) for name in CHECKS]
        self.log: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, Any]] = []
        """Method, path and body of each call that changes something or tries it."""
        self.refusals: dict[str, tuple[int, dict[str, str]]] = {}
        """What is refused: by the path, the status and the error."""
        self._version = 0
        self._cuts = 0
        self._is_stopping = False
        self._news = threading.Condition()
        self._server = make_server(
            "127.0.0.1", 0, self._app(), threaded=True, request_handler=_Quiet
        )
        self._thread = threading.Thread(target=self._server.serve_forever, name="program")

    @property
    def url(self) -> str:
        """The address that the program would print."""
        return f"http://127.0.0.1:{self._server.server_port}/#k={TOKEN}"

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """End every stream and the server."""
        with self._news:
            self._is_stopping = True
            self._news.notify_all()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def tell(self, **status: Any) -> None:  # noqa: ANN401
        """Change parts of the status and tell every page."""
        with self._news:
            for part, values in status.items():
                whole = isinstance(values, list)
                self.status[part] = values if whole else {**self.status[part], **values}
            self._version += 1
            self._news.notify_all()

    def forget_setup(self) -> None:
        """Be a program that nobody has set up yet."""
        self.settings |= {"set_up": False, "code": "", "room_name": "HiveMind Chatroom"}
        self.tell(app={"set_up": False}, room={"code": ""})

    def cut(self) -> None:
        """End the streams that are open; pages may open new ones."""
        with self._news:
            self._cuts += 1
            self._news.notify_all()

    def bodies(self, path: str, count: int = 0) -> list[Any]:
        """Return what was sent to a path, once it is as much as `count`."""
        return [body for _, asked, body in self.taken(count, path) if asked == path]

    def taken(self, count: int, path: str = "") -> list[tuple[str, str, Any]]:
        """Return everything that was sent, once so much of it, or of one path, has come."""

        def has_come() -> bool:
            return sum(path in {"", asked} for _, asked, _ in self.asked) >= count

        with self._news:
            self._news.wait_for(has_come, TAKEN_WITHIN_S)
            return [*self.asked]

    # --- the API ----------------------------------------------------------------

    def _app(self) -> Flask:
        app = Flask(__name__, static_folder=None)
        failures.install(app)
        Guard(TOKEN, lambda: self._server.server_port).install(app)
        app.register_blueprint(Pages(lambda: str(self.settings["language"])).blueprint())
        app.get("/api/events")(self._events)
        app.get("/api/<path:path>")(self._read)
        app.add_url_rule("/api/<path:path>", view_func=self._do, methods=["POST"])
        for method in ("PUT", "PATCH", "DELETE"):
            app.add_url_rule("/api/<path:path>", method, self._do, methods=[method])
        return app

    def _events(self) -> ResponseReturnValue:
        return Response(self._stream(), content_type="text/event-stream")

    def _stream(self) -> Iterator[bytes]:
        told, cuts = -1, self._cuts
        while True:
            with self._news:
                while self._version == told and cuts == self._cuts and not self._is_stopping:
                    self._news.wait()
                if self._is_stopping or cuts != self._cuts:
                    return
                told = self._version
                line = json.dumps(self.status)
            yield f"event: status\ndata: {line}\n\n".encode()

    def _read(self, path: str) -> ResponseReturnValue:
        if path in self.refusals:
            return self._refuse(path)
        values = {
            "settings": self.settings,
            "identity": self.identity,
            "hubs": self.hubs,
            "port": self.port,
            "invite": self._invite,
            "messages": self._page,
        }
        if path in values:
            value = values[path]
            return json.dumps(value() if callable(value) else value), {"Content-Type": _JSON}
        name = {"export": f"room.{request.args.get('format')}"}.get(path, f"{path}.zip")
        disposition = f'attachment; filename="{name}"'
        return Response(b"a file", headers={"Content-Disposition": disposition})

    def _do(self, path: str) -> ResponseReturnValue:
        is_json = request.mimetype == _JSON
        body = request.get_json() if is_json else request.get_data()
        with self._news:
            self.asked.append((request.method, path, body))
            self._news.notify_all()
        if path in self.refusals:
            return self._refuse(path)
        if path == "identity/test":
            lines = "".join(f"{json.dumps(check)}\n" for check in self.checks)
            return Response(lines, content_type="application/x-ndjson")
        return self._changed(path, body)

    def _changed(self, path: str, body: Any) -> ResponseReturnValue:  # noqa: ANN401
        if path == "settings":
            self.settings |= body
            self.tell(
                app={"set_up": self.settings["set_up"]},
                room={"name": self.settings["room_name"], "code": self.settings["code"]},
            )
            return self.settings
        if path == "identity/parse":
            return found_in(body["text"]) | self.found
        told = {
            "identity": self.identity,
            "restore/check": {"made_at": "2026-11-05T20:14:00+00:00"},
        }
        if path in told:
            return told[path]
        if path.startswith("invite/"):
            return self._invited(path, body)
        if path == "pause":
            self.settings["paused"] = body["paused"]
            self.tell(room=body)
        if path.startswith("members/"):
            return self._rule(*path.split("/")[1:])
        if path.startswith("undo/"):
            undone = path.removeprefix("undo/")
            self.tell(undo=[undo for undo in self.status["undo"] if undo["id"] != undone])
        return Response(status=204)

    def _invited(self, path: str, body: Any) -> ResponseReturnValue:  # noqa: ANN401
        if path == "invite/wifi":
            return {"qr_svg": _drawn(f"WIFI:T:WPA;S:{body['name']};P:{body['password']};;")}
        if path == "invite/unlock":
            self.tell(room={"locked_out": 0})
            return Response(status=204)
        self.settings["code"] = "736451"
        self.tell(room={"code": "736451"})
        return self._invite()

    def _rule(self, member_id: str, kind: str) -> ResponseReturnValue:
        name = next(one["name"] for one in self.status["members"] if one["id"] == member_id)
        until = "2999-01-01T20:30:00.000Z"
        undo = {"id": f"{kind}-{member_id}", "kind": kind, "member_id": member_id}
        undo |= {"name": name, "until": until}
        self.tell(undo=[*self.status["undo"], undo])
        return undo

    def _invite(self) -> dict[str, Any]:
        room, lan = self.status["room"], self.status["lan"]
        url = f"{room['lan_url'] or room['url']}/j/{self.settings['code']}"
        return {
            "url": url,
            "addresses": [f"http://{address}:{room['port']}" for address in lan["addresses"]],
            "name_url": f"http://{lan['name']}:{room['port']}" if lan["name"] else None,
            "code": self.settings["code"],
            "qr_svg": _drawn(url),
        }

    def _page(self) -> dict[str, Any]:
        words = request.args.get("q", "").lower()
        found = [one for one in self.log if words in one["text"].lower()]
        return {"messages": found, "more": False}

    def _refuse(self, path: str) -> ResponseReturnValue:
        status, error = self.refusals[path]
        return {"error": error}, status


_JSON: Final = "application/json"


def _drawn(text: str) -> str:
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="svg", xmldecl=False, border=4, omitsize=True)
    return picture.getvalue().decode()


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""
