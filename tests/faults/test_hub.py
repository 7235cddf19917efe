"""The hub goes, freezes and comes back, the way to it breaks: nothing is asked twice or lost."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from faults.asking import PEOPLE, Household, household
from faults.figures import Figures
from faults.scale import Scale

NOTICED_S = 16.0
"""The bar: how soon a hub that says nothing any more is noticed."""

BACK_S = 3.0
"""The bar: how soon after the hub the link is back."""

BURST = 5
"""What one person asks in a row, at most."""

ASKED_EACH_TIME = 12
"""Before a fault, in it, and after it."""

LASTS_ON_S = (0.0, 6.0)
"""How long silence lasts on once it is noticed: the room tries to connect meanwhile."""

DELAY_S = 0.3
"""How long each piece is held back on a slow way, in each direction."""


def test_while_the_hub_is_restarted_again_and_again_nothing_is_asked_twice(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    back_s = []
    with household(tmp_path) as house, ThreadPoolExecutor(PEOPLE) as people:
        share = (scale.hub_utterances - scale.hub_restarts) // PEOPLE
        lasts_s = scale.hub_restarts * scale.hub_restart_every_s
        asking = [
            people.submit(ask_in_bursts, house, person, share, lasts_s) for person in range(PEOPLE)
        ]
        for _ in range(scale.hub_restarts):
            threading.Event().wait(scale.hub_restart_every_s)  # nothing to wait for: any moment
            house.ask_unanswered(1)  # something is on its way each time
            house.hub.kill()
            house.hub.start()
            listens_at = time.monotonic()
            house.until_linked()
            back_s.append(time.monotonic() - listens_at)
        for each in asking:
            each.result()
        house.until_ended()
        every = f"every {scale.hub_restart_every_s:g} s"
        with figures.of(f"the hub killed and started {every}, {scale.hub_restarts} times") as seen:
            house.report(seen)
            seen.within("linked after the hub listens, worst", BACK_S, max(back_s))


def ask_in_bursts(house: Household, person: int, count: int, lasts_s: float) -> None:
    """Ask a few things in a row, pause, and so on for as long as it lasts."""
    chance = random.Random(person)  # noqa: S311 - a schedule, not a secret
    asked = 0
    while asked < count:
        burst = min(count - asked, chance.randint(1, BURST))
        threading.Event().wait(chance.uniform(0.5, 1.5) * lasts_s * burst / count)
        for _ in range(burst):
            house.ask(person)
        asked += burst


@contextlib.contextmanager
def cut(house: Household) -> Iterator[None]:
    """The link cut."""
    house.proxy.cut()
    yield


@contextlib.contextmanager
def half_open(house: Household) -> Iterator[None]:
    """The link half open."""
    house.proxy.halve()
    yield


@contextlib.contextmanager
def slow(house: Household) -> Iterator[None]:
    """The link slow."""
    house.proxy.delay_s = DELAY_S
    yield
    house.proxy.delay_s = 0.0


@contextlib.contextmanager
def black_hole(house: Household) -> Iterator[None]:
    """The link a black hole."""
    house.proxy.is_black_hole = True
    yield
    house.proxy.is_black_hole = False


@contextlib.contextmanager
def one_way(house: Household) -> Iterator[None]:
    """The hub's words lost on the link."""
    house.proxy.is_one_way = True
    yield
    house.proxy.is_one_way = False


@contextlib.contextmanager
def frozen(house: Household) -> Iterator[None]:
    """The hub frozen."""
    house.hub.freeze()
    yield
    house.hub.thaw()


Fault = Callable[[Household], contextlib.AbstractContextManager[None]]


def title_of(fault: Fault, scale: Scale) -> str:
    return f"{(fault.__doc__ or '').lower().rstrip('.')}, {scale.link_faults} times"


@pytest.mark.parametrize("fault", [cut, slow])
def test_across_a_fault_of_the_link_nothing_is_lost_or_asked_twice(
    tmp_path: Path, scale: Scale, figures: Figures, fault: Fault
) -> None:
    with household(tmp_path) as house:
        for _ in range(scale.link_faults):
            house.ask_unanswered(ASKED_EACH_TIME)
            with fault(house):
                house.ask_by_turns(ASKED_EACH_TIME)
                house.answer_all()
            house.until_linked()
            house.ask_by_turns(ASKED_EACH_TIME)
        house.until_ended()
        with figures.of(title_of(fault, scale)) as seen:
            house.report(seen)


@pytest.mark.long
@pytest.mark.parametrize("fault", [frozen, black_hole, one_way, half_open])
def test_silence_is_noticed_and_nothing_is_lost_or_asked_twice(
    tmp_path: Path, scale: Scale, figures: Figures, fault: Fault
) -> None:
    chance = random.Random(7)  # noqa: S311 - a schedule, not a secret
    noticed_s, back_s = [], []
    with household(tmp_path) as house:
        for _ in range(scale.link_faults):
            house.ask_by_turns(ASKED_EACH_TIME)
            begun = time.monotonic()
            with fault(house):
                house.ask_by_turns(ASKED_EACH_TIME)
                house.until_linked(is_linked=False)
                noticed_s.append(time.monotonic() - begun)
                house.ask_by_turns(ASKED_EACH_TIME)
                threading.Event().wait(chance.uniform(*LASTS_ON_S))  # any moment will do
            healed_at = time.monotonic()
            house.until_linked()
            back_s.append(time.monotonic() - healed_at)
        house.until_ended()
        with figures.of(title_of(fault, scale)) as seen:
            house.report(seen)
            seen.within("noticed after, worst", NOTICED_S, max(noticed_s))
            if fault is frozen:
                seen.within("linked after the hub goes on, worst", BACK_S, max(back_s))
            elif fault is not half_open:
                seen.told("linked after the link is whole, worst", max(back_s), "s")
