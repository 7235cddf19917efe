"""A room and its operator, on a clock that stands still."""

from __future__ import annotations

from pathlib import Path

import pytest

from operator_stage import OperatorStage


@pytest.fixture
def stage(tmp_path: Path) -> OperatorStage:
    return OperatorStage(tmp_path)
