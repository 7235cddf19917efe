from __future__ import annotations

import importlib.util
import os
import sys

import pytest

from hivemind_chatroom.children import (
    MODULES,
    Child,
    become_child,
    child_command,
    systems_own_libraries,
)


@pytest.fixture
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)


@pytest.mark.parametrize("child", Child)
def test_every_kind_of_child_is_a_module_of_ours(child: Child) -> None:
    assert importlib.util.find_spec(MODULES[child])


def test_python_runs_the_module_of_a_child() -> None:
    command = child_command(Child.PROBE, "qt")
    assert command == [sys.executable, "-P", "-m", "hivemind_chatroom.desktop.probe", "qt"]


@pytest.mark.usefixtures("_frozen")
def test_a_frozen_build_starts_itself_with_a_word_in_front() -> None:
    assert child_command(Child.PROBE, "qt") == [sys.executable, "--internal-probe", "qt"]


@pytest.mark.usefixtures("_frozen")
@pytest.mark.parametrize("line", [[], ["--background"], ["--port", Child.PROBE]])
def test_a_frozen_build_that_is_started_by_a_person_is_no_child(line: list[str]) -> None:
    asked = ["chatroom", *line]
    assert not become_child(asked)
    assert asked == ["chatroom", *line]


def test_python_never_becomes_a_child_by_a_word() -> None:
    assert not become_child(["chatroom", Child.PROBE, "qt"])


@pytest.mark.usefixtures("_frozen")
@pytest.mark.parametrize("before", [None, "/opt/own"])
def test_a_program_of_the_system_loads_what_it_would_without_a_frozen_build(
    before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/chatroom/_internal:/opt/own")
    if before is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    with systems_own_libraries():
        assert os.environ.get("LD_LIBRARY_PATH") == before
    assert os.environ["LD_LIBRARY_PATH"] == "/usr/lib/chatroom/_internal:/opt/own"


def test_libraries_that_somebody_has_chosen_are_loaded_by_all_without_a_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/own")
    with systems_own_libraries():
        assert os.environ["LD_LIBRARY_PATH"] == "/opt/own"
