"""What the window says outside its page, in the operator's language."""

from __future__ import annotations

import locale
import os
from dataclasses import dataclass
from typing import Self

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where POSIX systems say it, whether or not the locale is installed; the first counts."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Plain text for dialogs and menus."""

    question: str
    tray_hint: str
    """Where the room is found when it keeps running and there is a tray."""
    start_hint: str
    """The same without one."""
    keep: str
    stop: str
    cancel: str
    show: str
    keep_on_close: str
    save_as: str

    @classmethod
    def in_language(cls, wanted: str) -> Self:
        """Return the sentences in a language.

        Args:
            wanted: A BCP-47 tag; empty for the system's language.
        """
        # They bring Flask, which the room has loaded and the process of a window does without.
        from hivemind_chatroom.web.catalogues import (  # noqa: PLC0415 - as said above
            FOLDER,
            Catalogues,
            later,
        )
        from hivemind_chatroom.web.languages import KnownLanguages  # noqa: PLC0415 - as above

        known = KnownLanguages()
        tag = known.standard(wanted or system_language()) or ""
        text = Catalogues(FOLDER, known).closest((tag,) if tag else ()).text
        return cls(
            question=text(later("Keep the room running without its window?")),
            tray_hint=text(later("You will find it in the tray, beside the clock.")),
            start_hint=text(later("To see the window again, start the program once more.")),
            keep=text(later("Keep the room running")),
            stop=text(later("Stop the room")),
            cancel=text(later("Cancel")),
            show=text(later("Show the window")),
            keep_on_close=text(later("Keep the room running when the window is closed")),
            save_as=text(later("Save as")),
        )


def system_language() -> str:
    """Return the language of the system's user as a BCP-47 tag; empty when it isn't known."""
    named = next(filter(None, map(os.environ.get, _VARIABLES)), None) or locale.getlocale()[0] or ""
    name = named.partition(".")[0].partition("@")[0]
    return "" if name in {"C", "POSIX"} else name.replace("_", "-")
