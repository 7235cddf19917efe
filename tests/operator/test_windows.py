"""The window, as a second start and the page itself speak to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from operator_stage import FakeWindow, OperatorStage, error_of


def test_the_window_is_shown_and_closed(stage: OperatorStage) -> None:
    for order in ("show", "quit"):
        assert stage.ask("POST", f"/api/window/{order}").status_code == 204
    assert isinstance(stage.window, FakeWindow)
    assert stage.window.told == ["show", "quit"]


@pytest.mark.parametrize("order", ["show", "quit"])
def test_a_room_without_a_window_says_so(tmp_path: Path, order: str) -> None:
    stage = OperatorStage(tmp_path, with_window=False)
    assert error_of(stage.ask("POST", f"/api/window/{order}")) == (404, "no_window")
    assert stage.get("/api/status")["app"]["desktop"] is False
