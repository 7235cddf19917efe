"""The parts of `make dist` that can go wrong unseen; the target itself tries the rest."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

import dist


def archive(file: Path, names: list[str], owner: str) -> Path:
    """Write an archive as setuptools does: of this minute, and of whoever builds."""
    with tarfile.open(file, "w:gz") as tar:
        for number, name in enumerate(names):
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.uname = len(name), number * 1_000, owner
            tar.addfile(member, io.BytesIO(name.encode()))
    return file


def test_two_builds_of_the_same_are_the_same_to_the_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for owner, names in (("ana", ["room/a", "room/b"]), ("rui", ["room/b", "room/a"])):
        raw = archive(tmp_path / f"{owner}.tar.gz", names, owner)
        even = tmp_path / owner / "room-1.tar.gz"
        even.parent.mkdir()
        dist.even_out(raw, even)
        made.append(even.read_bytes())
    assert made[0] == made[1]
    with tarfile.open(tmp_path / "rui" / "room-1.tar.gz") as tar:
        assert tar.getnames() == ["room/a", "room/b"]
        assert {member.mtime for member in tar} == {1_700_000_000}


def test_a_program_stays_one_and_nothing_else_becomes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    raw, even = tmp_path / "raw.tar.gz", tmp_path / "even.tar.gz"
    with tarfile.open(raw, "w:gz") as tar:
        for name, mode in (("program", 0o775), ("text", 0o664)):
            file = tmp_path / name
            file.write_text(name)
            os.chmod(file, mode)  # noqa: PTH101 - the mode is what this is about
            tar.add(file, name)
    dist.even_out(raw, even)
    with tarfile.open(even) as tar:
        assert {member.name: member.mode for member in tar} == {"program": 0o755, "text": 0o644}
