"""The API's own description, held against what the app answers."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker
from werkzeug.test import TestResponse

import hivemind_chatroom.web

SPEC_FILE = Path(hivemind_chatroom.web.__file__).with_name("openapi.json")

Json = dict[str, Any]


@functools.cache
def _read_spec() -> Json:
    spec: Json = json.loads(SPEC_FILE.read_text(encoding="utf-8"))
    return spec


class Contract:
    """The description, with a judgement on each answer."""

    def __init__(self) -> None:
        self.spec: Json = _read_spec()

    def check(self, response: TestResponse) -> None:
        """Fail unless the description says that this route may answer so."""
        request = response.request
        if request.method in {"HEAD", "OPTIONS"} or request.path.startswith("/static/"):
            return
        operation = self._operation(request.method, request.path)
        if operation is None:
            self._check_undescribed(response)
            return
        status = str(response.status_code)
        assert status in operation["responses"], f"{request.method} {request.path}: {status}"
        self._check_described(response, self.resolved(operation["responses"][status]))

    def check_value(self, value: object, schema: Json) -> None:
        """Fail unless a value fits a schema of the description."""
        whole = {**schema, "components": self.spec["components"]}
        validator = OAS31Validator(whole, format_checker=oas31_format_checker)
        problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
        assert not problems, problems

    def check_named(self, value: object, name: str) -> None:
        """Fail unless a value fits one of the named schemas."""
        self.check_value(value, {"$ref": f"#/components/schemas/{name}"})

    def resolved(self, thing: Json) -> Json:
        """Return what a reference refers to, or the thing itself."""
        if "$ref" not in thing:
            return thing
        found = self.spec
        for step in thing["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    def codes_of(self, response: Json) -> list[str]:
        """Return the error codes that a described response may carry."""
        media = self.resolved(response).get("content", {}).get("application/json", {})
        for part in media.get("schema", {}).get("allOf", []):
            if "properties" in part:
                codes: list[str] = part["properties"]["error"]["properties"]["code"]["enum"]
                return codes
        return []

    def _check_described(self, response: TestResponse, described: Json) -> None:
        content = described.get("content", {})
        if not content:
            assert response.data == b""
            return
        assert response.mimetype in content, f"{response.mimetype} of {response.request.path}"
        if response.mimetype == "application/json":
            self.check_value(response.get_json(), content["application/json"]["schema"])
        for header, detail in described.get("headers", {}).items():
            value = response.headers.get(header)
            assert value is not None, f"{header} is missing"
            is_number = detail["schema"].get("type") == "integer"
            self.check_value(int(value) if is_number else value, detail["schema"])

    def _check_undescribed(self, response: TestResponse) -> None:
        """An address or a method that isn't there is an error, and under /api one in JSON."""
        assert response.status_code in {403, 404, 405, 413, 415, 421, 429}
        if response.request.path.startswith("/api/"):
            self.check_named(response.get_json(), "Error")
        if response.status_code == 405:
            assert response.headers["Allow"]

    def _operation(self, method: str, path: str) -> Json | None:
        given = path.split("/")
        for template, operations in self.spec["paths"].items():
            steps = template.split("/")
            if len(given) == len(steps) and all(
                step == part or (step.startswith("{") and part)
                for step, part in zip(steps, given, strict=True)
            ):
                found: Json | None = operations.get(method.lower())
                return found
        return None
