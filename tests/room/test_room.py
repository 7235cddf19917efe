"""The room: join, post, receive, messages."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import STARTED_AT, FakeClock, FakeLanguages, FeedRecorder
from hivemind_chatroom.errors import (
    BodyInvalidError,
    CodeWrongError,
    LangInvalidError,
    MessageUnknownError,
    NameInvalidError,
    NameTakenError,
    NotAskableError,
    NotJoinedError,
    SiteInvalidError,
    TextEmptyError,
    TextTooLongError,
    TooFastError,
    TooManyTriesError,
)
from hivemind_chatroom.room.delivery import MAY_PRECEDE
from hivemind_chatroom.room.feed import (
    HubChanged,
    MemberChanged,
    MemberGone,
    MessagePosted,
    MessageRemoved,
    MessageUpdated,
    UtteranceQueued,
)
from hivemind_chatroom.room.limits import MEMBER_RATE, TEXT_MAX
from hivemind_chatroom.room.model import (
    ASSISTANT,
    Address,
    Audience,
    Author,
    Correlation,
    Delivery,
    HubState,
    HubStatus,
    Introduction,
    Kind,
    Media,
    Member,
    MemberId,
    Message,
    MessageId,
    Posting,
    Reply,
)
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.memory import MemoryStore

OpenRoom = Callable[[RoomSettings], Room]


@pytest.fixture
def ana(room: Room) -> Member:
    return room.join(Introduction("Ana", "pt-PT", "kitchen")).member


@pytest.fixture
def bob(room: Room) -> Member:
    return room.join(Introduction("Bob")).member


def say(room: Room, member: Member, text: str, audience: Audience = Audience.EVERYONE) -> Message:
    return room.post(member, Posting(text, audience=audience)).message


def texts(room: Room, viewer: Member | None) -> list[str]:
    return [message.draft.text for message in room.messages(viewer).messages]


def test_who_names_no_language_and_no_site_gets_the_rooms(open_room: OpenRoom) -> None:
    member = open_room(RoomSettings(lang="pt-PT")).join(Introduction("Ana")).member
    assert (member.lang, member.site_id) == ("pt-PT", "flask")


def test_a_language_is_kept_in_its_standard_form(room: Room) -> None:
    assert room.join(Introduction("Ana", "PT-pt")).member.lang == "pt-PT"


@pytest.mark.parametrize("lang", ["xx-YY", "<script>", "en\x00"])
def test_a_language_that_nobody_speaks_is_refused(room: Room, lang: str) -> None:
    with pytest.raises(LangInvalidError):
        room.join(Introduction("Ana", lang))
    assert room.members() == []


@pytest.mark.parametrize("site", ["a" * 65, "a/b", "a\x00b", "a\nb", "\u202eab", "..", "."])
def test_a_site_that_is_no_name_for_one_is_refused(room: Room, site: str) -> None:
    with pytest.raises(SiteInvalidError):
        room.join(Introduction("Ana", site_id=site))


@pytest.mark.parametrize(
    ("typed", "kept"), [("", "flask"), ("  ", "flask"), (" living room ", "living room")]
)
def test_a_site_is_kept_without_spaces_around_it(room: Room, typed: str, kept: str) -> None:
    assert room.join(Introduction("Ana", site_id=typed)).member.site_id == kept


def test_everybody_is_told_who_joins(room: Room, feed: FeedRecorder) -> None:
    member = room.join(Introduction("Ana")).member
    assert feed.events == [MemberChanged(member, present=False)]


def test_a_room_with_a_code_wants_it(open_room: OpenRoom) -> None:
    room = open_room(RoomSettings(code="482193"))
    with pytest.raises(CodeWrongError):
        room.join(Introduction("Ana"), "000000", "192.168.1.20")
    assert room.members() == []
    assert room.join(Introduction("Ana"), "482193", "192.168.1.20").member.name == "Ana"


@pytest.mark.parametrize(
    ("introduction", "error"),
    [
        (Introduction("  "), NameInvalidError),
        (Introduction("HiveMind"), NameInvalidError),
        (Introduction("anon_user"), NameInvalidError),
        (Introduction("Ana", "xx-YY"), LangInvalidError),
        (Introduction("Ana", site_id="a/b"), SiteInvalidError),
    ],
)
def test_what_is_wrong_with_a_name_is_said_before_the_code_and_costs_no_try_at_it(
    open_room: OpenRoom, introduction: Introduction, error: type[Exception]
) -> None:
    room = open_room(RoomSettings(code="482193"))
    for code in ("", "000000", "482193") * 3:
        with pytest.raises(error):
            room.join(introduction, code)
    room.join(Introduction("Ana"), "482193")


def test_who_is_here_is_not_told_to_somebody_without_the_code(open_room: OpenRoom) -> None:
    room = open_room(RoomSettings(code="482193"))
    room.join(Introduction("Ana"), "482193")
    with pytest.raises(CodeWrongError):
        room.join(Introduction("Ana"), "000000")


def test_wrong_codes_shut_the_door_for_a_while(open_room: OpenRoom) -> None:
    room = open_room(RoomSettings(code="482193"))
    for _ in range(5):
        with pytest.raises(CodeWrongError):
            room.join(Introduction("Ana"), "000000", "192.168.1.20")
    with pytest.raises(TooManyTriesError):
        room.join(Introduction("Ana"), "482193", "192.168.1.20")


def test_a_member_is_found_by_its_key(room: Room) -> None:
    joined = room.join(Introduction("Ana"))
    assert room.member_by_key(joined.key) == joined.member
    assert room.member_by_key("another") is None


def test_everybody_is_told_who_is_called_otherwise_and_whether_it_is_here(
    room: Room, ana: Member, feed: FeedRecorder
) -> None:
    room.set_present(ana.id, present=True)
    changed = room.change(ana, Introduction("Rita", "en", "kitchen"))
    assert feed.events[-1] == MemberChanged(changed, present=True)


def test_nobody_is_told_of_a_change_that_changes_nothing(
    room: Room, ana: Member, feed: FeedRecorder
) -> None:
    assert room.change(ana, Introduction("Ana", "pt-pt", "kitchen")) == ana
    assert feed.events == []


def test_who_has_left_is_not_called_otherwise(room: Room, ana: Member) -> None:
    room.leave(ana)
    with pytest.raises(NotJoinedError):
        room.change(ana, Introduction("Rita"))


@pytest.mark.parametrize(
    ("introduction", "error"),
    [
        (Introduction("Bob"), NameTakenError),
        (Introduction("HiveMind"), NameInvalidError),
        (Introduction("Ana", "xx-YY"), LangInvalidError),
        (Introduction("Ana", site_id="a/b"), SiteInvalidError),
    ],
)
def test_a_refused_change_changes_nothing(
    room: Room, ana: Member, bob: Member, introduction: Introduction, error: type[Exception]
) -> None:
    with pytest.raises(error):
        room.change(ana, introduction)
    assert [member for member, _ in room.members()] == [ana, bob]


def test_everybody_is_told_once_who_leaves(room: Room, ana: Member, feed: FeedRecorder) -> None:
    room.leave(ana)
    room.leave(ana)
    assert feed.events == [MemberGone(ana.id)]


def test_presence_is_told(room: Room, ana: Member, feed: FeedRecorder) -> None:
    room.set_present(ana.id, present=True)
    assert room.is_present(ana)
    room.set_present(ana.id, present=False)
    assert not room.is_present(ana)
    assert feed.events == [MemberChanged(ana, present=True), MemberChanged(ana, present=False)]


def test_of_two_changes_at_once_the_last_that_is_told_is_how_the_member_is(
    room: Room, feed: FeedRecorder
) -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # seconds: threads take turns at almost every step
    try:
        for number in range(2_000):
            member = room.join(Introduction(f"Ana {number}"), address=f"{number}").member
            together = threading.Barrier(2)

            def come(member: Member = member, together: threading.Barrier = together) -> None:
                together.wait()
                room.set_present(member.id, present=True)

            comes = threading.Thread(target=come)
            comes.start()
            together.wait()
            changed = room.change(member, Introduction(f"Bob {number}"))
            comes.join()
            assert feed.events[-1] == MemberChanged(changed, present=True)
            room.leave(changed)
    finally:
        sys.setswitchinterval(before)


def test_the_presence_of_nobody_is_not_told(room: Room, feed: FeedRecorder) -> None:
    room.set_present(MemberId("gone"), present=True)
    assert feed.events == []


def test_everybody_is_told_of_a_visitor_once(room: Room, feed: FeedRecorder) -> None:
    visitor = room.visit(Introduction("Ana"))
    room.visit(Introduction("Ana"))
    assert feed.events == [MemberChanged(visitor, present=False)]


def test_a_visitor_cannot_speak_for_a_member(room: Room, ana: Member) -> None:
    with pytest.raises(NameTakenError):
        room.visit(Introduction(ana.name.lower()))


def test_a_message_says_who_what_when_and_in_which_language(room: Room, ana: Member) -> None:
    message = say(room, ana, "olá")
    assert message.id == 1
    assert message.draft.kind is Kind.PERSON
    assert message.draft.author == Author(ana.id, "Ana")
    assert (message.draft.text, message.draft.lang) == ("olá", "pt-PT")
    assert message.draft.sent_at == STARTED_AT


def test_a_message_for_everyone_is_open_and_asked(
    room: Room, ana: Member, feed: FeedRecorder
) -> None:
    message = say(room, ana, "olá")
    assert message.draft.private_to is None
    assert message.delivery is Delivery.QUEUED
    assert feed.events == [MessagePosted(message), UtteranceQueued(message.id)]


def test_a_message_for_people_is_open_and_not_asked(
    room: Room, ana: Member, feed: FeedRecorder
) -> None:
    message = say(room, ana, "olá", Audience.PEOPLE)
    assert message.draft.private_to is None
    assert message.delivery is None
    assert feed.events == [MessagePosted(message)]


def test_a_message_for_the_assistant_is_private_and_asked(room: Room, ana: Member) -> None:
    message = say(room, ana, "olá", Audience.ASSISTANT)
    assert message.draft.private_to == ana.id
    assert message.delivery is Delivery.QUEUED


def test_without_a_hub_nothing_is_asked(room: Room, ana: Member, clock: FakeClock) -> None:
    room.hub_is(HubStatus(HubState.OFF, clock.now()))
    assert say(room, ana, "olá").delivery is None
    assert room.utterances.waiting() == []


@pytest.mark.parametrize("state", [each for each in HubState if each is not HubState.OFF])
def test_what_is_asked_while_the_hub_is_away_waits(
    room: Room, ana: Member, clock: FakeClock, state: HubState
) -> None:
    room.hub_is(HubStatus(state, clock.now()))
    assert say(room, ana, "olá").delivery is Delivery.QUEUED


def test_the_same_client_id_is_the_same_message_even_with_another_text(
    room: Room, ana: Member, feed: FeedRecorder
) -> None:
    first = room.post(ana, Posting("one", client_id="a"))
    again = room.post(ana, Posting("two", client_id="a"))
    assert (first.is_new, again.is_new) == (True, False)
    assert again.message == first.message
    assert len(feed.of(MessagePosted)) == 1
    assert len(room.utterances.waiting()) == 1


def test_a_client_id_is_its_members_own(room: Room, ana: Member, bob: Member) -> None:
    assert room.post(ana, Posting("one", client_id="a")).is_new
    assert room.post(bob, Posting("two", client_id="a")).is_new


@pytest.mark.parametrize("client_id", ["", "a" * 65, "a\x00b", "a\nb", "\ud800"])
def test_a_client_id_that_no_browser_makes_is_refused(
    room: Room, ana: Member, client_id: str
) -> None:
    with pytest.raises(BodyInvalidError):
        room.post(ana, Posting("hi", client_id=client_id))


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x07", "\ud800"])
def test_there_must_be_something_to_say(room: Room, ana: Member, text: str) -> None:
    with pytest.raises(TextEmptyError):
        room.post(ana, Posting(text))


def test_a_message_may_be_as_long_as_allowed_and_no_longer(room: Room, ana: Member) -> None:
    assert say(room, ana, "é" * TEXT_MAX).draft.text == "é" * TEXT_MAX
    with pytest.raises(TextTooLongError, match="by 40 letters"):
        room.post(ana, Posting("é" * (TEXT_MAX + 40)))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  hi  ", "hi"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\x00b\x1b[31mc\x7f\x85", "ab[31mc"),
        ("a\tb", "a\tb"),
        ("<img onerror=alert(1)>", "<img onerror=alert(1)>"),
        ("👩🏽‍💻 שלום", "👩🏽‍💻 שלום"),
        ("\ud800a\udfff", "a"),
    ],
)
def test_a_text_is_kept_but_for_what_controls_machines(
    room: Room, ana: Member, typed: str, kept: str
) -> None:
    assert say(room, ana, typed).draft.text == kept


@given(st.text(max_size=200))
def test_any_text_can_be_kept_and_sent_or_is_refused(text: str) -> None:
    clock = FakeClock()
    store = MemoryStore(clock)
    room = Room(RoomSettings(), store, clock, FakeLanguages())
    member = room.join(Introduction("Ana")).member
    try:
        message = room.post(member, Posting(text)).message
    except TextEmptyError:
        return
    assert message.draft.text.encode("utf-8")
    assert "\x00" not in message.draft.text


def test_who_posts_too_fast_must_wait_and_others_need_not(
    room: Room, ana: Member, bob: Member, clock: FakeClock
) -> None:
    for number in range(MEMBER_RATE.burst):
        say(room, ana, f"line {number}")
    with pytest.raises(TooFastError) as refusal:
        say(room, ana, "one more")
    say(room, bob, "hello")
    clock.advance(refusal.value.retry_after_s)
    say(room, ana, "one more")


def test_the_limit_can_be_off(open_room: OpenRoom) -> None:
    room = open_room(RoomSettings(member_rate=None))
    ana = room.join(Introduction("Ana")).member
    for number in range(MEMBER_RATE.burst * 2):
        say(room, ana, f"line {number}")


def test_what_was_said_keeps_the_name_it_was_said_under(room: Room, ana: Member) -> None:
    say(room, ana, "olá")
    room.change(ana, Introduction("Rita"))
    [message] = room.messages(None).messages
    assert message.draft.author.name == "Ana"


def ask_and_send(room: Room, member: Member, audience: Audience = Audience.EVERYONE) -> Address:
    say(room, member, "what time is it?", audience)
    utterance = room.utterances.waiting()[-1]
    room.utterances.sending(utterance)
    room.utterances.sent(utterance)
    return Address(corr=utterance.corr)


def test_an_answer_is_shown_to_whom_it_answers(room: Room, ana: Member, feed: FeedRecorder) -> None:
    answer = room.receive(Reply(ask_and_send(room, ana), "ten past three", lang="pt-PT"))
    assert answer.draft.kind is Kind.ASSISTANT
    assert answer.draft.author == ASSISTANT
    assert answer.draft.to == Author(ana.id, "Ana")
    assert answer.draft.in_reply_to == 1
    assert answer.delivery is None
    assert feed.events[-1] == MessagePosted(answer)


def test_an_answer_without_a_language_is_in_the_questions(room: Room, ana: Member) -> None:
    assert room.receive(Reply(ask_and_send(room, ana), "olá")).draft.lang == "pt-PT"


@pytest.mark.parametrize("lang", ["xx-YY", "", "<script>"])
def test_a_language_that_is_none_is_not_believed(room: Room, ana: Member, lang: str) -> None:
    assert room.receive(Reply(ask_and_send(room, ana), "olá", lang=lang)).draft.lang == "pt-PT"


def test_one_question_may_have_several_answers(room: Room, ana: Member) -> None:
    address = ask_and_send(room, ana)
    answers = [room.receive(Reply(address, text)) for text in ("one", "two", "three")]
    assert [each.draft.in_reply_to for each in answers] == [1, 1, 1]
    assert [each.id for each in answers] == [2, 3, 4]


def test_an_announcement_says_whose_it_is_and_is_no_answer(room: Room, ana: Member) -> None:
    room.post(ana, Posting("A timer for 5 minutes"))
    (asked,) = room.utterances.waiting()
    announced = room.receive(Reply(Address(asked.corr), "It is over", is_announcement=True)).draft
    assert (announced.kind, announced.in_reply_to) == (Kind.ANNOUNCEMENT, None)
    assert announced.to == Author(ana.id, "Ana")
    assert announced.private_to is None


def test_an_announcement_of_what_was_asked_in_private_stays_private(
    room: Room, ana: Member
) -> None:
    room.post(ana, Posting("A timer for the cake", audience=Audience.ASSISTANT))
    (asked,) = room.utterances.waiting()
    announced = room.receive(Reply(Address(asked.corr), "It is over", is_announcement=True))
    assert announced.draft.private_to == ana.id


def test_an_announcement_whose_question_is_forgotten_is_for_everybody(room: Room) -> None:
    address = Address(Correlation("c0ffee"))
    announced = room.receive(Reply(address, "It is over", is_announcement=True)).draft
    assert (announced.kind, announced.to) == (Kind.ANNOUNCEMENT, None)


def test_what_belongs_to_nobody_is_an_announcement(room: Room) -> None:
    said = room.receive(Reply(Address(), "the washing is done"))
    assert said.draft.kind is Kind.ANNOUNCEMENT
    assert said.draft.to is None
    assert said.draft.private_to is None
    assert said.draft.lang == "en"


def test_what_is_said_to_a_member_unasked_is_for_that_member(room: Room, ana: Member) -> None:
    said = room.receive(Reply(Address(session_id=ana.session.id), "your timer"))
    assert said.draft.kind is Kind.ASSISTANT
    assert said.draft.to == Author(ana.id, "Ana")
    assert said.draft.in_reply_to is None
    assert said.draft.lang == "pt-PT"


def test_an_answer_reaches_who_has_left_under_the_name_it_asked_by(room: Room, ana: Member) -> None:
    address = ask_and_send(room, ana)
    room.leave(ana)
    assert room.receive(Reply(address, "ten past three")).draft.to == Author(ana.id, "Ana")


def test_only_somebody_can_be_waited_for(room: Room, ana: Member) -> None:
    address = ask_and_send(room, ana)
    assert room.receive(Reply(address, "which city?", expects_reply=True)).draft.expects_reply
    nobody = room.receive(Reply(Address(), "which city?", expects_reply=True))
    assert not nobody.draft.expects_reply


@pytest.mark.parametrize(
    ("media", "text"),
    [
        (Media("http://a/b.mp3", "Hey", "Pixies"), "Pixies - Hey"),
        (Media("http://a/b.mp3", "Hey"), "Hey"),
        (Media("http://a/b.mp3", artist="Pixies"), "Pixies"),
        (Media("http://a/b.mp3"), ""),
    ],
)
def test_something_to_play_is_called_by_what_is_known_of_it(
    room: Room, ana: Member, media: Media, text: str
) -> None:
    said = room.receive(Reply(ask_and_send(room, ana), "", media=media))
    assert said.draft.kind is Kind.MEDIA
    assert (said.draft.media, said.draft.text) == (media, text)


def test_what_the_assistant_says_can_always_be_sent_on(room: Room) -> None:
    said = room.receive(Reply(Address(), "a\x00b\ud800c\x1b"))
    assert said.draft.text == "abc"


def test_a_private_question_and_its_answers_are_seen_by_its_member_alone(
    room: Room, ana: Member, bob: Member
) -> None:
    address = ask_and_send(room, ana, Audience.ASSISTANT)
    room.receive(Reply(address, "a secret"))
    say(room, bob, "hello")
    assert texts(room, ana) == ["what time is it?", "a secret", "hello"]
    assert texts(room, bob) == texts(room, None) == ["hello"]


def test_a_search_does_not_find_what_is_private(room: Room, ana: Member, bob: Member) -> None:
    say(room, ana, "a secret", Audience.ASSISTANT)
    assert room.messages(bob, words="secret").messages == ()
    assert len(room.messages(ana, words="secret").messages) == 1


def settle(store: MemoryStore, message: Message, *steps: Delivery) -> None:
    for step in steps:
        assert store.mark([message.id], step, only_from=MAY_PRECEDE[step])


def test_what_got_no_answer_is_asked_again(
    room: Room, ana: Member, store: MemoryStore, feed: FeedRecorder
) -> None:
    message = say(room, ana, "what time is it?")
    settle(store, message, Delivery.EXPIRED)
    asked = room.ask_again(ana, message.id)
    assert (asked.id, asked.delivery) == (message.id, Delivery.QUEUED)
    assert asked.draft.corr != message.draft.corr
    assert feed.events[-2:] == [MessageUpdated(asked), UtteranceQueued(message.id)]
    assert [each.corr for each in room.utterances.waiting()] == [asked.draft.corr]


def test_what_waits_or_was_never_asked_is_not_asked_again(room: Room, ana: Member) -> None:
    for audience in (Audience.EVERYONE, Audience.PEOPLE):
        message = say(room, ana, "hello", audience)
        with pytest.raises(NotAskableError):
            room.ask_again(ana, message.id)


def test_where_there_is_no_assistant_nothing_is_asked_again(
    room: Room, ana: Member, store: MemoryStore, clock: FakeClock
) -> None:
    message = say(room, ana, "what time is it?")
    settle(store, message, Delivery.EXPIRED)
    room.hub_is(HubStatus(HubState.OFF, clock.now()))
    with pytest.raises(NotAskableError):
        room.ask_again(ana, message.id)


def test_asking_again_counts_as_posting(room: Room, ana: Member, store: MemoryStore) -> None:
    message = say(room, ana, "what time is it?")
    settle(store, message, Delivery.EXPIRED)
    for _ in range(MEMBER_RATE.burst - 1):
        with contextlib.suppress(NotAskableError):
            room.ask_again(ana, message.id)
    with pytest.raises(TooFastError):
        room.ask_again(ana, message.id)


def test_only_ones_own_messages_are_asked_again_or_removed(
    room: Room, ana: Member, bob: Member, store: MemoryStore
) -> None:
    message = say(room, ana, "what time is it?")
    settle(store, message, Delivery.EXPIRED)
    for number in (message.id, MessageId(99)):
        with pytest.raises(MessageUnknownError):
            room.ask_again(bob, number)
        with pytest.raises(MessageUnknownError):
            room.remove(bob, number)
    assert texts(room, bob) == ["what time is it?"]


def test_everybody_is_told_once_what_its_author_removes(
    room: Room, ana: Member, feed: FeedRecorder
) -> None:
    message = say(room, ana, "oops")
    room.remove(ana, message.id)
    assert feed.of(MessageRemoved) == [MessageRemoved(message)]
    assert texts(room, ana) == []
    assert room.utterances.waiting() == []
    with pytest.raises(MessageUnknownError):
        room.remove(ana, message.id)


def test_the_answer_to_a_question_that_was_removed_is_its_members_alone(
    room: Room, ana: Member, bob: Member
) -> None:
    message = say(room, ana, "what is my secret?", Audience.ASSISTANT)
    [asked] = room.utterances.waiting()
    room.utterances.sending(asked)
    room.utterances.sent(asked)
    room.remove(ana, message.id)
    for address in (Address(corr=asked.corr), Address(session_id=ana.session.id)):
        reply = room.receive(Reply(address, "The secret is 42."))
        assert (reply.draft.private_to, reply.draft.in_reply_to) == (ana.id, None)
    room.leave(ana)
    room.receive(Reply(Address(corr=asked.corr), "The secret is 42."))
    assert texts(room, bob) == []
    assert texts(room, None) == []


def test_at_first_there_is_no_hub(clock: FakeClock, store: MemoryStore) -> None:
    room = Room(RoomSettings(), store, clock, FakeLanguages())
    assert room.hub == HubStatus(HubState.OFF, STARTED_AT)


def test_everybody_is_told_how_the_hub_stands(
    room: Room, feed: FeedRecorder, clock: FakeClock
) -> None:
    status = HubStatus(HubState.REFUSED, clock.now(), "hub.key", "hivemind-core list-clients")
    room.hub_is(status)
    assert room.hub == status
    assert feed.events == [HubChanged(status)]


def test_a_room_goes_on_behind_a_log_that_holds_messages_already(
    room: Room, ana: Member, store: MemoryStore, clock: FakeClock
) -> None:
    say(room, ana, "before")
    again = Room(RoomSettings(), store, clock, FakeLanguages())
    recorder = FeedRecorder()
    again.feed.listen(recorder)
    message = say(again, again.join(Introduction("Bob")).member, "after")
    assert message.id == 2
    assert MessagePosted(message) in recorder.events
