"""Tries the program, and writes what was found."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TextIO

from hivemind_chatroom.children import is_frozen
from hivemind_chatroom.diagnostics.logs import Logs
from hivemind_chatroom.diagnostics.selftest import (
    Result,
    SelfTest,
    Verdict,
    is_all_well,
    report_of,
    skipped,
)
from hivemind_chatroom.errors import ReportUnwritableError
from hivemind_chatroom.trial.checks import See, Sight, Trial

EXIT_UNWELL: Final = 1

_PREFIX: Final = "hivemind-chatroom-self-test-"


def try_out(report: Path | None, see: See | None) -> int:
    """Try the program with a room of its own, whatever else runs; on the main thread.

    Args:
        report: The file for the report; None for the console.
        see: What shows the window; None for a command that has none.

    Returns:
        The exit code: 0 if no check has failed, else 1; 1 also after Ctrl+C or SIGTERM, without a
        report.

    Raises:
        ReportUnwritableError: The report's file can't be written; nothing was tried.
    """
    if report is not None:
        _claim(report)
    codes: list[int] = []
    is_given_up = threading.Event()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    trial = Trial(folder, see or _see_nothing)

    def finish(results: Sequence[Result]) -> None:
        code = 0 if is_all_well(results) else EXIT_UNWELL
        if not is_given_up.is_set():
            code = _write(report, said_to, results) or code
        codes.append(code)
        shutil.rmtree(folder, ignore_errors=True)
        if is_given_up.is_set() or any(each.code == "timed_out" for each in results):
            # What hangs would keep the process.
            os._exit(EXIT_UNWELL if is_given_up.is_set() else code)

    try:
        with _ended_like_ctrl_c(), _logged_beside() as said_to:
            try:
                SelfTest(trial.checks()).run(finish)
            except KeyboardInterrupt:
                is_given_up.set()
                raise
    except KeyboardInterrupt:
        trial.give_up()  # an open room would write again what is removed
        shutil.rmtree(folder, ignore_errors=True)
        return EXIT_UNWELL
    return codes[0]


def _see_nothing(_: Sight) -> Verdict:
    return skipped("headless", "This command has no window.")


@contextlib.contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Let SIGTERM end this as Ctrl+C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _logged_beside() -> Iterator[TextIO | None]:
    """Keep what is logged, and what libraries print, out of the report; yield where that goes.

    A windowed program on Windows has neither stream.
    """
    said_to = sys.stdout
    with contextlib.ExitStack() as stack:
        beside = sys.stderr or stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
        stack.enter_context(contextlib.redirect_stdout(beside))
        logs = Logs("INFO", None)
        logs.start()
        stack.callback(logs.stop)
        yield said_to


def _claim(report: Path) -> None:
    """Make the file before anything is tried, so that nothing is tried for nothing."""
    try:
        report.open("a", encoding="utf-8").close()
    except OSError as error:
        raise ReportUnwritableError(str(report), error.strerror or type(error).__name__) from error


def _write(report: Path | None, said_to: TextIO | None, results: Sequence[Result]) -> int:
    """Write the report; return the exit code if that fails, else 0."""
    text = json.dumps(report_of(results, is_frozen=is_frozen()), indent=2)
    try:
        if report is not None:
            report.write_text(f"{text}\n", encoding="utf-8")
        elif said_to is not None:
            said_to.write(f"{text}\n")
            said_to.flush()
    except OSError as error:
        if sys.stderr is not None:
            sys.stderr.write(f"The report can't be written: {error.strerror}.\n")
        return EXIT_UNWELL
    return 0
