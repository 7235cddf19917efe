from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hivemind_chatroom.hub.ledger import Ledger
from hivemind_chatroom.room.model import Correlation

A, B, C, D = map(Correlation, "abcd")
MANY = 1_000
"""As many as are remembered."""


def test_a_lone_utterance_that_is_refused_is_the_one() -> None:
    ledger = Ledger()
    ledger.sent(A)
    ledger.refused(backend_is_away=False)
    ledger.probed()
    assert ledger.close_list() == [(A, False)]


def test_where_some_were_refused_it_is_the_newest() -> None:
    ledger = Ledger()
    for corr in (A, B, C):
        ledger.sent(corr)
    ledger.refused(backend_is_away=False)
    ledger.probed()
    ledger.refused(backend_is_away=True)
    assert ledger.close_list() == [(B, False), (C, True)]


def test_what_the_assistant_has_answered_was_not_refused() -> None:
    ledger = Ledger()
    ledger.sent(A)
    ledger.sent(B)
    ledger.refused(backend_is_away=False)
    ledger.probed()
    ledger.admitted(B)
    assert ledger.close_list() == [(A, False)]


def test_what_was_sent_after_the_probe_is_not_meant() -> None:
    ledger = Ledger()
    ledger.sent(A)
    ledger.refused(backend_is_away=False)
    ledger.probed()
    ledger.sent(B)
    assert ledger.close_list() == [(A, False)]
    ledger.refused(backend_is_away=False)
    ledger.probed()
    assert ledger.close_list() == [(B, False)]


def test_what_came_before_an_answered_probe_was_admitted() -> None:
    ledger = Ledger()
    ledger.sent(A)
    ledger.probed()
    assert ledger.close_list() == []
    ledger.sent(B)
    ledger.refused(backend_is_away=False)
    ledger.probed()
    assert ledger.close_list() == [(B, False)]


def test_more_refusals_than_utterances_are_no_trouble() -> None:
    ledger = Ledger()
    ledger.refused(backend_is_away=False)
    ledger.refused(backend_is_away=False)
    ledger.probed()
    assert ledger.close_list() == []
    ledger.sent(A)
    ledger.refused(backend_is_away=True)
    ledger.refused(backend_is_away=False)
    ledger.probed()
    assert ledger.close_list() == [(A, False)]


def test_only_so_many_utterances_are_remembered_however_many_probes_there_are() -> None:
    ledger = Ledger()
    for number in range(2 * MANY):
        ledger.sent(Correlation(str(number)))
        ledger.probed()
    for number in range(MANY, 2 * MANY):
        ledger.admitted(Correlation(str(number)))
    ledger.refused(backend_is_away=False)
    assert ledger.close_list() == []


def test_only_so_many_refusals_are_remembered() -> None:
    ledger = Ledger()
    for _ in range(2 * MANY):
        ledger.refused(backend_is_away=False)
    assert len(ledger._refusals) == MANY  # noqa: SLF001 - memory shows in no other way


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=30), st.integers(0, 30))
def test_a_hub_that_turns_from_yes_to_no_is_understood_exactly(
    answered: list[bool], turn: int
) -> None:
    """The hub admits up to `turn`, answers some of these at once, and denies the rest."""
    ledger = Ledger()
    corrs = [Correlation(str(index)) for index in range(len(answered))]
    for corr in corrs:
        ledger.sent(corr)
    for corr, is_answered in list(zip(corrs, answered, strict=True))[:turn]:
        if is_answered:
            ledger.admitted(corr)
    denied = corrs[turn:]
    for index in range(len(denied)):
        ledger.refused(backend_is_away=False)
        if index == 0:
            ledger.probed()
    assert ledger.close_list() == [(corr, False) for corr in denied]
