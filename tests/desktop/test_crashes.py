from __future__ import annotations

from fakes import FakeClock
from hivemind_chatroom.desktop.crashes import RELOADS, WITHIN_S, Crashes


def test_a_page_that_crashes_again_and_again_is_left_as_it_is() -> None:
    crashes = Crashes(FakeClock().monotonic)
    assert [crashes.may_reload() for _ in range(RELOADS + 2)] == [True] * RELOADS + [False] * 2


def test_a_page_that_crashes_now_and_then_is_loaded_each_time() -> None:
    clock = FakeClock()
    crashes = Crashes(clock.monotonic)
    for _ in range(3 * RELOADS):
        assert crashes.may_reload()
        clock.advance(WITHIN_S / RELOADS + 1)
