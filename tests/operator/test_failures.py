"""What goes wrong, as the page is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from hivemind_chatroom.operator.failures import STATUS_OF
from operator_stage import OperatorStage, error_of

SECRET = "5498d1c0ffee"


def test_what_is_not_there_is_not_found(stage: OperatorStage) -> None:
    assert error_of(stage.ask("GET", "/api/nowhere")) == (404, "not_found")
    assert error_of(stage.ask("GET", "/nowhere")) == (404, "not_found")
    assert error_of(stage.ask("GET", "//api/status")) == (404, "not_found")
    assert error_of(stage.ask("DELETE", "/api/status")) == (405, "method_not_allowed")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]", b"7", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(stage: OperatorStage, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    status, code = error_of(stage.ask("PATCH", "/api/settings", body, headers=headers))
    assert (status, code) in {(400, "body_invalid"), (413, "body_too_large")}


def test_a_fault_of_our_own_is_logged_by_its_place_and_tells_nothing(
    stage: OperatorStage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_text: str) -> None:
        raise LookupError(SECRET)

    monkeypatch.setattr(stage.hub, "parse", fail)
    answer = stage.ask("POST", "/api/identity/parse", {"text": SECRET})
    assert error_of(answer) == (500, "internal")
    assert SECRET not in answer.text
    assert "LookupError at" in caplog.text
    assert SECRET not in caplog.text


def test_every_code_has_a_line_in_the_contract_or_in_the_rooms() -> None:
    docs = Path(__file__).parents[2] / "docs"
    words = (docs / "operator-api.md").read_text("utf-8") + (docs / "http-api.md").read_text(
        "utf-8"
    )
    assert {code for code in STATUS_OF if f"`{code}`" not in words} == set()
