"""What the operator's app needs of other parts; `opening.py` passes them in.

The values are those of `room/operating.py`. Every method may be called from several threads at
once. Whoever implements a port and has news that the room's feed does not tell (a latency, an
address, a full disk) is handed a callable that takes nothing and returns at once, and calls it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from hivemind_chatroom.room.model import Member, Message
from hivemind_chatroom.room.operating import (
    Check,
    Credentials,
    Download,
    ExportFormat,
    FoundIdentity,
    Hint,
    KeptIdentity,
    LanStanding,
    SeenHubs,
    StorageStanding,
    Today,
)
from hivemind_chatroom.settings import HubChoice

Json = dict[str, object]


class Place(Protocol):
    """Where the room is: on the network and on the disk."""

    @property
    def room_id(self) -> str:
        """What tells this room from others."""
        ...

    @property
    def url(self) -> str:
        """Where this computer's own browser finds the room."""
        ...

    @property
    def lan_url(self) -> str | None:
        """Where others on the network find it; None without a network."""
        ...

    @property
    def public_url(self) -> str | None:
        """Where a proxy lets people in; None for nowhere."""
        ...

    def url_of(self, host: str) -> str:
        """Return its URL by one of this computer's names or addresses."""
        ...

    @property
    def port(self) -> int:
        """The port of the room."""
        ...

    @property
    def folder(self) -> Path:
        """What the room keeps."""
        ...

    @property
    def log_folder(self) -> Path | None:
        """Where its log is; None if that goes to the console."""
        ...


class Hub(Protocol):
    """The assistant's hub, as the operator chooses and tests it.

    State, reason and command are in the room: `Room.hub`.
    """

    @property
    def choice(self) -> HubChoice:
        """Which hub is wanted now."""
        ...

    @property
    def address(self) -> str:
        """The hub that is wanted now, as `host:port`; empty when that isn't known."""
        ...

    @property
    def latency_ms(self) -> float | None:
        """How long the hub last took to answer, in milliseconds; None while not connected."""
        ...

    def parse(self, text: str) -> FoundIdentity:
        """Find an identity in anything a hub has printed; text that has none finds nothing."""
        ...

    def test(self, credentials: Credentials) -> Iterator[Check]:
        """Call a hub and yield every check as it ends, five in their order, within 8 s.

        After the first that fails the others are skipped. Nothing is saved, and the room's own
        connection stays as it is. Closing the iterator ends the test.

        Raises:
            IdentityIncompleteError: No key, password or host is known; raised at once.
        """
        ...

    def identity(self) -> KeptIdentity:
        """Tell what is saved."""
        ...

    def save(self, credentials: Credentials) -> None:
        """Keep an identity as `hivemind-client set-identity` does, and use its hub from now on.

        Raises:
            IdentityIncompleteError: No key, password or host is known.
            StorageFullError: It could not be written; nothing has changed.
        """
        ...

    def use_built_in(self) -> None:
        """Use the built-in assistant from now on."""
        ...

    def use_identity(self) -> None:
        """Use the saved identity's hub from now on, also when none is saved yet."""
        ...

    def reconnect(self) -> None:
        """Try now, whatever the next attempt was to wait for."""
        ...

    def trust_new_key(self, credentials: Credentials | None = None) -> None:
        """Forget the key that a hub had when it was first met, and try now.

        Args:
            credentials: Those of the hub; None for the one that is wanted now.

        Raises:
            IdentityIncompleteError: No key, password or host is known.
            StorageFullError: It could not be written.
        """
        ...

    def hubs(self) -> SeenHubs:
        """Tell which hubs announce themselves; the first call may begin the search."""
        ...


class Lan(Protocol):
    """This computer on the LAN."""

    def standing(self) -> LanStanding:
        """Tell its addresses and its name; quick, for every snapshot."""
        ...


class Reach(Protocol):
    """Whether phones can reach the room."""

    def due_in_s(self) -> float | None:
        """Tell in how many seconds there will be hints if nobody comes; None: not by time alone."""
        ...

    def hints(self) -> tuple[Hint, ...]:
        """Tell what may keep phones out, if nobody has come for long; quick, for every snapshot."""
        ...


class Storage(Protocol):
    """The room's memory."""

    def standing(self) -> StorageStanding:
        """Tell what it holds; quick, for every snapshot."""
        ...


class Figures(Protocol):
    """What has happened today."""

    def today(self) -> Today:
        """Count since midnight here; quick, for every snapshot."""
        ...


class Archive(Protocol):
    """The room and its history as files."""

    def export(self, to: ExportFormat) -> Download:
        """Return the public log; private messages are not in it."""
        ...

    def backup(self) -> Download:
        """Return the whole room as one zip: database, settings, identity.

        Raises:
            BackupFailedError: It can't be made; the sentence says why.
        """
        ...

    def look_into(self, backup: BinaryIO) -> str:
        """Check a backup, change nothing, and return when it was made (RFC 3339).

        Args:
            backup: The zip, from its beginning; it can be sought in.

        Raises:
            BackupInvalidError: It is no backup of a room, or damaged.
            StorageFullError: There is no place to unpack it.
        """
        ...

    def restore(self, backup: BinaryIO) -> None:
        """Check a backup, put it in place of what is there, and have the room start anew.

        Returns as soon as the room is told to start anew: the answer still goes out.

        Args:
            backup: The zip, from its beginning; it can be sought in.

        Raises:
            BackupInvalidError: It is no backup of a room, or damaged; nothing has changed.
            StorageFullError: There is no place for it; nothing has changed.
        """
        ...


class Reports(Protocol):
    """What the operator may send to somebody who helps."""

    def report(self) -> Download:
        """Return versions, settings, health and log as one zip.

        No key, password, code, name or message is in it.
        """
        ...


class Login(Protocol):
    """Whether the program starts when the operator logs in."""

    def is_on(self) -> bool | None:
        """Tell whether it does; None: not on this system."""
        ...

    def switch(self, *, on: bool) -> None:
        """Have it start, or not.

        Raises:
            SettingInvalidError: This system has no such thing, or did not let us.
        """
        ...


class Window(Protocol):
    """What shows the operator's page; both methods return at once.

    `desktop/launch.py` makes it and a `Login` and hands them in, `Chatroom(settings, window=...,
    login=...)`; it is opened, at `Chatroom.operator_url`, when the room has started.
    """

    def show(self) -> None:
        """Bring it to the front, also when it was closed and the room kept running."""
        ...

    def quit(self) -> None:
        """Close the room, and end the program in order."""
        ...


class Serialize(Protocol):
    """The room's values as its own API has them (docs/http-api.md)."""

    def member(self, member: Member, *, present: bool) -> Json:
        """Return a Member."""
        ...

    def message(self, message: Message) -> Json:
        """Return a Message as one who has not joined sees it."""
        ...


class Mark(Protocol):
    """A point in what is published."""


class Streams(Protocol):
    """All open event streams of the operator; any thread may call, and no call waits."""

    def publish(self, chunk: bytes) -> None:
        """Send whole events to every stream."""
        ...

    def mark(self) -> Mark:
        """Return the point after everything published so far."""
        ...
