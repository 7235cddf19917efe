"""The soak: its slope is that of the second half."""

from __future__ import annotations

from bench.soak import Look, series, slope


def test_only_the_second_half_counts_and_is_told_in_kilobytes() -> None:
    warming = [(minute / 10, 40.0 + minute) for minute in range(50)]
    steady = [(5 + minute / 10, 90.0 + 0.002 * minute) for minute in range(50)]
    assert slope([*warming, *steady]) == "+20.0 ± 0.0 kB/min"
    assert slope([(minute, 60.0 - 0.5 * minute) for minute in range(10)]) == "-500.0 ± 0.0 kB/min"


def test_noise_is_told_beside_the_slope() -> None:
    noisy = [(minute, 60.0 + 0.1 * (minute % 2)) for minute in range(60)]
    each, _, either_side = slope(noisy).removesuffix(" kB/min").partition(" ± ")
    assert abs(float(each)) < float(either_side)


def test_both_kinds_of_memory_are_followed() -> None:
    assert series([Look(1.0, 65.0, 40.0), Look(2.0, 66.0, 41.0)]) == {
        "the room, RSS": [(1.0, 65.0), (2.0, 66.0)],
        "the room, USS": [(1.0, 40.0), (2.0, 41.0)],
    }
