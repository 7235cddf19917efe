"""What hubs think of a password, known before they are asked."""

from __future__ import annotations

from typing import Final

PASSWORD_MIN_BITS: Final = 40
"""Hubs refuse passwords that are guessed in fewer bits, and close without saying so."""


def is_weak(password: str) -> bool:
    """Tell whether hubs refuse a password because it is too easy to guess."""
    from poorman_handshake import (  # noqa: PLC0415 - a fifth of a second, where it is wanted
        WeakPasswordError,
        check_password_strength,
    )

    try:
        check_password_strength(password, min_bits=PASSWORD_MIN_BITS)
    except WeakPasswordError:
        return True
    return False
