"""The OVOS session of a member: what goes out with an utterance, and what is kept of what returns.

A chatroom is OVOS-BRIDGE-1's "managing mode" (3.4.2): a session for each participant, and the
state that the assistant hands back goes out again with that participant's next utterance.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hivemind_chatroom.room.model import Member, SessionState

STATE_MAX_BYTES = 16_384
"""How much an assistant may have us remember of one member, as JSON."""

_STATE_FIELDS: Mapping[str, type] = MappingProxyType(
    {
        "active_handlers": list,
        "converse_handlers": list,
        "response_mode": dict,
        "intent_context": dict,
    }
)
"""What a client keeps for the orchestrator, with its JSON type (OVOS-SESSION-1, 3)."""

_HALF_DAY_CLOCK = frozenset({"US", "CA", "AU", "NZ", "IN", "PH"})
_MONTH_FIRST = frozenset({"US", "PH"})
_IMPERIAL = frozenset({"US", "LR", "MM"})
"""Regions by their habits (Unicode CLDR: hour cycle, short date, measurement system)."""


def session_for(member: Member, lang: str, timezone: str, now: float) -> dict[str, Any]:
    """Return the session that goes out with an utterance.

    A dictionary made here: the library's own class would add the place it is configured for, which
    is Lawrence, Kansas, on a computer without OVOS. `location` has OVOS-SESSION-1's `tz` (3.5) and
    the older `timezone.code` beside it, as ovos-bus-client sends it itself.

    Args:
        member: Whose session it is.
        lang: The language of the utterance.
        timezone: Where the room is, as in the IANA database.
        now: Seconds since 1970.
    """
    region = _region(lang)
    return {
        **folded(member.session.state, now),
        "session_id": member.session.id,
        "lang": lang,
        "site_id": member.site_id,
        "location": {"tz": timezone, "timezone": {"code": timezone}},
        "time_format": "half" if region in _HALF_DAY_CLOCK else "full",
        "date_format": "MDY" if region in _MONTH_FIRST else "DMY",
        "system_unit": "imperial" if region in _IMPERIAL else "metric",
    }


def folded(session: Mapping[str, Any], now: float) -> SessionState:
    """Return the state that a session carries, without what has expired or is too large.

    Args:
        session: As it came; every field may be of any type.
        now: Seconds since 1970.
    """
    found = ((field, kind, session.get(field)) for field, kind in _STATE_FIELDS.items())
    state = {field: value for field, kind, value in found if value and isinstance(value, kind)}
    if _has_expired(state.get("response_mode"), now):
        del state["response_mode"]
    for field in reversed(tuple(_STATE_FIELDS)):
        if _size(state) <= STATE_MAX_BYTES:
            break
        state.pop(field, None)
    return state


def _has_expired(mode: object, now: float) -> bool:
    """Tell whether a response mode is inert (OVOS-CONVERSE-1, 2.2)."""
    until = mode.get("expires_at") if isinstance(mode, dict) else None
    return isinstance(until, int | float) and not math.isnan(until) and until <= now


def _size(state: Mapping[str, Any]) -> int:
    try:
        return len(json.dumps(state, ensure_ascii=False).encode()) if state else 0
    except (RecursionError, UnicodeEncodeError):  # it could be read, but could not be sent
        return STATE_MAX_BYTES + 1


def _region(lang: str) -> str:
    return next((part.upper() for part in lang.split("-")[1:] if len(part) == 2), "")  # noqa: PLR2004 - ISO 3166
