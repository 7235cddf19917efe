from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from ovos_bus_client.message import Message

from hivemind_chatroom.hub.builtin.agent import AssistantAgent, read_question, replies
from hivemind_chatroom.hub.builtin.ask import Answer, Media
from hub.builtin.talk import FakeAlarms

NOW = datetime(2026, 11, 4, 20, 14, tzinfo=UTC)
TOKYO_HOUR = 5


def utterance(data: dict[str, Any] | None = None, session: object = None) -> Message:
    context = {"source": "satellite", "destination": "agent", "corr": "7", "session": session}
    return Message("recognizer_loop:utterance", data or {}, context)


def test_a_question_is_read() -> None:
    session = {
        "session_id": "namespace:ana",
        "lang": "de",
        "location": {"tz": "Asia/Tokyo"},
        "time_format": "half",
        "date_format": "MDY",
    }

    question = read_question(utterance({"utterances": ["hello"], "lang": "pt"}, session), NOW)

    assert (question.text, question.lang) == ("hello", "pt")
    assert question.asker.session_id == "namespace:ana"
    assert (question.asker.now, question.asker.now.hour) == (NOW, TOKYO_HOUR)
    assert (question.asker.clock_hours, question.asker.month_first) == (12, True)


@pytest.mark.parametrize(
    "location",
    [
        {"tz": "Asia/Tokyo"},
        {"timezone": {"code": "Asia/Tokyo"}},
        {"tz": "Asia/Tokyo", "timezone": {"code": "Europe/Lisbon"}},
    ],
)
def test_the_time_zone_is_read_from_either_place(location: dict[str, Any]) -> None:
    question = read_question(utterance(session={"location": location}), NOW)

    assert question.asker.now.hour == TOKYO_HOUR


def test_a_question_without_a_language_is_in_that_of_the_session_or_english() -> None:
    assert read_question(utterance(session={"lang": "de"}), NOW).lang == "de"
    assert read_question(utterance(), NOW).lang == "en"


@pytest.mark.parametrize("session", [None, "text", 7, ["list"], {}])
@pytest.mark.parametrize("utterances", [None, "text", 7, [], [None], [[]], {}])
def test_fields_of_another_shape_are_as_good_as_missing(
    session: object, utterances: object
) -> None:
    question = read_question(utterance({"utterances": utterances, "lang": 7}, session), NOW)

    assert (question.text, question.lang) == ("", "en")
    assert question.asker.now == NOW
    assert question.asker.clock_hours == 24


@pytest.mark.parametrize(
    "location",
    [
        {"tz": "Nowhere/At all"},
        {"tz": "../../etc/passwd"},
        {"tz": "America"},
        {"tz": "\0"},
        {"tz": "\ud800"},
        {"tz": ""},
        {"tz": 7},
        {"timezone": "Europe/Lisbon"},
        {"timezone": {"code": None}},
        "Europe/Lisbon",
        None,
    ],
)
def test_an_unknown_time_zone_is_this_computers(location: object) -> None:
    question = read_question(utterance(session={"location": location}), NOW)

    assert question.asker.now.utcoffset() == NOW.astimezone().utcoffset()


def test_only_the_last_line_expects_a_reply() -> None:
    answer = Answer(("one", "two"), "pt-BR", expects_reply=True)

    said = list(replies(utterance(), answer))

    assert [message.data["utterance"] for message in said] == ["one", "two"]
    assert [message.data["expect_response"] for message in said] == [False, True]
    assert {message.data["lang"] for message in said} == {"pt-BR"}


def test_replies_go_back_to_who_asked() -> None:
    for message in replies(utterance(), Answer(("one",), "en", media=Media("t", "a", "/u"))):
        assert message.context["destination"] == "satellite"
        assert message.context["corr"] == "7"


def test_media_is_a_play_request() -> None:
    _, play = replies(utterance(), Answer(("one",), "en", media=Media("tune", "us", "/static/t")))

    assert play.msg_type == "ovos.common_play.play"
    assert play.data == {
        "media": {"title": "tune", "artist": "us", "uri": "/static/t", "playback": 2}
    }


def heard_by(agent: AssistantAgent) -> Callable[[], list[str]]:
    """Listen to all that the agent's bus carries."""
    seen: list[str] = []

    def hear(message: str) -> None:
        seen.append(Message.deserialize(message).msg_type)

    agent.bus.on("message", hear)  # type: ignore[arg-type] # this topic alone carries text
    return lambda: seen


def test_an_utterance_is_answered_and_ended() -> None:
    agent = AssistantAgent(FakeAlarms().call_later, lambda: NOW)
    seen = heard_by(agent)

    agent.bus.emit(utterance({"utterances": ["what time is it"]}))

    assert seen() == ["recognizer_loop:utterance", "speak", "ovos.utterance.handled"]


def test_what_nothing_answers_is_unmatched_and_ended() -> None:
    agent = AssistantAgent(FakeAlarms().call_later, lambda: NOW)
    agent.bus.emit(utterance({"utterances": ["dinner is ready"]}))
    seen = heard_by(agent)
    unmatched: list[Message] = []
    agent.bus.on("ovos.intent.unmatched", unmatched.append)

    agent.bus.emit(utterance({"utterances": ["wash your hands"]}))

    assert seen()[1:] == ["ovos.intent.unmatched", "ovos.utterance.handled"]
    assert [message.context["corr"] for message in unmatched] == ["7"]


@pytest.mark.parametrize(("private", "is_private"), [(True, True), (False, False), (1, False)])
def test_a_question_says_who_reads_its_answer(private: object, is_private: bool) -> None:  # noqa: FBT001
    asked = utterance()
    asked.context["private"] = private

    assert read_question(asked, NOW).asker.is_private is is_private
    assert not read_question(utterance(), NOW).asker.is_private


def test_an_utterance_ends_even_when_answering_fails() -> None:
    def broken_clock() -> datetime:
        raise OSError

    agent = AssistantAgent(FakeAlarms().call_later, broken_clock)
    seen = heard_by(agent)

    agent.bus.emit(utterance({"utterances": ["what time is it"]}))

    assert seen() == ["recognizer_loop:utterance", "ovos.utterance.handled"]


def test_the_session_comes_back_as_it_was_sent() -> None:
    agent = AssistantAgent(FakeAlarms().call_later, lambda: NOW)
    handled: list[Message] = []
    agent.bus.on("ovos.utterance.handled", handled.append)
    session = {"session_id": "ana", "location": {"tz": "Asia/Tokyo"}, "of our own": [1]}

    agent.bus.emit(utterance({"utterances": ["hello"]}, session))

    assert [message.context["session"] for message in handled] == [session]


def test_a_timer_is_announced_with_nobodys_session_and_the_mark_of_who_asked_for_it() -> None:
    alarms = FakeAlarms()
    agent = AssistantAgent(alarms.call_later, lambda: NOW)
    asked = utterance({"utterances": ["timer for 5 minutes"]}, {"session_id": "ana"})
    asked.context["corr"] = "c0ffee"
    agent.bus.emit(asked)
    said: list[Message] = []
    agent.bus.on("speak", said.append)

    alarms.ring()

    [announcement] = said
    assert announcement.data["utterance"] == "The timer for 5 minutes is over."
    assert announcement.context == {
        "source": "skills",
        "destination": [],
        "session": {"session_id": "default"},
        "announced_for": "c0ffee",
    }
