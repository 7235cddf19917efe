"""Pictures: figures stand where they belong, and names beside each other."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from bench.graphs import Axis, Curve, Graph
from bench.picture import LEFT, TOP, apart, picture, plot_of
from bench.scales import scale

GRAPH = Graph(
    "posts",
    "Posts & streams",
    Axis("streams"),
    Axis("posts a second"),
    [
        Curve("the room", [(0, [1_400.0, 1_500, 1_600]), (10, [1_400]), (1_000, [1_000])]),
        Curve("<another>", [(0, [40_000.0]), (10, [15_000]), (1_000, [170])]),
    ],
    "power",
)


def test_a_logarithmic_scale_has_its_decades_and_none_a_decade_below() -> None:
    found = scale([0, 10, 100_000], is_log=True)
    assert found.ticks == [0, 10, 100, 1_000, 10_000, 100_000]
    shares = [found.share(tick) for tick in found.ticks]
    steps = [after - before for before, after in pairwise(shares)]
    assert steps == pytest.approx([steps[0]] * len(steps))
    assert 0 <= shares[0] < shares[-1] <= 1


def test_what_hardly_differs_looks_flat_and_has_figures_beside_it() -> None:
    found = scale([470.0, 510.0], is_log=True)
    assert found.share(510) - found.share(470) < 0.05
    assert found.ticks == [200, 500, 1_000]


@pytest.mark.parametrize(("most", "ticks"), [(12, [0, 5, 10, 15]), (0.3, [0, 0.1, 0.2, 0.3])])
def test_another_scale_begins_at_none(most: float, ticks: list[float]) -> None:
    found = scale([most, most / 2], is_log=False)
    assert found.ticks == pytest.approx(ticks)
    assert found.share(ticks[-1]) == pytest.approx(1)
    assert found.share(0) == 0


def test_names_are_apart_in_their_order_and_within_the_plot() -> None:
    ends = [300.0, 301.0, 70.0, 340.0, 20.0]
    places = apart(ends, 340.0)
    assert sorted(range(5), key=lambda n: places[n]) == sorted(range(5), key=lambda n: ends[n])
    ordered = sorted(places)
    gaps = [after - before for before, after in pairwise(ordered)]
    assert min(gaps) >= 30
    assert ordered[0] >= TOP
    assert ordered[-1] <= 340


def test_a_picture_is_sound_xml_that_shows_every_point_and_name() -> None:
    root = ET.fromstring(picture(GRAPH))  # noqa: S314 - of our own making
    plot = plot_of(GRAPH)
    circles = [each for each in root.iter() if each.tag.endswith("circle")]
    assert len(circles) == 6
    assert all(LEFT <= float(each.attrib["cx"]) <= plot.right for each in circles)
    assert all(TOP <= float(each.attrib["cy"]) <= plot.bottom for each in circles)
    words = "|".join(root.itertext())
    assert "Posts & streams" in words
    assert "<another>" in words
    assert "posts a second" in words


def test_one_curve_alone_has_its_slope_above_it_and_half_the_width() -> None:
    alone = replace(GRAPH, curves=GRAPH.curves[1:])
    words = "|".join(ET.fromstring(picture(alone)).itertext())  # noqa: S314 - as above
    assert "falls as N^-0.97" in words
    assert "<another>" not in words
    assert plot_of(alone).width < plot_of(GRAPH).width / 1.8


def test_a_picture_has_colours_of_its_own_for_the_dark() -> None:
    style = picture(GRAPH)
    light, dark = re.findall(r"svg \{ (--sheet.+?) \}", style, re.DOTALL)
    names = [re.findall(r"--\w+(?=:)", each) for each in (light, dark)]
    assert names[0] == names[1]
    assert light != dark
