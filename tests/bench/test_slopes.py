"""The arithmetic of growth: slopes that are known are found."""

from __future__ import annotations

import random

import pytest

from bench.slopes import line, power, relative_line, uncertainty


def test_a_line_is_found_where_there_is_one() -> None:
    found = line([(0, 3.0), (10, 23.0), (20, 43.0)])
    assert (found.at_none, found.each) == pytest.approx((3.0, 2.0))
    assert found.at(5) == pytest.approx(13.0)


def test_a_relative_line_sees_a_fixed_cost_that_the_largest_point_would_hide() -> None:
    costs = [(10, 1_600.0), (100, 2_500.0), (1_000, 11_500.0), (10_000, 150_000.0)]
    assert line(costs).at_none < 0
    assert relative_line(costs).at_none == pytest.approx(1_500, rel=0.1)
    exact = relative_line([(x, 1_500.0 + 10 * x) for x in (10, 100, 10_000)])
    assert (exact.at_none, exact.each) == pytest.approx((1_500, 10))


@pytest.mark.parametrize("exponent", [-1.0, 0.0, 0.5, 2.0])
def test_a_power_is_found_and_points_at_none_are_left_out(exponent: float) -> None:
    assert power([(0, 9.0), *((x, 7 * x**exponent) for x in (1, 10, 500))]) == pytest.approx(
        exponent
    )


def test_of_a_hundred_lines_with_noise_most_are_as_near_as_their_uncertainty_says() -> None:
    chance = random.Random(8985)  # noqa: S311 - noise, not a secret
    held = 0
    for _ in range(100):
        points = [(x, 2.0 + 0.5 * x + chance.gauss(0, 3)) for x in range(60)]
        held += abs(line(points).each - 0.5) <= uncertainty(points)
    assert held >= 88


def test_samples_that_follow_their_neighbours_are_less_sure() -> None:
    chance = random.Random(8985)  # noqa: S311 - as above
    alone = [chance.gauss(0, 1) for _ in range(80)]
    walked = [0.0]
    for step in alone:
        walked.append(0.9 * walked[-1] + step)
    sure, unsure = (uncertainty(list(enumerate(each))) for each in (alone, walked[1:]))
    assert unsure > 3 * sure


def test_a_line_without_any_noise_is_quite_sure() -> None:
    assert uncertainty([(x, 4.0) for x in range(5)]) == 0
