"""The window, shown for as long as it takes to see whether it shows the operator's page."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Mapping
from typing import Final

from hivemind_chatroom.desktop.kinds import Gui
from hivemind_chatroom.desktop.sentences import Sentences
from hivemind_chatroom.desktop.showing import showing_of
from hivemind_chatroom.desktop.words import Opening
from hivemind_chatroom.diagnostics.selftest import Verdict, failed, skipped, well
from hivemind_chatroom.program import Stop, told_to_stop
from hivemind_chatroom.trial.checks import Sight

_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""What Linux calls a display by; the last may name one that nobody sees."""


def see(sight: Sight) -> Verdict:
    """Show a window until its page is live or the time is over; on the main thread.

    Args:
        sight: What it shows.
    """
    if not has_display(os.environ):
        return skipped("headless", "This computer has no display.")
    opening = Opening(
        sight.title,
        sight.url,
        Sentences.in_language(""),
        str(sight.folder / "window.json"),
        is_background=False,
    )
    with told_to_stop() as stop, contextlib.closing(showing_of(stop)) as showing:
        watch = threading.Thread(
            target=_end_once_seen, args=(sight, stop), name="self-test-sight", daemon=True
        )
        watch.start()
        is_shown = showing.run(opening)
        kind = showing.kind
        showing.leave()
    if sight.is_live.is_set() and is_shown:
        return well(f"A window by {_name_of(kind)} shows the host's page.")
    if is_shown:
        return failed("page_not_shown", f"The window by {_name_of(kind)} shows no page.")
    return failed("no_window", "There can be no window here; the page opens in a browser instead.")


def has_display(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Tell whether there is anything that could show a window.

    Args:
        environment: Names the displays of Linux.
        platform: As `sys.platform` has it.
    """
    return platform != "linux" or any(environment.get(name) for name in _DISPLAYS)


def _end_once_seen(sight: Sight, stop: Stop) -> None:
    sight.is_live.wait(sight.within_s)
    stop.tell()


def _name_of(kind: Gui | None) -> str:
    match kind:
        case Gui.QT:
            return "Qt"
        case Gui.GTK:
            return "GTK"
        case Gui.NATIVE:
            return "WebView2" if sys.platform == "win32" else "WebKit"
        case None:
            return "nothing"
