from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from hivemind_chatroom.hub.events import BusMessage, Permitted, Refused
from hivemind_chatroom.hub.translate import (
    PROBE_TOPIC,
    REPLY_MAX,
    USER_AGENT,
    meaning_of,
    probe,
    utterance,
)
from hivemind_chatroom.room.model import (
    Address,
    Correlation,
    Delivery,
    Ending,
    Media,
    Member,
    MemberId,
    MessageId,
    Reply,
    Session,
    SessionId,
    Utterance,
)
from hub.jsons import BUS_MESSAGES

NOW = 1_773_500_966.0
ANA = Member(
    MemberId("a1"),
    "Ana",
    "pt-PT",
    "kitchen",
    3,
    Session(SessionId("5e55"), {"active_handlers": [1]}),
)
QUESTION = Utterance(MessageId(7), Correlation("c0"), "que horas são?", "pt-PT", ANA)
LISBON = "Europe/Lisbon"
CONTEXT = {"corr": "c0", "user": "a1", "session": {"session_id": "5e55"}}
ADDRESS = Address(Correlation("c0"), SessionId("5e55"), MemberId("a1"))


def heard(
    topic: str, data: dict[str, Any] | None = None, context: dict[str, Any] | None = None
) -> object:
    return meaning_of(BusMessage(topic, data or {}, CONTEXT if context is None else context), NOW)


# --- out ---------------------------------------------------------------------------------------


def test_an_utterance_takes_along_whose_it_is_and_where_it_is_asked() -> None:
    message = utterance(QUESTION, "recognizer_loop:utterance", LISBON, NOW)
    assert message.topic == "recognizer_loop:utterance"
    assert message.data == {"utterances": ["que horas são?"], "lang": "pt-PT"}
    assert message.context["corr"] == "c0"
    assert message.context["user"] == "a1"
    assert message.context["source"] == message.context["platform"] == USER_AGENT
    assert message.context["session"] == {
        "active_handlers": [1],
        "session_id": "5e55",
        "lang": "pt-PT",
        "site_id": "kitchen",
        "location": {"tz": "Europe/Lisbon", "timezone": {"code": "Europe/Lisbon"}},
        "time_format": "full",
        "date_format": "DMY",
        "system_unit": "metric",
    }


def test_an_utterance_says_whether_its_member_alone_reads_the_answer() -> None:
    topic = "recognizer_loop:utterance"
    in_private = replace(QUESTION, is_private=True)
    assert utterance(in_private, topic, LISBON, NOW).context["private"] is True
    assert utterance(QUESTION, topic, LISBON, NOW).context["private"] is False


def test_an_utterance_goes_out_under_the_topic_that_is_allowed() -> None:
    assert utterance(QUESTION, "ovos.utterance.handle", LISBON, NOW).topic == (
        "ovos.utterance.handle"
    )


def test_our_name_at_the_hub_can_be_taken_apart_by_it() -> None:
    assert ":" not in USER_AGENT


def test_a_name_never_goes_to_the_hub() -> None:
    message = utterance(QUESTION, "recognizer_loop:utterance", LISBON, NOW)
    assert "Ana" not in json.dumps([message.data, message.context])


def test_the_probe_holds_nothing() -> None:
    assert probe() == BusMessage(PROBE_TOPIC, {}, {})


# --- replies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", ["speak", "ovos.utterance.speak"])
def test_speech_is_a_reply_under_either_name(topic: str) -> None:
    data = {"utterance": "são três", "lang": "pt-PT", "expect_response": True}
    assert heard(topic, data) == Reply(ADDRESS, "são três", "pt-PT", expects_reply=True)


def test_the_newer_word_for_an_expected_answer_is_understood() -> None:
    assert heard("speak", {"utterance": "which?", "listen": True}) == Reply(
        ADDRESS, "which?", expects_reply=True
    )


def test_only_a_plain_yes_makes_an_answer_expected() -> None:
    for value in (None, 0, 1, "true", [True]):
        reply = heard("speak", {"utterance": "ok", "expect_response": value})
        assert isinstance(reply, Reply)
        assert not reply.expects_reply


