from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import bundle

ROOT = Path(__file__).parents[2]


def test_a_bundle_is_as_old_as_somebody_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    assert bundle.source_date() == "1234567890"


def test_without_a_history_there_is_a_date_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr(bundle, "ROOT", tmp_path)
    assert bundle.source_date() == "0"


def test_every_version_that_is_bundled_is_exact() -> None:
    lines = (ROOT / "packaging" / "versions.txt").read_text("utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert wanted
    assert [line for line in wanted if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_the_versions_are_those_that_the_program_wants_exactly() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = (ROOT / "packaging" / "versions.txt").read_text("utf-8").lower().splitlines()
    wanted = [*project["dependencies"], *project["optional-dependencies"]["desktop"]]
    exact = {each.lower() for each in wanted if "==" in each}
    assert exact
    assert exact <= {*versions}
