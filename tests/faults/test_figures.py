"""The means of the faults: a figure that misses its bar is seen, and every command is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from faults.figures import Figures, times_table

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parent.parent / "docs" / "reliability.md"


def test_a_figure_that_misses_its_bar_fails_and_stands_in_the_table() -> None:
    figures = Figures(times_count=True)
    with figures.of("a fault") as seen:
        seen.at_most("lost", 0, 0)
        seen.within("back", 3.0, 2.999)
        seen.told("posts", 12)
    with pytest.raises(AssertionError, match="twice"), figures.of("another") as seen:
        seen.at_most("twice", 0, 1)
    assert figures.table() == [
        "| fault   | figure | bar    | seen | verdict |",
        "| ------- | ------ | ------ | ---- | ------- |",
        "| a fault | lost   | 0      | 0    | held    |",
        "| a fault | back   | <= 3 s | 3 s  | held    |",
        "| a fault | posts  | -      | 12   | -       |",
        "| another | twice  | 0      | 1    | MISSED  |",
    ]


def test_what_is_not_exactly_its_bar_misses_it() -> None:
    with (
        pytest.raises(AssertionError, match="messages"),
        Figures(times_count=True).of("a fault") as seen,
    ):
        seen.exactly("messages", 1, 2)


def test_a_time_fails_only_where_times_count() -> None:
    with pytest.raises(AssertionError, match="back"), Figures(times_count=True).of("it") as seen:
        seen.within("back", 3.0, 3.5)
    figures = Figures(times_count=False)
    with figures.of("it") as seen:
        seen.within("back", 3.0, 3.5)
    assert figures.table()[-1] == "| it    | back   | <= 3 s | 3.5 s | -       |"


def test_how_long_each_part_takes_is_told_and_all_together() -> None:
    assert times_table({"test_kill.py": 61.4, "test_hub.py": 118.6}) == [
        "| file         | took    |",
        "| ------------ | ------- |",
        "| test_kill.py | 61 s    |",
        "| test_hub.py  | 119 s   |",
        "| all          | 3.0 min |",
    ]


def test_each_command_of_the_document_makes_a_fault() -> None:
    tests = "\n".join(file.name + file.read_text("utf-8") for file in HERE.glob("test_*.py"))
    words = re.findall(r"`make faults ARGS='-k (\w+)'`", DOCUMENT.read_text("utf-8"))
    assert len(words) >= 10
    assert {word for word in words if not re.search(rf"def \w*{word}|{word}\.py", tests)} == set()
