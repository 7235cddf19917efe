"""Reading an event stream as a browser does (WHATWG HTML, 9.2.6)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event that a browser dispatches."""

    type: str
    data: Any
    last_id: str
    """The last event id of the stream when it came."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A stream, or the beginning of one."""

    events: list[ServerEvent]
    last_id: str
    retry_ms: int | None

    def of(self, kind: str) -> list[Any]:
        """Return the data of all events of one type."""
        return [event.data for event in self.events if event.type == kind]

    @property
    def kinds(self) -> list[str]:
        """The types of all events, in order."""
        return [event.type for event in self.events]

    @property
    def texts(self) -> list[str]:
        """The texts of all messages, in order."""
        return [message["text"] for message in self.of("message")]


def listen(stream: bytes) -> Heard:
    """Return what a browser makes of a stream's bytes."""
    events, last_id, retry_ms = [], "", None
    assert stream.endswith(b"\n\n") or not stream, "a chunk holds whole events"
    for block in stream.decode("utf-8").split("\n\n"):
        kind, data = "message", []
        for line in block.split("\n"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            match field:
                case "event":
                    kind = value
                case "data":
                    data.append(value)
                case "id":
                    last_id = value
                case "retry":
                    retry_ms = int(value)
                case _:
                    assert field == "", f"a field that no browser knows: {line}"
        if data:
            events.append(ServerEvent(kind, json.loads("\n".join(data)), last_id))
    return Heard(events, last_id, retry_ms)