@pytest.mark.parametrize("mark", ["c0\0", "\ud800", "c\n0", "\x1b[31m"])
def test_a_mark_that_no_store_can_look_for_is_none(mark: str) -> None:
    data = {"utterance": "hi", "lang": mark}
    context = {"corr": mark, "user": mark, "announced_for": mark, "session": {"session_id": mark}}
    assert heard("speak", data, context) == Reply(Address(), "hi", None)
    assert heard("ovos.utterance.handled", {}, context) == Ending(Address(), Delivery.ANSWERED, {})


@pytest.mark.parametrize("half", ["\0", "\ud800"])
def test_what_is_to_be_played_is_cleaned_too(half: str) -> None:
    media = {"uri": f"https://radio/{half}", "title": f"News{half}", "artist": f"BBC{half}"}
    heard_of = heard("ovos.common_play.play", {"media": media})
    assert heard_of == Reply(ADDRESS, "", media=Media("https://radio/", "News", "BBC"))


def test_speech_of_nobody_has_an_empty_address() -> None:
    assert heard("speak", {"utterance": "tea is ready"}, {}) == Reply(Address(), "tea is ready")


def test_what_was_asked_for_earlier_is_announced_as_its_askers() -> None:
    context = {"announced_for": "c0ffee", "session": {"session_id": "default"}}
    assert heard("speak", {"utterance": "tea is ready"}, context) == Reply(
        Address(corr=Correlation("c0ffee")), "tea is ready", is_announcement=True
    )


def test_the_hubs_part_of_a_session_id_is_taken_off() -> None:
    context = {"session": {"session_id": "0123456789abcdef:5e55"}}
    reply = heard("speak", {"utterance": "hi"}, context)
    assert reply == Reply(Address(session_id=SessionId("5e55")), "hi")


@pytest.mark.parametrize("text", [None, 5, "", "  \n", ["hi"], {"text": "hi"}, "\x00\x1b"])
def test_speech_without_words_is_nothing(text: object) -> None:
    assert heard("speak", {"utterance": text}) is None


def test_speech_is_cleaned_and_cut() -> None:
    reply = heard("speak", {"utterance": "a\x00b\x1b[31m\r\nc" + "x" * 2 * REPLY_MAX})
    assert isinstance(reply, Reply)
    assert reply.text.startswith("ab[31m\ncx")
    assert len(reply.text) == REPLY_MAX


# --- something to play --------------------------------------------------------------------------


def test_a_play_request_is_media_with_its_title() -> None:
    media = {"artist": "Pixies", "title": "Hey", "uri": "https://h/hey.mp3", "playback": 2}
    assert heard("ovos.common_play.play", {"media": media}) == Reply(
        ADDRESS, "", media=Media("https://h/hey.mp3", "Hey", "Pixies")
    )


def test_a_play_request_without_artist_or_title_is_media_all_the_same() -> None:
    reply = heard("ovos.common_play.play", {"media": {"uri": "http://h/a.mp3"}})
    assert reply == Reply(ADDRESS, "", media=Media("http://h/a.mp3"))


def test_the_audio_services_first_track_is_media() -> None:
    data = {"tracks": ["http://h/a.ogg", "http://h/b.ogg"]}
    assert heard("mycroft.audio.service.play", data) == Reply(
        ADDRESS, "", media=Media("http://h/a.ogg")
    )


@pytest.mark.parametrize(
    ("media", "text"),
    [
        ({"uri": "javascript:alert(1)", "title": "Hey"}, "Hey"),
        ({"uri": "file:///etc/passwd", "artist": "Pixies", "title": "Hey"}, "Pixies - Hey"),
        ({"uri": "spotify:track:1"}, "spotify:track:1"),
        ({"title": "Hey"}, "Hey"),
    ],
)
def test_what_no_browser_may_be_given_is_only_told(media: dict[str, Any], text: str) -> None:
    assert heard("ovos.common_play.play", {"media": media}) == Reply(ADDRESS, text)


