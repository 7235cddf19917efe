"""A room with its operator's app; the hub and what isn't the app's own part are played by fakes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from werkzeug.test import TestResponse

from fakes import FakeClock, FakeLanguages
from hivemind_chatroom.errors import (
    BackupInvalidError,
    IdentityIncompleteError,
    PortTakenError,
)
from hivemind_chatroom.operator.app import create_app
from hivemind_chatroom.operator.parts import Decided, Parts
from hivemind_chatroom.operator.security import TOKEN_HEADER
from hivemind_chatroom.room.model import HubState, HubStatus, Introduction, Member, Message, Posting
from hivemind_chatroom.room.operating import (
    Check,
    CheckName,
    CheckState,
    Credentials,
    Download,
    ExportFormat,
    FoundIdentity,
    FoundSecret,
    Hint,
    KeptIdentity,
    LanStanding,
    SeenHub,
    SeenHubs,
    Today,
)
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.settings import PORT_DEFAULT, HubChoice, Settings
from hivemind_chatroom.store.memory import MemoryStore

TOKEN = "a-token-of-this-launch"
PORT = 4321
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"

KEY, PASSWORD = "5498d1c0ffee", "e955-a-password"

DEADLINE_S = 5.0

Json = dict[str, Any]


class FakeHub:
    """A `Hub` that remembers what it was told."""

    def __init__(self) -> None:
        self.choice = HubChoice.AUTO
        self.address = "192.168.1.10:5678"
        self.latency_ms: float | None = 12.5
        self.told: list[str] = []
        self.credentials: Credentials | None = None
        self.running: Iterator[Check] | None = None
        self.ending = Check(CheckName.ANSWERED, CheckState.SKIPPED)
        """What comes of the last check."""
        self.was_closed = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def parse(self, text: str) -> FoundIdentity:
        if KEY not in text:
            return FoundIdentity()
        return FoundIdentity(
            key=FoundSecret(is_found=True, masked="5498…"), host="hub.local", port=5678, tls=True
        )

    def test(self, credentials: Credentials) -> Iterator[Check]:
        if not credentials.host:
            raise IdentityIncompleteError("Which hub?")
        self.credentials = credentials
        self.running = self._checks(credentials)
        return self.running

    def _checks(self, credentials: Credentials) -> Iterator[Check]:
        address = f"{credentials.host}:{credentials.port}"
        try:
            yield Check(CheckName.REACHED, CheckState.OK, ms=12, address=address)
            self.go_on.wait(DEADLINE_S)
            yield Check(
                CheckName.KEY, CheckState.FAILED, 3, "hub.key", "No such key.", "hivemind-core …"
            )
            for name in (CheckName.PASSWORD, CheckName.ALLOWED):
                yield Check(name, CheckState.SKIPPED)
            yield self.ending
        finally:
            self.was_closed.set()

    def identity(self) -> KeptIdentity:
        return KeptIdentity(
            is_set=self.credentials is not None,
            file="/home/ana/_identity.json",
            host=self.credentials.host if self.credentials else "",
            key=FoundSecret(is_found=True, masked="5498…"),
        )

    def save(self, credentials: Credentials) -> None:
        if not credentials.key:
            raise IdentityIncompleteError("There is no access key.")
        self.credentials = credentials
        self.choice = HubChoice.IDENTITY

    def use_built_in(self) -> None:
        self.choice = HubChoice.BUILT_IN

    def use_identity(self) -> None:
        self.choice = HubChoice.IDENTITY

    def reconnect(self) -> None:
        self.told.append("reconnect")

    def trust_new_key(self, credentials: Credentials | None = None) -> None:
        self.told.append("trust new key")
        self.credentials = credentials

    def hubs(self) -> SeenHubs:
        return SeenHubs((SeenHub("Living room", "192.168.1.10", 5678),), is_searching=True)


@dataclass
class FakePlace:
    """A `Place`."""

    room_id: str = "0a1b2c3d"
    url: str = "http://127.0.0.1:8985"
    lan_url: str | None = "http://192.168.1.23:8985"
    public_url: str | None = None
    port: int = 8985
    folder: Path = Path("/home/ana/room")
    log_folder: Path | None = None

    def url_of(self, host: str) -> str:
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


@dataclass
class FakeLan:
    """A `Lan`."""

    now: LanStanding = field(
        default_factory=lambda: LanStanding(("192.168.1.23", "fd00::23"), "family.local")
    )

    def standing(self) -> LanStanding:
        return self.now


class FakeReach:
    """A `Reach`."""

    def __init__(self) -> None:
        self.due: float | None = None
        self.found: tuple[Hint, ...] = ()

    def due_in_s(self) -> float | None:
        return self.due

    def hints(self) -> tuple[Hint, ...]:
        return self.found


class FakeFigures:
    """`Figures` of a quiet day."""

    def today(self) -> Today:
        hours = (0,) * 24
        return Today(
            3, 2, 1, 900, (3, *hours[1:]), (2, *hours[1:]), (900, *(None for _ in hours[1:]))
        )


class FakeArchive:
    """An `Archive` and `Reports` whose files say what they are."""

    def __init__(self) -> None:
        self.restored: list[bytes] = []

    def export(self, to: ExportFormat) -> Download:
        return Download(f"room.{to}", "text/plain; charset=utf-8", iter([b"what ", b"was said"]))

    def backup(self) -> Download:
        return Download("room.zip", "application/zip", iter([b"PK"]))

    def report(self) -> Download:
        return Download("report.zip", "application/zip", iter([b"PK"]))

    def look_into(self, backup: BinaryIO) -> str:
        if not backup.read().startswith(b"PK"):
            raise BackupInvalidError("That is no backup of a room.")
        return "2026-11-05T20:14:00+00:00"

    def restore(self, backup: BinaryIO) -> None:
        self.look_into(backup)
        backup.seek(0)
        self.restored.append(backup.read())


class FakeLogin:
    """A `Login`."""

    def __init__(self, *, on: bool | None = False) -> None:
        self._on = on

    def is_on(self) -> bool | None:
        return self._on

    def switch(self, *, on: bool) -> None:
        self._on = on


class FakeWindow:
    """A `Window` that remembers."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def show(self) -> None:
        self.told.append("show")

    def quit(self) -> None:
        self.told.append("quit")


