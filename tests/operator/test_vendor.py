"""What others have made is what VENDOR.toml says, byte for byte."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import hivemind_chatroom

FOLDER = Path(hivemind_chatroom.__file__).parent / "operator" / "static" / "vendor"
LIST = FOLDER / "VENDOR.toml"
OURS = {LIST.name, "htm-preact-standalone.module.d.ts"}


def listed() -> dict[str, str]:
    """Return the hash of each file."""
    packages = tomllib.loads(LIST.read_text(encoding="utf-8")).values()
    assert all({"version", "licence", "source"} <= package.keys() for package in packages)
    return {name: digest for package in packages for name, digest in package["files"].items()}


def test_every_file_has_the_hash_that_was_written_down() -> None:
    assert listed() == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.iterdir()
        if path.name not in OURS
    }


def test_each_licence_is_there() -> None:
    assert {"htm-LICENSE.txt", "preact-LICENSE.txt"} <= listed().keys()
