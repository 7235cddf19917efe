"""The identity and its keys, as they go into a backup and come out of one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hivemind_chatroom.hub.belongings import belongings
from hivemind_chatroom.hub.node import open_identity


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "hivemind"
    folder.mkdir()
    return folder / "_identity.json"


def identity_in(file: Path, **fields: object) -> None:
    file.write_text(json.dumps({"access_key": "abc", "password": "xyz", **fields}))


def put(files: dict[str, bytes], folder: Path) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder / "_identity.json"


def test_an_identity_finds_its_keys_in_another_folder_too(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "keys"
    elsewhere.mkdir()
    (elsewhere / "ours.pem").write_text("rsa")
    (file.parent / "ours_noise.key").write_text("noise")
    identity_in(file, secret_key=str(elsewhere / "ours.pem"), noise_key="ours_noise.key")
    found = dict(belongings(file))
    (elsewhere / "ours.pem").unlink()
    file.unlink()
    identity = open_identity(put(found, tmp_path / "restored"))
    assert (identity.access_key, identity.password) == ("abc", "xyz")
    assert Path(identity.private_key) == tmp_path / "restored" / "ours.pem"
    assert Path(identity.private_key).read_text() == "rsa"
    assert Path(identity.noise_key).read_text() == "noise"


@pytest.mark.parametrize("name", ["", "node"])
def test_keys_that_are_not_named_are_found_as_the_client_finds_them(file: Path, name: str) -> None:
    identity_in(file, name=name, pinned_noise_keys={"hub:5678": "ab"})
    node = open_identity(file)
    Path(node.private_key).write_text("rsa")
    Path(node.noise_key).write_text("noise")
    found = belongings(file)
    assert set(found) == {"_identity.json", Path(node.private_key).name, Path(node.noise_key).name}
    assert json.loads(found["_identity.json"])["pinned_noise_keys"] == {"hub:5678": "ab"}


def test_a_key_of_an_odd_name_gets_an_ordinary_one(file: Path, tmp_path: Path) -> None:
    identity_in(file, name="what? a *name*", secret_key=".odd")
    (file.parent / ".odd").write_text("rsa")
    (file.parent / "what? a *name*_noise.key").write_text("noise")
    identity = open_identity(put(dict(belongings(file)), tmp_path / "restored"))
    assert Path(identity.private_key) == tmp_path / "restored" / "ours.pem"
    assert Path(identity.noise_key).read_text() == "noise"


@pytest.mark.parametrize("content", [None, "", "{", "[]", '"' + "x" * (1 << 20) + '"'])
def test_what_is_no_identity_has_nothing(file: Path, content: str | None) -> None:
    if content is not None:
        file.write_text(content)
    assert belongings(file) == {}


def test_keys_that_are_not_there_are_left_out(file: Path) -> None:
    identity_in(file, secret_key="/nowhere/x.pem", noise_key="x" * 300)
    assert set(belongings(file)) == {"_identity.json"}
