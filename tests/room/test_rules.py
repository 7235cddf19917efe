"""What the operator decides about the room while it is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fakes import FakeClock, FeedRecorder
from hivemind_chatroom.errors import CodeWrongError, RoomFullError, RoomPausedError
from hivemind_chatroom.room.feed import RoomChanged
from hivemind_chatroom.room.model import Address, Introduction, Posting, Reply
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.room.sightings import ARRIVAL_S

OpenRoom = Callable[[RoomSettings], Room]


def come(room: Room, *names: str, code: str = "") -> None:
    for name in names:
        member = room.join(Introduction(name), code).member
        room.set_present(member.id, present=True)


def test_a_change_is_in_force_and_told_once(room: Room, feed: FeedRecorder) -> None:
    changed = replace(room.settings, name="Kitchen", keep_days=7, languages=("de",))
    room.change_settings(changed)
    room.change_settings(changed)
    assert room.settings == changed
    assert feed.events == [RoomChanged(changed)]


def test_a_new_code_is_asked_of_strangers_alone(open_room: OpenRoom) -> None:
    room = open_room(RoomSettings(code="1111"))
    ana = room.join(Introduction("Ana"), "1111")
    room.change_settings(replace(room.settings, code="2222"))
    assert room.member_by_key(ana.key) == ana.member
    with pytest.raises(CodeWrongError):
        room.join(Introduction("Bob"), "1111")
    come(room, "Bob", code="2222")


def test_a_room_can_be_closed_by_a_code_and_opened(room: Room) -> None:
    room.change_settings(replace(room.settings, code="1111"))
    with pytest.raises(CodeWrongError):
        come(room, "Ana")
    room.change_settings(replace(room.settings, code=""))
    come(room, "Ana")


def test_in_a_paused_room_people_read_and_the_assistant_may_end_what_it_says(
    room: Room, feed: FeedRecorder
) -> None:
    ana = room.join(Introduction("Ana")).member
    asked = room.post(ana, Posting("what time is it?")).message
    room.change_settings(replace(room.settings, paused=True))
    with pytest.raises(RoomPausedError, match="The host paused the room"):
        room.post(ana, Posting("hello"))
    with pytest.raises(RoomPausedError):
        room.ask_again(ana, asked.id)
    said = room.receive(Reply(Address(), "Three."))
    assert room.messages(None).messages == (asked, said)
    room.change_settings(replace(room.settings, paused=False))
    room.post(ana, Posting("hello"))
    told = [event.settings.paused for event in feed.events if isinstance(event, RoomChanged)]
    assert told == [True, False]


def test_a_full_room_lets_nobody_in_but_those_who_were_here(open_room: OpenRoom) -> None:
    room = open_room(RoomSettings(members_max=2))
    ana = room.join(Introduction("Ana"))
    come(room, "Bob")
    with pytest.raises(RoomFullError, match=r"The room is full \(2\)\. Ask the host\."):
        room.join(Introduction("Carla"))
    assert [member.name for member, _ in room.members()] == ["Ana", "Bob"]
    assert room.member_by_key(ana.key) == ana.member
    room.change(ana.member, Introduction("Rita"))


def test_who_has_gone_and_who_never_opened_a_page_make_room(
    open_room: OpenRoom, clock: FakeClock
) -> None:
    room = open_room(RoomSettings(members_max=1))
    ana = room.join(Introduction("Ana")).member
    room.set_present(ana.id, present=True)
    room.set_present(ana.id, present=False)
    room.join(Introduction("Bob"))
    with pytest.raises(RoomFullError):
        room.join(Introduction("Carla"))
    clock.advance(ARRIVAL_S)
    come(room, "Carla")
    with pytest.raises(RoomFullError):
        room.join(Introduction("Dora"))
    room.change_settings(replace(room.settings, members_max=2))
    come(room, "Dora")


def test_whom_the_host_removed_takes_nobodys_place(open_room: OpenRoom) -> None:
    room = open_room(RoomSettings(members_max=1))
    ana = room.join(Introduction("Ana")).member
    room.moderation.remove(ana.id)
    come(room, "Bob")


def test_the_page_of_whom_the_host_removed_takes_nobodys_place(open_room: OpenRoom) -> None:
    room = open_room(RoomSettings(members_max=1))
    ana = room.join(Introduction("Ana")).member
    room.set_present(ana.id, present=True)
    room.moderation.remove(ana.id)
    room.set_present(ana.id, present=True)
    come(room, "Bob")
