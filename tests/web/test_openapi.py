"""The description in openapi.json: complete, valid, and true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

from hivemind_chatroom.room.model import Audience, Delivery, HubState, Kind
from hivemind_chatroom.version import __version__
from hivemind_chatroom.web.errors import STATUS_OF
from web.browser import Browser
from web.contract import Contract
from web.stage import Stage

ANYWHERE = {400, 413, 421, 429, 500}
"""What any route may answer, whatever it does."""

UNSAFE_API = {403, 415}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


def operations(contract: Contract) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, methods in contract.spec["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    ]


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith("/static/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_it_is_a_description_as_openapi_wants_it(contract: Contract) -> None:
    validate(contract.spec)


def test_it_is_served_with_the_programs_version(contract: Contract, passer_by: Browser) -> None:
    served = passer_by.get("/openapi.json").get_json()
    assert served["info"] == {**contract.spec["info"], "version": __version__}
    assert {**served, "info": contract.spec["info"]} == contract.spec


def test_it_has_every_route_and_no_other(contract: Contract, stage: Stage) -> None:
    described = {(method, path) for method, path, _ in operations(contract)}
    assert described == routes(stage.app)


def test_every_route_may_answer_what_any_route_may(contract: Contract) -> None:
    for method, path, operation in operations(contract):
        statuses = {int(status) for status in operation["responses"]}
        expected = ANYWHERE
        if method != "GET" and path.startswith("/api/"):
            expected = ANYWHERE | UNSAFE_API
        assert expected <= statuses, f"{method} {path}"


def test_every_error_code_stands_at_its_status_and_none_is_missing(contract: Contract) -> None:
    found = set()
    for method, path, operation in operations(contract):
        for status, response in operation["responses"].items():
            for code in contract.codes_of(response):
                assert STATUS_OF[code] == int(status), f"{method} {path}: {code}"
                found.add(code)
    not_allowed = contract.spec["components"]["responses"]["MethodNotAllowed"]
    found |= {*contract.codes_of(not_allowed)}
    assert found == set(STATUS_OF)


def test_each_page_says_that_its_language_may_be_chosen(contract: Contract) -> None:
    pages = [
        [contract.resolved(parameter)["name"] for parameter in operation.get("parameters", [])]
        for method, path, operation in operations(contract)
        if (method == "GET" and "302" in operation["responses"]) or "{username}" in path
    ]
    assert pages == [["lang"]] * 3


def test_every_named_response_is_used(contract: Contract) -> None:
    used = {
        response["$ref"].rsplit("/", 1)[1]
        for _, _, operation in operations(contract)
        for response in operation["responses"].values()
        if "$ref" in response
    }
    named = set(contract.spec["components"]["responses"])
    assert named - used == {"MethodNotAllowed"}


@pytest.mark.parametrize(
    ("schema", "values"),
    [("Delivery", Delivery), ("HubState", HubState)],
)
def test_enumerations_are_the_rooms(
    contract: Contract, schema: str, values: type[Delivery | HubState]
) -> None:
    assert contract.spec["components"]["schemas"][schema]["enum"] == [*values]


def test_kinds_and_audiences_are_the_rooms(contract: Contract) -> None:
    schemas = contract.spec["components"]["schemas"]
    assert schemas["Message"]["properties"]["kind"]["enum"] == [*Kind]
    assert schemas["Posting"]["properties"]["to"]["enum"] == [*Audience]


def test_the_page_in_docs_names_every_route_and_every_code(contract: Contract) -> None:
    page = (Path(__file__).parents[2] / "docs" / "http-api.md").read_text(encoding="utf-8")
    for method, path, _ in operations(contract):
        route = f"{method} {path}".replace("{", "<").replace("}", ">")
        assert f"`{route}" in page, route
    for code, status in STATUS_OF.items():
        [row] = [
            line
            for line in page.splitlines()
            if line.startswith(f"| {status} |") and f"`{code}`" in line
        ]
        assert row
