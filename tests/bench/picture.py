"""A graph as a picture: SVG that is read in the light and in the dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from bench.graphs import Curve, Graph
from bench.scales import Scale, scale
from bench.table import plain

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 76, 524, 64, 356
"""The sides of the plot; to its right the curves have their names."""

_NAME_APART: Final = 34
"""Of two names, so that the slope under each has room."""
_DOT: Final = 3.5

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
.sheet { fill: var(--sheet); }
.rule { stroke: var(--rule); }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
.ours { stroke-width: 3; }
.spread { stroke-width: 1; opacity: 0.7; }
.end { text-anchor: end; }
.middle { text-anchor: middle; }
"""
_COLOURS: Final = 5


def picture(graph: Graph) -> str:
    """Return a graph as SVG."""
    x = scale((at for curve in graph.curves for at, _ in curve.points), is_log=graph.x.is_log)
    seen = (y for curve in graph.curves for _, values in curve.points for y in values)
    y = scale(seen, is_log=graph.y.is_log)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(graph.title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="sheet" width="{WIDTH}" height="{HEIGHT}" rx="10"/>',
        _text(24, 32, graph.title, "title"),
        *_axes(graph, x, y),
        *(
            part
            for number, curve in enumerate(graph.curves)
            for part in _curve(curve, number, x, y)
        ),
        *_names(graph, y),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes(graph: Graph, x: Scale, y: Scale) -> Iterator[str]:
    for value in y.ticks:
        at = _down(y, value)
        yield f'<path class="rule" d="M{LEFT} {at:.1f}H{RIGHT}"/>'
        yield _text(LEFT - 8, at + 4, plain(value), "faint end")
    for value in x.ticks:
        at = _across(x, value)
        yield f'<path class="rule" d="M{at:.1f} {BOTTOM}v5"/>'
        yield _text(at, BOTTOM + 20, f"{value:,.10g}", "faint middle")
    yield _text(LEFT, TOP - 12, graph.y.name, "faint")
    yield _text((LEFT + RIGHT) / 2, BOTTOM + 44, graph.x.name, "faint middle")


def _curve(curve: Curve, number: int, x: Scale, y: Scale) -> Iterator[str]:
    colour = _colour(number)
    places = [(_across(x, at), _down(y, middle)) for at, middle in curve.medians()]
    path = "L".join(f"{across:.1f} {down:.1f}" for across, down in places)
    ours = " ours" if number == 0 else ""
    yield f'<path class="curve{ours}" stroke="{colour}" d="M{path}"/>'
    for (across, down), (_, values) in zip(places, curve.points, strict=True):
        if len(values) > 1:
            ends = f"M{across:.1f} {_down(y, min(values)):.1f}V{_down(y, max(values)):.1f}"
            yield f'<path class="spread" stroke="{colour}" d="{ends}"/>'
        yield f'<circle cx="{across:.1f}" cy="{down:.1f}" r="{_DOT}" fill="{colour}"/>'


def _names(graph: Graph, y: Scale) -> Iterator[str]:
    ends = [_down(y, curve.medians()[-1][1]) for curve in graph.curves]
    for number, (curve, at) in enumerate(zip(graph.curves, apart(ends), strict=True)):
        name = f'<tspan fill="{_colour(number)}" font-weight="600">{escape(curve.name)}</tspan>'
        yield f'<text x="{RIGHT + 14}" y="{at:.1f}">{name}</text>'
        yield _text(RIGHT + 14, at + 15, graph.slope_of(curve), "faint")


def apart(ends: Sequence[float]) -> list[float]:
    """Return places for names as near as may be to the ends of their curves, none on another.

    Args:
        ends: How far down each is; names stay between the top and the bottom of the plot.
    """
    order = sorted(range(len(ends)), key=lambda number: ends[number])
    places: dict[int, float] = {}
    free = float(TOP)
    for number in order:
        places[number] = free = max(ends[number], free)
        free += _NAME_APART
    limit = float(BOTTOM - _NAME_APART // 2)
    for number in reversed(order):
        places[number] = limit = min(places[number], limit)
        limit -= _NAME_APART
    return [places[number] for number in range(len(ends))]


def _text(across: float, down: float, words: str, kind: str) -> str:
    return f'<text x="{across:.1f}" y="{down:.1f}" class="{kind}">{escape(words)}</text>'


def _colour(number: int) -> str:
    return f"var(--{number % _COLOURS + 1})"


def _across(x: Scale, value: float) -> float:
    return LEFT + x.share(value) * (RIGHT - LEFT)


def _down(y: Scale, value: float) -> float:
    return BOTTOM - y.share(value) * (BOTTOM - TOP)
