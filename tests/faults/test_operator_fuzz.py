"""Whatever is asked of the operator's API, the room answers it as it says, or refuses it.

There is no description of it for machines, so the routes are those that the app has, and what is
sent to them is half plausible: fields that some route knows, with values of any kind.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from e2e.program import Program
from faults.figures import Figures
from faults.posting import joined, visitor
from faults.scale import Scale
from hivemind_chatroom.diagnostics.logs import LOG_FILE
from operator_stage import OperatorStage

FLAGS: Final = ("--port", "0", "--hub", "none", "--no-lan")
ANSWERED_WITHIN_S: Final = 20.0
STREAM: Final = "/api/events"
STREAM_HEARD_S: Final = 0.2
"""How long one listens to what has no end."""
PAUSE_S: Final = 0.1
"""Between two tries to reach a room that starts anew, at its own port or in another's place."""

RESTORE: Final = "/api/restore"
NO_SECRET: Final = ("", "wrong", "Bearer", "k" * 4_000)
REFUSED: Final = frozenset({401, 403, 413, 415, 421})

CREDENTIALS: Final = ("text", "key", "password", "host", "port", "site_id")
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "/api/identity/parse": ("text",),
    "/api/identity/test": CREDENTIALS,
    "/api/identity": CREDENTIALS,
    "/api/hub/trust-new-key": CREDENTIALS,
    "/api/invite/wifi": ("name", "password"),
    "/api/members/<member_id>/mute": ("minutes",),
    "/api/members/<member_id>/rename": ("name",),
    "/api/pause": ("paused",),
    "/api/settings": (
        *("room_name", "code", "paused", "keep_days", "keep_messages", "languages", "members_max"),
        *("language", "lan_name", "lan_interface", "set_up", "set_up_step", "set_up_later"),
        *("start_at_login", "lan", "fixed"),
    ),
}
"""What each route reads; the others read nothing."""
QUERY: Final = ("before", "after", "limit", "q", "format")
JSON: Final = {"Content-Type": "application/json"}
HOSTS: Final = ("", "127.0.0.1", "ws://[::1]:1", "wss://127.0.0.1:9", "127.0.0.1:x", "a b", "://")
"""None that would have to be looked up in the network."""
WORDS: Final = ("html", "json", "en", "pt-PT", "de-", "Ana", "Kitchen", "0", "-1", "\x00", "\u202e")

numbers = st.integers(-2, 12) | st.integers() | st.floats()
values = st.recursive(
    st.none() | st.booleans() | numbers | st.sampled_from(WORDS) | st.text(max_size=80),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=8), each),
    max_leaves=6,
)
broken = st.binary(max_size=60) | st.sampled_from(
    [b"", b"{}", b"[" * 9_000, b'{"a":' * 3_000, b'{"name": "\\ud800"}', b"9" * 5_000]
)
SAMPLES: Final[tuple[object, ...]] = (
    *(True, False, None, 0, 1, -1, 10**30, 1.5, float("nan")),
    *("", "Ana", "x" * 5_000, "\u202e", [], ["en"], [[1]], {}, {"a": 1}),
)
"""Of each kind one, for each field of each route; beside these, chance."""
likely = st.booleans() | st.integers(-1, 40) | st.sampled_from(WORDS)


def bodies(rule: str) -> st.SearchStrategy[bytes]:
    """Return what may be sent to a route: mostly what it reads, mostly of a likely type."""
    fields = dict.fromkeys(FIELDS.get(rule, ()), likely | values)
    if "host" in fields:
        fields["host"] = st.sampled_from(HOSTS)
    objects = st.fixed_dictionaries({}, optional=fields)
    all_of_it = st.fixed_dictionaries(fields)
    written = (objects | all_of_it | values).map(lambda value: json.dumps(value).encode())
    return written | written | written | broken


kinds = st.sampled_from(["application/json"] * 8 + ["application/zip", "text/plain", "x", ""])
queries = st.dictionaries(
    st.sampled_from(QUERY), st.integers().map(str) | st.text(max_size=20), max_size=3
)


def each_field(rule: str) -> Iterator[bytes]:
    """Give each field that a route reads, alone, a value of each kind."""
    for field, value in itertools.product(FIELDS.get(rule, ()), SAMPLES):
        if field != "host" or not isinstance(value, str):
            yield json.dumps({field: value}).encode()


