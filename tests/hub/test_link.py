"""The link's thread against connections and targets that are fakes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from fakes import STARTED_AT, FakeClock, FakeLanguages
from hivemind_chatroom.errors import (
    BuiltinHubError,
    ChatroomError,
    IdentityBrokenError,
    IdentityMissingError,
    StorageFullError,
)
from hivemind_chatroom.hub import outgoing
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import (
    Arrived,
    BusMessage,
    Closed,
    FromConnection,
    Greeted,
    Opened,
    Report,
    Secured,
)
from hivemind_chatroom.hub.exchange import SEND_AT_ONCE
from hivemind_chatroom.hub.gate import NotSentError, UnsureError
from hivemind_chatroom.hub.link import BREATH_S, HubLink
from hivemind_chatroom.hub.reasons import Reason
from hivemind_chatroom.hub.state import LOOK_AGAIN_S, QUICK_RETRIES_S, SLOW_RETRIES_S
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.hub.translate import PROBE_TOPIC
from hivemind_chatroom.room.delivery import ANSWER_DEADLINE_S, SEND_DEADLINE_S
from hivemind_chatroom.room.model import (
    Delivery,
    HubState,
    Introduction,
    Member,
    Message,
    Posting,
    Reply,
)
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.store.memory import MemoryStore
from hub.fake_wire import UTTERANCE, FakeWire, permission
from hub.watch import Watch

HUB = Target(HubAddress("hub.local", 5678, tls=False), "key", "password", Path("identity.json"))
OTHER_HUB = Target(HubAddress("other", 5678, tls=False), "key", "password", Path("identity.json"))


class FakeConnection(FakeWire):
    """A wire that reports what the test says."""

    def __init__(self, target: Target, report: Report, watch: Watch) -> None:
        super().__init__(watch.notify)
        self.target = target
        self._report = report

    def reports(self, *events: FromConnection) -> None:
        for event in events:
            self._report(event)

    def says(
        self, topic: str, data: dict[str, Any] | None = None, to: BusMessage | None = None
    ) -> None:
        """Have the hub send a bus message, as a reply where it is one."""
        context = dict(to.context) if to else {}
        self.reports(Arrived(BusMessage(topic, data or {}, context)))

    def permits(self, *topics: str) -> None:
        self.reports(Arrived(permission(*topics)))


class FakeTargets:
    """`Targets` that say what the test wants."""

    def __init__(self, watch: Watch) -> None:
        self.target: Target | ChatroomError = HUB
        self.times_asked = 0
        self.closed_by: list[str] = []
        """The names of the threads."""
        self._watch = watch

    def current(self) -> Target:
        self.times_asked += 1
        self._watch.notify()
        if isinstance(self.target, ChatroomError):
            raise self.target
        return self.target

    def close(self) -> None:
        self.closed_by.append(threading.current_thread().name)


class Stage:
    """A room with a link whose hub the test plays."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = MemoryStore(self.clock)
        settings = RoomSettings(member_rate=None)
        self.room = Room(settings, self.store, self.clock, FakeLanguages())
        self.watch = Watch(self.room)
        self.targets = FakeTargets(self.watch)
        self.connections: list[FakeConnection] = []
        self.news = 0
        self.link = HubLink(self.room, self.targets, self.clock, self._dial, self._note_news)
        self.ana = self.join("Ana")

    def join(self, name: str) -> Member:
        return self.room.join(Introduction(name)).member

    def connection(self, number: int = 1) -> FakeConnection:
        """Return the first connection, or a later one, once it is made."""
        self.watch.until(lambda: len(self.connections) >= number)
        return self.connections[number - 1]

    def connect(self, number: int = 1, *topics: str) -> FakeConnection:
        """Have the hub let a connection in, and wait until the room knows."""
        connection = self.connection(number)
        connection.reports(Opened(), Greeted(), Secured())
        connection.permits(*(topics or (UTTERANCE,)))
        self.watch.until(lambda: self.room.hub.state in {HubState.CONNECTED, HubState.NOT_ALLOWED})
        return connection

    def ask(self, text: str, member: Member | None = None) -> Message:
        return self.room.post(member or self.ana, Posting(text)).message

    def wait_for(self, message: Message, delivery: Delivery) -> None:
        self.watch.until(lambda: self.watch.messages[message.id].delivery is delivery)

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the link, which is woken to notice."""
        self.clock.advance(seconds)
        self.link._inbox.nudge()  # noqa: SLF001 - stands for the end of its wait, on a clock that stands still

    def _note_news(self) -> None:
        self.news += 1
        self.watch.notify()

    def _dial(self, target: Target, report: Report) -> FakeConnection:
        connection = FakeConnection(target, report, self.watch)
        self.connections.append(connection)
        return connection


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.link.stop()


def test_the_room_knows_that_a_hub_is_wanted_before_the_link_starts(stage: Stage) -> None:
    assert stage.room.hub.state is HubState.CONNECTING
    assert stage.ask("early").delivery is Delivery.QUEUED


def test_an_utterance_goes_out_and_its_reply_comes_back(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connect()
    question = stage.ask("what time is it?")
    stage.wait_for(question, Delivery.SENT)
    (sent,) = connection.utterances()
    connection.says("speak", {"utterance": "three"}, to=sent)
    connection.says("ovos.utterance.handled", to=sent)
    stage.wait_for(question, Delivery.ANSWERED)
    (reply,) = stage.watch.replies()
    assert reply.draft.text == "three"
    assert reply.draft.in_reply_to == question.id
    assert reply.draft.to == question.draft.author
    assert stage.watch.history[question.id] == [
        Delivery.QUEUED,
        Delivery.SENDING,
        Delivery.SENT,
        Delivery.ANSWERED,
    ]


def test_what_was_asked_before_the_hub_was_there_goes_out_in_order(stage: Stage) -> None:
    asked = [stage.ask(str(number)) for number in range(2 * SEND_AT_ONCE + 5)]
    stage.link.start()
    connection = stage.connect()
    stage.wait_for(asked[-1], Delivery.SENT)
    assert connection.texts() == [message.draft.text for message in asked]


def test_nothing_goes_out_before_the_hub_has_said_what_it_allows(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connection()
    question = stage.ask("hello")
    connection.reports(Opened(), Greeted(), Secured())
    stage.watch.until(lambda: connection.sent)
    assert [message.topic for message in connection.sent] == [PROBE_TOPIC]
    connection.permits(UTTERANCE)
    stage.wait_for(question, Delivery.SENT)


def test_a_hub_that_allows_nothing_keeps_utterances_waiting_until_it_does(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connect(1, "speak")
    assert stage.room.hub.state is HubState.NOT_ALLOWED
    assert stage.room.hub.reason == Reason.DENIED
    assert stage.room.hub.command == f"hivemind-core allow-msg {UTTERANCE} 3"
    question = stage.ask("may I?")
    connection.permits(UTTERANCE)
    stage.wait_for(question, Delivery.SENT)


def test_a_message_that_could_not_leave_goes_out_over_the_next_connection(stage: Stage) -> None:
    stage.link.start()
    first = stage.connect()
    first.fails = NotSentError
    question = stage.ask("hello")
    stage.watch.until(
        lambda: stage.watch.history[question.id][-2:] == [Delivery.SENDING, Delivery.QUEUED]
    )
    first.reports(Closed(Fault.NETWORK))
    stage.watch.until(lambda: stage.room.hub.state is HubState.UNREACHABLE)
    stage.pass_time(QUICK_RETRIES_S[0])
    second = stage.connect(2)
    stage.wait_for(question, Delivery.SENT)
    assert first.is_closed
    assert second.texts() == ["hello"]


def test_a_message_that_may_have_left_is_in_doubt_and_not_repeated(stage: Stage) -> None:
    stage.link.start()
    first = stage.connect()
    first.fails = UnsureError
    question = stage.ask("turn on the oven")
    stage.wait_for(question, Delivery.UNCONFIRMED)
    stage.watch.until(lambda: stage.room.hub.state is HubState.UNREACHABLE)
    assert first.is_closed
    stage.pass_time(QUICK_RETRIES_S[0])
    second = stage.connect(2)
    later = stage.ask("later")
    stage.wait_for(later, Delivery.SENT)
    assert second.texts() == ["later"]


def test_a_message_that_fails_in_our_own_hands_is_in_doubt_and_the_next_goes_out(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    poisoned, next_one = stage.ask("secret"), stage.ask("hello")
    stage.link.start()
    connection = stage.connection()
    connection.reports(Opened(), Greeted(), Secured())
    stage.watch.until(lambda: connection.sent)
    connection.fails = ValueError
    connection.permits(UTTERANCE)
    stage.wait_for(poisoned, Delivery.UNCONFIRMED)
    connection.says("speak", {"utterance": "a turn later"})
    stage.watch.until(stage.watch.replies)
    assert stage.watch.messages[next_one.id].delivery is Delivery.QUEUED, "it takes a breath"
    connection.fails = None
    stage.pass_time(BREATH_S)
    stage.wait_for(next_one, Delivery.SENT)
    assert connection.texts() == ["hello"]
    assert not connection.is_closed
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_what_was_on_its_way_when_the_link_went_is_in_doubt(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connect()
    question = stage.ask("hello")
    stage.wait_for(question, Delivery.SENT)
    connection.reports(Closed(Fault.NETWORK))
    stage.wait_for(question, Delivery.UNCONFIRMED)


def test_what_was_forgotten_unheard_takes_no_room_at_the_next_connection(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "WINDOW", 1)
    stage.link.start()
    first = stage.connect()
    forgotten = stage.ask("hello")
    stage.wait_for(forgotten, Delivery.SENT)
    stage.store.purge(sent_before=STARTED_AT, most=1_000, through=forgotten.id)
    waiting = stage.ask("hello again")
    first.reports(Closed(Fault.NETWORK))
    stage.watch.until(lambda: stage.room.hub.state is HubState.UNREACHABLE)
    stage.pass_time(QUICK_RETRIES_S[0])
    stage.connect(2)
    stage.wait_for(waiting, Delivery.SENT)


def test_an_answer_over_the_next_connection_still_ends_what_was_in_doubt(stage: Stage) -> None:
    stage.link.start()
    first = stage.connect()
    question = stage.ask("hello")
    stage.wait_for(question, Delivery.SENT)
    first.reports(Closed(Fault.NETWORK))
    stage.wait_for(question, Delivery.UNCONFIRMED)
    stage.pass_time(QUICK_RETRIES_S[0])
    second = stage.connect(2)
    second.says("speak", {"utterance": "late"}, to=first.utterances()[0])
    second.says("ovos.utterance.handled", to=first.utterances()[0])
    stage.wait_for(question, Delivery.ANSWERED)


def test_a_connection_that_was_given_up_is_not_heard(stage: Stage) -> None:
    stage.link.start()
    first = stage.connect()
    stage.targets.target = OTHER_HUB
    stage.pass_time(LOOK_AGAIN_S)
    second = stage.connect(2)
    first.says("speak", {"utterance": "from the grave"})
    first.reports(Closed(Fault.NETWORK))
    second.says("speak", {"utterance": "alive"})
    stage.watch.until(lambda: stage.watch.texts() == ["alive"])
    assert stage.room.hub.state is HubState.CONNECTED


def test_an_utterance_that_waited_too_long_expires(stage: Stage) -> None:
    stage.link.start()
    stage.connection()
    question = stage.ask("hello")
    stage.pass_time(SEND_DEADLINE_S)
    stage.wait_for(question, Delivery.EXPIRED)


def test_silence_ends_an_utterance_and_shows_that_no_assistant_is_there(stage: Stage) -> None:
    stage.link.start()
    stage.connect()
    question = stage.ask("hello")
    stage.wait_for(question, Delivery.SENT)
    stage.pass_time(ANSWER_DEADLINE_S)
    stage.wait_for(question, Delivery.UNANSWERED)
    stage.watch.until(lambda: stage.room.hub.reason == Reason.NO_AGENT)


def deny(connection: FakeConnection, code: str) -> None:
    connection.says("hive.policy.denied", {"denied_type": UTTERANCE, "code": code})


def test_a_refused_utterance_ends_as_refused_and_its_neighbour_does_not(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connect()
    taken, refused = stage.ask("first"), stage.ask("second")
    stage.wait_for(refused, Delivery.SENT)
    deny(connection, "acl_disallowed_type")
    stage.watch.until(lambda: connection.sent[-1].topic == PROBE_TOPIC)
    connection.permits()
    stage.wait_for(refused, Delivery.REFUSED)
    assert stage.watch.messages[taken.id].delivery is Delivery.SENT
    assert stage.room.hub.state is HubState.NOT_ALLOWED


def test_a_hub_without_an_assistant_leaves_an_utterance_unanswered_at_once(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connect()
    question = stage.ask("hello")
    stage.wait_for(question, Delivery.SENT)
    deny(connection, "backend_unavailable")
    stage.watch.until(lambda: connection.sent[-1].topic == PROBE_TOPIC)
    connection.permits(UTTERANCE)
    stage.wait_for(question, Delivery.UNANSWERED)
    assert stage.room.hub.state is HubState.NO_ASSISTANT


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (IdentityMissingError("none"), HubState.UNCONFIGURED, Reason.IDENTITY_MISSING),
        (IdentityBrokenError("broken"), HubState.UNCONFIGURED, Reason.IDENTITY_BROKEN),
        (BuiltinHubError("failed"), HubState.UNREACHABLE, Reason.BUILTIN),
    ],
)
def test_without_a_target_the_room_says_why(
    stage: Stage, error: ChatroomError, state: HubState, reason: Reason
) -> None:
    stage.targets.target = error
    stage.link.start()
    stage.watch.until(lambda: stage.room.hub.state is state)
    assert stage.room.hub.reason == reason


def test_why_there_is_no_hub_is_logged_once_however_often_it_is_tried(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[int] = []
    stage.targets.target = BuiltinHubError("The built-in hub did not start: no memory.")
    stage.link.start()
    for _ in range(4):
        stage.watch.until(lambda: stage.targets.times_asked > len(asked))
        asked.append(stage.targets.times_asked)
        stage.watch.until(lambda: stage.room.hub.reason == Reason.BUILTIN)
        stage.pass_time(SLOW_RETRIES_S[-1])
    stage.link.stop()
    [logged] = [record for record in caplog.records if "no memory" in record.getMessage()]
    assert logged.levelno == logging.WARNING
    assert str(stage.targets.target) in logged.getMessage()


def test_an_identity_that_is_set_up_later_is_taken_up(stage: Stage) -> None:
    stage.targets.target = IdentityMissingError("none")
    stage.link.start()
    stage.watch.until(lambda: stage.room.hub.state is HubState.UNCONFIGURED)
    stage.targets.target = HUB
    stage.pass_time(LOOK_AGAIN_S)
    assert stage.connection().target == HUB


def test_another_identity_is_taken_up_while_connected(stage: Stage) -> None:
    stage.link.start()
    first = stage.connect()
    stage.targets.target = OTHER_HUB
    stage.pass_time(LOOK_AGAIN_S)
    assert stage.connection(2).target == OTHER_HUB
    assert first.is_closed


def test_an_identity_that_is_broken_meanwhile_does_not_end_a_good_connection(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connect()
    stage.targets.target = IdentityBrokenError("broken")
    stage.pass_time(LOOK_AGAIN_S)
    stage.wait_for(stage.ask("still there?"), Delivery.SENT)
    assert not connection.is_closed


def test_the_built_in_hub_is_named_as_such_from_the_first_attempt_on(stage: Stage) -> None:
    stage.targets.target = Target(HUB.address, "key", "password", HUB.identity_file, builtin=True)
    stage.link.start()
    stage.connection()
    stage.watch.until(lambda: stage.room.hub.builtin)
    assert stage.room.hub.state is HubState.CONNECTING
    stage.connect()
    assert stage.room.hub.builtin


def test_a_message_that_can_not_be_kept_does_not_end_the_thread(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(replies: Sequence[Reply]) -> Sequence[Message]:
        raise StorageFullError(replies[0].text)

    stage.link.start()
    connection = stage.connect()
    with monkeypatch.context() as patched:
        patched.setattr(stage.room, "receive_all", full)
        connection.says("speak", {"utterance": "secret words"})
        stage.wait_for(stage.ask("and now?"), Delivery.SENT)
    connection.says("speak", {"utterance": "kept"})
    stage.watch.until(lambda: stage.watch.texts() == ["kept"])
    assert "StorageFullError" in caplog.text
    assert "secret" not in caplog.text


@pytest.fixture
def full_disk(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be written down of what was on its way."""

    def full() -> None:
        raise StorageFullError("somebody's words")

    monkeypatch.setattr(stage.room.utterances, "lose_link", full)


