"""Checks that are made one after the other, each with a deadline, and the report of them."""

from __future__ import annotations

import logging
import platform
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from hivemind_chatroom.errors import ChatroomError, traced
from hivemind_chatroom.version import __version__

BUDGET_S: Final = 16.0
"""What all checks may take together, in seconds; with the program's start that stays below 20."""

LEAST_S: Final = 0.5
"""What a check gets however late it is, in seconds."""

_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What came of a check."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"
    """It could not be made here, which is nobody's fault, or wants another one that has failed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check has found."""

    outcome: Outcome
    says: str
    """A sentence for people, without a secret."""
    code: str = ""
    """For programs, and stable; empty when all is well."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at."""

    name: str
    within_s: float
    """When it counts as failed, in seconds."""
    look: Callable[[], Verdict]
    """May raise: what a `ChatroomError` says is the verdict then."""
    needs: tuple[str, ...] = ()
    """The checks without whose success this one can't be made."""
    is_on_main: bool = False
    """Whether it has to be made on the main thread."""


@dataclass(frozen=True, slots=True)
class Result:
    """A check that was made."""

    name: str
    result: Outcome
    ms: int
    says: str
    code: str


def well(says: str) -> Verdict:
    """Return the verdict that all is well."""
    return Verdict(Outcome.OK, says)


def failed(code: str, says: str) -> Verdict:
    """Return the verdict that something is wrong."""
    return Verdict(Outcome.FAILED, says, code)


def skipped(code: str, says: str) -> Verdict:
    """Return the verdict that a check can't be made here."""
    return Verdict(Outcome.SKIPPED, says, code)


class SelfTest:
    """Makes checks; one that hangs has failed, and the others go on."""

    def __init__(self, checks: Sequence[Check], budget_s: float = BUDGET_S) -> None:
        """Make none yet.

        Args:
            checks: In their order.
            budget_s: What they may take together, in seconds.
        """
        self._checks = checks
        self._budget_s = budget_s
        self._on_main: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    def run(self, done: Callable[[Sequence[Result]], None]) -> None:
        """Make the checks; on the main thread.

        Args:
            done: Told the results on another thread, before this returns: where the main thread
                hangs, this never does, and nobody but `done` could end the process.
        """
        making = threading.Thread(target=self._make, args=(done,), name="self-test", daemon=True)
        making.start()
        while (look := self._on_main.get()) is not None:
            look()
        making.join()

    def _make(self, done: Callable[[Sequence[Result]], None]) -> None:
        ends_at = time.monotonic() + self._budget_s
        results: list[Result] = []
        for check in self._checks:
            begun = time.monotonic()
            is_well = {each.name for each in results if each.result is Outcome.OK}
            missing = [name for name in check.needs if name not in is_well]
            if missing:
                verdict = skipped("not_tried", f"Not tried, as it wants: {', '.join(missing)}.")
            else:
                within_s = min(check.within_s, max(ends_at - begun, LEAST_S))
                verdict = self._verdict(check, within_s)
            ms = round((time.monotonic() - begun) * 1_000)
            results.append(Result(check.name, verdict.outcome, ms, verdict.says, verdict.code))
        try:
            done(results)
        finally:
            self._on_main.put(None)

    def _verdict(self, check: Check, within_s: float) -> Verdict:
        found: queue.SimpleQueue[Verdict] = queue.SimpleQueue()

        def look() -> None:
            found.put(_found_by(check))

        if check.is_on_main:
            self._on_main.put(look)
        else:
            name = f"self-test-{check.name}"
            threading.Thread(target=look, name=name, daemon=True).start()
        try:
            return found.get(timeout=within_s)
        except queue.Empty:
            return failed("timed_out", f"No result within {within_s:.1f} s.")


def _found_by(check: Check) -> Verdict:
    try:
        return check.look()
    except ChatroomError as error:
        return failed(error.code, str(error))
    except Exception as error:  # noqa: BLE001 - on its thread nobody else would hear of it
        _log.error("the check %s failed: %s", check.name, traced(error))
        return failed("internal", f"It failed by {traced(error)}.")


def is_all_well(results: Sequence[Result]) -> bool:
    """Tell whether no check has failed."""
    return all(each.result is not Outcome.FAILED for each in results)


def report_of(results: Sequence[Result], *, is_frozen: bool) -> Mapping[str, object]:
    """Return the report as docs/operator.md has it, to be written as JSON.

    Args:
        results: Of all checks.
        is_frozen: Whether the program has its own Python inside.
    """
    return {
        "ok": is_all_well(results),
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "machine": platform.machine(),
        "frozen": is_frozen,
        "ms": sum(each.ms for each in results),
        "checks": [asdict(each) for each in results],
    }
