"""Which hub has nothing behind it that answers."""

from __future__ import annotations

import pytest

from hivemind_chatroom.operator.silence import Silence
from hivemind_chatroom.room.model import Address, Delivery, Ending
from hivemind_chatroom.room.operating import Check, CheckName, CheckState
from operator_stage import OperatorStage

HERE = "192.168.1.10:5678"


def silent(at: str = HERE) -> Check:
    return Check(CheckName.ANSWERED, CheckState.FAILED, code="hub.no_agent", address=at)


@pytest.fixture
def silence(stage: OperatorStage) -> Silence:
    silence = Silence()
    silence.note(silent())
    stage.room.feed.listen(silence.hear)
    return silence


def test_only_the_hub_that_was_tested_is_silent(silence: Silence) -> None:
    assert silence.is_of(HERE)
    assert not silence.is_of("192.168.1.11:5678")
    assert not Silence().is_of("")


def test_another_hub_that_answers_or_another_trouble_says_nothing_of_it(silence: Silence) -> None:
    silence.note(Check(CheckName.ANSWERED, CheckState.OK, address="192.168.1.11:5678"))
    silence.note(Check(CheckName.ANSWERED, CheckState.SKIPPED, address=HERE))
    silence.note(Check(CheckName.KEY, CheckState.OK, address=HERE))
    assert silence.is_of(HERE)


def test_an_answer_to_a_test_ends_it(silence: Silence) -> None:
    silence.note(Check(CheckName.ANSWERED, CheckState.OK, address=HERE))
    assert not silence.is_of(HERE)


@pytest.mark.parametrize(
    ("delivery", "is_silent"),
    [(Delivery.ANSWERED, False), (Delivery.UNMATCHED, False), (Delivery.REFUSED, True)],
)
def test_an_answer_to_somebody_ends_it(
    stage: OperatorStage, silence: Silence, delivery: Delivery, *, is_silent: bool
) -> None:
    stage.say(stage.join("Ana"), "hello")
    [utterance] = stage.room.utterances.waiting()
    stage.room.utterances.sending(utterance)
    stage.room.utterances.sent(utterance)
    stage.room.utterances.end(Ending(Address(corr=utterance.corr), delivery))
    assert silence.is_of(HERE) is is_silent
