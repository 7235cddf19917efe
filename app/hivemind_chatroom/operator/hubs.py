"""The routes by which the operator finds, tests and chooses the assistant's hub."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Final

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from hivemind_chatroom.operator.answer import answer, done, encoded
from hivemind_chatroom.operator.fields import Fields
from hivemind_chatroom.operator.ports import Hub, Json
from hivemind_chatroom.operator.preferences import Preferences
from hivemind_chatroom.operator.silence import Silence
from hivemind_chatroom.room.operating import Check, Credentials, FoundSecret, SeenHub

_PORT_MAX: Final = 65_535
_LINES: Final = "application/x-ndjson"


class Hubs:
    """Identity and hub."""

    def __init__(
        self, hub: Hub, preferences: Preferences, silence: Silence, on_news: Callable[[], None]
    ) -> None:
        """Choose by `hub`, and remember the choice in the `preferences`.

        Args:
            hub: The assistant's.
            preferences: What the operator has decided.
            silence: Learns from each test.
            on_news: Called when it may have learned something; never waits.
        """
        self._hub = hub
        self._preferences = preferences
        self._silence = silence
        self._on_news = on_news

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("hubs", __name__, url_prefix="/api")
        routes.get("/hubs")(self.hubs)
        routes.post("/identity/parse")(self.parse)
        routes.post("/identity/test")(self.test)
        routes.get("/identity")(self.identity)
        routes.put("/identity")(self.save)
        routes.post("/hub/built-in")(self.use_built_in)
        routes.post("/hub/identity")(self.use_identity)
        routes.post("/hub/reconnect")(self.reconnect)
        routes.post("/hub/trust-new-key")(self.trust_new_key)
        return routes

    def hubs(self) -> ResponseReturnValue:
        """Return the hubs that announce themselves."""
        seen = self._hub.hubs()
        listing = [_hub_json(each) for each in seen.hubs]
        return answer({"hubs": listing, "is_searching": seen.is_searching})

    def parse(self) -> ResponseReturnValue:
        """Return what is in a pasted text; the text itself never."""
        found = self._hub.parse(Fields.of_request().text("text"))
        return answer(
            {
                "key": _secret_json(found.key),
                "password": _secret_json(found.password),
                "host": found.host,
                "port": found.port,
                "tls": found.tls,
                "site_id": found.site_id,
                "weak": found.is_weak,
            }
        )

    def test(self) -> ResponseReturnValue:
        """Call a hub, and answer with a line as each check ends."""
        checks = self._hub.test(_credentials(Fields.of_request()))
        return Response(_lines_of(checks, self._learn), content_type=_LINES)

    def identity(self) -> ResponseReturnValue:
        """Return what is saved, without its secrets."""
        kept = self._hub.identity()
        return answer(
            {
                "is_set": kept.is_set,
                "host": kept.host,
                "port": kept.port,
                "tls": kept.tls,
                "site_id": kept.site_id,
                "key": _secret_json(kept.key),
                "password": _secret_json(kept.password),
                "file": kept.file,
                "broken": kept.broken,
            }
        )

    def save(self) -> ResponseReturnValue:
        """Save an identity, and use its hub from now on."""
        self._hub.save(_credentials(Fields.of_request()))
        self._preferences.keep_hub(self._hub.choice)
        return self.identity()

    def use_built_in(self) -> ResponseReturnValue:
        """Use the built-in assistant."""
        return self._choose(self._hub.use_built_in)

    def use_identity(self) -> ResponseReturnValue:
        """Use the saved identity's hub."""
        return self._choose(self._hub.use_identity)

    def reconnect(self) -> ResponseReturnValue:
        """Try to connect now."""
        self._hub.reconnect()
        return done()

    def trust_new_key(self) -> ResponseReturnValue:
        """Forget the key that a hub had before: the one that is named, or the one in use."""
        fields = Fields.of_request()
        self._hub.trust_new_key(_credentials(fields) if fields.values else None)
        return done()

    def _learn(self, check: Check) -> None:
        self._silence.note(check)
        self._on_news()

    def _choose(self, choose: Callable[[], None]) -> ResponseReturnValue:
        choose()
        self._preferences.keep_hub(self._hub.choice)
        return done()


def _credentials(fields: Fields) -> Credentials:
    return Credentials(
        text=fields.text("text", ""),
        key=fields.text("key", ""),
        password=fields.text("password", ""),
        host=fields.text("host", ""),
        port=fields.number("port", least=1, most=_PORT_MAX),
        site_id=fields.text("site_id", ""),
    )


def _lines_of(checks: Iterator[Check], learn: Callable[[Check], None]) -> Iterator[bytes]:
    """Yield the checks as lines; a window that is closed ends the test."""
    with contextlib.ExitStack() as ending:
        if close := getattr(checks, "close", None):
            ending.callback(close)
        for check in checks:
            learn(check)
            yield encoded(_check_json(check)) + b"\n"


def _check_json(check: Check) -> Json:
    return {
        "check": check.name,
        "state": check.state,
        "ms": check.ms,
        "code": check.code,
        "text": check.text,
        "command": check.command,
        "address": check.address,
    }


def _hub_json(hub: SeenHub) -> Json:
    return {
        "name": hub.name,
        "host": hub.host,
        "port": hub.port,
        "tls": hub.tls,
        "is_reachable": hub.is_reachable,
    }


def _secret_json(secret: FoundSecret) -> Json:
    return {"found": secret.is_found, "masked": secret.masked}
