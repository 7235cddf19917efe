"""Who is here, as the operator sees it."""

from __future__ import annotations

from datetime import timedelta

from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.room.model import Device, Introduction
from hivemind_chatroom.room.people import Person
from hivemind_chatroom.room.room import Room


def test_everybody_is_listed_with_what_is_known_of_them(room: Room, clock: FakeClock) -> None:
    ana = room.join(Introduction("Ana")).member
    bob = room.visit(Introduction("Bob"))
    room.people.sightings.note_device(ana.id, Device.PHONE)
    clock.advance(60)
    room.set_present(ana.id, present=True)
    until = clock.now() + timedelta(minutes=5)
    room.moderation.mute(bob.id, until)
    seen = STARTED_AT + timedelta(minutes=1)
    assert room.people.listing() == [
        Person(ana, is_present=True, muted_until=None, device=Device.PHONE, last_seen=seen),
        Person(bob, is_present=False, muted_until=until, device=Device.UNKNOWN, last_seen=None),
    ]


def test_the_last_that_was_seen_of_somebody_is_that_they_went(room: Room, clock: FakeClock) -> None:
    ana = room.join(Introduction("Ana")).member
    room.set_present(ana.id, present=True)
    clock.advance(60)
    room.set_present(ana.id, present=False)
    [person] = room.people.listing()
    assert person.last_seen == STARTED_AT + timedelta(minutes=1)


def test_of_who_has_left_nothing_is_remembered(room: Room) -> None:
    ana = room.join(Introduction("Ana")).member
    room.people.sightings.note_device(ana.id, Device.PHONE)
    room.leave(ana)
    assert room.people.sightings.device(ana.id) is Device.UNKNOWN
    assert room.people.sightings.last_seen(ana.id) is None
    assert room.people.count_here() == 0
