"""A room linked to a real hub, in the test's own process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from e2e.hubs import RealHub
from e2e.keys import give_satellite_key
from fakes import FakeLanguages
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.link import HubLink
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.room.model import Delivery, HubState, Introduction, Member, Message, Posting
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.memory import MemoryStore
from hub.watch import Watch

NO_KEY = "f" * 32
"""Of a hub that has no client of ours."""

ENDED = frozenset(Delivery) - {Delivery.QUEUED, Delivery.SENDING, Delivery.SENT}


@dataclass
class OneTarget:
    """`Targets` of a single hub, which the test may change."""

    target: Target

    def current(self) -> Target:
        return self.target

    def close(self) -> None:
        pass


class LinkedRoom:
    """A room, its link, and somebody who watches what it tells."""

    def __init__(
        self,
        hub: RealHub,
        folder: Path,
        *,
        port: int | None = None,
        clock: Clock | None = None,
    ) -> None:
        clock = clock or SystemClock()
        store = MemoryStore(clock)
        self.room = Room(
            RoomSettings(member_rate=None, join_rate=None), store, clock, FakeLanguages()
        )
        self.watch = Watch(self.room)
        self.targets = OneTarget(target_of(hub, folder, port=port))
        self.link = HubLink(self.room, self.targets, clock)

    def start(self) -> None:
        self.link.start()

    def stop(self) -> None:
        self.link.stop()

    def take_another_site(self) -> None:
        """Change the identity, upon which the link begins anew, to the same hub."""
        self.targets.target = replace(self.targets.target, site_id="garden")

    def join(self, name: str, lang: str = "en") -> Member:
        return self.room.join(Introduction(name, lang)).member

    def ask(self, member: Member, text: str) -> Message:
        return self.room.post(member, Posting(text)).message

    def until(self, holds: Callable[[], object], deadline_s: float = 15.0) -> None:
        self.watch.until(holds, deadline_s)

    def until_state(self, state: HubState, reason: str = "", deadline_s: float = 15.0) -> None:
        """Wait until people are told that the hub stands so."""
        self.until(
            lambda: (self.room.hub.state, str(self.room.hub.reason)) == (state, reason), deadline_s
        )

    def until_connected(self, deadline_s: float = 15.0) -> None:
        self.until_state(HubState.CONNECTED, deadline_s=deadline_s)

    def delivery_of(self, message: Message) -> Delivery | None:
        return self.watch.messages[message.id].delivery

    def until_ended(self, *messages: Message, deadline_s: float = 15.0) -> None:
        """Wait until each utterance has come to its end."""
        self.until(
            lambda: all(self.delivery_of(message) in ENDED for message in messages), deadline_s
        )


def target_of(hub: RealHub, folder: Path, *, port: int | None = None) -> Target:
    """Return the way into a hub, with an identity of its own in a folder."""
    give_satellite_key(folder)
    address = HubAddress("127.0.0.1", port or hub.port, tls=False)
    return Target(
        address,
        hub.key or NO_KEY,
        hub.password or NO_KEY,
        folder / "_identity.json",
        "kitchen",
    )
