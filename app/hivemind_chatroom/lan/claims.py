"""Who keeps a name that two have announced: decided alone, and by both alike."""

from __future__ import annotations

import ipaddress
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

DEFENCE_S: Final = 10.0
"""A name is announced again against others once in as many seconds (RFC 6762, 9), or two would
shout at each other for good."""

RENAMES_MAX: Final = 15
RENAMES_WITHIN_S: Final = 10.0
SILENCE_S: Final = 5.0
"""Whoever has lost so many names in so many seconds waits so long before each further one (RFC
6762, 8.1): somebody takes every name."""


@dataclass(frozen=True, slots=True)
class HostSeen:
    """Somebody announced, or took back, an address for the name of a computer."""

    name: str
    """In lower case, without a final dot."""
    address: str
    is_goodbye: bool = False


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """Somebody announced where a service is."""

    name: str
    """In lower case, with a final dot."""
    host: str
    """In lower case, without a final dot."""
    port: int


Seen = HostSeen | ServiceSeen


class Verdict(Enum):
    """What to do about what was seen."""

    NOTHING = auto()
    DEFEND = auto()
    """The name is ours: say so again."""
    YIELD = auto()
    """The name is the other's: take another."""


class Renames:
    """Counts the names that were left to others, and says when to keep quiet."""

    def __init__(self) -> None:
        """Begin with none."""
        self._at: deque[float] = deque(maxlen=RENAMES_MAX)

    def silence_s(self, now: float) -> float:
        """Count one more, and return how long to be silent before another name is taken.

        Args:
            now: Seconds on any clock that only goes forward.
        """
        is_storm = len(self._at) == RENAMES_MAX and now - self._at[0] < RENAMES_WITHIN_S
        self._at.append(now)
        return SILENCE_S if is_storm else 0.0


def on_host(
    seen: HostSeen, ours: frozenset[str], told: tuple[str, ...], *, is_room: bool
) -> Verdict:
    """Decide about a name of ours that somebody gave an address.

    Of two rooms the one with the higher address keeps it, as in RFC 6762, 8.2, so that exactly one
    does. Whatever isn't a room was there before us or knows no better, and gets it.

    Args:
        seen: What was announced for a host name of ours.
        ours: All addresses of this computer.
        told: Those that we announce ourselves.
        is_room: Whether the other is a room like this one.
    """
    if seen.address in ours:
        # Another room of this computer that goes takes our common name with it.
        return Verdict.DEFEND if seen.is_goodbye and seen.address in told else Verdict.NOTHING
    if seen.is_goodbye or not told:
        return Verdict.NOTHING
    if not is_room or _packed(seen.address) > max(map(_packed, told)):
        return Verdict.YIELD
    return Verdict.DEFEND


def on_service(seen: ServiceSeen, host: str, port: int) -> Verdict:
    """Decide about a service's name of ours that somebody announced; the higher place keeps it.

    Args:
        seen: What was announced for the name of a service of ours.
        host: Where ours is, without a final dot.
        port: Of ours.
    """
    theirs, ours = (seen.host, seen.port), (host.lower(), port)
    if theirs == ours:
        return Verdict.NOTHING
    return Verdict.YIELD if theirs > ours else Verdict.DEFEND


def _packed(address: str) -> tuple[int, bytes]:
    ip = ipaddress.ip_address(address)
    return (ip.version == 4, ip.packed)  # noqa: PLR2004 - IP versions
