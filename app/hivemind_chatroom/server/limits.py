"""What the server lets its clients have."""

from __future__ import annotations

import selectors
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from hivemind_chatroom.server.proxies import Proxies

IN_SELECT: Final = 480
"""Windows has select() only, which holds 512 sockets (FD_SETSIZE in CPython's selectmodule.c)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one listener, that keep a client from taking it away from the others."""

    threads: int = 32
    """Threads that run the app; the app may wait for the log or a lock, never for the hub. What so
    many post at the same time shares a commit (docs/performance.md)."""
    header_bytes: int = 16 * 1024
    """The most bytes of a request line and header fields together."""
    body_bytes: int = 16 * 1024
    """The most bytes of a request's body."""
    body_bytes_of: Callable[[Mapping[bytes, bytes]], int] | None = None
    """Returns the same for a request with these header fields; None: all are equal. What is refused
    by its head never comes into memory."""
    request_s: float = 10.0
    """Seconds in which a client must begin to speak, and in which a request must be complete."""
    answer_s: float = 10.0
    """Seconds that a client may take nothing of its answer."""
    unsent_bytes: int = 128 << 20
    """The most bytes of answers that are held for clients who have not taken them yet; an answer
    beyond is cut off, unless it is the only one."""
    unsent_bytes_per_address: int = 32 << 20
    """The same for those of one address; the largest answers have 12 MB."""
    idle_s: float = 30.0
    """Seconds that a connection stays open between two requests."""
    linger_s: float = 2.0
    """Seconds that a refused client may go on sending, so that it gets to read the refusal."""
    connections: int = 2_000
    """The most open connections, streams not counted; more are closed at once."""
    connections_per_address: int = 500
    """The same of one address, a school may sit behind one; a trusted proxy may have them all."""
    proxies: Proxies = field(default_factory=Proxies)
    """Those that are believed when they say for whom they ask."""


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """The bounds of the event streams."""

    heartbeat_s: float = 15.0
    """Seconds between two comments that show both ends that the other is there."""
    keep_bytes: int = 1 << 20
    """How far a slow reader may be behind before it is closed."""
    system_bytes: int | None = 128 << 10
    """What the system may hold besides, of what was sent and not read (socket(7), SO_SNDBUF, which
    Linux doubles). Left to itself, None, it takes up to 4 MB for each (tcp(7), tcp_wmem), and gives
    them back on the stream thread's time, while the others wait."""
    head_s: float = 10.0
    """Seconds that a client may take nothing of its stream's beginning, which is held for it
    alone and counts with the answers (`Limits.unsent_bytes`)."""
    streams: int = 10_000
    """The most open streams."""
    streams_per_address: int = 2_500
    """The same of one address: a school behind one has room, and one visitor can't take all."""


def sockets_at_most(wanted: int) -> int:
    """Return how many sockets one selector may be given, where `wanted` are to be served."""
    has_select_only = issubclass(selectors.DefaultSelector, selectors.SelectSelector)
    return min(wanted, IN_SELECT) if has_select_only else wanted


def fitted(sockets: int, limits: Limits, streams: StreamLimits) -> tuple[Limits, StreamLimits]:
    """Return the limits of a listener whose clients have no more than so many sockets together.

    Streams, which last, get two of three at most. No address gets more than half of either: a
    school behind one has room, and leaves some.

    Args:
        sockets: How many.
        limits: What its clients may have where there are enough.
        streams: The same of their streams.
    """
    for_streams = min(streams.streams, max(sockets * 2 // 3, 1))
    others = min(limits.connections, max(sockets - for_streams, 1))
    each = _part(limits.connections_per_address, limits.connections, others)
    each_stream = _part(streams.streams_per_address, streams.streams, for_streams)
    return (
        replace(limits, connections=others, connections_per_address=each),
        replace(streams, streams=for_streams, streams_per_address=each_stream),
    )


def _part(part: int, of: int, lowered: int) -> int:
    """Return what one address gets of less than there was: half of it, and at least one."""
    return part if lowered == of else min(part, -(-lowered // 2))
