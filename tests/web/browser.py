"""A browser as the app sees it: cookies, an origin, an address; each answer is held to the API."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from web.contract import Contract

HOST = "localhost:8985"
ORIGIN = f"http://{HOST}"
ADDRESS = "192.168.1.20"

Json = dict[str, Any]


class Browser:
    """Sends requests; `origin` None makes it a script, which has none."""

    def __init__(
        self, app: Flask, *, origin: str | None = ORIGIN, host: str = HOST, address: str = ADDRESS
    ) -> None:
        self._client = app.test_client()
        self._contract = Contract()
        self._origin = origin
        self._host = host
        self._address = address

    def request(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        **body: Any,  # noqa: ANN401 - whatever Werkzeug's client takes
    ) -> TestResponse:
        """Send one request; headers given here go before the browser's own."""
        own = {"Host": self._host}
        if self._origin and method not in {"GET", "HEAD", "OPTIONS"}:
            own["Origin"] = self._origin
        response = self._client.open(
            path,
            method=method,
            headers={**own, **(headers or {})},
            environ_base={"REMOTE_ADDR": self._address},
            **body,
        )
        self._contract.check(response)
        return response

    def get(self, path: str, headers: dict[str, str] | None = None) -> TestResponse:
        return self.request("GET", path, headers)

    def post(self, path: str, value: object, headers: dict[str, str] | None = None) -> TestResponse:
        return self.request("POST", path, headers, json=value)

    def patch(self, path: str, value: object) -> TestResponse:
        return self.request("PATCH", path, json=value)

    def delete(self, path: str, headers: dict[str, str] | None = None) -> TestResponse:
        return self.request("DELETE", path, headers)

    def submit(self, headers: dict[str, str] | None = None, /, **fields: str) -> TestResponse:
        """Send the classic form."""
        return self.request("POST", "/send_message", headers, data=fields)

    def join(self, name: str, **more: str) -> Json:
        """Come in and return the member."""
        response = self.post("/api/join", {"name": name, **more})
        assert response.status_code == 200, response.text
        member: Json = response.get_json()["member"]
        return member

    def say(self, text: str, to: str = "everyone", client_id: str | None = None) -> Json:
        """Post a message and return it."""
        body = {"client_id": client_id or text, "text": text, "to": to}
        response = self.post("/api/messages", body)
        assert response.status_code in {200, 201}, response.text
        message: Json = response.get_json()
        return message

    def read(self, query: str = "") -> list[Json]:
        """Return a page of the log."""
        messages: list[Json] = self.get(f"/api/messages{query}").get_json()["messages"]
        return messages

    def texts(self, query: str = "") -> list[str]:
        """Return the texts of a page of the log."""
        return [message["text"] for message in self.read(query)]

    def cookie(self) -> str | None:
        """Return the session cookie's value, as the browser keeps it."""
        cookie = self._client.get_cookie("room_session", domain="localhost")
        return cookie.value if cookie else None

    def set_cookie(self, value: str) -> None:
        """Keep a session cookie that came from elsewhere."""
        self._client.set_cookie("room_session", value, domain="localhost")


def error_of(response: TestResponse) -> tuple[int, str]:
    """Return the status and the code of an error."""
    return response.status_code, response.get_json()["error"]["code"]
