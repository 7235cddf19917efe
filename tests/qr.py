"""A camera for QR codes: it sees a drawing and reads what it says."""

from __future__ import annotations

import re

import zxingcpp
from PIL import Image

_PIXELS = 4
"""Of a module, from side to side."""


def dark_modules(svg: str) -> set[tuple[int, int]]:
    """Return row and column of each dark module of a drawing by segno, its border counted."""
    path = re.search(r'<path[^>]* class="qrline"[^>]* d="([^"]+)"', svg)
    assert path, svg
    dark, x, y = set(), 0.0, 0.0
    for command, arguments in re.findall(r"([Mmh])([^Mmh]*)", path[1]):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", arguments)]
        if command == "M":
            x, y = numbers
        elif command == "m":
            x, y = x + numbers[0], y + numbers[1]
        else:
            dark |= {(int(y), int(x) + step) for step in range(int(numbers[0]))}
            x += numbers[0]
    return dark


def read_qr(svg: str) -> str:
    """Return what a drawing says to a camera."""
    return str(_seen(svg).text)


def read_qr_bytes(svg: str) -> bytes:
    """Return what is in a drawing, whatever letters a camera takes that for."""
    return bytes(_seen(svg).bytes)


def _seen(svg: str) -> zxingcpp.Barcode:
    size = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert size, svg
    picture = Image.new("L", (int(size[1]), int(size[2])), "white")
    for row, column in dark_modules(svg):
        picture.putpixel((column, row), 0)
    enlarged = picture.resize(
        (picture.width * _PIXELS, picture.height * _PIXELS), Image.Resampling.NEAREST
    )
    [found] = zxingcpp.read_barcodes(enlarged)
    return found
