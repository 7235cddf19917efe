"""Figures as tables, in Markdown: what a run prints goes into the documents as it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

_FIGURE: Final = frozenset("0123456789+-")
"""What a figure begins with."""


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    say(f"\n{title}\n")
    for line in table(head, rows):
        say(line)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table, columns of figures to the right."""
    columns = [_aligned(column) for column in zip(head, *rows, strict=True)]
    return [f"| {' | '.join(row)} |" for row in zip(*columns, strict=True)]


def _aligned(column: Sequence[str]) -> list[str]:
    """Return the cells of a column as wide as each other, a rule below its head."""
    head, *cells = column
    width = max(3, *map(len, column))
    if all(cell[0] in _FIGURE for cell in cells if cell):
        rule = "-" * (width - 1) + ":"
        return [head.rjust(width), rule, *(cell.rjust(width) for cell in cells)]
    return [head.ljust(width), "-" * width, *(cell.ljust(width) for cell in cells)]


def spread(values: Sequence[float]) -> str:
    """Return the smallest and the largest of the rounds."""
    return f"{min(values):,.0f}-{max(values):,.0f}"


def plain(value: float) -> str:
    """Return a figure with three digits that count."""
    if not value:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
