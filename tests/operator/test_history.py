"""What was said, and the room as files."""

from __future__ import annotations

import pytest

from hivemind_chatroom.room.model import Audience, Posting
from operator_stage import OperatorStage, error_of

ZIP = {"Content-Type": "application/zip"}


def texts(stage: OperatorStage, query: str = "") -> list[str]:
    return [message["text"] for message in stage.get(f"/api/messages{query}")["messages"]]


def test_the_log_is_read_by_pages_and_words(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    for text in ("one", "two", "three", "four"):
        stage.say(ana, text)
    assert texts(stage) == ["one", "two", "three", "four"]
    assert texts(stage, "?limit=2") == ["three", "four"]
    assert texts(stage, "?before=3&limit=1") == ["two"]
    assert texts(stage, "?after=3") == ["four"]
    assert texts(stage, "?q=t") == ["two", "three"]
    assert stage.get("/api/messages?limit=2")["more"] is True


def test_what_is_private_is_its_authors_alone(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    stage.room.post(ana, Posting("the secret", audience=Audience.ASSISTANT))
    assert texts(stage) == texts(stage, "?q=secret") == []


@pytest.mark.parametrize("query", ["before=x", "after=-1", "limit=0", "limit=101", "limit=1.5"])
def test_numbers_are_numbers(stage: OperatorStage, query: str) -> None:
    assert error_of(stage.ask("GET", f"/api/messages?{query}")) == (400, "body_invalid")


def test_one_message_is_forgotten_or_all(stage: OperatorStage) -> None:
    ana = stage.join("Ana")
    for text in ("one", "two", "three"):
        stage.say(ana, text)
    assert stage.ask("DELETE", "/api/messages/2").status_code == 204
    assert texts(stage) == ["one", "three"]
    assert error_of(stage.ask("DELETE", "/api/messages/2")) == (404, "not_found")
    assert stage.ask("DELETE", "/api/messages").status_code == 204
    assert texts(stage) == []


@pytest.mark.parametrize("kind", ["json", "html", "text"])
def test_the_log_is_exported(stage: OperatorStage, kind: str) -> None:
    answer = stage.ask("GET", f"/api/export?format={kind}")
    assert answer.data == b"what was said"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=room.{kind}"


def test_an_export_is_of_a_kind_that_there_is(stage: OperatorStage) -> None:
    assert stage.ask("GET", "/api/export").headers["Content-Disposition"].endswith("room.json")
    assert error_of(stage.ask("GET", "/api/export?format=pdf")) == (400, "body_invalid")


@pytest.mark.parametrize(("path", "name"), [("report", "report.zip"), ("backup", "room.zip")])
def test_report_and_backup_are_files(stage: OperatorStage, path: str, name: str) -> None:
    answer = stage.ask("GET", f"/api/{path}")
    assert answer.data == b"PK"
    assert answer.content_type == "application/zip"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"


def test_a_backup_is_restored_however_large_other_bodies_may_be(stage: OperatorStage) -> None:
    backup = b"PK" + b"x" * 100_000
    assert stage.ask("POST", "/api/restore", backup, headers=ZIP).status_code == 204
    assert stage.archive.restored == [backup]


def test_a_backup_is_looked_into_before_anything_changes(stage: OperatorStage) -> None:
    answer = stage.ask("POST", "/api/restore/check", b"PK" + b"x" * 100_000, headers=ZIP)
    assert answer.get_json() == {"made_at": "2026-11-05T20:14:00+00:00"}
    answer = stage.ask("POST", "/api/restore/check", b"a photo", headers=ZIP)
    assert error_of(answer) == (422, "backup_invalid")
    assert stage.archive.restored == []


def test_what_is_no_backup_is_refused(stage: OperatorStage) -> None:
    answer = stage.ask("POST", "/api/restore", b"nothing", headers=ZIP)
    assert error_of(answer) == (422, "backup_invalid")
    json = {"Content-Type": "application/json"}
    answer = stage.ask("POST", "/api/restore", b"{}", headers=json)
    assert error_of(answer) == (415, "media_type")
