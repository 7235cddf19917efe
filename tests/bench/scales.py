"""Where a figure stands along an axis, and which figures are written beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_TICKS: Final = 5
"""So many steps at most on an axis that isn't logarithmic."""
_FEW_DECADES: Final = 2.6
"""Decades up to which 2 and 5 are written beside 1."""
_PAD: Final = 0.05
"""Decades that are left free at either end."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of one picture."""

    ticks: Sequence[float]
    """What is written beside it, from the lowest."""
    share: Callable[[float], float]
    """Tells how far along it a figure stands: 0 at its begin, 1 at its end."""


def scale(values: Iterable[float], *, is_log: bool) -> Scale:
    """Return a scale for some figures.

    Args:
        values: What is to be shown, none below 0.
        is_log: Whether it is logarithmic. There 0 stands a decade below the lowest of the others,
            and what differs by less than a decade is shown in one, so that it looks as flat as it
            is. Else it begins at 0.
    """
    return _logarithmic(set(values)) if is_log else _straight(max(values))


def _straight(most: float) -> Scale:
    steps = (float(f"{digit}e{decade}") for decade in range(-12, 13) for digit in (1, 2, 5))
    step = next(each for each in steps if most <= each * _TICKS)
    count = math.ceil(most / step)
    return Scale([step * number for number in range(count + 1)], lambda x: x / (count * step))


def _logarithmic(values: set[float]) -> Scale:
    some = values - {0}
    low, high = math.log10(min(some)), math.log10(max(some))
    ticks: list[float] = []
    if 0 in values:
        ticks.append(0)
        low -= 1
    wider = max(0.0, 1 - (high - low)) / 2 + _PAD
    begin, end = low - wider, high + wider
    digits = (1, 2, 5) if end - begin < _FEW_DECADES else (1,)
    decades = range(math.floor(begin), math.ceil(end) + 1)
    written = [float(f"{digit}e{decade}") for decade in decades for digit in digits]
    lowest = math.log10(min(some)) - _PAD * bool(ticks) if ticks else begin
    ticks += [each for each in written if lowest <= math.log10(each) <= end]

    def share(x: float) -> float:
        return ((math.log10(x) if x else low) - begin) / (end - begin)

    return Scale(ticks, share)
