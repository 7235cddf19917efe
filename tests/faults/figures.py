"""The figures of a run: each with its bar, what was seen, and whether it held."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_HEADINGS = ("fault", "figure", "bar", "seen", "verdict")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    fault: str
    name: str
    bar: str
    seen: str
    holds: bool | None
    """None where no bar is set."""

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in its columns."""
        verdict = {True: "held", False: "MISSED", None: "-"}[self.holds]
        return self.fault, self.name, self.bar, self.seen, verdict


class Measured:
    """What one fault has shown."""

    def __init__(self, fault: str, *, times_count: bool) -> None:
        self._fault = fault
        self._times_count = times_count
        self.figures: list[Figure] = []

    def at_most(self, name: str, bar: float, seen: float) -> None:
        """Note a figure that may be as high as its bar, and no higher."""
        limit = f"{bar:g}" if bar == 0 else f"<= {bar:g}"
        self._note(name, limit, _plain(seen), holds=seen <= bar)

    def within(self, name: str, bar_s: float, seen_s: float) -> None:
        """Note how many seconds something took that has so many; judged where times count."""
        holds = seen_s <= bar_s if self._times_count else None
        self._note(name, f"<= {bar_s:g} s", f"{_plain(seen_s)} s", holds=holds)

    def exactly(self, name: str, bar: int, seen: int) -> None:
        """Note a figure that must be this one."""
        self._note(name, f"{bar}", f"{seen}", holds=seen == bar)

    def told(self, name: str, seen: float | str, unit: str = "") -> None:
        """Note a figure that has no bar."""
        shown = seen if isinstance(seen, str) else _plain(seen)
        self._note(name, "-", _with_unit(shown, unit), holds=None)

    def _note(self, name: str, bar: str, seen: str, *, holds: bool | None) -> None:
        self.figures.append(Figure(self._fault, name, bar, seen, holds))


class Figures:
    """All that a run has measured."""

    def __init__(self, *, times_count: bool) -> None:
        """Begin with none.

        Args:
            times_count: Whether what takes too long fails: nobody can tell beside other tests.
        """
        self._times_count = times_count
        self._figures: list[Figure] = []

    @contextlib.contextmanager
    def of(self, fault: str) -> Iterator[Measured]:
        """Take the figures of one fault, and fail at the end if one of them missed its bar."""
        measured = Measured(fault, times_count=self._times_count)
        yield measured
        self._figures += measured.figures
        assert not (missed := [each for each in measured.figures if each.holds is False]), missed

    def table(self) -> list[str]:
        """Return the lines of a table, as Markdown has it; none when nothing was measured."""
        if not self._figures:
            return []
        return _table([_HEADINGS, *(figure.cells for figure in self._figures)])


def times_table(took_s: Mapping[str, float]) -> list[str]:
    """Return the lines of a table of how long each part has taken, and all together.

    Args:
        took_s: Seconds, by the part's name.
    """
    rows = [(name, f"{spent_s:.0f} s") for name, spent_s in took_s.items()]
    return _table([("file", "took"), *rows, ("all", f"{sum(took_s.values()) / 60:.1f} min")])


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return [f"| {line} |" for line in lines]


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _with_unit(value: str, unit: str) -> str:
    return f"{value} {unit}" if unit else value
