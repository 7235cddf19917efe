"""The short and the long form of the faults, and the table of what the long one has measured."""

from __future__ import annotations

import itertools
from collections import defaultdict
from pathlib import Path

import pytest

from faults.figures import Figures, times_table
from faults.scale import LONG, SHORT, Scale

FIGURES = pytest.StashKey[Figures]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="make the faults in their long form")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes too long for every run; see --long")
    config.stash[FIGURES] = Figures(times_count=is_long(config))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if is_long(config):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if is_long(config):
        terminalreporter.section("figures")
        for line in config.stash[FIGURES].table():
            terminalreporter.write_line(line)
        terminalreporter.section("times")
        for line in times_table(_took_s(terminalreporter)):
            terminalreporter.write_line(line)


def _took_s(terminalreporter: pytest.TerminalReporter) -> dict[str, float]:
    """Return the seconds that each file has taken, in the order of the run."""
    took_s: defaultdict[str, float] = defaultdict(float)
    for report in itertools.chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport):
            took_s[Path(report.nodeid.partition("::")[0]).name] += report.duration
    return took_s


def is_long(config: pytest.Config) -> bool:
    """Tell which form is wanted; the option is unknown unless these tests alone are run."""
    return bool(config.getoption("--long", default=False))


@pytest.fixture
def scale(request: pytest.FixtureRequest) -> Scale:
    """How much of each fault there is in this run."""
    return LONG if is_long(request.config) else SHORT


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Where what was measured is noted."""
    return request.config.stash[FIGURES]
