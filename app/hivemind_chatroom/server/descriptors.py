"""How many files and sockets this process may have open, and who may have them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

OWN: Final = 80
"""What the program has besides its clients: 30 at rest with a hub, a dozen for the LAN, two for
each thread that reads the database."""
OPERATORS: Final = 250
"""The most that the operator's clients get; an eighth of all where there is less."""
VISITORS_AT_LEAST: Final = 12
"""What visitors get however little there is: two pages."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How many sockets the clients of each listener may have together."""

    visitors: int
    operators: int


def allow_descriptors(wanted: int) -> None:
    """Raise the soft limit of open files towards `wanted`, as far as the hard limit lets us.

    Most systems start a process with 1,024 (setrlimit(2), RLIMIT_NOFILE), which 1,000 streams and
    a page use up. It concerns the whole process, so only a program's start calls this.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def allowed_descriptors() -> int:
    """Return how many there may be now; more than anybody wants where there is no such limit."""
    if sys.platform == "win32":
        return sys.maxsize
    import resource  # noqa: PLC0415 - POSIX only

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft


def share_out(descriptors: int) -> Shares:
    """Return who may have how many, so that none is missing where the program needs one itself.

    Args:
        descriptors: How many the process may have open.
    """
    operators = min(OPERATORS, descriptors // 8)
    return Shares(max(descriptors - OWN - operators, VISITORS_AT_LEAST), operators)
