"""Checks and their report; what each of them looks at is tested where it is looked at."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from functools import partial

import pytest

from hivemind_chatroom.diagnostics.selftest import (
    LEAST_S,
    Check,
    Outcome,
    Result,
    SelfTest,
    Verdict,
    failed,
    is_all_well,
    report_of,
    skipped,
    well,
)
from hivemind_chatroom.errors import PortTakenError

FINE = well("It works.")
WITHIN_S = 20.0


def results_of(*checks: Check, budget_s: float = WITHIN_S) -> Sequence[Result]:
    told: list[Sequence[Result]] = []
    SelfTest(checks, budget_s).run(told.append)
    (results,) = told
    return results


def check(name: str, verdict: Verdict = FINE, *, needs: tuple[str, ...] = ()) -> Check:
    return Check(name, WITHIN_S, lambda: verdict, needs)


def test_checks_are_made_in_their_order() -> None:
    seen: list[str] = []

    def look(name: str) -> Verdict:
        seen.append(name)
        return FINE

    names = ["store", "server", "stop"]
    results = results_of(*(Check(name, WITHIN_S, partial(look, name)) for name in names))
    assert seen == names
    assert [(each.name, each.result, each.code) for each in results] == [
        (name, Outcome.OK, "") for name in names
    ]


def test_a_check_that_can_not_be_made_here_is_no_failure() -> None:
    results = results_of(check("lan", skipped("no_network", "There is none.")))
    assert results[0].result is Outcome.SKIPPED
    assert is_all_well(results)


@pytest.mark.parametrize("verdict", [failed("broken", "It is."), skipped("headless", "It is.")])
def test_what_wants_another_check_is_not_tried_without_its_success(verdict: Verdict) -> None:
    results = results_of(check("server", verdict), check("hub", needs=("server",)))
    assert (results[1].result, results[1].code) == (Outcome.SKIPPED, "not_tried")
    assert "server" in results[1].says


def test_an_error_of_ours_says_what_is_wrong() -> None:
    def look() -> Verdict:
        raise PortTakenError(8985)

    (result,) = results_of(Check("server", WITHIN_S, look))
    assert (result.result, result.code) == (Outcome.FAILED, "port_taken")
    assert "8985" in result.says


def test_any_other_error_is_told_by_its_place_without_its_words() -> None:
    def look() -> Verdict:
        raise ValueError("the password is 1234")

    (result,) = results_of(Check("server", WITHIN_S, look))
    assert (result.result, result.code) == (Outcome.FAILED, "internal")
    assert "ValueError" in result.says
    assert "1234" not in result.says


@pytest.mark.parametrize("is_on_main", [False, True])
def test_a_check_that_hangs_has_failed_and_the_others_are_made(is_on_main: bool) -> None:  # noqa: FBT001
    is_over = threading.Event()

    def look() -> Verdict:
        assert is_over.wait(WITHIN_S)
        return FINE

    def hanging(results: Sequence[Result]) -> None:
        told.append(results)
        is_over.set()  # the main thread may be what hangs; here it goes on after all

    told: list[Sequence[Result]] = []
    slow = Check("window", 0.05, look, is_on_main=is_on_main)
    SelfTest([slow, check("stop")]).run(hanging)
    (results,) = told
    assert [(each.result, each.code) for each in results] == [
        (Outcome.FAILED, "timed_out"),
        (Outcome.OK, ""),
    ]


def test_when_the_time_of_all_is_over_the_rest_gets_little() -> None:
    is_over = threading.Event()
    try:
        slow = Check("hub", WITHIN_S, lambda: (is_over.wait(WITHIN_S), FINE)[1])
        results = results_of(slow, check("stop"), budget_s=LEAST_S / 2)
    finally:
        is_over.set()
    assert results[0].code == "timed_out"
    assert results[1].result is Outcome.OK


def test_only_a_check_that_asks_for_it_is_made_on_the_main_thread() -> None:
    seen: list[bool] = []

    def look() -> Verdict:
        seen.append(threading.current_thread() is threading.main_thread())
        return FINE

    results_of(Check("window", WITHIN_S, look, is_on_main=True), Check("lan", WITHIN_S, look))
    assert seen == [True, False]


def test_the_report_is_json_with_all_that_was_found() -> None:
    results = results_of(check("store"), check("server", failed("page_missing", "No page.")))
    report = json.loads(json.dumps(report_of(results, is_frozen=True)))
    assert report["ok"] is False
    assert report["frozen"] is True
    assert {"version", "python", "system", "machine", "ms"} < report.keys()
    assert report["checks"][1].keys() == {"name", "result", "ms", "says", "code"}
    assert report["checks"][1]["result"] == "failed"
