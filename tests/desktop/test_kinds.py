from __future__ import annotations

import pytest

from hivemind_chatroom.desktop.kinds import Gui, kinds_of


@pytest.mark.parametrize(
    ("platform", "kinds"),
    [
        ("linux", (Gui.QT, Gui.GTK)),
        ("freebsd14", (Gui.QT, Gui.GTK)),
        ("win32", (Gui.NATIVE,)),
        ("darwin", (Gui.NATIVE,)),
    ],
)
def test_each_system_has_its_kinds_of_windows(platform: str, kinds: tuple[Gui, ...]) -> None:
    assert kinds_of(platform) == kinds
