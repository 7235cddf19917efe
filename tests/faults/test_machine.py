"""Any story of posts, answers, removals, crashes and restarts: the room holds what it must."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contract.stores import purge
from fakes import FakeClock, FakeLanguages
from faults.expected import Expected, Line
from faults.figures import Figures
from faults.scale import Scale
from hivemind_chatroom.room.model import (
    ASSISTANT,
    Address,
    Audience,
    Correlation,
    Delivery,
    Ending,
    HubState,
    HubStatus,
    Introduction,
    Member,
    MemberId,
    MessageId,
    Posting,
    Reply,
    Utterance,
)
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.sqlite import SqliteStore

NAMES = ("Ana", "Bob", "Céu")
PAGE = 100

SHORTENING_S = 900
"""A story that fails is made as short as it can be: that takes longer than all the others."""

Picked = TypeVar("Picked")

people = st.sampled_from(NAMES)
marks = st.none() | st.sampled_from("abcdef")
ends = st.sampled_from([Delivery.ANSWERED, Delivery.UNMATCHED, Delivery.REFUSED])
choices = st.integers(0, 1000)


class Story(RuleBasedStateMachine):
    """A room on SQLite beside what it must hold."""

    def __init__(self, tally: Counter[str]) -> None:
        super().__init__()
        self.tally = tally
        self.folder = Path(tempfile.mkdtemp(prefix="story-", dir=fast_disk()))
        self.lives = 0
        self.clock = FakeClock()
        self.expected = Expected()
        self.going_out: dict[int, Utterance] = {}
        self.store, self.room = self.opened(self.home)
        joined = {name: self.room.join(Introduction(name, "en")) for name in NAMES}
        self.keys = {name: each.key for name, each in joined.items()}
        self.members: dict[str, Member] = {name: each.member for name, each in joined.items()}
        self.tally["stories"] += 1

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    # --- what people do -----------------------------------------------------------------------

    @rule(name=people, client_id=marks, audience=st.sampled_from(Audience))
    def post(self, name: str, client_id: str | None, audience: Audience) -> None:
        member = self.members[name]
        known = self.expected.known(member.id, client_id)
        text = f"line {self.expected.last + 1}"
        appended = self.room.post(member, Posting(text, client_id, audience))
        assert appended.is_new == (known is None)
        if known:
            assert appended.message.id == known.number
            return
        draft = appended.message.draft
        line = Line(appended.message.id, member.id, text, draft.sent_at, client_id)
        line.private_to = draft.private_to
        self.expected.keep(line)
        assert (draft.corr is None) == (audience is Audience.PEOPLE)
        if draft.corr:
            self.expected.ask(line, draft.corr, self.clock.now())

    @precondition(lambda self: self.own_lines())
    @rule(choice=choices)
    def remove(self, choice: int) -> None:
        line = pick(self.own_lines(), choice)
        self.room.remove(self.member_of(line), message_id(line))
        self.expected.remove(line)

    @precondition(lambda self: self.expected.may_be_asked_again())
    @rule(choice=choices)
    def ask_again(self, choice: int) -> None:
        line = pick(self.expected.may_be_asked_again(), choice)
        moved = self.room.ask_again(self.member_of(line), message_id(line))
        assert moved.draft.corr
        self.expected.ask(line, moved.draft.corr, self.clock.now())

    @rule(days=st.integers(0, 3), most=st.integers(0, 30))
    def purge(self, days: int, most: int) -> None:
        sent_before = self.clock.now() - timedelta(days=days, seconds=1)
        forgotten = purge(self.store, sent_before=sent_before, most=most)
        assert forgotten == self.expected.purge(sent_before, most)

    # --- what the link, the hub and time do ---------------------------------------------------

    @precondition(lambda self: self.expected.asked(Delivery.QUEUED))
    @rule()
    def begin_to_send(self) -> None:
        utterance = self.room.utterances.waiting(1)[0]
        line = self.expected.asked(Delivery.QUEUED)[0]
        assert (utterance.message_id, utterance.corr) == (line.number, line.corrs[-1])
        assert self.room.utterances.sending(utterance)
        assert not self.room.utterances.sending(utterance), "it went out already"
        line.delivery = Delivery.SENDING
        self.going_out[line.number] = utterance

    @precondition(lambda self: self.expected.asked(Delivery.SENDING))
    @rule(choice=choices, outcome=st.sampled_from(["sent", "put_back", "doubt"]))
    def send(self, choice: int, outcome: str) -> None:
        line = pick(self.expected.asked(Delivery.SENDING), choice)
        utterance = self.going_out[line.number]
        match outcome:
            case "sent":
                self.room.utterances.sent(utterance)
                line.delivery, line.age_s = Delivery.SENT, 0.0
            case "put_back":
                self.room.utterances.put_back(utterance)
                line.delivery = Delivery.QUEUED
            case _:
                self.room.utterances.doubt(utterance)
                line.delivery = Delivery.UNCONFIRMED

    @precondition(lambda self: self.marks())
    @rule(choice=choices, delivery=ends, turn=st.none() | st.integers(0, 3))
    def end(self, choice: int, delivery: Delivery, turn: int | None) -> None:
        corr, line, owner = pick(self.marks(), choice)
        state = None if turn is None else {"turn": turn}
        self.room.utterances.end(Ending(Address(corr), delivery, state))
        if line:
            self.expected.end(line, delivery)
        if state is not None:
            member = self.room.member_by_key(self.keys[self.name_of(owner)])
            assert member
            assert member.session.state == state
            self.members[member.name] = member

    @precondition(lambda self: self.marks())
    @rule(choice=choices)
    def answer(self, choice: int) -> None:
        corr, line, owner = pick(self.marks(), choice)
        text = f"line {self.expected.last + 1}"
        message = self.room.receive(Reply(Address(corr), text))
        reply = Line(message.id, ASSISTANT.id, text, message.draft.sent_at)
        reply.private_to = line.private_to if line else owner
        self.expected.keep(reply)
        assert message.draft.in_reply_to == (line.number if line else None)

    @rule(seconds=st.integers(1, 40))
    def let_time_pass(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.expected.grow_older(seconds)
        self.room.utterances.settle_overdue()
        self.expected.settle()

    @rule(seconds=st.integers(-10, 10) | st.integers(-100_000, 100_000))
    def set_the_clock(self, seconds: int) -> None:
        self.clock.set_back(seconds)

    @rule()
    def lose_the_link(self) -> None:
        self.room.utterances.lose_link()
        self.expected.lose_link()

    # --- what befalls the computer ------------------------------------------------------------

    @rule()
    def restart(self) -> None:
        self.tally["restarts"] += 1
        self.store.close()
        self.live_on(self.home)

    @rule()
    def crash(self) -> None:
        self.tally["crashes"] += 1
        home = self.copied(len(self.journal()), torn=0)
        self.store.close()
        self.live_on(home)

    @rule(
        name=people,
        audience=st.sampled_from(Audience),
        part=st.floats(0, 1),
        is_torn=st.booleans(),
    )
    def crash_while_posting(
        self, name: str, audience: Audience, part: float, *, is_torn: bool
    ) -> None:
        """Keep what was written before the post, and any part of what the post wrote."""
        self.tally["crashes in the middle of a change"] += 1
        before, last = self.journal(), self.expected.last
        self.post(name, None, audience)
        after = self.journal()
        assert after.startswith(before), "nothing that was synced is written again"
        kept = len(before) + round(part * (len(after) - len(before)))
        home = self.copied(kept, torn=len(after) - kept if is_torn else 0)
        self.store.close()
        self.store, self.room = self.opened(home)
        if self.store.last_id() == last:  # it is as if it had never been posted
            assert kept < len(after)
            self.expected.lines.pop()
            self.expected.last = last
        self.store.close()
        self.live_on(home)

    @property
    def home(self) -> Path:
        """Where the database is in this life."""
        return self.folder / str(self.lives)

    def journal(self) -> bytes:
        journal = self.home / "room.db-wal"
        return journal.read_bytes() if journal.exists() else b""

    def copied(self, kept: int, *, torn: int) -> Path:
        """Copy the files as a crash would leave them, with so much of the journal.

        Args:
            kept: How many bytes of it have reached the disk.
            torn: How many more the file is long, of which none has.
        """
        home, journal = self.home, self.journal()
        self.lives += 1
        self.home.mkdir()
        shutil.copy(home / "room.db", self.home)
        (self.home / "room.db-wal").write_bytes(journal[:kept] + bytes(torn))
        return self.home

    def opened(self, home: Path) -> tuple[SqliteStore, Room]:
        home.mkdir(exist_ok=True)
        store = SqliteStore(home / "room.db", self.clock)
        assert store.set_aside is None
        room = Room(RoomSettings(member_rate=None), store, self.clock, FakeLanguages())
        room.hub_is(HubStatus(HubState.CONNECTED, self.clock.now()))
        return store, room

    def live_on(self, home: Path) -> None:
        self.store, self.room = self.opened(home)
        self.room.utterances.take_up(is_hub_wanted=True)
        self.expected.restart(self.clock.now())
        self.going_out.clear()

    # --- what must hold -----------------------------------------------------------------------

    @invariant()
    def a_step_is_done(self) -> None:
        self.tally["steps"] += 1

    @invariant()
    def it_holds_what_it_must(self) -> None:
        assert (self.store.last_id(), self.store.first_id()) == (
            self.expected.last,
            self.expected.first,
        )
        for viewer in (None, *self.members.values()):
            shown = self.room.messages(viewer, limit=PAGE).messages
            assert [(each.id, each.draft.text, each.delivery) for each in shown] == [
                (line.number, line.text, line.delivery)
                for line in self.expected.lines
                if line.private_to in {None, viewer and viewer.id}
            ]

    @invariant()
    def each_utterance_stands_in_one_place(self) -> None:
        queued = self.expected.asked(Delivery.QUEUED)
        assert [each.message_id for each in self.store.waiting()] == [
            line.number for line in queued
        ]
        under_way = self.expected.asked(Delivery.SENDING, Delivery.SENT)
        assert [(each.message_id, each.delivery) for each in self.store.under_way()] == [
            (line.number, line.delivery) for line in under_way
        ]

    @invariant()
    def members_are_who_they_were(self) -> None:
        for name, key in self.keys.items():
            assert self.room.member_by_key(key) == self.members[name]

    # --- words --------------------------------------------------------------------------------

    def own_lines(self) -> list[Line]:
        return [line for line in self.expected.lines if line.author != ASSISTANT.id]

    def marks(self) -> list[tuple[Correlation, Line | None, MemberId]]:
        """Return every mark that the hub may still answer, with its line if that is there."""
        present: list[tuple[Correlation, Line | None, MemberId]] = [
            (corr, line, MemberId(line.author))
            for line in self.expected.lines
            for corr in line.corrs
        ]
        return present + [(corr, None, owner) for corr, owner in self.expected.removed.items()]

    def member_of(self, line: Line) -> Member:
        return self.members[self.name_of(MemberId(line.author))]

    def name_of(self, member_id: MemberId) -> str:
        return next(name for name, member in self.members.items() if member.id == member_id)


def fast_disk() -> str | None:
    """Return a disk in memory where there is one: these crashes are copies, no disk is to lose."""
    memory = "/dev/shm"  # noqa: S108 - a folder of our own is made in it
    return memory if os.access(memory, os.W_OK) else None


def message_id(line: Line) -> MessageId:
    return MessageId(line.number)


def pick(those: Sequence[Picked], choice: int) -> Picked:
    return those[choice % len(those)]


@pytest.mark.timeout(SHORTENING_S)
def test_in_any_story_the_room_holds_what_it_must(scale: Scale, figures: Figures) -> None:
    tally: Counter[str] = Counter()
    profile = settings(
        max_examples=scale.examples,
        stateful_step_count=scale.steps,
        deadline=None,  # a disk may take its time
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    class CountedStory(Story):
        def __init__(self) -> None:
            super().__init__(tally)

    run_state_machine_as_test(CountedStory, settings=profile)
    with figures.of(f"{scale.examples} stories of at most {scale.steps} steps") as seen:
        for what, count in sorted(tally.items()):
            seen.told(what, count)
        seen.at_most("in which the room did not hold what it must", 0, 0)
