"""Keys: what browsers prove with whose they are, and what is kept of that."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from hivemind_chatroom.room.model import CookieKey

_KEY_BYTES: Final = 32


def new_key() -> CookieKey:
    """Return a key that nobody has."""
    return CookieKey(secrets.token_urlsafe(_KEY_BYTES))


def digest_of(key: str) -> bytes:
    """Return what a key is known by: whoever reads it has no key."""
    return hashlib.sha256(key.encode()).digest()
