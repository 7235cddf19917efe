"""Secrets as they may be shown: enough to know them again, too little to use them."""

from __future__ import annotations

from typing import Final

from hivemind_chatroom.room.operating import FoundSecret

_FIRST: Final = 4
_LAST: Final = 2
_SHORT: Final = 16
"""Characters; of fewer than these, nothing is shown: too much of it would be."""

_HIDDEN: Final = "••••••"


def masked(secret: str) -> FoundSecret:
    """Return a key or a password as it may be shown; neither says how long it is."""
    if not secret:
        return FoundSecret()
    if len(secret) < _SHORT:
        return FoundSecret(is_found=True, masked=_HIDDEN)
    return FoundSecret(is_found=True, masked=f"{secret[:_FIRST]}{_HIDDEN}{secret[-_LAST:]}")
