"""What the host decides about a member, and takes back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from fakes import FakeClock, FakeLanguages, FeedRecorder
from hivemind_chatroom.errors import (
    ChatroomError,
    MemberUnknownError,
    MutedError,
    NameInvalidError,
    NameTakenError,
    NotJoinedError,
    RemovedError,
    UndoUnknownError,
)
from hivemind_chatroom.room.feed import MemberChanged, MemberGone, MemberRuled
from hivemind_chatroom.room.model import Introduction, Joined, MemberId, Message, MessageId, Posting
from hivemind_chatroom.room.moderation import (
    REMOVED_FOR,
    RENAME_UNDONE_FOR,
    Deed,
    Undo,
    UndoId,
)
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.room.ruling import UNTIL_UNDONE, Ruling
from hivemind_chatroom.store.memory import MemoryStore
from room.test_members_kept import WAIT_S, StubbornBook

NOBODY = MemberId("nobody")
SECOND = timedelta(seconds=1)


@pytest.fixture
def ana(room: Room) -> Joined:
    return room.join(Introduction("Ana"))


def names(room: Room) -> list[str]:
    return [member.name for member, _ in room.members()]


def say(room: Room, who: Joined) -> Message:
    return room.post(who.member, Posting("hello")).message


def reopened(store: MemoryStore, clock: FakeClock) -> Room:
    return Room(RoomSettings(), store, clock, FakeLanguages())


# --- mute ---------------------------------------------------------------------------------------


def test_who_is_muted_reads_and_writes_again_when_it_is_over(
    room: Room, ana: Joined, clock: FakeClock
) -> None:
    until = clock.now() + timedelta(minutes=10)
    assert room.moderation.mute(ana.member.id, until).until == until
    clock.advance(599)
    with pytest.raises(MutedError, match=f"until {until.astimezone():%H:%M}."):
        say(room, ana)
    assert room.messages(ana.member).messages == ()
    clock.advance(1)
    assert say(room, ana).id == 1
    assert room.moderation.undos() == []


def test_a_mute_that_ends_on_another_day_says_which(
    room: Room, ana: Joined, clock: FakeClock
) -> None:
    until = clock.now() + timedelta(days=3)
    room.moderation.mute(ana.member.id, until)
    with pytest.raises(MutedError, match=f"until {until.astimezone():%Y-%m-%d %H:%M}."):
        say(room, ana)


def test_a_mute_without_an_end_lasts_until_it_is_undone(
    room: Room, ana: Joined, clock: FakeClock
) -> None:
    undo = room.moderation.mute(ana.member.id, None)
    assert undo == Undo(undo.id, Deed.MUTE, ana.member, UNTIL_UNDONE)
    clock.advance(timedelta(days=400).total_seconds())
    with pytest.raises(MutedError, match="until the host changes that"):
        say(room, ana)
    room.moderation.undo(undo.id)
    assert say(room, ana).id == 1


def test_who_is_muted_asks_nothing_again(room: Room, ana: Joined) -> None:
    room.moderation.mute(ana.member.id, None)
    with pytest.raises(MutedError):
        room.ask_again(ana.member, MessageId(1))


def test_a_member_that_only_forms_speak_for_is_muted_under_its_name(room: Room) -> None:
    visitor = room.visit(Introduction("Ana"))
    room.moderation.mute(visitor.id, None)
    with pytest.raises(MutedError):
        room.post(room.visit(Introduction("Ana", lang="de")), Posting("hello"))
    joined = room.join(Introduction("Ana"))
    with pytest.raises(MutedError):
        say(room, joined)


def test_who_is_muted_cannot_make_it_undone_by_leaving(
    room: Room, ana: Joined, feed: FeedRecorder
) -> None:
    undo = room.moderation.mute(ana.member.id, None)
    room.set_present(ana.member.id, present=True)
    room.leave(ana.member)
    assert feed.events[-1] == MemberGone(ana.member.id)
    room.set_present(ana.member.id, present=False)
    assert feed.events[-1] == MemberGone(ana.member.id)
    assert room.member_by_key(ana.key) is None
    assert room.people.count_here() == 0
    assert room.moderation.undos() == [undo]
    again = room.join(Introduction("Ana"))
    with pytest.raises(MutedError):
        say(room, again)
    room.moderation.undo(undo.id)
    assert say(room, again).id == 1


def test_who_left_while_muted_is_listed_no_more_and_told_of_no_more(
    room: Room, ana: Joined, feed: FeedRecorder
) -> None:
    undo = room.moderation.mute(ana.member.id, None)
    room.leave(ana.member)
    assert names(room) == []
    room.moderation.mute(ana.member.id, room.moderation.undos()[0].until)
    assert feed.events[-1] != MemberChanged(ana.member, present=False)
    room.moderation.undo(undo.id)
    assert feed.events[-1] == MemberGone(ana.member.id)
    assert room.people.listing() == []
    assert room.join(Introduction("Ana")).member.id != ana.member.id


def test_who_left_while_muted_is_forgotten_when_that_is_over(
    room: Room, ana: Joined, clock: FakeClock
) -> None:
    room.moderation.mute(ana.member.id, clock.now() + 2 * SECOND)
    room.leave(ana.member)
    room.visit(Introduction("Bob"))
    assert [person.member.name for person in room.people.listing()] == ["Ana", "Bob"]
    clock.advance(2)
    room.visit(Introduction("Bob"))
    assert [person.member.name for person in room.people.listing()] == ["Bob"]


@pytest.mark.parametrize("how", ["join", "visit"])
def test_whoever_comes_in_under_the_name_of_who_left_while_muted_is_listed(
    room: Room, ana: Joined, how: str
) -> None:
    room.moderation.mute(ana.member.id, None)
    room.leave(ana.member)
    introduction = Introduction("Ana", ana.member.lang, ana.member.site_id)
    room.join(introduction) if how == "join" else room.visit(introduction)
    assert names(room) == ["Ana"]


def test_who_was_muted_once_leaves_like_everybody(
    room: Room, ana: Joined, clock: FakeClock
) -> None:
    room.moderation.mute(ana.member.id, clock.now() + SECOND)
    clock.advance(1)
    room.leave(ana.member)
    assert names(room) == []


def test_who_is_muted_keeps_the_name_and_changes_the_language(room: Room, ana: Joined) -> None:
    undo = room.moderation.mute(ana.member.id, None)
    with pytest.raises(MutedError):
        room.change(ana.member, Introduction("Rita"))
    assert room.change(ana.member, Introduction("Ana", lang="de", site_id="den")).lang == "de"
    assert names(room) == ["Ana"]
    room.moderation.undo(undo.id)
    assert room.change(ana.member, Introduction("Rita")).name == "Rita"


# --- remove -------------------------------------------------------------------------------------


def test_who_is_removed_is_nobody_any_more(room: Room, ana: Joined, feed: FeedRecorder) -> None:
    message = say(room, ana)
    undo = room.moderation.remove(ana.member.id)
    assert undo.kind is Deed.REMOVE
    assert room.members() == []
    assert room.people.listing() == []
    assert room.member_by_key(ana.key) is None
    assert room.messages(None).messages == (message,)
    with pytest.raises(RemovedError, match="removed you"):
        say(room, ana)
    with pytest.raises(RemovedError):
        room.moderation.check_key(ana.key)
    with pytest.raises(NotJoinedError):
        room.change(ana.member, Introduction("Rita"))
    ruling = room.moderation.ruling_of(ana.member.id)
    gone = MemberGone(ana.member.id, is_removed=True)
    assert feed.events[-2:] == [MemberRuled(ana.member, ruling), gone]


def test_who_is_removed_cannot_make_it_undone_by_leaving(room: Room, ana: Joined) -> None:
    room.moderation.remove(ana.member.id)
    room.leave(ana.member)
    with pytest.raises(RemovedError):
        room.moderation.check_key(ana.key)


@pytest.mark.parametrize("is_held", [True, False])
def test_nobody_takes_the_name_of_who_was_removed(room: Room, *, is_held: bool) -> None:
    introduction = Introduction("Ana")
    member = room.join(introduction).member if is_held else room.visit(introduction)
    room.moderation.remove(member.id)
    for come in (room.join, room.visit):
        with pytest.raises(NameTakenError):
            come(Introduction("ana"))


def test_what_was_decided_before_a_removal_can_be_undone_after_it_is(
    room: Room, ana: Joined
) -> None:
    mute = room.moderation.mute(ana.member.id, None)
    remove = room.moderation.remove(ana.member.id)
    assert room.moderation.undos() == [remove]
    with pytest.raises(UndoUnknownError):
        room.moderation.undo(mute.id)
    room.moderation.undo(remove.id)
    with pytest.raises(MutedError):
        say(room, ana)
    assert room.moderation.undos() == [mute]


def test_who_was_removed_by_mistake_is_the_same_member_again(
    room: Room, ana: Joined, feed: FeedRecorder
) -> None:
    room.set_present(ana.member.id, present=True)
    undo = room.moderation.remove(ana.member.id)
    with pytest.raises(NotJoinedError):
        room.change(ana.member, Introduction("Rita"))
    room.moderation.undo(undo.id)
    assert room.member_by_key(ana.key) == ana.member
    assert feed.events[-2:] == [
        MemberRuled(ana.member, Ruling()),
        MemberChanged(ana.member, present=False),
    ]
    assert say(room, ana).id == 1


def test_after_a_day_who_was_removed_is_a_stranger_and_the_name_is_free(
    room: Room, ana: Joined, clock: FakeClock
) -> None:
    undo = room.moderation.remove(ana.member.id)
    assert undo.until == clock.now() + REMOVED_FOR
    clock.advance(REMOVED_FOR.total_seconds())
    with pytest.raises(UndoUnknownError):
        room.moderation.undo(undo.id)
    room.moderation.check_key(ana.key)
    assert room.join(Introduction("Ana")).member.id != ana.member.id


def test_to_look_at_what_can_be_undone_changes_nothing(
    room: Room, ana: Joined, store: MemoryStore, clock: FakeClock
) -> None:
    room.moderation.mute(ana.member.id, None)
    room.moderation.remove(ana.member.id)
    clock.advance(REMOVED_FOR.total_seconds())
    kept = list(store.book.records())
    assert room.moderation.undos() == []
    room.moderation.check_key(ana.key)
    assert list(store.book.records()) == kept


@pytest.mark.parametrize("how", ["join", "visit", "change", "rename"])
def test_the_name_of_who_was_removed_a_day_ago_is_anybodys(
    room: Room, ana: Joined, clock: FakeClock, how: str
) -> None:
    bob = room.join(Introduction("Bob")).member
    room.moderation.remove(ana.member.id)
    clock.advance(REMOVED_FOR.total_seconds())
    match how:
        case "join":
            room.join(Introduction("Ana"))
        case "visit":
            room.visit(Introduction("Ana"))
        case "change":
            room.change(bob, Introduction("Ana"))
        case _:
            room.moderation.rename(bob.id, "Ana")
    assert "Ana" in names(room)


# --- rename -------------------------------------------------------------------------------------


def test_a_name_of_ones_own_never_takes_the_place_of_the_one_that_the_host_gives_meanwhile(
    clock: FakeClock,
) -> None:
    store, book, asks = MemoryStore(clock), StubbornBook(), threading.Event()
    store.book = book

    class Asked(FakeLanguages):
        def standard(self, tag: str) -> str | None:
            asks.set()
            return super().standard(tag)

    room = Room(RoomSettings(), store, clock, Asked())
    ana = room.join(Introduction("Ana"))
    asks.clear()
    book.is_writing.clear()
    book.may_write.clear()
    with ThreadPoolExecutor(2) as pool:
        by_the_host = pool.submit(room.moderation.rename, ana.member.id, "Rita")
        assert book.is_writing.wait(WAIT_S)
        by_herself = pool.submit(room.change, ana.member, Introduction("Zita"))
        assert asks.wait(WAIT_S)
        book.may_write.set()
        by_the_host.result(WAIT_S)
        with pytest.raises(MutedError, match="gave you this name"):
            by_herself.result(WAIT_S)
    assert names(room) == ["Rita"]


def test_who_is_renamed_is_the_same_member_by_another_name(
    room: Room, ana: Joined, feed: FeedRecorder
) -> None:
    undo = room.moderation.rename(ana.member.id, " Rita ")
    assert (undo.kind, undo.member) == (Deed.RENAME, ana.member)
    renamed = room.member_by_key(ana.key)
    assert renamed is not None
    assert (renamed.id, renamed.name) == (ana.member.id, "Rita")
    assert feed.events[-1] == MemberChanged(renamed, present=False)
    assert say(room, Joined(renamed, ana.key)).draft.author.name == "Rita"
    room.moderation.undo(undo.id)
    assert room.member_by_key(ana.key) == ana.member
    assert room.moderation.undos() == []


def test_who_is_renamed_keeps_the_new_name_for_ten_minutes(
    room: Room, ana: Joined, clock: FakeClock
) -> None:
    until = room.moderation.rename(ana.member.id, "Rita").until
    with pytest.raises(MutedError, match=f"stays until {until.astimezone():%H:%M}."):
        room.change(ana.member, Introduction("Ana"))
    assert room.change(ana.member, Introduction("Rita", lang="de")).lang == "de"
    clock.advance(RENAME_UNDONE_FOR.total_seconds())
    assert room.change(ana.member, Introduction("Ana")).name == "Ana"


def test_a_name_that_somebody_has_or_nobody_may_have_is_given_to_none(
    room: Room, ana: Joined
) -> None:
    room.join(Introduction("Rita"))
    with pytest.raises(NameTakenError):
        room.moderation.rename(ana.member.id, "rita")
    with pytest.raises(NameInvalidError):
        room.moderation.rename(ana.member.id, "HiveMind")
    assert names(room) == ["Ana", "Rita"]


def test_an_old_name_that_somebody_else_took_does_not_come_back(room: Room, ana: Joined) -> None:
    undo = room.moderation.rename(ana.member.id, "Rita")
    room.join(Introduction("Ana"))
    with pytest.raises(NameTakenError):
        room.moderation.undo(undo.id)
    assert names(room) == ["Rita", "Ana"]


def test_an_old_name_does_not_come_back_after_ten_minutes(
    room: Room, ana: Joined, clock: FakeClock
) -> None:
    undo = room.moderation.rename(ana.member.id, "Rita")
    clock.advance(RENAME_UNDONE_FOR.total_seconds())
    assert room.moderation.undos() == []
    with pytest.raises(UndoUnknownError):
        room.moderation.undo(undo.id)


# --- all of them --------------------------------------------------------------------------------


def test_what_can_be_undone_is_listed_and_each_is_undone_alone(room: Room, ana: Joined) -> None:
    bob = room.join(Introduction("Bob"))
    mute = room.moderation.mute(bob.member.id, None)
    rename = room.moderation.rename(bob.member.id, "Robert")
    remove = room.moderation.remove(ana.member.id)
    assert [(undo.id, undo.kind, undo.member.name) for undo in room.moderation.undos()] == [
        (remove.id, Deed.REMOVE, "Ana"),
        (mute.id, Deed.MUTE, "Robert"),
        (rename.id, Deed.RENAME, "Bob"),
    ]
    room.moderation.undo(mute.id)
    assert [undo.id for undo in room.moderation.undos()] == [remove.id, rename.id]
    with pytest.raises(UndoUnknownError):
        room.moderation.undo(mute.id)


def test_of_two_mutes_the_later_one_counts(room: Room, ana: Joined, clock: FakeClock) -> None:
    room.moderation.mute(ana.member.id, None)
    undo = room.moderation.mute(ana.member.id, clock.now() + SECOND)
    assert room.moderation.undos() == [undo]
    clock.advance(1)
    assert say(room, ana).id == 1


@pytest.mark.parametrize("is_removed", [True, False])
def test_about_nobody_nothing_is_decided(room: Room, ana: Joined, *, is_removed: bool) -> None:
    member_id = ana.member.id if is_removed else NOBODY
    if is_removed:
        room.moderation.remove(member_id)
    before = room.moderation.undos()
    with pytest.raises(MemberUnknownError):
        room.moderation.mute(member_id, None)
    with pytest.raises(MemberUnknownError):
        room.moderation.remove(member_id)
    with pytest.raises(MemberUnknownError):
        room.moderation.rename(member_id, "Rita")
    assert room.moderation.undos() == before


@pytest.mark.parametrize("undo_id", ["", "mute", "mute-", "mute-nobody", "dance-nobody"])
def test_what_never_was_cannot_be_undone(room: Room, undo_id: str) -> None:
    with pytest.raises(UndoUnknownError):
        room.moderation.undo(UndoId(undo_id))


def test_all_of_it_holds_after_a_restart(
    room: Room, ana: Joined, store: MemoryStore, clock: FakeClock
) -> None:
    bob = room.join(Introduction("Bob"))
    undos = [
        room.moderation.remove(ana.member.id),
        room.moderation.mute(bob.member.id, clock.now() + SECOND),
        room.moderation.rename(bob.member.id, "Robert"),
    ]
    again = reopened(store, clock)
    assert names(again) == ["Robert"]
    for who, error in ((ana, RemovedError), (bob, MutedError)):
        with pytest.raises(error):
            say(again, who)
    with pytest.raises(NameTakenError):
        again.join(Introduction("Ana"))
    for undo in undos:
        again.moderation.undo(undo.id)
    assert [say(again, who).id for who in (ana, bob)] == [1, 2]
    assert names(again) == ["Ana", "Bob"]


def test_a_mute_outlives_a_change_of_name_and_what_the_assistant_remembers(
    room: Room, ana: Joined
) -> None:
    room.moderation.mute(ana.member.id, None)
    room.people.members.remember(ana.member.id, {"game": "guess"})
    room.moderation.rename(ana.member.id, "Rita")
    with pytest.raises(MutedError):
        say(room, ana)


def test_a_key_that_was_never_given_out_passes(room: Room) -> None:
    try:
        room.moderation.check_key("unknown")
    except ChatroomError:
        pytest.fail("a stranger is not removed")
