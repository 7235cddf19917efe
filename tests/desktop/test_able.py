from __future__ import annotations

from pathlib import Path

import pytest

from hivemind_chatroom.desktop.able import prepare_qt


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    environment: dict[str, str] = {}
    monkeypatch.setattr("os.environ", environment)
    monkeypatch.setattr("sys.platform", "linux")
    return environment


@pytest.mark.parametrize(("user", "wanted"), [(0, "1"), (1000, None)])
def test_only_root_goes_without_the_sandbox(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], user: int, wanted: str | None
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user)
    prepare_qt()
    assert environment.get("QTWEBENGINE_DISABLE_SANDBOX") == wanted


def test_a_computer_with_a_graphics_processor_draws_by_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "renderD128").touch()
    prepare_qt(tmp_path)
    assert "QT_QUICK_BACKEND" not in environment


def test_a_computer_without_one_draws_without_opengl(
    environment: dict[str, str], tmp_path: Path
) -> None:
    prepare_qt(tmp_path / "none")
    assert environment["QT_QUICK_BACKEND"] == "software"


def test_who_wants_another_way_of_drawing_has_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment["QT_QUICK_BACKEND"] = "rhi"
    prepare_qt(tmp_path)
    assert environment["QT_QUICK_BACKEND"] == "rhi"
