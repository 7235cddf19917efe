"""The room's place: its addresses on the network and its folders on the disk."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hivemind_chatroom.diagnostics.logs import STDOUT
from hivemind_chatroom.errors import PortTakenError
from hivemind_chatroom.lan.addresses import Here
from hivemind_chatroom.paths import log_folder
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.listener import listen
from hivemind_chatroom.settings import PORT_DEFAULT, Settings

_PORTS_TRIED: Final = 10
"""Ports from 8985 up that are tried when nobody asked for one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the room is; its port is known once the gateway is bound."""

    settings: Settings
    """As they were at the start."""
    folder: Path
    """What the room keeps."""
    room_id: str
    """What tells this room from others."""
    gateway: Gateway
    here: Here

    @property
    def log_folder(self) -> Path | None:
        """Where the log is; None if that goes to the console."""
        wanted = self.settings.log_path
        if wanted == STDOUT:
            return None
        return Path(wanted).expanduser() if wanted else log_folder()

    @property
    def port(self) -> int:
        """The port of the room."""
        return self.gateway.port

    @property
    def url(self) -> str:
        """Where this computer's own browser finds the room."""
        return self.url_of(self.settings.own_host)

    @property
    def lan_url(self) -> str | None:
        """Where others on the network find the room; None without a network."""
        if self.here.is_local:
            return None
        primary = self.here.addresses().primary
        return self.url_of(primary) if primary else None

    @property
    def public_url(self) -> str | None:
        """Where a proxy lets people in; None for nowhere."""
        return self.settings.public_url or None

    def url_of(self, host: str) -> str:
        """Return the room's URL by one of this computer's names or addresses."""
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def take_port(gateway: Gateway, settings: Settings, before: int | None) -> None:
    """Bind a gateway to the port that was asked for, or to one that is free.

    Args:
        gateway: Of the room.
        settings: Which address, and which port if somebody asked for one.
        before: The port of a room that is opened again; None for none. People are in that room:
            if the port that a backup asks for is busy, theirs is better than none.

    Raises:
        PortTakenError: The port that was asked for is busy, or all that may be tried are.
        HostInvalidError: The host is no address of this computer.
    """
    for tried in _ports_to_try(settings.port, before):
        with contextlib.suppress(PortTakenError):
            gateway.bind(settings.host, tried)
            return
    raise PortTakenError(settings.port or PORT_DEFAULT)


def free_port_wanted(settings: Settings) -> int:
    """Return the port that the room was to have; nobody listens there now.

    Args:
        settings: Which address, and which port if somebody asked for one.

    Raises:
        StartError: Another program has it still, or the system refuses it.
    """
    wanted = settings.port or PORT_DEFAULT
    listen(settings.host, wanted).close()
    return wanted


def _ports_to_try(wanted: int | None, before: int | None) -> tuple[int, ...]:
    asked_for = (wanted,) if wanted else ()
    if asked_for and before is None:
        return asked_for
    usual = (0,) if wanted == 0 else range(PORT_DEFAULT, PORT_DEFAULT + _PORTS_TRIED)
    return (*asked_for, *((before,) if before else ()), *usual)
