"""What one listener lets its clients have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds that keep a client from taking the server away from the others."""

    threads: int = 8
    """Threads that run the app; the app may wait for the log or a lock, never for the hub."""
    header_bytes: int = 16 * 1024
    """The most bytes of a request line and header fields together."""
    body_bytes: int = 16 * 1024
    """The most bytes of a request's body."""
    request_s: float = 10.0
    """Seconds in which a client must begin to speak, and in which a request must be complete."""
    answer_s: float = 10.0
    """Seconds that a client may take nothing of its answer."""
    idle_s: float = 30.0
    """Seconds that a connection stays open between two requests."""
    linger_s: float = 2.0
    """Seconds that a refused client may go on sending, so that it gets to read the refusal."""
    connections: int = 2_000
    """The most open connections, streams not counted; more are closed at once."""
    connections_per_address: int = 500
    """The same of one address; a school may sit behind one."""
