"""Graphs: what a slope is called, and that a run can be read again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bench.graphs import Axis, Curve, Graph, growth, joined, keep, kept

COSTS = Graph(
    "costs",
    "Costs",
    Axis("streams"),
    Axis("cost, µs", "µs"),
    [
        Curve("the room", [(x, [1_500 / x + 9, 1_500 / x + 10, 1e9]) for x in (10, 100, 1_000)]),
        Curve("another", [(10, [8.0]), (100, [8.0])]),
    ],
    "share",
    "stream",
)


def test_what_falls_to_each_is_told_as_what_all_of_it_costs() -> None:
    assert COSTS.slope_of(COSTS.curves[0]) == "in all 1,500 + 10 µs a stream"


def test_a_slope_is_a_power_or_a_line_in_the_steps_that_are_wanted() -> None:
    straight = Curve("the room", [(x, [60 + x / 1_000]) for x in (0, 5_000, 10_000)])
    memory = replace(COSTS, y=Axis("MB", "MB"), slope="line", each="thousand streams", steps=1_000)
    assert memory.slope_of(straight) == "60 + 1 MB a thousand streams"
    falls = Curve("nchan", [(x, [1e5 / x]) for x in (10, 100, 1_000)])
    assert replace(COSTS, slope="power").slope_of(falls) == "falls as N^-1.00"


def test_two_points_have_no_slope_and_a_remark_takes_its_place() -> None:
    assert COSTS.slope_of(COSTS.curves[1]) == ""
    assert COSTS.slope_of(replace(COSTS.curves[0], remark="flat")) == "flat"


def test_growth_has_both_ends_of_each_curve_by_their_medians() -> None:
    assert growth([COSTS]) == [
        (
            "Costs",
            "the room",
            "streams",
            "10: 160 µs",
            "1,000: 11.5 µs",
            "in all 1,500 + 10 µs a stream",
        ),
        ("Costs", "another", "streams", "10: 8 µs", "100: 8 µs", ""),
    ]


def test_what_parts_have_kept_is_read_again_and_one_graph_of_two_parts_is_one(
    tmp_path: Path,
) -> None:
    more = replace(COSTS, curves=[Curve("the room", [(10_000, [10.5])])])
    keep(tmp_path / "run" / "fanout.json", [COSTS], {"cores": 2})
    keep(tmp_path / "run" / "streams.json", [more], {"cores": 2})
    (found,) = kept(tmp_path / "run")
    assert found == joined(COSTS, more)
    assert [x for x, _ in found.curves[0].points] == [10, 100, 1_000, 10_000]
    assert found.curves[1] == COSTS.curves[1]
