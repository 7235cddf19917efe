"""What `test_state.py` shows of reasons in whole playbooks, here alone: every case of a close."""

from __future__ import annotations

import itertools

import pytest

from hivemind_chatroom.hub.diagnosis import Phase, diagnose
from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import Closed
from hivemind_chatroom.hub.reasons import STATE_OF, Reason

POLICY = 1008


@pytest.mark.parametrize(
    ("phase", "reason"),
    [
        (Phase.CONNECTING, Reason.UNREACHABLE),
        (Phase.GREETING, Reason.KEY),
        (Phase.SECURING, Reason.PASSWORD),
        (Phase.PROVING, Reason.PIN),
        (Phase.UP, Reason.UNREACHABLE),
    ],
)
def test_a_policy_close_is_about_the_step_that_was_next(phase: Phase, reason: Reason) -> None:
    assert diagnose(Closed(code=POLICY), phase) is reason


def test_our_own_refusal_of_the_hub_counts_most() -> None:
    closed = Closed(Fault.NETWORK, hub_key_changed=True, handshake_failed=True)
    assert diagnose(closed, Phase.SECURING) is Reason.KEY_CHANGED


@pytest.mark.parametrize("phase", [Phase.SECURING, Phase.PROVING, Phase.UP])
def test_a_weak_password_is_no_reason_once_the_hub_has_said_hello(phase: Phase) -> None:
    assert diagnose(Closed(Fault.NETWORK, password_is_weak=True), phase) is Reason.UNREACHABLE


def test_every_end_has_a_reason_under_which_people_are_told_something() -> None:
    for phase, fault, code, *flags in itertools.product(
        Phase, [None, *Fault], [None, 1000, POLICY, 1011], *[[False, True]] * 3
    ):
        assert diagnose(Closed(fault, code, *flags), phase) in STATE_OF
