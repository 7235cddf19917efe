"""The snapshot: how the room, its hub, this computer and its people stand, all at one moment."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta

from hivemind_chatroom.operator.activity import Activity, Line
from hivemind_chatroom.operator.answer import time_or_none
from hivemind_chatroom.operator.parts import Parts
from hivemind_chatroom.operator.ports import Json
from hivemind_chatroom.operator.preferences import Preferences
from hivemind_chatroom.operator.silence import Silence
from hivemind_chatroom.room.clock import rfc3339
from hivemind_chatroom.room.moderation import Undo
from hivemind_chatroom.room.operating import Hint, LanInterface, Today
from hivemind_chatroom.room.people import Person
from hivemind_chatroom.room.ruling import UNTIL_UNDONE
from hivemind_chatroom.version import __version__


class Status:
    """Puts the snapshot together; safe from any thread."""

    def __init__(
        self, parts: Parts, preferences: Preferences, activity: Activity, silence: Silence
    ) -> None:
        """Ask these."""
        self._parts = parts
        self._preferences = preferences
        self._activity = activity
        self._silence = silence
        self._started_at = parts.clock.now()
        self._computer = socket.gethostname().partition(".")[0]

    def snapshot(self) -> Json:
        """Return how all stands now; docs/operator-api.md describes it."""
        room = self._parts.room
        people = room.people.listing()
        return {
            "app": self._app(),
            "room": self._room(people),
            "hub": self._hub(),
            "lan": self._lan(),
            "store": self._store(),
            "members": [self._member(person) for person in people],
            "undo": [undo_json(undo) for undo in room.moderation.undos()],
            "now": [_line_json(line) for line in self._activity.lines()],
            "today": _today_json(self._parts.figures.today()),
        }

    def next_end(self) -> datetime | None:
        """Return when the next mute, undo or wait ends by itself; None if none will."""
        room, now = self._parts.room, self._parts.clock.now()
        ends = [undo.until for undo in room.moderation.undos() if undo.until != UNTIL_UNDONE]
        waits = (room.door.longest_wait_s(), self._parts.reach.due_in_s())
        ends += [now + timedelta(seconds=wait_s) for wait_s in waits if wait_s]
        return min(ends, default=None)

    def _app(self) -> Json:
        place = self._parts.place
        return {
            "version": __version__,
            "started_at": rfc3339(self._started_at),
            "data_dir": str(place.folder),
            "log_dir": str(place.log_folder) if place.log_folder else None,
            "computer": self._computer,
            "desktop": self._parts.window is not None,
            "set_up": self._preferences.settings.set_up,
        }

    def _room(self, people: list[Person]) -> Json:
        place, room = self._parts.place, self._parts.room
        settings = room.settings
        return {
            "id": place.room_id,
            "name": settings.name,
            "url": place.url,
            "lan_url": place.lan_url,
            "public_url": place.public_url,
            "port": place.port,
            "port_wanted": self._preferences.settings.port,
            "code": settings.code,
            "locked_out": room.door.waiting,
            "paused": settings.paused,
            "present": sum(person.is_present for person in people),
            "members": len(people),
            "members_max": settings.members_max,
        }

    def _hub(self) -> Json:
        hub = self._parts.hub
        status = self._silence.seen(self._parts.room.hub, hub.address)
        return {
            "choice": hub.choice,
            "builtin": status.builtin,
            "state": status.state,
            "since": rfc3339(status.since),
            "reason": status.reason,
            "command": status.command,
            "address": hub.address,
            "latency_ms": hub.latency_ms,
        }

    def _lan(self) -> Json:
        standing = self._parts.lan.standing()
        return {
            "state": standing.state,
            "addresses": list(standing.addresses),
            "name": standing.name,
            "machine_name": standing.machine_name,
            "wanted_name": standing.wanted_name,
            "interfaces": [_interface_json(each) for each in standing.interfaces],
            "wanted_interface": standing.wanted_interface,
            "last_visitor_at": time_or_none(standing.last_visitor_at),
            "hints": [_hint_json(each) for each in self._parts.reach.hints()],
        }

    def _store(self) -> Json:
        standing = self._parts.storage.standing()
        return {
            "state": standing.state,
            "messages": standing.messages,
            "bytes": standing.bytes,
            "free_bytes": standing.free_bytes,
            "set_aside": standing.set_aside,
        }

    def _member(self, person: Person) -> Json:
        until = person.muted_until
        is_muted = until is not None and until > self._parts.clock.now()
        return {
            **self._parts.serialize.member(person.member, present=person.is_present),
            "muted_until": time_or_none(until) if is_muted else None,
            "device": person.device,
            "last_seen": time_or_none(person.last_seen),
        }


def undo_json(undo: Undo) -> Json:
    """Return how a deed is taken back."""
    return {
        "id": undo.id,
        "kind": undo.kind,
        "member_id": undo.member.id,
        "name": undo.member.name,
        "until": rfc3339(undo.until),
    }


def _interface_json(interface: LanInterface) -> Json:
    return {
        "name": interface.name,
        "addresses": list(interface.addresses),
        "is_pinned": interface.is_pinned,
    }


def _hint_json(hint: Hint) -> Json:
    return {"kind": hint.kind, "name": hint.name, "commands": list(hint.commands)}


def _line_json(line: Line) -> Json:
    return {
        "at": rfc3339(line.at),
        "kind": line.kind,
        "name": line.name,
        "detail": line.detail,
        "ms": line.ms,
        "is_problem": line.is_problem,
    }


def _today_json(today: Today) -> Json:
    return {
        "asked": today.asked,
        "answered": today.answered,
        "people": today.people,
        "median_ms": today.median_ms,
        "asked_by_hour": list(today.asked_by_hour),
        "answered_by_hour": list(today.answered_by_hour),
        "median_ms_by_hour": list(today.median_ms_by_hour),
    }
