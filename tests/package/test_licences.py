from __future__ import annotations

from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest

import licences
from licences import (
    LACKING,
    NOTICE,
    TEXTS,
    gather,
    in_use,
    licence_of,
    metadata_of,
    name_of,
    notice,
    python_licence,
    texts_of,
)


def source_of(package: str, file: str) -> str:
    return str(distribution(package).locate_file(file))


def test_a_file_tells_of_which_package_it_is(tmp_path: Path) -> None:
    sources = [source_of("flask", "flask/app.py"), source_of("nh3", "nh3/__init__.py"), __file__]
    assert [name_of(each) for each in in_use(sources, tmp_path)] == ["Flask", "nh3"]


def test_a_compiled_module_is_of_the_package_of_its_source(tmp_path: Path) -> None:
    compiled = tmp_path / "zeroconf" / "_engine.pyc"
    assert [name_of(each) for each in in_use([str(compiled)], tmp_path)] == ["zeroconf"]


@pytest.mark.parametrize("name", ["zeroconf", "cryptography", "cheroot", "hivemind-core"])
def test_a_package_brings_its_licence(name: str) -> None:
    assert all(text.read_text("utf-8").strip() for text in texts_of(distribution(name)))


def test_what_a_package_lacks_is_here() -> None:
    assert all((TEXTS / text).is_file() for texts in LACKING.values() for text in texts)


def test_every_library_of_the_program_has_a_licence() -> None:
    of_program = {"flask", "pyside6_webengine", "shiboken6", "pywebview", "zeroconf", "tornado"}
    found = [each for each in distributions() if name_of(each).lower() in of_program]
    assert all(texts_of(each) for each in found)


def test_a_package_without_a_licence_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "LACKING", {})
    with pytest.raises(SystemExit, match="proxy_tools brings no licence"):
        texts_of(distribution("proxy_tools"))


def test_the_folder_has_python_and_the_program_and_what_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "licenses"
    folder.mkdir()
    (folder / "old.txt").write_text("of an earlier build")
    gather([distribution("zeroconf"), distribution("proxy_tools")], [], folder)
    assert {each.name for each in folder.iterdir()} == {
        NOTICE,
        "Python",
        "hivemind-flask-chatroom",
        "proxy_tools",
        "zeroconf",
    }
    assert "LESSER GENERAL PUBLIC" in (folder / "zeroconf" / "COPYING").read_text().upper()
    own = {each.name for each in (folder / "hivemind-flask-chatroom").iterdir()}
    assert own == {"LICENSE", "htm-LICENSE.txt", "preact-LICENSE.txt"}


def test_the_notice_names_what_may_be_replaced() -> None:
    zeroconf = distribution("zeroconf")
    text = notice([zeroconf], has_system=False)
    assert "zeroconf is under the GNU Lesser General Public License" in text
    assert f"zeroconf {zeroconf.version}" in text
    assert "Qt" not in text
    with_qt = notice([zeroconf, distribution("PySide6_Essentials")], has_system=True)
    assert "So are Qt and PySide6" in with_qt
    assert max(len(line) for line in with_qt.splitlines()[:24]) <= 80


def test_the_licence_of_a_package_is_told_in_a_few_words() -> None:
    assert licence_of(distribution("zeroconf")) == "LGPL-2.1-or-later"
    assert licence_of(distribution("cheroot")) == "BSD License"


def test_programs_find_what_packages_say_of_themselves() -> None:
    found = dict(metadata_of([distribution("hivemind-core")]))
    (folder,) = {place.partition("/")[0] for place in found}
    assert folder.endswith(".dist-info")
    assert {place.rpartition("/")[2] for place in found} == {"METADATA", "entry_points.txt"}


def test_python_has_its_licence_with_it() -> None:
    assert "PYTHON" in python_licence().read_text("utf-8").upper()
