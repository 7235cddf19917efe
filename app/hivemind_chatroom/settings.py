"""What the operator can decide: defaults, then the file, then the environment, then the flags."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hivemind_chatroom.errors import SettingInvalidError
from hivemind_chatroom.setting_values import (
    computer_name,
    count_to,
    folder,
    host_names,
    join_code,
    language_tag,
    language_tags,
    line,
    networks,
    port,
    rate_limit,
    switch,
    web_address,
)

PORT_DEFAULT = 8985
"""Upstream's port; another one is taken when it is busy and nobody asked for it."""

ENVIRONMENT_PREFIX = "HIVEMIND_CHATROOM_"

CODE_DIGITS = 6
"""Digits of a join code that the room makes itself."""

SQLITE = "sqlite:"
"""The database in the data folder; a path may follow."""

POSTGRES = "postgresql://"
"""A database on a PostgreSQL server; where it is follows, as libpq reads it."""

MEMORY = "memory:"
"""No database: what is said is gone with the process."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

_SQLITE_FILE = "sqlite:///"
"""As SQLAlchemy writes it: what follows is relative, or absolute if it begins with a slash too."""

_OWN_HOSTS = MappingProxyType({"0.0.0.0": "127.0.0.1", "::": "::1"})  # noqa: S104 - compared only
"""The addresses that stand for all of this computer's, and the one by which it calls itself."""

_KEEP_DAYS_MAX = 36_500
_KEEP_MESSAGES_MAX = 10_000_000
_NAME_MAX = 64
_MEMBERS_MAX = 1_000
_MEMBERS_LIMIT = 5_000
_STEPS = 5
"""First steps, of which the last one shows the invitation."""

_ENVIRONMENT = "the environment"
_COMMAND_LINE = "the command line"


class HubChoice(StrEnum):
    """Which hub the room connects to."""

    AUTO = "auto"
    """The identity file when there is one, else the built-in hub."""
    IDENTITY = "identity"
    BUILT_IN = "built-in"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every decision, checked; `settings.toml` and the environment use these names."""

    host: str = "0.0.0.0"  # noqa: S104 - a room on the LAN listens to the LAN
    """The address to listen on."""
    port: int | None = None
    """The port to listen on, 0 for any; None tries 8985 and the next ones."""
    log_level: str = "INFO"
    log_path: str = ""
    """A folder, `stdout` for the console, empty for the usual folder."""
    hub: HubChoice = HubChoice.AUTO
    data_dir: Path | None = None
    """What the room keeps; None for the usual folder."""
    database: str = SQLITE
    """`sqlite:` keeps `room.db` in the data folder, `sqlite:///<path>` another file there,
    `sqlite:////<path>` one of that path from the root, `postgresql://...` a PostgreSQL server's,
    `memory:` nothing on disk."""
    keep_days: int = 30
    """How long messages are kept."""
    keep_messages: int = 100_000
    """How many messages are kept."""
    code: str = "none"
    """The join code: `none` leaves the room open, `auto` makes one at each start, or 4 to 12
    digits."""
    rate_limit: bool = True
    """Whether members and addresses may only join and post so fast."""
    room_name: str = "HiveMind Chatroom"
    hosts: tuple[str, ...] = ()
    """Further names and addresses by which browsers may call the room, without ports."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of the proxies that are believed when they say for whom they ask."""
    public_url: str = ""
    """Where a proxy lets people in, as `https://chat.example.org`; empty: nowhere."""
    lan: bool = True
    """Whether the room announces itself on the LAN, and others find it by a name."""
    lan_name: str = "hivechat"
    """That name, without `.local`."""
    lan_interface: str = ""
    """The network interface whose addresses others are told; empty for the likeliest."""
    operator_port: int = 0
    """The port of the operator's own listener on 127.0.0.1, 0 for any that is free."""
    paused: bool = False
    """Whether people may only read for now."""
    members_max: int = _MEMBERS_MAX
    """How many people the room lets in."""
    languages: tuple[str, ...] = ()
    """The languages that visitors choose from, as BCP-47 tags; empty for all that the page has."""
    language: str = ""
    """The language of the operator's window, a BCP-47 tag; empty for the system's."""
    set_up: bool = False
    """Whether the operator has been through the first steps."""
    set_up_step: int = 1
    """The one of the first steps that the operator goes on with."""
    set_up_later: bool = False
    """Whether the operator has left the rest of them for later."""

    @property
    def own_host(self) -> str:
        """The address by which this computer itself calls the room."""
        return _OWN_HOSTS.get(self.host, self.host)


