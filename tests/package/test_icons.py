"""The icon's exports are those of its drawings, in every size that systems ask for."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import icons


def test_the_exports_show_what_the_drawings_do() -> None:
    assert [str(path.relative_to(icons.ROOT)) for path in icons.stale()] == [], "make icons"


def test_the_icon_of_windows_and_that_of_macos_have_every_size() -> None:
    with Image.open(icons.ASSETS / "icon.ico") as icon:
        assert icon.info["sizes"] == {(size, size) for size in icons.WINDOWS}
    with Image.open(icons.ASSETS / "icon.icns") as icon:
        assert {size * scale for size, _, scale in icon.info["sizes"]} == set(icons.MACOS)


@pytest.mark.parametrize("size", icons.LINUX)
def test_each_icon_of_linux_is_of_its_size_and_fills_it(size: int) -> None:
    file = icons.ASSETS / f"icons/hicolor/{size}x{size}/apps/{icons.NAME}.png"
    with Image.open(file) as icon:
        assert icon.size == (size, size)
        left, top, right, bottom = icon.getchannel("A").getbbox() or (0, 0, 0, 0)
    assert bottom - top >= size * 15 // 16
    assert abs(left - (size - right)) <= 1  # it stands in the middle


def test_the_same_picture_passes_and_another_does_not(tmp_path: Path) -> None:
    def png(shade: int) -> bytes:
        file = BytesIO()
        Image.new("RGBA", (4, 4), (shade, shade, shade, 255)).save(file, "PNG")
        return file.getvalue()

    assert icons.is_same(png(100), png(100 + icons.TOLERANCE))  # another version of Qt
    assert not icons.is_same(png(100), png(101 + icons.TOLERANCE))
    assert not icons.is_same(png(100), b"no picture")
    with Image.open(icons.ASSETS / "icon.ico") as icon:
        (tmp_path / "one.ico").write_bytes(b"")
        icon.save(tmp_path / "one.ico", "ICO", sizes=[(16, 16)])
    ico = (icons.ASSETS / "icon.ico").read_bytes()
    assert not icons.is_same(ico, (tmp_path / "one.ico").read_bytes())  # sizes are missing
