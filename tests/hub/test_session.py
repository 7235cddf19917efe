from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from hivemind_chatroom.hub.session import STATE_MAX_BYTES, folded, session_for
from hivemind_chatroom.room.model import Member, MemberId, Session, SessionId
from hub.jsons import SESSIONS

NOW = 1_000_000.0
HANDLERS = [{"skill_id": "game.skill", "activated_at": 5.0}]


def member(state: dict[str, Any] | None = None) -> Member:
    return Member(
        MemberId("a1"), "Ana", "pt-PT", "kitchen", 0, Session(SessionId("5e55"), state or {})
    )


def test_only_what_a_client_is_asked_to_keep_is_kept() -> None:
    session = {
        "session_id": "5e55",
        "lang": "en",
        "active_handlers": HANDLERS,
        "converse_handlers": HANDLERS,
        "response_mode": {"skill_id": "game.skill", "expires_at": NOW + 10},
        "intent_context": {"place": {"value": "Lisbon"}},
        "pipeline": ["a"],
        "blacklisted_skills": ["b"],
    }
    kept = folded(session, NOW)
    assert list(kept) == ["active_handlers", "converse_handlers", "response_mode", "intent_context"]


def test_a_session_without_state_clears_what_was_kept() -> None:
    assert folded({"session_id": "5e55", "active_handlers": [], "intent_context": {}}, NOW) == {}


@pytest.mark.parametrize(
    ("expires_at", "kept"),
    [
        (NOW - 1, False),
        (NOW, False),
        (NOW + 1, True),
        (None, True),
        ("soon", True),
        (float("nan"), True),
    ],
)
def test_an_expired_response_mode_is_dropped(expires_at: object, *, kept: bool) -> None:
    mode = {"skill_id": "game.skill", "expires_at": expires_at}
    assert ("response_mode" in folded({"response_mode": mode}, NOW)) is kept


def test_a_response_mode_that_has_expired_since_does_not_go_out_again() -> None:
    state = {"response_mode": {"skill_id": "game.skill", "expires_at": NOW + 10}}
    ana = member(state)
    assert "response_mode" in session_for(ana, "en", "UTC", NOW)
    assert "response_mode" not in session_for(ana, "en", "UTC", NOW + 11)


def test_fields_of_another_type_than_they_should_be_are_dropped() -> None:
    session = {
        "active_handlers": {"skill_id": "x"},
        "converse_handlers": "x",
        "response_mode": ["x"],
        "intent_context": 5,
    }
    assert folded(session, NOW) == {}


def test_state_beyond_reason_is_dropped_the_context_first() -> None:
    large = {"a": {"value": "x" * STATE_MAX_BYTES}}
    assert folded({"active_handlers": HANDLERS, "intent_context": large}, NOW) == {
        "active_handlers": HANDLERS
    }
    assert folded({"active_handlers": ["x" * STATE_MAX_BYTES]}, NOW) == {}


def test_state_that_could_not_be_sent_back_is_dropped() -> None:
    assert folded({"intent_context": {"a": "\ud800"}}, NOW) == {}


def test_a_member_can_never_be_told_another_sessions_id_by_its_state() -> None:
    session = session_for(member({"session_id": "default", "lang": "xx"}), "en", "UTC", NOW)
    assert session["session_id"] == "5e55"
    assert session["lang"] == "en"


@pytest.mark.parametrize(
    ("lang", "time", "date", "unit"),
    [
        ("en-US", "half", "MDY", "imperial"),
        ("es-US", "half", "MDY", "imperial"),
        ("en-AU", "half", "DMY", "metric"),
        ("en-GB", "full", "DMY", "metric"),
        ("en", "full", "DMY", "metric"),
        ("pt-PT", "full", "DMY", "metric"),
        ("zh-Hant-TW", "full", "DMY", "metric"),
        ("sr-Latn-US", "half", "MDY", "imperial"),
    ],
)
def test_the_habits_of_a_region_go_with_its_language(
    lang: str, time: str, date: str, unit: str
) -> None:
    session = session_for(member(), lang, "UTC", NOW)
    assert (session["time_format"], session["date_format"], session["system_unit"]) == (
        time,
        date,
        unit,
    )


@settings(deadline=None)
@given(SESSIONS)
def test_any_session_gives_state_that_can_be_sent_back(session: dict[str, Any]) -> None:
    sent = session_for(member(dict(folded(session, NOW))), "en", "UTC", NOW)
    json.dumps(sent, ensure_ascii=False).encode()
    assert sent["session_id"] == "5e55"