class Operator:
    """Asks the operator's routes of one running room."""

    def __init__(self, program: Program) -> None:
        """Find out where they are, and the token."""
        address = re.search(r"http://127\.0\.0\.1:\d+/#k=\S+", program.welcome)
        assert address, program.welcome
        self.url, _, self.token = address[0].partition("/#k=")
        self.answers: Counter[int] = Counter()
        self.troubles: Counter[str] = Counter()
        self._pause = threading.Event()
        self._web = httpx.Client(base_url=self.url, timeout=ANSWERED_WITHIN_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()

    def ask(self, method: str, path: str, **what: Any) -> httpx.Response | None:  # noqa: ANN401 - as httpx takes it
        """Ask with the token; None from a stream that tells nothing."""
        headers = {"X-Operator-Token": self.token, **what.pop("headers", {})}
        until = time.monotonic() + ANSWERED_WITHIN_S
        while time.monotonic() < until:
            try:
                return self._web.request(method, path, headers=headers, **what)
            except (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError):
                self._pause.wait(PAUSE_S)
            except httpx.ReadTimeout:
                assert path == STREAM, (method, path)
                return None
        raise AssertionError(f"the operator's page is gone: {method} {path}")

    def judge(self, method: str, path: str, response: httpx.Response | None) -> None:
        """Count an answer, and whatever is wrong with it."""
        if response is None:
            return
        self.answers[response.status_code] += 1
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            self._blame("5xx", method, path, response)
        if "Traceback" in response.text:
            self._blame("a traceback", method, path, response)
        if response.is_client_error and not _is_error(response):
            self._blame("an error of another shape", method, path, response)

    def standing(self) -> dict[str, Any]:
        """Return what a stranger could have changed."""
        asked = ("/api/settings", "/api/identity", "/api/messages", "/api/invite")
        status = self._asked("/api/status")
        return {
            **{path: self._asked(path) for path in asked},
            "members": status["members"],
            "hub": status["hub"]["choice"],
        }

    def _asked(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        response = self.ask("GET", path)
        assert response is not None
        return response.json()

    def _blame(self, what: str, method: str, path: str, response: httpx.Response) -> None:
        print(what, method, path, response.request.content[:300], response.text[:300])  # noqa: T201 - what pytest shows of a failure
        self.troubles[what] += 1


def _is_error(response: httpx.Response) -> bool:
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return False
    return bool(error["code"] and error["message"])


@pytest.fixture
def routes(tmp_path: Path) -> list[tuple[str, str]]:
    """Every method of every route of the API, those last that change everything."""
    rules = OperatorStage(tmp_path / "stage").app.url_map.iter_rules()
    found = [
        (method, rule.rule)
        for rule in rules
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda each: (each[1].startswith(RESTORE), each))


def start(program: Program) -> Operator:
    """Have somebody in the room who has said something."""
    cookie = joined(program.url, "Ana")
    with visitor(program.url, cookie) as ana:
        ana.post("/api/messages", json={"client_id": "1", "text": "Hello"})
    return Operator(program)


def test_whatever_the_operator_asks_is_answered_without_a_fault(
    tmp_path: Path, routes: list[tuple[str, str]], scale: Scale, figures: Figures
) -> None:
    with Program(tmp_path, *FLAGS) as program, start(program) as operator:
        members = [each["id"] for each in operator.standing()["members"]]
        backup = operator.ask("GET", "/api/backup")
        assert backup
        holes = st.one_of(st.sampled_from([*members, "1", "0"]), st.integers().map(str), st.text())
        for method, rule in routes:
            path = re.sub(r"<[^>]*>", members[0], rule)
            for content in each_field(rule) if method != "GET" else ():
                operator.judge(
                    method, path, operator.ask(method, path, content=content, headers=JSON)
                )
            zips = st.binary(max_size=400) | st.sampled_from([b"PK", backup.content[:-9]])
            sent = bodies(rule) | zips if rule.startswith(RESTORE) else bodies(rule)

            @settings(
                max_examples=-(-scale.openapi_cases // len(routes)),
                deadline=None,
                database=None,
                derandomize=not scale.is_by_chance,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(body=sent, kind=kinds, query=queries, hole=holes)
            def ask(
                body: bytes, kind: str, query: dict[str, str], hole: str, *, way: tuple[str, str]
            ) -> None:
                path = re.sub(r"<[^>]*>", quote(hole, safe="", errors="replace"), way[1])
                read = way[0] == "GET"
                what = {} if read else {"content": body, "headers": {"Content-Type": kind}}
                heard_s = STREAM_HEARD_S if path == STREAM else ANSWERED_WITHIN_S
                answer = operator.ask(way[0], path, params=query, timeout=heard_s, **what)
                operator.judge(way[0], path, answer)

            ask(way=(method, rule))
        restored = operator.ask(
            "POST", RESTORE, content=backup.content, headers={"Content-Type": "application/zip"}
        )
        assert restored
        assert restored.is_success
        assert operator.ask("GET", "/api/status")
        asked = sum(operator.answers.values())
    log = "".join(file.read_text() for file in tmp_path.rglob(LOG_FILE))
    with figures.of(f"{len(routes)} routes of the operator's API, asked anything") as seen:
        seen.told("cases", asked)
        seen.told(
            "answers", ", ".join(f"{n} x {each}" for each, n in operator.answers.most_common())
        )
        seen.exactly("5xx, tracebacks, errors of another shape", 0, operator.troubles.total())
        seen.exactly("tracebacks in the log", 0, (log + program.welcome).count("Traceback"))


def test_without_the_token_nothing_is_answered_and_nothing_changes(
    tmp_path: Path, routes: list[tuple[str, str]], figures: Figures
) -> None:
    with Program(tmp_path, *FLAGS) as program, start(program) as operator:
        before = operator.standing()
        strangers = [{"X-Operator-Token": secret} for secret in NO_SECRET]
        strangers += [{"Cookie": f"token={operator.token}"}, {"Authorization": operator.token}]
        right = {"X-Operator-Token": operator.token}
        strangers += [{**right, "Origin": "http://evil.example"}, {**right, "Host": "evil.example"}]
        told: Counter[int] = Counter()
        with httpx.Client(base_url=operator.url, timeout=ANSWERED_WITHIN_S) as web:
            for method, rule in routes:
                path = re.sub(r"<[^>]*>", "1", rule)
                for fields in strangers:
                    headers = {"Content-Type": "application/json", **fields}
                    content = None if method == "GET" else b'{"paused": true, "name": "x"}'
                    told[
                        web.request(method, path, headers=headers, content=content).status_code
                    ] += 1
        assert operator.standing() == before
    with figures.of(f"{len(routes)} routes of the operator's API, asked without its token") as seen:
        seen.told("cases", told.total())
        seen.exactly("answered", 0, sum(n for status, n in told.items() if status not in REFUSED))
