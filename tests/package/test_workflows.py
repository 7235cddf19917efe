"""What the workflows may do, beyond what the checks of `make check-workflows` want."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
YAML: Final[Any] = importlib.import_module("yaml")  # without annotations
FILES: Final = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

PIN: Final = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
"""A full commit, and the version it is of; a tag can be moved to other code."""


JOBS: Final = [
    pytest.param(job, id=f"{file.stem}-{name}")
    for file in FILES
    for name, job in YAML.safe_load(file.read_text("utf-8"))["jobs"].items()
]


def test_every_action_is_a_commit_with_its_version_beside_it() -> None:
    lines = [line for file in FILES for line in file.read_text("utf-8").splitlines()]
    uses = [line.strip().removeprefix("- ") for line in lines if "uses:" in line]
    assert uses
    assert [line for line in uses if not PIN.fullmatch(line)] == []


def test_an_action_has_the_same_commit_everywhere() -> None:
    text = "".join(file.read_text("utf-8") for file in FILES)
    found = set(re.findall(r"uses: (\S+)@(\S+)", text))
    assert len(found) == len({action for action, _ in found})


@pytest.mark.parametrize("job", JOBS)
def test_a_job_ends_in_time_and_may_write_only_to_make_a_release(job: Any) -> None:  # noqa: ANN401 - YAML
    assert job["timeout-minutes"] <= 90
    writes = {scope for scope, may in job["permissions"].items() if may == "write"}
    is_release = job.get("if") == "startsWith(github.ref, 'refs/tags/v')"
    assert is_release or not writes


@pytest.mark.parametrize("job", JOBS)
def test_a_job_with_secrets_has_them_of_an_environment(job: Any) -> None:  # noqa: ANN401 - YAML
    if "secrets." in str(job):
        assert "environment" in job


def test_requests_of_strangers_run_without_secrets() -> None:
    # `pull_request_target` runs with the secrets of the repository on code of whoever asks
    for file in FILES:
        assert "pull_request_target" not in file.read_text("utf-8")


def test_every_make_target_and_script_that_a_workflow_runs_is_there() -> None:
    text = "".join(file.read_text("utf-8") for file in FILES)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"run: make ([\w-]+)", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for script in re.findall(r"(packaging/[\w/.-]+)(?=[\s\"'])", text):
        assert (ROOT / script).exists(), script
