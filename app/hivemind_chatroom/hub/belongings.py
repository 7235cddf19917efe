"""The identity with its keys, as files that work in another folder too."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SIZE_MAX = 1 << 20
"""Bytes in one of the files; real ones have two thousand."""

_KEYS = {"secret_key": ".pem", "noise_key": "_noise.key"}
"""Where the identity says that its keys are, and how they are called after its name if it doesn't
(hivemind-bus-client `identity.py`)."""

_ORDINARY = re.compile(r"\w[\w .-]{0,99}\.(pem|key)")
"""Names that need no second thought on any system; keys of other names get one of these."""

_UNNAMED = "unnamed-node"


def belongings(file: Path) -> Mapping[str, bytes]:
    """Return an identity file and its keys by their names; nothing if there is no usable one.

    Keys that it names by a path are named without, as they are then looked for beside it.
    """
    content = _read(file)
    if content is None:
        return {}
    files = {}
    for field, ending in _KEYS.items():
        key = _key_of(content, field, ending, file.parent)
        if key is not None:
            name = key.name if _ORDINARY.fullmatch(key.name) else f"ours{ending}"
            files[name] = key.read_bytes()
            if content.get(field) or name != key.name:
                content[field] = name
    return {file.name: json.dumps(content, indent=4).encode(), **files}


def _read(file: Path) -> dict[str, Any] | None:
    try:
        if file.stat().st_size > _SIZE_MAX:
            return None
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _key_of(content: Mapping[str, Any], field: str, ending: str, folder: Path) -> Path | None:
    named = content.get(field)
    stem = content.get("name") or _UNNAMED
    path = folder / (named if isinstance(named, str) and named else f"{stem}{ending}")
    for key in (path, folder / path.name):
        try:
            if key.is_file() and key.stat().st_size <= _SIZE_MAX:
                return key
        except (OSError, ValueError):  # a name that none can have
            continue
    return None