@pytest.mark.usefixtures("full_disk")
def test_people_are_told_that_the_hub_is_gone_though_the_disk_is_full(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.link.start()
    connection = stage.connect()
    connection.reports(Closed(Fault.NETWORK))
    stage.watch.until(lambda: stage.room.hub.state is HubState.UNREACHABLE)
    assert connection.is_closed
    stage.pass_time(QUICK_RETRIES_S[0])
    stage.connect(2)
    assert "the link stumbled: StorageFullError at link.py:" in caplog.text
    assert "somebody's words" not in caplog.text


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_does_not_keep_the_thread_from_its_end(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connect()
    stage.link.stop()
    assert connection.is_closed
    assert "hub-link" in stage.targets.closed_by
    assert "hub-link" not in {thread.name for thread in threading.enumerate()}


def test_a_hub_that_sends_garbage_does_not_end_the_thread(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connect()
    garbage: list[dict[str, Any]] = [
        {"utterance": 5},
        {"media": []},
        {"data": None, "denied_type": PROBE_TOPIC},
        {},
    ]
    for data in garbage:
        for topic in ("speak", "ovos.common_play.play", "hive.policy.denied", "x"):
            connection.reports(Arrived(BusMessage(topic, data, {"session": 5, "corr": []})))
    connection.says("speak", {"utterance": "fine"})
    stage.watch.until(lambda: stage.watch.texts() == ["fine"])


def test_stopping_ends_the_thread_the_connection_and_the_targets(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connect()
    question = stage.ask("hello")
    stage.wait_for(question, Delivery.SENT)
    stage.link.stop()
    assert connection.is_closed
    assert stage.targets.closed_by
    assert "hub-link" not in {thread.name for thread in threading.enumerate()}
    assert stage.watch.messages[question.id].delivery is Delivery.UNCONFIRMED


def test_a_link_that_never_started_can_be_stopped(stage: Stage) -> None:
    stage.link.stop()
    assert stage.targets.closed_by


def test_no_word_and_no_name_reaches_the_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stage.link.start()
    connection = stage.connect()
    stage.wait_for(stage.ask("where is my diary?"), Delivery.SENT)
    connection.says("speak", {"utterance": "under the bed"}, to=connection.utterances()[0])
    stage.watch.until(stage.watch.replies)
    connection.reports(Closed(Fault.NETWORK))
    stage.watch.until(lambda: stage.room.hub.state is HubState.UNREACHABLE)
    for secret in ("diary", "bed", "Ana", "password", "key"):
        assert secret not in caplog.text


def test_trying_now_does_not_wait_for_the_next_attempt(stage: Stage) -> None:
    stage.link.start()
    stage.connection().reports(Closed(code=1008))
    stage.watch.until(lambda: stage.room.hub.state is HubState.UNREACHABLE)
    stage.link.reconnect()
    stage.connect(2)


def test_another_hub_is_taken_at_once_and_what_waits_goes_there(stage: Stage) -> None:
    stage.link.start()
    first = stage.connect()
    first.fails = NotSentError
    waiting = stage.ask("hello")
    stage.watch.until(
        lambda: stage.watch.history[waiting.id][-2:] == [Delivery.SENDING, Delivery.QUEUED]
    )
    stage.targets.target = OTHER_HUB
    stage.link.reconnect()
    second = stage.connect(2)
    stage.wait_for(waiting, Delivery.SENT)
    assert first.is_closed
    assert second.target == stage.link.target == OTHER_HUB
    assert second.texts() == ["hello"]


def test_how_long_the_hub_takes_to_answer_is_known_while_it_is_there(stage: Stage) -> None:
    stage.link.start()
    connection = stage.connection()
    assert stage.link.latency_s is None
    connection.reports(Opened(), Greeted(), Secured())
    stage.watch.until(lambda: connection.sent)
    stage.clock.advance(0.25)
    connection.permits(UTTERANCE)
    stage.watch.until(lambda: stage.link.latency_s == 0.25)
    news = stage.news
    connection.reports(Closed(Fault.NETWORK))
    stage.watch.until(lambda: stage.room.hub.state is HubState.UNREACHABLE)
    assert stage.link.latency_s is None
    assert stage.news > news > 0
