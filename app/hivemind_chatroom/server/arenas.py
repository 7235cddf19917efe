"""What the C library sets aside for each thread, and how to have the threads share it."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Final

_ARENA_MAX: Final = -8
"""M_ARENA_MAX of glibc's malloc.h; mallopt(3)."""


def share_arenas(arenas: int) -> bool:
    """Have all threads allocate from so many arenas, where the C library is glibc.

    It gives each thread an arena of its own, up to eight for each core, and what is freed in one
    stays there: two dozen workers would keep several megabytes more. Python's lock lets one thread
    run at a time, so that they seldom wait for each other's arena. It concerns the whole process
    and the threads that are to come, so only a program's start calls this. An operator who has said
    how many there shall be (`MALLOC_ARENA_MAX`, or the tunable `glibc.malloc.arena_max`) is left
    alone.

    Returns:
        Whether they do.
    """
    if sys.platform != "linux" or _is_decided():
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    return mallopt is not None and bool(mallopt(_ARENA_MAX, arenas))


def _is_decided() -> bool:
    tunables = os.environ.get("GLIBC_TUNABLES", "")
    return "MALLOC_ARENA_MAX" in os.environ or "glibc.malloc.arena_max" in tunables
