from __future__ import annotations

import contextlib
import sys

import pytest

from hivemind_chatroom.desktop.probe import Gui, Probe, kinds_of

linux = pytest.mark.skipif(sys.platform != "linux", reason="Qt is asked for on Linux alone")


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


@linux
def test_what_can_be_shown_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with contextlib.closing(Probe((Gui.QT,))) as probe:
        assert probe.found() is Gui.QT


@linux
def test_a_missing_display_ends_the_child_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with contextlib.closing(Probe((Gui.QT, Gui.GTK))) as probe:
        assert probe.found() is None


@linux
def test_a_child_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with contextlib.closing(Probe((Gui.QT,), deadline_s=0.001)) as probe:
        assert probe.found() is None
