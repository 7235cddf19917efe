"""What the operator can decide: defaults, then the file, then the environment, then the flags."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hivemind_chatroom.errors import SettingInvalidError

PORT_DEFAULT = 8985
"""Upstream's port; another one is taken when it is busy and nobody asked for it."""

ENVIRONMENT_PREFIX = "HIVEMIND_CHATROOM_"

CODE_DIGITS = 6
"""Digits of a join code that the room makes itself."""

SQLITE = "sqlite:"
"""The database in the data folder; a path may follow."""

MEMORY = "memory:"
"""No database: what is said is gone with the process."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

_SQLITE_FILE = "sqlite:///"
"""As SQLAlchemy writes it: what follows is relative, or absolute if it begins with a slash too."""

_PORT_MAX = 65_535
_KEEP_DAYS_MAX = 36_500
_KEEP_MESSAGES_MAX = 10_000_000
_NAME_MAX = 64
_CODE_WANTED = re.compile(r"auto|none|[0-9]{4,12}")
_HOST_MAX = 253
_HOST_WANTED = re.compile(r"[a-z0-9_][a-z0-9_-]{0,62}(\.[a-z0-9_][a-z0-9_-]{0,62})*", re.IGNORECASE)
"""Names as a Host header has them: labels of letters, digits, `-` and, on some networks, `_`."""

_RATE_LIMITS = ("default", "off")


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
    `sqlite:////<path>` one of that path from the root, `memory:` nothing on disk."""
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


def database_file(database: str, folder: Path) -> Path | None:
    """Return the file of a `Settings.database`; None when nothing is to be on disk.

    Args:
        database: As the settings have it.
        folder: The data folder.
    """
    if database == MEMORY:
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
    settings = _apply(Settings(), _read(file), str(file))
    from_environment = {
        key.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for key, value in environment.items()
        if key.startswith(ENVIRONMENT_PREFIX)
    }
    settings = _apply(settings, from_environment, "the environment")
    said = {key: value for key, value in flags.items() if value is not None}
    return _apply(settings, said, "the command line")


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingInvalidError(f"The settings file {file} can't be read: {error}.") from error


def _apply(settings: Settings, values: Mapping[str, Any], origin: str) -> Settings:
    known = {field.name for field in fields(Settings)}
    for key, value in values.items():
        if key not in known:
            raise SettingInvalidError(f"{key} in {origin} is no setting of the room.")
        try:
            settings = replace(settings, **{key: _PARSERS[key](value)})
        except ValueError as error:
            raise SettingInvalidError(f"{key} in {origin}: {error}.") from error
    return settings


def _port(value: object) -> int:
    digits = str(value)
    if not (digits.isascii() and digits.isdigit()) or int(digits) > _PORT_MAX:
        raise ValueError(f"a port is a number from 0 to {_PORT_MAX}, not {value!r}")
    return int(digits)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(f"a line of text is wanted, not {value!r}")
    return value


def _room_name(value: object) -> str:
    name = _text(value).strip()
    if not 0 < len(name) <= _NAME_MAX:
        raise ValueError(f"a room's name has 1 to {_NAME_MAX} letters")
    return name


def _log_level(value: object) -> str:
    level = _text(value).upper()
    if level not in LOG_LEVELS:
        raise ValueError(f"one of {', '.join(LOG_LEVELS)} is wanted, not {value!r}")
    return level


def _hub(value: object) -> HubChoice:
    if value not in {choice.value for choice in HubChoice}:
        raise ValueError(f"one of {', '.join(HubChoice)} is wanted, not {value!r}")
    return HubChoice(value)


def _folder(value: object) -> Path:
    if not str(value):
        raise ValueError("the name of a folder is wanted")
    return Path(str(value)).expanduser()


def _database(value: object) -> str:
    url = _text(value)
    if url in {SQLITE, MEMORY}:
        return url
    if f"{url}:" in {SQLITE, MEMORY}:
        return f"{url}:"
    if url.startswith(_SQLITE_FILE) and Path(url.removeprefix(_SQLITE_FILE)).name:
        return url
    raise ValueError(
        f"{SQLITE}, {_SQLITE_FILE}<file in the data folder>, {_SQLITE_FILE}/<path from the root> "
        f"or {MEMORY} is wanted, not {value!r}"
    )


def _count(most: int) -> Callable[[object], int]:
    def parsed(value: object) -> int:
        digits = str(value)
        if not (digits.isascii() and digits.isdigit()) or not 0 < int(digits) <= most:
            raise ValueError(f"a number from 1 to {most} is wanted, not {value!r}")
        return int(digits)

    return parsed


def _code(value: object) -> str:
    code = str(value)
    if not _CODE_WANTED.fullmatch(code):
        raise ValueError(f"auto, none or 4 to 12 digits are wanted, not {value!r}")
    return code


def _rate_limit(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value not in _RATE_LIMITS:
        raise ValueError(f"one of {', '.join(_RATE_LIMITS)} is wanted, not {value!r}")
    return value == "default"


def _hosts(value: object) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list):
        raise ValueError(f"names with commas between them are wanted, not {value!r}")  # noqa: TRY004
    return tuple(_host_name(name.strip()) for name in map(_text, names) if name.strip())


def _host_name(name: str) -> str:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(name.removeprefix("[").removesuffix("]")).compressed
    name = name.removesuffix(".")
    if len(name) > _HOST_MAX or not _HOST_WANTED.fullmatch(name):
        raise ValueError(f"{name!r} is no name or address of a computer (no port, no scheme)")
    return name


_PARSERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "host": _text,
        "port": _port,
        "log_level": _log_level,
        "log_path": _text,
        "hub": _hub,
        "data_dir": _folder,
        "database": _database,
        "keep_days": _count(_KEEP_DAYS_MAX),
        "keep_messages": _count(_KEEP_MESSAGES_MAX),
        "code": _code,
        "rate_limit": _rate_limit,
        "room_name": _room_name,
        "hosts": _hosts,
    }
)
