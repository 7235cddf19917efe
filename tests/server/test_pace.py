"""Tests of the pace of the fan-out."""

from __future__ import annotations

import pytest

from hivemind_chatroom.server.follower import SEND_BYTES
from hivemind_chatroom.server.pace import REST_AT_MOST_S, REST_RATIO, rest_s


@pytest.mark.parametrize("waiting_bytes", [0, SEND_BYTES, 10 * SEND_BYTES])
def test_there_is_no_rest_when_nothing_waits_or_a_whole_round_does(waiting_bytes: int) -> None:
    assert rest_s(0.01, waiting_bytes) == 0


@pytest.mark.parametrize("waiting_bytes", [1, SEND_BYTES - 1])
def test_in_a_flood_a_rest_is_a_multiple_of_the_round(waiting_bytes: int) -> None:
    assert rest_s(0.01, waiting_bytes) == 0.01 * REST_RATIO


def test_nobody_waits_long_for_a_rest() -> None:
    assert rest_s(60.0, 1) == REST_AT_MOST_S
