"""docs/operator-api.md and the routes are the same list."""

from __future__ import annotations

import re
from pathlib import Path

from operator_stage import OperatorStage

CONTRACT = (Path(__file__).parents[2] / "docs" / "operator-api.md").read_text("utf-8")

METHODS = "GET|POST|PUT|PATCH|DELETE"


def described() -> set[tuple[str, str]]:
    """Return every route that the document names, holes as `<>`."""
    routes = set()
    for code in re.findall(r"`([^`\n]+)`(?! header)", CONTRACT):
        method = re.match(rf"({METHODS}) /api/", code)
        if method:
            last = method[1]
            routes.add((last, _path(code.split(" ", 1)[1])))
    for row in CONTRACT.splitlines():
        routes |= _routes_of_row(row)
    return routes


def _routes_of_row(row: str) -> set[tuple[str, str]]:
    """Read a table's first cell: `POST /api/a` · `/api/b` are two routes of one method."""
    cell = row.split("|")[1] if row.startswith("| `") else ""
    routes, method, folder = set(), "", ""
    for code in re.findall(r"`([^`]+)`", cell):
        if found := re.match(rf"({METHODS}) (.+)", code):
            method, code = found[1], found[2]  # noqa: PLW2901 - what is left to read
        path = code if code.startswith("/api/") else f"{folder}{code}"
        folder = path.rpartition("/")[0]
        routes.add((method, _path(path)))
    return routes


def _path(text: str) -> str:
    return re.sub(r"<[^>]+>", "<>", text.partition("?")[0].partition("{")[0].strip())


def served(stage: OperatorStage) -> set[tuple[str, str]]:
    return {
        (method, re.sub(r"<[^>]+>", "<>", rule.rule))
        for rule in stage.app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_the_contract_names_every_route_and_no_other(stage: OperatorStage) -> None:
    assert described() == served(stage)


def test_the_contract_names_every_page_that_needs_no_token(stage: OperatorStage) -> None:
    pages = {
        rule.rule.split("/")[1]
        for rule in stage.app.url_map.iter_rules()
        if not rule.rule.startswith("/api/")
    }
    assert pages == {"", "static", "words", "favicon.ico"}
    for page in pages:
        assert f"`/{page}" in CONTRACT


def test_the_contract_names_every_field_of_the_status(stage: OperatorStage) -> None:
    stage.room.moderation.mute(stage.join("Ana").id, None)
    told = stage.get("/api/status")
    names = set(told)
    for value in told.values():
        for part in value if isinstance(value, list) else [value]:
            names |= set(part)
    assert {
        name for name in names - {"present", "id", "name"} if f'"{name}"' not in CONTRACT
    } == set()
