"""A graph as a picture: SVG that is read in the light and in the dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from bench.graphs import Curve, Graph
from bench.scales import Scale, scale
from bench.table import plain

LEFT, TOP = 76, 70
"""Where the plot begins; above it are its title and what its figures are."""
_BELOW: Final = 64
"""What stands below the plot takes so much."""
_NAME_APART: Final = 34
"""Of two names, so that the slope under each has room."""
_DOT: Final = 3.5
_DOTS_MAX: Final = 20
"""Points up to which each gets a dot."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Where things stand in a picture."""

    x: Scale
    y: Scale
    right: int
    """Where the plot ends; to its right are the names of curves, if there are several."""
    bottom: int
    width: int
    """Of the whole picture."""

    def across(self, value: float) -> float:
        """Return how far from the left a figure stands."""
        return LEFT + self.x.share(value) * (self.right - LEFT)

    def down(self, value: float) -> float:
        """Return how far from the top a figure stands."""
        return self.bottom - self.y.share(value) * (self.bottom - TOP)


_STYLE: Final = """
svg { --sheet: #fff; --ink: #1b1d21; --faint: #585d66; --rule: #dedbd4;
  --1: #8a4b00; --2: #14612d; --3: #1f4a86; --4: #a3180f; --5: #6b3fa0; }
@media (prefers-color-scheme: dark) {
  svg { --sheet: #1f2228; --ink: #eceef2; --faint: #a7adb8; --rule: #343943;
    --1: #ffb454; --2: #7ddb97; --3: #a9ccff; --4: #ff9c92; --5: #cbb2f5; }
}
text { font: 13px system-ui, sans-serif; fill: var(--ink); }
.title { font-size: 16px; font-weight: 600; }
.faint { fill: var(--faint); font-size: 12px; }
.slope { fill: var(--1); font-size: 12px; font-weight: 600; }
.sheet { fill: var(--sheet); }
.rule { stroke: var(--rule); }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
.ours { stroke-width: 3; }
.spread { stroke-width: 1; opacity: 0.7; }
.end { text-anchor: end; }
.middle { text-anchor: middle; }
"""
_COLOURS: Final = 5


def plot_of(graph: Graph) -> Plot:
    """Return the plot of a graph: large for several curves, or one of two beside each other."""
    x = scale((at for curve in graph.curves for at, _ in curve.points), is_log=graph.x.is_log)
    seen = (y for curve in graph.curves for _, values in curve.points for y in values)
    y = scale(seen, is_log=graph.y.is_log)
    return Plot(x, y, 524, 356, 760) if len(graph.curves) > 1 else Plot(x, y, 366, 236, 400)


def picture(graph: Graph) -> str:
    """Return a graph as SVG."""
    plot = plot_of(graph)
    height = plot.bottom + _BELOW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {plot.width} {height}" role="img">',
        f"<title>{escape(graph.title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="sheet" width="{plot.width}" height="{height}" rx="10"/>',
        _text(24, 30, graph.title, "title"),
        *_axes(graph, plot),
    ]
    for number, curve in enumerate(graph.curves):
        parts += _curve(curve, number, plot)
    if len(graph.curves) > 1:
        parts += _names(graph, plot)
    else:
        parts.append(_text(plot.right, TOP - 18, graph.slope_of(graph.curves[0]), "slope end"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axes(graph: Graph, plot: Plot) -> Iterator[str]:
    for value in plot.y.ticks:
        at = plot.down(value)
        yield f'<path class="rule" d="M{LEFT} {at:.1f}H{plot.right}"/>'
        yield _text(LEFT - 8, at + 4, plain(value), "faint end")
    for value in plot.x.ticks:
        at = plot.across(value)
        yield f'<path class="rule" d="M{at:.1f} {plot.bottom}v5"/>'
        yield _text(at, plot.bottom + 20, f"{value:,.10g}", "faint middle")
    yield _text(24, TOP - 18, graph.y.name, "faint")
    yield _text((LEFT + plot.right) / 2, plot.bottom + 44, graph.x.name, "faint middle")


def _curve(curve: Curve, number: int, plot: Plot) -> Iterator[str]:
    colour = _colour(number)
    places = [(plot.across(at), plot.down(middle)) for at, middle in curve.medians()]
    path = "L".join(f"{across:.1f} {down:.1f}" for across, down in places)
    ours = " ours" if number == 0 else ""
    yield f'<path class="curve{ours}" stroke="{colour}" d="M{path}"/>'
    if len(places) > _DOTS_MAX:
        return
    for (across, down), (_, values) in zip(places, curve.points, strict=True):
        if len(values) > 1:
            ends = f"M{across:.1f} {plot.down(min(values)):.1f}V{plot.down(max(values)):.1f}"
            yield f'<path class="spread" stroke="{colour}" d="{ends}"/>'
        yield f'<circle cx="{across:.1f}" cy="{down:.1f}" r="{_DOT}" fill="{colour}"/>'


def _names(graph: Graph, plot: Plot) -> Iterator[str]:
    ends = [plot.down(curve.medians()[-1][1]) for curve in graph.curves]
    places = apart(ends, plot.bottom - _NAME_APART // 2)
    for number, (curve, at) in enumerate(zip(graph.curves, places, strict=True)):
        name = f'<tspan fill="{_colour(number)}" font-weight="600">{escape(curve.name)}</tspan>'
        yield f'<text x="{plot.right + 14}" y="{at:.1f}">{name}</text>'
        yield _text(plot.right + 14, at + 15, graph.slope_of(curve), "faint")


def apart(ends: Sequence[float], lowest: float) -> list[float]:
    """Return places for names as near as may be to the ends of their curves, none on another.

    Args:
        ends: How far down each curve ends.
        lowest: How far down a name may be; none is above the plot either.
    """
    order = sorted(range(len(ends)), key=lambda number: ends[number])
    places: dict[int, float] = {}
    free = float(TOP)
    for number in order:
        places[number] = free = max(ends[number], free)
        free += _NAME_APART
    for number in reversed(order):
        places[number] = lowest = min(places[number], lowest)
        lowest -= _NAME_APART
    return [places[number] for number in range(len(ends))]


def _text(across: float, down: float, words: str, kind: str) -> str:
    return f'<text x="{across:.1f}" y="{down:.1f}" class="{kind}">{escape(words)}</text>'


def _colour(number: int) -> str:
    return f"var(--{number % _COLOURS + 1})"
