"""The settings as they go into a backup, and as they come out of one on another computer."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from hivemind_chatroom.errors import BackupInvalidError, SettingInvalidError
from hivemind_chatroom.settings import Settings, decide

_OF_THE_COMPUTER = frozenset(
    {
        "host",
        "hosts",
        "trusted_proxies",
        "public_url",
        "data_dir",
        "database",
        "log_path",
        "log_level",
        "operator_port",
        "lan_interface",
    }
)
"""What says where things are on one computer: it stays there."""

_DELETE = "\x7f"


_RESOLVED = frozenset({"code"})
"""What is kept as it is in force, whoever decided it: people have come in with it."""


def settings_to_keep(settings: Settings, fixed: Collection[str]) -> bytes:
    """Return the settings that make the room what it is, as a settings file.

    Args:
        settings: Those in force, with the code that people join with.
        fixed: The names of those that are so for this start alone, by a flag or a variable: a
            restore would make them last.
    """
    defaults = Settings()
    left_out = _OF_THE_COMPUTER | (set(fixed) - _RESOLVED)
    kept = {
        field.name: getattr(settings, field.name)
        for field in fields(Settings)
        if field.name not in left_out
    }
    return _toml({name: value for name, value in kept.items() if value != getattr(defaults, name)})


def settings_to_restore(kept: bytes, present: Path) -> bytes:
    """Return a settings file for this computer.

    Args:
        kept: Out of a backup.
        present: The settings file that it takes the place of; it need not exist.

    Raises:
        BackupInvalidError: There is something in it that can't be a setting.
    """
    try:
        values = tomllib.loads(kept.decode())
        decide(Settings(), values, "the backup")
    except (SettingInvalidError, ValueError, RecursionError) as error:
        raise BackupInvalidError("The settings in this backup can't be used.") from error
    here = {key: value for key, value in _read(present).items() if key in _OF_THE_COMPUTER}
    of_the_room = {key: value for key, value in values.items() if key not in _OF_THE_COMPUTER}
    return _toml(here | of_the_room)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _toml(values: Mapping[str, Any]) -> bytes:
    """Return values as TOML 1.0; settings are texts, numbers, switches and lists of texts."""
    lines = (f"{name} = {_value(value)}\n" for name, value in values.items())
    return "".join(lines).encode("utf-8", "replace")


def _value(value: Any) -> str:  # noqa: ANN401 - whatever a setting is
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    # TOML has the numbers and switches of JSON, and of its escapes all but that for DEL.
    return json.dumps(value, ensure_ascii=False).replace(_DELETE, "\\u007F")
