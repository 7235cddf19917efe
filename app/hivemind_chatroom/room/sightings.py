"""Sightings: by what device and when members were last seen; known while the room is open."""

from __future__ import annotations

import threading
from datetime import datetime

from hivemind_chatroom.room.model import Device, MemberId
from hivemind_chatroom.room.ports import Clock

ARRIVAL_S = 30.0
"""How long somebody who was let in may take to open a page and still counts as here, in seconds."""


class Sightings:
    """Keeps what is of use to the operator today and in no book; any thread may call."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nobody seen."""
        self._clock = clock
        self._lock = threading.Lock()
        self._devices: dict[MemberId, Device] = {}
        self._seen: dict[MemberId, datetime] = {}
        self._arriving: dict[MemberId, float] = {}

    def note_arrival(self, member_id: MemberId) -> None:
        """Note that somebody was let in, whose page will open in a moment."""
        with self._lock:
            self._seen[member_id] = self._clock.now()
            self._arriving[member_id] = self._clock.monotonic()

    def note_presence(self, member_id: MemberId) -> None:
        """Note that a member's first page has opened or the last one has closed."""
        with self._lock:
            self._seen[member_id] = self._clock.now()
            self._arriving.pop(member_id, None)

    def note_device(self, member_id: MemberId, device: Device) -> None:
        """Note by what a member came."""
        with self._lock:
            self._devices[member_id] = device

    def drop(self, member_id: MemberId) -> None:
        """Forget a member."""
        with self._lock:
            self._devices.pop(member_id, None)
            self._seen.pop(member_id, None)
            self._arriving.pop(member_id, None)

    def device(self, member_id: MemberId) -> Device:
        """Tell by what a member came last."""
        with self._lock:
            return self._devices.get(member_id, Device.UNKNOWN)

    def last_seen(self, member_id: MemberId) -> datetime | None:
        """Tell when a member came or went last; None if not since the start."""
        with self._lock:
            return self._seen.get(member_id)

    def arriving(self) -> int:
        """Count those who were let in a moment ago and have no page yet."""
        with self._lock:
            earliest = self._clock.monotonic() - ARRIVAL_S
            self._arriving = {key: at for key, at in self._arriving.items() if at > earliest}
            return len(self._arriving)
