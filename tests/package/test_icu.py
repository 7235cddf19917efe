from __future__ import annotations

import os
import struct
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from icu import NOT_ASKED_FOR, Item, read, slim, write

HEAD = struct.pack("<HBB", 32, 0xDA, 0x27) + b"\x14\0\0\0\0\0\2\0" + b"CmnD" + b"\1\0\0\0" * 4

ASKED = """
from PySide6.QtCore import QCollator, QLocale, QTimeZone
names = ["Zebra", "Äpfel", "Apfel", "ångström", "ñandú", "nube", "ähnlich", "زهرة", "أرض"]
for tag in ("de_DE", "sv_SE", "es_ES", "ar_EG"):
    print(sorted(names, key=QCollator(QLocale(tag)).sortKey))
print(QLocale("tr_TR").toUpper("istanbul"), QLocale("de_DE").toUpper("straße"))
zone = QTimeZone(b"Europe/Berlin")
print(zone.displayName(QTimeZone.DaylightTime, QTimeZone.LongName, QLocale("pt_PT")))
"""


def icu_data() -> Path | None:
    qt = find_spec("PySide6")
    places = qt.submodule_search_locations if qt else None
    found = [*Path(places[0], "Qt", "lib").glob("libicudata.so.*")] if places else []
    return found[0] if found else None


def test_what_is_written_is_read_again() -> None:
    items = [Item("icudt73l/coll/de.res", b"x" * 17), Item("icudt73l/cnvalias.icu", b"y" * 16)]
    data = write(HEAD, items)
    head, again = read(b"\x7fELF" + bytes(100) + data)
    assert head == HEAD
    assert [item.name for item in again] == [item.name for item in items]
    for item, before in zip(again, items, strict=True):
        assert item.content.rstrip(b"\0") == before.content


def test_every_item_begins_at_a_multiple_of_sixteen() -> None:
    items = [Item(f"icudt73l/{number}.res", b"x" * number) for number in (1, 16, 33)]
    data = write(HEAD, items)
    count = struct.unpack_from("<I", data, len(HEAD))[0]
    entries = [struct.unpack_from("<II", data, len(HEAD) + 4 + 8 * i)[1] for i in range(count)]
    assert [offset % 16 for offset in entries] == [0, 0, 0]


def test_what_is_no_data_of_icu_is_refused() -> None:
    with pytest.raises(ValueError, match="no data"):
        read(b"\x7fELF" + bytes(1000))


@pytest.mark.parametrize(
    ("name", "is_asked_for"),
    [
        ("icudt73l/coll/ucadata.icu", True),
        ("icudt73l/zone/de.res", True),
        ("icudt73l/supplementalData.res", True),
        ("icudt73l/cnvalias.icu", True),
        ("icudt73l/unit/de.res", False),
        ("icudt73l/brkitr/thaidict.dict", False),
        ("icudt73l/ibm-943_P15A-2003.cnv", False),
    ],
)
def test_what_qt_asks_for_stays(name: str, is_asked_for: bool) -> None:  # noqa: FBT001
    assert (NOT_ASKED_FOR.fullmatch(name) is None) is is_asked_for


def test_qt_orders_names_and_knows_times_as_before(tmp_path: Path) -> None:
    library = icu_data()
    if library is None:
        pytest.skip("this Qt has no ICU of its own")
    small = tmp_path / library.name
    slim(library, small)
    assert small.stat().st_size < library.stat().st_size / 2
    assert ask({"LD_PRELOAD": str(small)}) == ask({})


def ask(environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", ASKED]
    return subprocess.check_output(command, env=os.environ | environment, text=True)
