"""Where the room's computer is, as far as an assistant needs to know."""

from __future__ import annotations

import tzlocal

_UNKNOWN = "UTC"


def local_timezone() -> str:
    """Return this computer's timezone by its name in the IANA database, UTC when it has none."""
    try:
        return tzlocal.get_localzone_name() or _UNKNOWN
    except (LookupError, OSError, ValueError):  # a TZ or an /etc/localtime that names no zone
        return _UNKNOWN
