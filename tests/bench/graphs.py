"""What was measured over something that grows: curves, their slopes, and the file of a run."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from bench.slopes import power, relative_line
from bench.table import plain

Slope = Literal["line", "share", "power", ""]
"""line: so much at all, and so much for each; share: the same where y is what falls to each; power:
of x; none where there is nothing to name."""

_POINTS_MIN = 3
"""As any two are on a line."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What is counted along one side."""

    name: str
    """With its unit, if it has one."""
    unit: str = ""
    is_log: bool = True


@dataclass(frozen=True, slots=True)
class Curve:
    """One of those that are compared."""

    name: str
    points: Sequence[tuple[float, Sequence[float]]]
    """Each x in its order, and what was seen there in each repetition."""
    remark: str = ""
    """What is to be said of it in place of its slope."""

    def medians(self) -> list[tuple[float, float]]:
        """Return the middle of what was seen at each x."""
        return [(x, statistics.median(seen)) for x, seen in self.points]


@dataclass(frozen=True, slots=True)
class Graph:
    """Curves over the same axes; the room's comes first."""

    name: str
    """Of its picture."""
    title: str
    x: Axis
    y: Axis
    curves: Sequence[Curve]
    slope: Slope
    each: str = ""
    """What a slope is told for, such as "stream"."""
    steps: float = 1
    """How many x that is."""

    def slope_of(self, curve: Curve) -> str:
        """Return how a curve grows, in words; nothing if it has too few points for that."""
        points = curve.medians()
        if curve.remark or not self.slope or len(points) < _POINTS_MIN:
            return curve.remark
        if self.slope == "power":
            exponent = power(points)
            return f"{'falls' if exponent < 0 else 'grows'} as N^{exponent:.2f}"
        is_share = self.slope == "share"
        found = relative_line([(x, x * y if is_share else y) for x, y in points])
        more, sign = plain(abs(found.each) * self.steps), "-" if found.each < 0 else "+"
        words = f"{plain(found.at_none)} {sign} {more} {self.y.unit} a {self.each}"
        return f"in all {words}" if is_share else words


def keep(file: Path, graphs: Sequence[Graph], about: dict[str, object]) -> None:
    """Write what a part has measured into a file.

    Args:
        file: Where.
        graphs: All of it.
        about: What else is to be known of the run.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    run = about | {"graphs": [asdict(graph) for graph in graphs]}
    file.write_text(json.dumps(run, indent=1) + "\n", "utf-8")


def kept(folder: Path) -> list[Graph]:
    """Return the graphs of all files in a folder; those of one name are made one."""
    found: dict[str, Graph] = {}
    for file in sorted(folder.glob("*.json")):
        for each in json.loads(file.read_text("utf-8"))["graphs"]:
            graph = _graph(each)
            found[graph.name] = joined(found[graph.name], graph) if graph.name in found else graph
    return list(found.values())


def joined(one: Graph, other: Graph) -> Graph:
    """Return a graph with the points of both."""
    names = list(dict.fromkeys(curve.name for curve in (*one.curves, *other.curves)))
    points: dict[str, list[tuple[float, Sequence[float]]]] = {name: [] for name in names}
    for curve in (*one.curves, *other.curves):
        points[curve.name] += curve.points
    return replace(one, curves=[Curve(name, sorted(points[name])) for name in names])


def growth(graphs: Sequence[Graph]) -> list[tuple[str, ...]]:
    """Return a row for each curve: what it is of, whose, over what, its two ends and its slope."""
    rows = []
    for graph in graphs:
        for curve in graph.curves:
            points = curve.medians()
            ends = (f"{x:,.0f}: {plain(y)} {graph.y.unit}" for x, y in (points[0], points[-1]))
            rows.append((graph.title, curve.name, graph.x.name, *ends, graph.slope_of(curve)))
    return rows


def _graph(saved: dict[str, Any]) -> Graph:
    x, y = Axis(**saved.pop("x")), Axis(**saved.pop("y"))
    curves = [
        Curve(each["name"], [(at, seen) for at, seen in each["points"]], each["remark"])
        for each in saved.pop("curves")
    ]
    return Graph(x=x, y=y, curves=curves, **saved)
