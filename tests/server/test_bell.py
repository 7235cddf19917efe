from __future__ import annotations

import select
from collections.abc import Iterator

import pytest

from hivemind_chatroom.server.bell import Bell


class RungInTheMiddle(Bell):
    """A bell that another thread rings just as it is being silenced."""

    def _drain(self) -> None:
        self.ring()
        super()._drain()


@pytest.fixture
def bell() -> Iterator[Bell]:
    bell = Bell()
    yield bell
    bell.close()


def rings(bell: Bell) -> bool:
    return bool(select.select([bell], [], [], 0)[0])


def test_a_bell_is_silent_until_it_is_rung(bell: Bell) -> None:
    assert not rings(bell)
    bell.ring()
    assert rings(bell)


def test_many_rings_are_silenced_at_once(bell: Bell) -> None:
    for _ in range(100_000):
        bell.ring()
    bell.quiet()
    assert not rings(bell)


def test_a_bell_that_was_silenced_can_be_rung_again(bell: Bell) -> None:
    bell.ring()
    bell.quiet()
    bell.ring()
    assert rings(bell)


def test_silencing_a_silent_bell_does_not_wait(bell: Bell) -> None:
    bell.quiet()
    assert not rings(bell)


def test_a_ring_while_the_bell_is_silenced_does_not_deafen_it() -> None:
    bell = RungInTheMiddle()
    bell.ring()
    bell.quiet()
    bell.ring()
    assert rings(bell)
    bell.close()


def test_ringing_a_bell_that_was_taken_down_is_harmless(bell: Bell) -> None:
    bell.close()
    bell.ring()
