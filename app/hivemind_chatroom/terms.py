"""The terms of a room: the settings as its door, its people and its memory take them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hivemind_chatroom.errors import SettingInvalidError
from hivemind_chatroom.lan.addresses import Here, Listening, OwnNames
from hivemind_chatroom.lan.offer import DOMAIN, Offer
from hivemind_chatroom.paths import data_folder, private_folder
from hivemind_chatroom.room.limits import JOIN_RATE, MEMBER_RATE
from hivemind_chatroom.room.ports import Clock, Store
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.proxies import Proxies
from hivemind_chatroom.settings import (
    CODE_DIGITS,
    MEMORY,
    POSTGRES,
    SQLITE,
    Settings,
    database_file,
)
from hivemind_chatroom.store.memory import MemoryStore
from hivemind_chatroom.store.retention import Keep
from hivemind_chatroom.store.sqlite import SqliteStore

OPEN: Final = "none"
"""The setting `code` of a room without one."""

MADE_AT_START: Final = "auto"
"""The setting `code` of a room that makes one at each start."""


def join_code(wanted: str) -> str:
    """Return the code that a setting means: made here, given, or empty for none."""
    if wanted == MADE_AT_START:
        return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    return "" if wanted == OPEN else wanted


def rules_of(settings: Settings, code: str) -> RoomSettings:
    """Return what the settings say of the room, which has this code."""
    return RoomSettings(
        settings.room_name,
        code,
        keep_days=None if settings.database == MEMORY else settings.keep_days,
        members_max=settings.members_max,
        languages=settings.languages,
        paused=settings.paused,
        member_rate=MEMBER_RATE if settings.rate_limit else None,
        join_rate=JOIN_RATE if settings.rate_limit else None,
    )


def here_of(settings: Settings, clock: Clock) -> Here:
    """Return this computer on the LAN as the settings want it seen."""
    return Here(
        clock,
        Listening(settings.host),
        pinned=settings.lan_interface,
        wanted_name=wanted_name_of(settings),
    )


def wanted_name_of(settings: Settings) -> str:
    """Return the name, whole, by which others on the network are to find the room."""
    return f"{settings.lan_name}.{DOMAIN}"


def names_of(settings: Settings, here: Here) -> OwnNames:
    """Return the names by which browsers may call the room."""
    # A name or an address that --host asked for is one of them.
    named = () if Listening(settings.host).is_any else (settings.host,)
    public = urlsplit(settings.public_url).hostname
    return OwnNames((*named, *settings.hosts, *((public,) if public else ())), here)


def offer_of(settings: Settings, room: RoomSettings, room_id: str, port: int) -> Offer:
    """Return what the LAN is told of the room.

    Args:
        settings: Of the room.
        room: Its rules, with the code that it has.
        room_id: What tells it from others.
        port: Where it listens.
    """
    return Offer(
        room_id, room.name, port, bool(room.code), wanted=settings.lan_name, is_on=settings.lan
    )


def limits_of(settings: Settings) -> Limits:
    """Return what the server lets visitors have, and whom it believes."""
    return Limits(proxies=Proxies(settings.trusted_proxies))


def keep_of(settings: Settings) -> Keep:
    """Return how much of the log the settings keep."""
    return Keep(settings.keep_days, settings.keep_messages)


def folder_of(settings: Settings) -> Path:
    """Return the data folder that the settings mean, made if it isn't there.

    Raises:
        FolderUnusableError: It can't be made or written.
    """
    return private_folder(settings.data_dir or data_folder())


def store_of(settings: Settings, folder: Path, clock: Clock) -> Store:
    """Open the memory that the settings mean.

    Args:
        settings: Of the room.
        folder: Its data folder.
        clock: Both clocks.

    Raises:
        StartError: The database can't be opened, or is not ours; its kind says which.
    """
    if settings.database.startswith(POSTGRES):
        return _postgres(settings.database, clock)
    file = database_file(settings.database, folder)
    if file is None:
        return MemoryStore(clock)
    return SqliteStore(file, clock, is_own_place=settings.database == SQLITE)


def _postgres(address: str, clock: Clock) -> Store:
    try:
        from hivemind_chatroom.store.postgres.store import PostgresStore  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SettingInvalidError(
            "--database postgresql://... needs the extra `postgres`: "
            "pip install 'hivemind-flask-chatroom[postgres]'.",
            "database",
        ) from error
    return PostgresStore(address, clock)