def database_file(database: str, folder: Path) -> Path | None:
    """Return the file of a `Settings.database`; None when there is to be none on this computer.

    Args:
        database: As the settings have it.
        folder: The data folder.
    """
    if database == MEMORY or database.startswith(POSTGRES):
        return None
    if database == SQLITE:
        return folder / "room.db"
    return folder / database.removeprefix(_SQLITE_FILE)  # an absolute path stays what it is


def load_settings(file: Path, environment: Mapping[str, str], flags: Mapping[str, Any]) -> Settings:
    """Put the settings together.

    Args:
        file: The settings file (TOML); a missing one decides nothing.
        environment: Variables; those that begin with `HIVEMIND_CHATROOM_` count.
        flags: What the command line said; None decides nothing.

    Raises:
        SettingInvalidError: A value can't be used; the sentence names it and where it stands.
    """
    settings = decide(Settings(), _read(file), str(file))
    settings = decide(settings, _from_environment(environment), _ENVIRONMENT)
    return decide(settings, _said(flags), _COMMAND_LINE)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where settings come from, to be asked again when the file has changed."""

    file: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    flags: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def settings(self) -> Settings:
        """Put the settings together, as `load_settings` does."""
        return load_settings(self.file, self.environment, self.flags)

    def fixed(self) -> dict[str, str]:
        """Return the names of those that the file doesn't decide, with what does."""
        by_environment = dict.fromkeys(_from_environment(self.environment), _ENVIRONMENT)
        return by_environment | dict.fromkeys(_said(self.flags), _COMMAND_LINE)

    def decides(self, name: str) -> bool:
        """Tell whether a setting is said anywhere, even if it is what it would be anyway."""
        return name in self.fixed() or name in _read(self.file)


def decide(settings: Settings, values: Mapping[str, Any], origin: str) -> Settings:
    """Return settings of which some are others.

    Args:
        settings: What is decided so far.
        values: By the names of the settings, as TOML, JSON, the environment or a flag has them.
        origin: Where they stand, for the error.

    Raises:
        SettingInvalidError: A value can't be used, or is of no setting; nothing is changed.
    """
    known = {field.name for field in fields(Settings)}
    for key, value in values.items():
        if key not in known:
            raise SettingInvalidError(f"{key} in {origin} is no setting of the room.", key)
        try:
            settings = replace(settings, **{key: _PARSERS[key](value)})
        except ValueError as error:
            raise SettingInvalidError(f"{key} in {origin}: {error}.", key) from error
    return settings


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        key.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for key, value in environment.items()
        if key.startswith(ENVIRONMENT_PREFIX)
    }


def _said(flags: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in flags.items() if value is not None}


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingInvalidError(f"The settings file {file} can't be read: {error}.") from error


def _room_name(value: object) -> str:
    name = line(value).strip()
    if not 0 < len(name) <= _NAME_MAX:
        raise ValueError(f"a room's name has 1 to {_NAME_MAX} letters")
    return name


def _log_level(value: object) -> str:
    level = line(value).upper()
    if level not in LOG_LEVELS:
        raise ValueError(f"one of {', '.join(LOG_LEVELS)} is wanted, not {value!r}")
    return level


def _hub(value: object) -> HubChoice:
    if value not in {choice.value for choice in HubChoice}:
        raise ValueError(f"one of {', '.join(HubChoice)} is wanted, not {value!r}")
    return HubChoice(value)


def _database(value: object) -> str:
    url = line(value)
    if url in {SQLITE, MEMORY}:
        return url
    if f"{url}:" in {SQLITE, MEMORY}:
        return f"{url}:"
    if url.startswith(_SQLITE_FILE) and Path(url.removeprefix(_SQLITE_FILE)).name:
        return url
    if url.startswith(POSTGRES):
        return url
    said = "an address with a password" if "@" in url else repr(value)
    raise ValueError(
        f"{SQLITE}, {_SQLITE_FILE}<file in the data folder>, {_SQLITE_FILE}/<path from the root>, "
        f"{POSTGRES}... or {MEMORY} is wanted, not {said}"
    )


_PARSERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "host": line,
        "port": port,
        "log_level": _log_level,
        "log_path": line,
        "hub": _hub,
        "data_dir": folder,
        "database": _database,
        "keep_days": count_to(_KEEP_DAYS_MAX),
        "keep_messages": count_to(_KEEP_MESSAGES_MAX),
        "code": join_code,
        "rate_limit": rate_limit,
        "room_name": _room_name,
        "hosts": host_names,
        "trusted_proxies": networks,
        "public_url": web_address,
        "lan": switch,
        "lan_name": computer_name,
        "lan_interface": line,
        "operator_port": port,
        "paused": switch,
        "members_max": count_to(_MEMBERS_LIMIT),
        "languages": language_tags,
        "language": language_tag,
        "set_up": switch,
        "set_up_step": count_to(_STEPS),
        "set_up_later": switch,
    }
)