class FakeSerialize:
    """`Serialize` with what a test looks at."""

    def member(self, member: Member, *, present: bool) -> dict[str, object]:
        return {"id": member.id, "name": member.name, "present": present}

    def message(self, message: Message) -> dict[str, object]:
        return {"id": message.id, "text": message.draft.text}


class FakeStreams:
    """`Streams` that keep what is published, and can be waited on."""

    def __init__(self) -> None:
        self.published: list[bytes] = []
        self.published_at: list[float] = []
        self._has_more = threading.Condition()

    def publish(self, chunk: bytes) -> None:
        with self._has_more:
            self.published.append(chunk)
            self.published_at.append(time.monotonic())
            self._has_more.notify_all()

    def mark(self) -> int:
        return len(self.published)

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until what is published is as wanted."""
        with self._has_more:
            assert self._has_more.wait_for(holds, DEADLINE_S), self.published


class OperatorStage:
    """Everything that a test of the operator's side needs."""

    def __init__(
        self,
        folder: Path,
        *,
        fixed: dict[str, str] | None = None,
        with_window: bool = True,
        settings: Settings | None = None,
    ) -> None:
        self.clock = FakeClock()
        self.room = Room(
            RoomSettings(member_rate=None), MemoryStore(self.clock), self.clock, FakeLanguages()
        )
        self.room.hub_is(HubStatus(HubState.CONNECTED, self.clock.now()))
        self.in_force: list[Settings] = []
        self.file = folder / "config" / "settings.toml"
        self.hub, self.lan, self.place = FakeHub(), FakeLan(), FakePlace()
        self.reach = FakeReach()
        self.rooms: set[int] = set()
        """Ports at which other rooms answer."""
        self.archive, self.streams = FakeArchive(), FakeStreams()
        self.login = FakeLogin() if with_window else None
        self.window = FakeWindow() if with_window else None
        begun = settings or Settings()
        decided = Decided(
            lambda: [begun, *self.in_force][-1],
            fixed or {},
            self.file,
            FakeLanguages().standard,
            ("en", "pt-PT"),
            self._put_in_force,
        )
        self.parts = Parts(
            room=self.room,
            clock=self.clock,
            decided=decided,
            place=self.place,
            hub=self.hub,
            lan=self.lan,
            reach=self.reach,
            storage=MemoryStore(self.clock),
            figures=FakeFigures(),
            archive=self.archive,
            reports=self.archive,
            serialize=FakeSerialize(),
            return_to_port=self._return_to_port,
            has_room=lambda port: port in self.rooms,
            login=self.login,
            window=self.window,
        )
        made = create_app(self.parts, self.streams, TOKEN, lambda: PORT)
        self.app, self.live = made.wsgi, made.live

    def _return_to_port(self) -> None:
        if self.place.port == PORT_DEFAULT:
            raise PortTakenError(PORT_DEFAULT)
        self.place.port = PORT_DEFAULT

    def _put_in_force(self, settings: Settings, _: Collection[str]) -> None:
        self.in_force.append(settings)
        code = "" if settings.code == "none" else settings.code
        rules = replace(
            self.room.settings, name=settings.room_name, code=code, paused=settings.paused
        )
        self.room.change_settings(rules)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: dict[str, str] | None = None,
        token: str | None = TOKEN,
    ) -> TestResponse:
        """Send one request as the page does; headers given here go before its own."""
        own = {"Host": HOST} | ({TOKEN_HEADER: token} if token is not None else {})
        if method not in {"GET", "HEAD"}:
            own["Origin"] = ORIGIN
        json = {} if body is None and method not in {"GET", "HEAD"} else body
        sent: dict[str, Any] = {"data": json} if isinstance(json, bytes) else {"json": json}
        return self.app.test_client().open(
            path,
            method=method,
            headers={**own, **(headers or {})},
            **({} if json is None else sent),
        )

    def get(self, path: str) -> Json:
        """Return what a route tells."""
        response = self.ask("GET", path)
        assert response.status_code == 200, response.text
        value: Json = response.get_json()
        return value

    def join(self, name: str) -> Member:
        """Let somebody in, and tell the room that they have a page open."""
        member = self.room.join(Introduction(name, "en")).member
        self.room.set_present(member.id, present=True)
        return member

    def say(self, member: Member, text: str) -> Message:
        """Let somebody say something."""
        return self.room.post(member, Posting(text, text)).message


def error_of(response: TestResponse) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return response.status_code, response.get_json()["error"]["code"]
