"""Exports the drawings in assets/ to what systems want of an icon; the exports are committed.

    python packaging/icons.py            draw all
    python packaging/icons.py --check    change nothing; say what is missing or out of date

`icon.svg` is the icon; `icon-small.svg` takes its place where its dots would run together. Drawn of
them are the icons of Linux (`icons/hicolor`), Windows (`icon.ico`), macOS (`icon.icns`), the pages,
and what the installers of Windows and macOS show (`installer/`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops
from PIL.IcnsImagePlugin import IcnsImageFile
from PIL.IcoImagePlugin import IcoImageFile
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT: Final = Path(__file__).resolve().parents[1]
ASSETS: Final = ROOT / "assets"
PACKAGE: Final = ROOT / "app" / "hivemind_chatroom"
NAME: Final = "hivemind-chatroom"
"""By which desktops know the program, see app/hivemind_chatroom/desktop/able.py."""

SMALL_MAX: Final = 24
"""Up to this size, in pixels, the icon is drawn without dots."""

LINUX: Final = (16, 24, 32, 48, 64, 128, 256, 512)
WINDOWS: Final = (16, 24, 32, 48, 64, 128, 256)
MACOS: Final = (32, 64, 128, 256, 512, 1024)

MACOS_MARGIN: Final = 1 / 16
"""Of an icon's size on each side, as Apple's own leave it free."""

SCALES: Final = (1, 2)
"""Pixels of a screen to one of the installers' pictures."""

TOLERANCE: Final = 24
"""How far a pixel may be off, of 255: versions of Qt smooth edges in their own ways."""


@dataclass(frozen=True, slots=True)
class Art:
    """A picture that an installer shows."""

    name: str
    """Of its drawing in assets/installer."""
    size: tuple[int, int]
    """Width and height, in pixels of a screen with one to a pixel."""
    kind: str
    """The end of the exported files' names."""
    icon: tuple[int, int, int] | None = None
    """Where the icon stands on it: left, top and width; None: nowhere."""


ART: Final = (
    Art("wizard", (164, 314), "bmp", icon=(34, 40, 96)),  # Inno Setup, WizardImageFile
    Art("wizard-small", (55, 55), "bmp", icon=(2, 2, 51)),  # the same, WizardSmallImageFile
    Art("dmg", (560, 340), "png"),  # dmgbuild, background; it takes dmg@2x.png along by itself
)


def exports() -> Mapping[Path, bytes]:
    """Return every file that is made of the drawings, by its path."""
    return dict(_exports())


def _exports() -> Iterator[tuple[Path, bytes]]:
    drawing = (ASSETS / "icon.svg").read_bytes()
    hicolor = ASSETS / "icons" / "hicolor"
    yield hicolor / "scalable" / "apps" / f"{NAME}.svg", drawing
    for part in ("web", "operator"):
        yield PACKAGE / part / "static" / "icon.svg", drawing
    for size in LINUX:
        yield hicolor / f"{size}x{size}" / "apps" / f"{NAME}.png", _file("PNG", _icon(size))
    yield ASSETS / "icon.ico", _file("ICO", *map(_icon, WINDOWS))
    yield ASSETS / "icon.icns", _file("ICNS", *(_icon(size, MACOS_MARGIN) for size in MACOS))
    for art in ART:
        for scale in SCALES:
            mark = "" if scale == 1 else f"@{scale}x"
            file = ASSETS / "installer" / f"{art.name}{mark}.{art.kind}"
            yield file, _file(art.kind.upper(), _picture(art, scale))


def _icon(size: int, margin: float = 0) -> Image.Image:
    file = "icon-small.svg" if size <= SMALL_MAX else "icon.svg"
    free = size * margin
    whole = QRectF(free, free, size - 2 * free, size - 2 * free)
    return _drawn((size, size), {ASSETS / file: whole})


def _picture(art: Art, scale: int) -> Image.Image:
    width, height = (length * scale for length in art.size)
    layers = {ASSETS / "installer" / f"{art.name}.svg": QRectF(0, 0, width, height)}
    if art.icon is not None:
        left, top, side = (length * scale for length in art.icon)
        layers[ASSETS / "icon.svg"] = QRectF(left, top, side, side)
    return _drawn((width, height), layers).convert("RGB")


def _drawn(size: tuple[int, int], layers: Mapping[Path, QRectF]) -> Image.Image:
    """Return a picture on which each drawing has its place, the last above the others."""
    canvas = QImage(*size, QImage.Format.Format_RGBA8888_Premultiplied)
    canvas.fill(0)
    painter = QPainter(canvas)
    for file, place in layers.items():
        drawing = QSvgRenderer(str(file))
        if not drawing.isValid():
            sys.exit(f"{file} is no drawing.")
        drawing.render(painter, place)
    painter.end()
    plain = canvas.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes("RGBA", size, bytes(plain.constBits()))


def _file(kind: str, *pictures: Image.Image) -> bytes:
    """Return pictures as one file; several are sizes of one icon, the largest last."""
    file = BytesIO()
    *others, largest = pictures
    # What a kind has no use for, Pillow leaves alone.
    sizes = [picture.size for picture in pictures]
    largest.save(file, kind, optimize=True, append_images=others, sizes=sizes)
    return file.getvalue()


def is_same(one: bytes, other: bytes) -> bool:
    """Tell whether two files show the same, whichever version of Qt has drawn them."""
    if one == other:
        return True
    try:
        pairs = zip(_frames(one), _frames(other), strict=True)
        return all(_is_close(here, there) for here, there in pairs)
    except (OSError, ValueError):  # no pictures, or not as many
        return False


def _frames(file: bytes) -> Iterator[Image.Image]:
    """Yield every picture of a file."""
    with Image.open(BytesIO(file)) as picture:
        if not isinstance(picture, IcoImageFile | IcnsImageFile):
            yield picture.convert("RGBA")
            return
        for size in sorted(picture.info["sizes"]):
            picture.size = size
            picture.load()
            yield picture.convert("RGBA")


def _is_close(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return False
    return max(ImageChops.difference(one, other).tobytes()) <= TOLERANCE


def stale() -> list[Path]:
    """Return the files that are missing, or show something else than the drawings do."""
    return [
        path
        for path, made in exports().items()
        if not (path.is_file() and is_same(path.read_bytes(), made))
    ]


def main(*, is_check: bool) -> int:
    """Draw what is out of date, or only tell of it; return the exit code."""
    made, wanted = exports(), stale()
    for path in wanted:
        said = "out of date" if is_check else "drawn"
        sys.stdout.write(f"{said}: {path.relative_to(ROOT)}\n")
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made[path])
    return int(is_check and bool(wanted))


if __name__ == "__main__":
    sys.exit(main(is_check="--check" in sys.argv[1:]))
