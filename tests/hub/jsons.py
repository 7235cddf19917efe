"""Any JSON value, and bus messages made of such: what a hostile or broken hub may send."""

from __future__ import annotations

from hypothesis import strategies as st

from hivemind_chatroom.hub.events import BusMessage

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(["", "speak", "http://h/a", "javascript:alert(1)", "\ud800", "a:b", "x" * 99])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def objects(*keys: str) -> st.SearchStrategy[dict[str, object]]:
    """Return JSON objects with any of these keys, and others."""
    known = st.fixed_dictionaries({}, optional=dict.fromkeys(keys, JSON))
    return st.builds(lambda one, other: {**one, **other}, st.dictionaries(st.text(), JSON), known)


SESSIONS = objects(
    "session_id", "active_handlers", "converse_handlers", "response_mode", "intent_context"
)
CONTEXTS = st.builds(
    lambda context, session: {**context, "session": session},
    objects("corr", "user", "source", "destination"),
    JSON | SESSIONS,
)
DATA = st.builds(
    lambda data, nested: {**data, **nested},
    objects("utterance", "lang", "expect_response", "listen", "tracks", "denied_type", "code"),
    st.fixed_dictionaries(
        {},
        optional={
            "media": objects("uri", "title", "artist", "playback"),
            "data": objects("allowed"),
        },
    ),
)
TOPICS = st.sampled_from(
    [
        "speak",
        "ovos.utterance.speak",
        "ovos.common_play.play",
        "mycroft.audio.service.play",
        "ovos.utterance.handled",
        "ovos.utterance.cancelled",
        "complete_intent_failure",
        "ovos.intent.unmatched",
        "hive.policy.denied",
    ]
)
BUS_MESSAGES = st.builds(BusMessage, TOPICS | st.text(), DATA, CONTEXTS)
