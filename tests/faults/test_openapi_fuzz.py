"""Whatever the description lets one ask, and what it doesn't: each answer is one that it knows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode, Response
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

from faults.figures import Figures
from faults.posting import joined, room_without_hub, visitor
from faults.scale import Scale

ANSWERED_WITHIN_S = 15.0

STREAM: Final = "/api/events"
STREAM_HEARD_S = 0.2
"""How long one listens to what has no end."""

JUDGED_BY: Final = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
]
"""And by its shape, but for the stream: OpenAPI 3.1 can only say that the whole of it is text, and
schemathesis looks at each event; `tests/web` holds those against their schemas."""

AnyCase = Case[Any]
AnyOperation = APIOperation[Any, Any, Any, Any]

SAID: Final = ("Hello", "What time is it?", "Is anybody at home?")
"""What has a number already, for those who ask by numbers."""


class Fuzzer:
    """Asks a room what its own description allows and forbids, and judges the answers."""

    def __init__(self, url: str) -> None:
        """Read the description that the room serves, and join."""
        self.asked = 0
        self.answers: Counter[int] = Counter()
        self.troubles: Counter[str] = Counter()
        self._url = url
        self._schema: BaseSchema = schemathesis.openapi.from_url(f"{url}/openapi.json")
        self._joins = 0
        self._cookie = self._joined()

    @property
    def faults(self) -> int:
        """How many answers were faults of the room's."""
        return sum(count for status, count in self.answers.items() if status >= 500)

    @property
    def operations(self) -> list[AnyOperation]:
        """Every method of every route; those that may be asked in the most ways come last."""
        each_or_error: Any = self._schema.get_all_operations()
        found = [each.ok() for each in each_or_error]
        return sorted(found, key=lambda each: (bool(each.body), len(each.query)))

    def try_out(self, operation: AnyOperation, cases: int, *, by_chance: bool) -> None:
        """Ask one thing in so many ways, by turns as a member and as a passer-by."""
        ways = st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        )

        @settings(
            max_examples=cases,
            deadline=None,
            database=None,
            derandomize=not by_chance,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=ways, is_member=st.booleans())
        def ask(case: AnyCase, *, is_member: bool) -> None:
            self._judge(case, is_member=is_member)

        ask()

    def _judge(self, case: AnyCase, *, is_member: bool) -> None:
        response = self._answer(case, is_member=is_member)
        shape = [] if case.path == STREAM else [checks.response_schema_conformance]
        self.asked += 1
        self.answers[response.status_code] += 1
        try:
            case.validate_response(response, checks=[*JUDGED_BY, *shape])
        except (Failure, FailureGroup) as failures:
            print(case.as_curl_command(), failures)  # noqa: T201 - what pytest shows of a failure
            found = failures.exceptions if isinstance(failures, FailureGroup) else [failures]
            self.troubles.update(type(failure).__name__ for failure in found)
        if is_member and response.status_code == httpx.codes.UNAUTHORIZED:
            self._cookie = self._joined()  # the case before has made the room forget this member

    def _answer(self, case: AnyCase, *, is_member: bool) -> Response:
        return case.call(
            base_url=self._url,
            headers={"Origin": self._url} if is_member else None,
            cookies={"room_session": self._cookie} if is_member else None,
            timeout=STREAM_HEARD_S if case.path == STREAM else ANSWERED_WITHIN_S,
        )

    def _joined(self) -> str:
        self._joins += 1
        cookie = joined(self._url, f"Ana {self._joins}")
        with visitor(self._url, cookie) as ana:
            for number, text in enumerate(SAID):
                ana.post("/api/messages", json={"client_id": f"said-{number}", "text": text})
        return cookie


def test_whatever_is_asked_by_openapi_is_answered_as_it_says(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    with room_without_hub(tmp_path) as program:
        fuzzer = Fuzzer(program.url)
        operations = fuzzer.operations
        for done, operation in enumerate(operations):
            left = scale.openapi_cases - fuzzer.asked
            share = -(-left // (len(operations) - done))
            fuzzer.try_out(operation, share, by_chance=scale.is_by_chance)
        assert httpx.get(f"{program.url}/healthz").status_code == httpx.codes.OK
    with figures.of(f"{len(operations)} routes asked by their description") as seen:
        seen.told("cases", fuzzer.asked)
        seen.told("answers", ", ".join(f"{n} x {each}" for each, n in fuzzer.answers.most_common()))
        seen.exactly("answers 5xx", 0, fuzzer.faults)
        seen.exactly("undocumented status, type, header or shape", 0, fuzzer.troubles.total())
