"""What has the window on this system, as the program knows it."""

from __future__ import annotations

from typing import Protocol

from hivemind_chatroom.desktop.kinds import Gui, kinds_of
from hivemind_chatroom.desktop.words import Opening
from hivemind_chatroom.program import Stop


class Showing(Protocol):
    """What has the window."""

    @property
    def kind(self) -> Gui | None:
        """What the window is made of; None where there can be none."""
        ...

    def run(self, opening: Opening) -> bool:
        """Show the page until the program is to end; False where there can be no window."""
        ...

    def show(self) -> None:
        """Bring the window to the front, as soon as there is one; any thread may call."""
        ...

    def leave(self) -> None:
        """Let the window go; returns at once."""
        ...

    def close(self) -> None:
        """End what is left of it."""
        ...


def showing_of(stop: Stop) -> Showing:
    """Return what shows the window of this system, which begins to get ready.

    Args:
        stop: The end of the program.
    """
    # Each is imported where it is wanted alone: what is slow to load is the window's.
    kinds = kinds_of()
    if Gui.NATIVE in kinds:
        from hivemind_chatroom.desktop.system import SystemWindow  # noqa: PLC0415 - as said above

        return SystemWindow(stop)
    from hivemind_chatroom.desktop.frame import Frame  # noqa: PLC0415 - as said above

    return Frame(kinds, stop)
