"""How one figure grows with another: a straight line, or a power."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_SURE: Final = 1.96
"""Standard errors on either side of what is 95 times of 100 right (the normal distribution's)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line through points, by least squares."""

    at_none: float
    """What y is where x is 0."""
    each: float
    """What y grows by for each x."""

    def at(self, x: float) -> float:
        """Return what it says of x."""
        return self.at_none + self.each * x


def line(points: Sequence[tuple[float, float]]) -> Line:
    """Lay a line through points.

    Args:
        points: Two at least, of different x.
    """
    found = statistics.linear_regression(*zip(*points, strict=True))
    return Line(found.intercept, found.slope)


def relative_line(points: Sequence[tuple[float, float]]) -> Line:
    """Lay a line through points so that it misses each by as small a part of it as may be.

    Where x goes over decades, the usual line is that of the last one alone.

    Args:
        points: Two at least, of different x; no y is 0.
    """
    weights = [1 / (y * y) for _, y in points]
    middle_x, middle_y = (statistics.fmean(each, weights) for each in zip(*points, strict=True))
    across = [(x - middle_x) * weight for (x, _), weight in zip(points, weights, strict=True)]
    pairs = list(zip(across, points, strict=True))
    each = sum(part * (y - middle_y) for part, (_, y) in pairs) / sum(
        part * (x - middle_x) for part, (x, _) in pairs
    )
    return Line(middle_y - each * middle_x, each)


def power(points: Sequence[tuple[float, float]]) -> float:
    """Return the power of x that y grows as: the slope of a line through their logarithms.

    Args:
        points: Two at least, of different x; those where x or y is 0 are left out.
    """
    return line([(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]).each


def uncertainty(points: Sequence[tuple[float, float]]) -> float:
    """Return by how much a line's slope may be wrong on either side, 95 times of 100.

    Samples of one process resemble their neighbours, so that many say less than as many strangers
    would: they count for as few as their residuals' lag-1 autocorrelation leaves of them
    (Santer et al. 2000, doi:10.1029/1999JD901105).

    Args:
        points: In their order, evenly spaced; five at least.
    """
    found = line(points)
    residuals = [y - found.at(x) for x, y in points]
    squares = sum(each * each for each in residuals)
    if not squares:
        return 0.0
    together = sum(one * following for one, following in pairwise(residuals))
    alike = max(0.0, together / squares)
    count = max(3.0, len(points) * (1 - alike) / (1 + alike))
    middle = statistics.fmean(x for x, _ in points)
    width = sum((x - middle) ** 2 for x, _ in points)
    return _SURE * math.sqrt(squares / (count - 2) / width)