@pytest.mark.parametrize("media", [None, [], "x", {}, {"uri": 5, "title": None}])
def test_a_play_request_of_nothing_is_nothing(media: object) -> None:
    assert heard("ovos.common_play.play", {"media": media}) is None


# --- endings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "delivery"),
    [
        ("ovos.utterance.handled", Delivery.ANSWERED),
        ("ovos.utterance.cancelled", Delivery.ANSWERED),
        ("complete_intent_failure", Delivery.UNMATCHED),
        ("ovos.intent.unmatched", Delivery.UNMATCHED),
    ],
)
def test_each_way_to_end_has_its_state(topic: str, delivery: Delivery) -> None:
    assert heard(topic) == Ending(ADDRESS, delivery, {})


def test_an_ending_hands_over_the_sessions_state_and_nothing_else_of_it() -> None:
    state = {"active_handlers": [{"skill_id": "game"}], "intent_context": {"a": {"value": 1}}}
    context = {**CONTEXT, "session": {**state, "session_id": "5e55", "lang": "en", "pipeline": []}}
    assert heard("ovos.utterance.handled", {}, context) == Ending(ADDRESS, Delivery.ANSWERED, state)


def test_an_ending_without_a_session_changes_no_state() -> None:
    ending = heard("ovos.utterance.handled", {}, {"corr": "c0"})
    assert ending == Ending(Address(corr=Correlation("c0")), Delivery.ANSWERED, None)


# --- permissions --------------------------------------------------------------------------------


def denied(denied_type: object, **more: object) -> object:
    context = {"source": "hivemind-core", "destination": "HiveMindChatroom/2::3::Family::5e55"}
    return heard("hive.policy.denied", {"denied_type": denied_type, **more}, context)


def test_the_refusal_of_the_probe_says_what_is_allowed_and_who_we_are() -> None:
    answer = denied(PROBE_TOPIC, code="acl_disallowed_type", data={"allowed": ["speak", "x"]})
    assert answer == Permitted(frozenset({"speak", "x"}), "3")


@pytest.mark.parametrize("data", [None, {}, {"allowed": None}, {"allowed": "speak"}, []])
def test_a_refusal_that_does_not_list_what_is_allowed_says_so(data: object) -> None:
    assert denied(PROBE_TOPIC, data=data) == Permitted(None, "3")


@pytest.mark.parametrize("peer", [None, 3, "", "::", "a::b::c", "a::3", "a::٣::c", ["a::3::c"]])
def test_a_number_that_is_none_is_not_put_into_a_command(peer: object) -> None:
    context = {"destination": peer}
    answer = heard("hive.policy.denied", {"denied_type": PROBE_TOPIC}, context)
    assert answer == Permitted(None, "")


@pytest.mark.parametrize("topic", ["recognizer_loop:utterance", "ovos.utterance.handle"])
def test_the_refusal_of_an_utterance_is_told_from_a_missing_assistant(topic: str) -> None:
    assert denied(topic, code="acl_disallowed_type") == Refused(backend_is_away=False)
    assert denied(topic, code="backend_unavailable") == Refused(backend_is_away=True)


@pytest.mark.parametrize("denied_type", [None, 5, "speak", ["recognizer_loop:utterance"]])
def test_the_refusal_of_something_else_is_nothing(denied_type: object) -> None:
    assert denied(denied_type) is None


@pytest.mark.parametrize("topic", ["", "mycroft.stop", "ovos.session.rejected", "recognizer_loop"])
def test_other_topics_are_nothing(topic: str) -> None:
    assert heard(topic, {"utterance": "hi"}) is None


# --- anything -----------------------------------------------------------------------------------


@settings(deadline=None, max_examples=200)
@given(BUS_MESSAGES)
def test_any_json_anywhere_is_understood_or_ignored(message: BusMessage) -> None:
    meaning = meaning_of(message, NOW)
    if isinstance(meaning, Reply):
        assert meaning.text or meaning.media
        assert len(meaning.text) <= REPLY_MAX
        meaning.text.encode()
    if isinstance(meaning, Ending) and meaning.state:
        json.dumps(meaning.state, ensure_ascii=False).encode()
