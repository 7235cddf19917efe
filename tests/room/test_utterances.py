"""What was asked, from the outbox to its end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet

import pytest

from fakes import CountedLock, FakeClock, FakeLanguages, FeedRecorder
from hivemind_chatroom.room.delivery import (
    ANSWER_DEADLINE_S,
    LATE_ANSWER_S,
    MAY_PRECEDE,
    SEND_DEADLINE_S,
)
from hivemind_chatroom.room.feed import Event, MessageUpdated, Thinking, UtteranceQueued
from hivemind_chatroom.room.model import (
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
    Message,
    MessageId,
    Posting,
    Reply,
    SessionId,
    Utterance,
)
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.room.utterances import new_correlation
from hivemind_chatroom.store.memory import MemoryStore


@pytest.fixture
def ana(room: Room) -> Member:
    return room.join(Introduction("Ana", "pt-PT", "kitchen")).member


@pytest.fixture
def bob(room: Room) -> Member:
    return room.join(Introduction("Bob")).member


def ask(room: Room, member: Member, text: str = "what time is it?") -> Utterance:
    room.post(member, Posting(text))
    return room.utterances.waiting()[-1]


def send(room: Room, utterance: Utterance) -> None:
    assert room.utterances.sending(utterance)
    room.utterances.sent(utterance)


def delivery_of(store: MemoryStore, utterance: Utterance) -> Delivery | None:
    message = store.get(utterance.message_id)
    assert message is not None
    return message.delivery


def updates(feed: FeedRecorder) -> list[Delivery | None]:
    return [each.message.delivery for each in feed.events if isinstance(each, MessageUpdated)]


def thoughts(feed: FeedRecorder) -> list[bool]:
    return [each.on for each in feed.events if isinstance(each, Thinking)]


def question_of(room: Room, address: Address) -> Message | None:
    return room.utterances.attribute([address])[0].question


def test_what_waits_carries_the_text_the_language_and_the_member(room: Room, ana: Member) -> None:
    utterance = ask(room, ana, "que horas são?")
    assert (utterance.text, utterance.lang, utterance.member) == ("que horas são?", "pt-PT", ana)


def test_what_waits_says_whether_its_member_alone_sees_it(room: Room, ana: Member) -> None:
    for audience in (Audience.EVERYONE, Audience.ASSISTANT):
        room.post(ana, Posting("hello", audience=audience))
    assert [each.is_private for each in room.utterances.waiting()] == [False, True]


def test_what_waits_is_the_oldest_first(room: Room, ana: Member, bob: Member) -> None:
    for member, text in ((ana, "one"), (bob, "two"), (ana, "three")):
        room.post(member, Posting(text))
    assert [each.text for each in room.utterances.waiting()] == ["one", "two", "three"]


def test_what_waits_knows_the_members_session_as_it_is_now(room: Room, ana: Member) -> None:
    first = ask(room, ana)
    second = ask(room, ana)
    send(room, first)
    ending = Ending(Address(corr=first.corr), Delivery.ANSWERED, state={"game": "guess"})
    room.utterances.end(ending)
    [waiting] = room.utterances.waiting()
    assert waiting.message_id == second.message_id
    assert waiting.member.session.state == {"game": "guess"}


def test_who_has_left_asks_nothing_more(room: Room, ana: Member) -> None:
    ask(room, ana)
    room.leave(ana)
    assert room.utterances.waiting() == []


def test_of_what_waits_only_so_many_are_given(room: Room, ana: Member) -> None:
    for text in ("one", "two", "three"):
        room.post(ana, Posting(text))
    assert [each.text for each in room.utterances.waiting(2)] == ["one", "two"]


def test_whoever_left_with_much_waiting_keeps_nobody_waiting(
    open_room: Callable[[RoomSettings], Room],
) -> None:
    room = open_room(RoomSettings(member_rate=None))
    ana, bob = (room.join(Introduction(name)).member for name in ("Ana", "Bob"))
    for _ in range(120):
        room.post(ana, Posting("me first"))
    room.post(bob, Posting("and me"))
    room.leave(ana)
    assert [each.text for each in room.utterances.waiting(1)] == ["and me"]


def test_an_utterance_goes_through_its_states_and_people_are_told(
    room: Room, ana: Member, store: MemoryStore, feed: FeedRecorder
) -> None:
    utterance = ask(room, ana)
    send(room, utterance)
    room.utterances.end(Ending(Address(corr=utterance.corr), Delivery.ANSWERED))
    assert delivery_of(store, utterance) is Delivery.ANSWERED
    assert updates(feed) == [Delivery.SENDING, Delivery.SENT, Delivery.ANSWERED]
    assert thoughts(feed) == [True, False]


def test_what_is_being_sent_waits_no_more(room: Room, ana: Member) -> None:
    utterance = ask(room, ana)
    assert room.utterances.sending(utterance)
    assert room.utterances.waiting() == []
    assert not room.utterances.sending(utterance)


def test_what_could_not_leave_waits_again(
    room: Room, ana: Member, store: MemoryStore, feed: FeedRecorder
) -> None:
    utterance = ask(room, ana)
    room.utterances.sending(utterance)
    room.utterances.put_back(utterance)
    assert delivery_of(store, utterance) is Delivery.QUEUED
    assert [each.message_id for each in room.utterances.waiting()] == [utterance.message_id]
    assert True not in thoughts(feed)


def test_what_failed_on_its_way_out_is_in_doubt(
    room: Room, ana: Member, store: MemoryStore
) -> None:
    utterance = ask(room, ana)
    room.utterances.sending(utterance)
    room.utterances.doubt(utterance)
    assert delivery_of(store, utterance) is Delivery.UNCONFIRMED


def test_what_has_left_is_not_put_back(room: Room, ana: Member, store: MemoryStore) -> None:
    utterance = ask(room, ana)
    send(room, utterance)
    room.utterances.put_back(utterance)
    assert delivery_of(store, utterance) is Delivery.SENT


@pytest.mark.parametrize("end", [Delivery.ANSWERED, Delivery.UNMATCHED, Delivery.REFUSED])
def test_the_hubs_word_ends_an_utterance_once(
    room: Room, ana: Member, store: MemoryStore, feed: FeedRecorder, end: Delivery
) -> None:
    utterance = ask(room, ana)
    send(room, utterance)
    room.utterances.end(Ending(Address(corr=utterance.corr), end))
    told = len(feed.events)
    for again in (Delivery.ANSWERED, Delivery.UNMATCHED, Delivery.REFUSED):
        room.utterances.end(Ending(Address(corr=utterance.corr), again))
    assert delivery_of(store, utterance) is end
    assert len(feed.events) == told


def test_an_end_may_come_before_we_know_that_it_was_sent(
    room: Room, ana: Member, store: MemoryStore
) -> None:
    utterance = ask(room, ana)
    room.utterances.sending(utterance)
    room.utterances.end(Ending(Address(corr=utterance.corr), Delivery.ANSWERED))
    room.utterances.sent(utterance)
    assert delivery_of(store, utterance) is Delivery.ANSWERED


def test_the_end_of_nobodys_utterance_is_nothing(room: Room, feed: FeedRecorder) -> None:
    room.utterances.end(Ending(Address(corr=Correlation("unknown")), Delivery.ANSWERED))
    assert feed.events == []


def test_a_lost_link_leaves_what_was_on_its_way_unconfirmed_and_what_waited_waiting(
    room: Room, ana: Member, store: MemoryStore, feed: FeedRecorder
) -> None:
    sent, sending, waiting = (ask(room, ana, text) for text in ("one", "two", "three"))
    send(room, sent)
    room.utterances.sending(sending)
    room.utterances.lose_link()
    assert delivery_of(store, sent) is Delivery.UNCONFIRMED
    assert delivery_of(store, sending) is Delivery.UNCONFIRMED
    assert delivery_of(store, waiting) is Delivery.QUEUED
    assert thoughts(feed)[-1] is False


@pytest.mark.parametrize("late", [Delivery.ANSWERED, Delivery.UNMATCHED, Delivery.REFUSED])
def test_an_answer_after_the_link_was_lost_still_counts(
    room: Room, ana: Member, store: MemoryStore, late: Delivery
) -> None:
    utterance = ask(room, ana)
    send(room, utterance)
    room.utterances.lose_link()
    room.utterances.end(Ending(Address(corr=utterance.corr), late))
    assert delivery_of(store, utterance) is late


@pytest.mark.parametrize("asked_after_s", [0.0, 0.1, 0.2, 0.3, 0.7, 1 / 3])
def test_what_waits_too_long_expires_at_its_deadline_to_the_moment(
    room: Room, ana: Member, store: MemoryStore, clock: FakeClock, asked_after_s: float
) -> None:
    clock.advance(asked_after_s)
    utterance = ask(room, ana)
    wait = room.utterances.settle_overdue().next_in_s
    assert wait is not None
    clock.advance(wait)
    assert room.utterances.settle_overdue().next_in_s is None
    assert delivery_of(store, utterance) is Delivery.EXPIRED


def test_silence_after_sending_is_no_answer_at_its_deadline(
    room: Room, ana: Member, store: MemoryStore, clock: FakeClock, feed: FeedRecorder
) -> None:
    utterance = ask(room, ana)
    clock.advance(20)
    send(room, utterance)
    clock.advance(ANSWER_DEADLINE_S - 1)
    assert room.utterances.settle_overdue().next_in_s == pytest.approx(1)
    assert delivery_of(store, utterance) is Delivery.SENT
    clock.advance(1)
    assert room.utterances.settle_overdue().next_in_s is None
    assert delivery_of(store, utterance) is Delivery.UNANSWERED
    assert thoughts(feed) == [True, False]


def test_it_is_told_which_questions_the_hub_left_unanswered_and_since_when(
    room: Room, ana: Member, clock: FakeClock
) -> None:
    answered, unanswered = ask(room, ana), ask(room, ana)
    clock.advance(3)
    for each in (answered, unanswered):
        send(room, each)
    sent_at = clock.monotonic()
    room.utterances.end(Ending(Address(corr=answered.corr), Delivery.ANSWERED))
    clock.advance(ANSWER_DEADLINE_S)
    waiting = ask(room, ana)
    overdue = room.utterances.settle_overdue().unanswered
    assert [(each.corr, each.since) for each in overdue] == [(unanswered.corr, sent_at)]
    clock.advance(SEND_DEADLINE_S)
    assert room.utterances.settle_overdue().unanswered == ()
    assert room.utterances.attribute([Address(corr=waiting.corr)])[0].question is not None


def test_an_answer_after_the_deadline_still_counts(
    room: Room, ana: Member, store: MemoryStore, clock: FakeClock
) -> None:
    utterance = ask(room, ana)
    send(room, utterance)
    clock.advance(ANSWER_DEADLINE_S)
    room.utterances.settle_overdue()
    room.utterances.end(Ending(Address(corr=utterance.corr), Delivery.ANSWERED))
    assert delivery_of(store, utterance) is Delivery.ANSWERED


def test_what_is_just_leaving_is_not_yet_unanswered(
    room: Room, ana: Member, store: MemoryStore, clock: FakeClock
) -> None:
    utterance = ask(room, ana)
    clock.advance(SEND_DEADLINE_S - 0.1)
    room.utterances.sending(utterance)
    clock.advance(1)
    room.utterances.settle_overdue()
    assert delivery_of(store, utterance) is Delivery.SENDING


def test_what_expired_never_leaves_and_was_never_thought_about(
    room: Room, ana: Member, clock: FakeClock, feed: FeedRecorder
) -> None:
    utterance = ask(room, ana)
    clock.advance(SEND_DEADLINE_S)
    room.utterances.settle_overdue()
    assert (updates(feed), thoughts(feed)) == ([Delivery.EXPIRED], [])
    assert room.utterances.waiting() == []
    assert not room.utterances.sending(utterance)


def test_the_nearest_deadline_is_the_next_one(room: Room, ana: Member, clock: FakeClock) -> None:
    send(room, ask(room, ana))
    clock.advance(10)
    ask(room, ana)
    assert room.utterances.settle_overdue().next_in_s == pytest.approx(20)


def test_a_wall_clock_set_back_or_forward_expires_nothing(
    room: Room, ana: Member, store: MemoryStore, clock: FakeClock
) -> None:
    utterance = ask(room, ana)
    clock.set_back(172_800)
    room.utterances.settle_overdue()
    clock.set_back(-94_608_000)
    room.utterances.settle_overdue()
    assert delivery_of(store, utterance) is Delivery.QUEUED


def test_nothing_waits_in_an_empty_room(room: Room) -> None:
    assert room.utterances.settle_overdue().next_in_s is None


def test_the_mark_tells_which_utterance_is_answered(room: Room, ana: Member) -> None:
    first, second = ask(room, ana, "one"), ask(room, ana, "two")
    send(room, first)
    send(room, second)
    whose = room.utterances.attribute([Address(corr=first.corr)])[0]
    assert whose.question is not None
    assert whose.question.id == first.message_id
    assert whose.member == ana


def test_the_mark_goes_before_the_session_and_the_session_before_the_user(
    room: Room, ana: Member, bob: Member
) -> None:
    anas, bobs = ask(room, ana), ask(room, bob)
    send(room, anas)
    send(room, bobs)
    marked = Address(corr=anas.corr, session_id=bob.session.id, user=bob.id)
    assert room.utterances.attribute([marked])[0].member == ana
    in_session = Address(session_id=ana.session.id, user=bob.id)
    assert room.utterances.attribute([in_session])[0].member == ana
    assert room.utterances.attribute([Address(user=bob.id)])[0].member == bob


@pytest.mark.parametrize("part", ["session", "user"])
def test_without_a_mark_the_newest_open_utterance_is_meant(
    room: Room, ana: Member, part: str
) -> None:
    done, older, newer = (ask(room, ana, text) for text in ("one", "two", "three"))
    for each in (done, older, newer):
        send(room, each)
    room.utterances.end(Ending(Address(corr=done.corr), Delivery.ANSWERED))
    by_session = Address(session_id=ana.session.id)
    question = question_of(room, by_session if part == "session" else Address(user=ana.id))
    assert question is not None
    assert question.id == newer.message_id


def test_a_late_answer_without_a_mark_to_a_private_question_stays_private(
    room: Room, ana: Member
) -> None:
    room.post(ana, Posting("between us", audience=Audience.ASSISTANT))
    utterance = room.utterances.waiting()[-1]
    send(room, utterance)
    room.utterances.end(Ending(Address(corr=utterance.corr), Delivery.ANSWERED))
    late = room.receive(Reply(Address(session_id=ana.session.id), "one more thing"))
    assert late.draft.private_to == ana.id


def whisper(room: Room, member: Member) -> Utterance:
    room.post(member, Posting("between us", audience=Audience.ASSISTANT))
    utterance = room.utterances.waiting()[-1]
    send(room, utterance)
    return utterance


@pytest.mark.parametrize("part", ["session", "user"])
def test_what_may_answer_a_members_earlier_private_question_is_the_members_alone(
    room: Room, ana: Member, part: str
) -> None:
    private = whisper(room, ana)
    send(room, ask(room, ana, "and for all to hear"))
    address = Address(session_id=ana.session.id) if part == "session" else Address(user=ana.id)
    assert room.receive(Reply(address, "one more thing")).draft.private_to == ana.id
    room.utterances.end(Ending(Address(corr=private.corr), Delivery.ANSWERED))
    assert room.receive(Reply(address, "that was all")).draft.private_to is None


def test_the_answer_to_one_member_is_not_private_for_what_another_asked_in_private(
    room: Room, ana: Member, bob: Member
) -> None:
    whisper(room, ana)
    send(room, ask(room, bob))
    reply = Reply(Address(session_id=bob.session.id), "for all to hear")
    assert room.receive(reply).draft.private_to is None


UNMARKED = Reply(Address(), "one more thing")


def test_what_bears_no_mark_may_answer_the_one_private_question_and_is_its_members_alone(
    room: Room, ana: Member, bob: Member
) -> None:
    send(room, ask(room, bob))
    whisper(room, ana)
    reply = room.receive(UNMARKED).draft
    assert (reply.private_to, reply.in_reply_to) == (ana.id, None)


def test_what_may_answer_the_private_questions_of_two_is_shown_to_no_one(
    room: Room, ana: Member, bob: Member
) -> None:
    whisper(room, ana)
    whisper(room, bob)
    message = room.receive(UNMARKED)
    assert not any(message.visible_to(viewer) for viewer in (ana.id, bob.id, None))


@pytest.mark.parametrize("end", ["silence", "a lost link"])
def test_what_bears_no_mark_may_be_the_late_answer_to_a_private_question(
    room: Room, ana: Member, clock: FakeClock, end: str
) -> None:
    whisper(room, ana)
    if end == "silence":
        clock.advance(ANSWER_DEADLINE_S)
        room.utterances.settle_overdue()
    else:
        room.utterances.lose_link()
    clock.advance(LATE_ANSWER_S - 1)
    assert room.receive(UNMARKED).draft.private_to == ana.id
    clock.advance(1)
    assert room.receive(UNMARKED).draft.private_to is None


def test_what_bears_no_mark_is_everybodys_once_the_private_question_has_its_answer(
    room: Room, ana: Member
) -> None:
    utterance = whisper(room, ana)
    room.utterances.end(Ending(Address(corr=utterance.corr), Delivery.ANSWERED))
    assert room.receive(UNMARKED).draft.private_to is None


def test_a_private_question_that_was_taken_back_keeps_its_answer_private(
    room: Room, ana: Member
) -> None:
    room.remove(ana, whisper(room, ana).message_id)
    assert room.receive(UNMARKED).draft.private_to == ana.id


def test_an_unknown_mark_falls_back_to_the_session(room: Room, ana: Member) -> None:
    address = Address(corr=Correlation("unknown"), session_id=ana.session.id)
    assert room.utterances.attribute([address])[0].member == ana


def test_a_member_who_asked_nothing_is_meant_without_a_question(room: Room, ana: Member) -> None:
    whose = room.utterances.attribute([Address(session_id=ana.session.id)])[0]
    assert (whose.member, whose.question) == (ana, None)


@pytest.mark.parametrize(
    "address",
    [
        Address(),
        Address(corr=Correlation("unknown")),
        Address(session_id=SessionId("default")),
        Address(user=MemberId("Ana")),
    ],
)
def test_what_is_nobodys_is_nobodys(room: Room, address: Address) -> None:
    room.join(Introduction("Ana"))
    whose = room.utterances.attribute([address])[0]
    assert (whose.member, whose.question) == (None, None)


def test_the_answer_to_who_has_left_still_knows_its_question(room: Room, ana: Member) -> None:
    utterance = ask(room, ana)
    send(room, utterance)
    room.leave(ana)
    whose = room.utterances.attribute([Address(corr=utterance.corr)])[0]
    assert whose.member is None
    assert whose.question is not None


def test_an_end_keeps_the_old_session_unless_it_brings_another(room: Room, ana: Member) -> None:
    utterance = ask(room, ana)
    send(room, utterance)
    room.utterances.end(Ending(Address(corr=utterance.corr), Delivery.ANSWERED, {"a": 1}))
    room.utterances.end(Ending(Address(corr=utterance.corr), Delivery.ANSWERED, None))
    member = room.utterances.attribute([Address(session_id=ana.session.id)])[0].member
    assert member is not None
    assert member.session.state == {"a": 1}


def test_a_private_utterance_is_thought_about_in_private(
    room: Room, ana: Member, feed: FeedRecorder
) -> None:
    room.post(ana, Posting("hush", audience=Audience.ASSISTANT))
    [utterance] = room.utterances.waiting()
    send(room, utterance)
    owners = {
        each.message.draft.private_to
        for each in feed.events
        if isinstance(each, (MessageUpdated, Thinking))
    }
    assert owners == {ana.id}


def test_no_two_marks_are_the_same() -> None:
    assert len({new_correlation() for _ in range(1_000)}) == 1_000


def test_what_an_earlier_run_left_is_taken_up(
    room: Room, ana: Member, store: MemoryStore, clock: FakeClock
) -> None:
    old = ask(room, ana)
    clock.advance(SEND_DEADLINE_S)
    sending, sent, young = (ask(room, ana) for _ in range(3))
    room.utterances.sending(sending)
    send(room, sent)
    room.utterances.take_up(is_hub_wanted=True)
    assert [delivery_of(store, each) for each in (old, sending, sent, young)] == [
        Delivery.EXPIRED,
        Delivery.UNCONFIRMED,
        Delivery.UNCONFIRMED,
        Delivery.QUEUED,
    ]


def test_where_no_hub_is_wanted_nothing_waits_for_one(
    room: Room, ana: Member, store: MemoryStore
) -> None:
    young = ask(room, ana)
    room.utterances.take_up(is_hub_wanted=False)
    assert delivery_of(store, young) is Delivery.EXPIRED


def test_what_seems_to_be_leaving_for_too_long_is_in_doubt(
    room: Room, ana: Member, store: MemoryStore, clock: FakeClock
) -> None:
    utterance = ask(room, ana)
    room.utterances.sending(utterance)
    wait = room.utterances.settle_overdue().next_in_s
    assert wait == SEND_DEADLINE_S + ANSWER_DEADLINE_S
    clock.advance(wait)
    room.utterances.settle_overdue()
    assert delivery_of(store, utterance) is Delivery.UNCONFIRMED


@pytest.mark.parametrize(
    ("steps", "then"),
    [
        ([], [Thinking, UtteranceQueued]),
        ([Delivery.SENDING], []),
        ([Delivery.SENDING, Delivery.SENT], [Thinking]),
        ([Delivery.SENDING, Delivery.SENT, Delivery.ANSWERED], [Thinking]),
    ],
)
def test_what_another_instance_has_moved_is_told_as_it_is_now(
    room: Room,
    ana: Member,
    store: MemoryStore,
    steps: Sequence[Delivery],
    then: Sequence[type[Event]],
) -> None:
    number = ask(room, ana).message_id
    for step in steps:
        store.mark([number], step, only_from=MAY_PRECEDE[step])
    told = FeedRecorder()
    room.feed.listen(told)
    room.utterances.follow([str(number)])
    now = store.get(number)
    assert now
    assert told.events[0] == MessageUpdated(now)
    assert [type(event) for event in told.events[1:]] == [*then]
    for event in told.of(Thinking):
        assert event == Thinking(now, on=now.delivery is Delivery.SENT)


@pytest.mark.parametrize("numbers", [["7"], [], None])
def test_of_what_is_gone_nothing_is_told(
    room: Room, feed: FeedRecorder, numbers: Sequence[str] | None
) -> None:
    room.utterances.follow(numbers)
    assert feed.events == []


class BusyStore(MemoryStore):
    """A store where something happens as soon as an utterance is asked again, or is read."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.meanwhile: Callable[[], None] | None = None

    def ask_again(
        self, message_id: MessageId, corr: Correlation, *, only_from: AbstractSet[Delivery]
    ) -> Message | None:
        moved = super().ask_again(message_id, corr, only_from=only_from)
        self._go_on()
        return moved

    def get_all(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Message]:
        found = super().get_all(message_ids)
        self._go_on()
        return found

    def _go_on(self) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()


@pytest.mark.parametrize("is_ours", [True, False])
def test_what_waits_is_not_told_after_it_has_moved_on(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, *, is_ours: bool
) -> None:
    store, lock, told = BusyStore(clock), CountedLock(), FeedRecorder()
    room = Room(RoomSettings(), store, clock, FakeLanguages())
    room.hub_is(HubStatus(HubState.CONNECTED, clock.now()))
    utterance = ask(room, room.join(Introduction("Ana")).member)
    if is_ours:
        clock.advance(SEND_DEADLINE_S)
        room.utterances.settle_overdue()
    monkeypatch.setattr(room.utterances, "_telling", lock)
    room.feed.listen(told)
    link = threading.Thread(target=room.utterances.sending, args=[utterance])

    def link_goes_on() -> None:
        link.start()
        for _ in ("who tells", "the link"):
            assert lock.come.acquire(timeout=10)

    store.meanwhile = link_goes_on
    if is_ours:
        room.utterances.ask_again(utterance.message_id)
    else:
        room.utterances.follow([str(utterance.message_id)])
    link.join(10)
    assert updates(told) == [Delivery.QUEUED, Delivery.SENDING]
