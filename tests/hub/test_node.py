from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hivemind_bus_client.exceptions import IdentityFileCorrupted

from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.node import open_identity, pin_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "_identity.json"
    file.write_text(json.dumps({"password": "old", "pinned_noise_keys": {"other:1": "aa"}}))
    return file


def set_password(file: Path, password: str) -> None:
    content = json.loads(file.read_text())
    file.write_text(json.dumps({**content, "password": password}))


def test_a_hubs_key_is_remembered_without_undoing_what_was_set_meanwhile(file: Path) -> None:
    identity = open_identity(file)
    set_password(file, "new")
    identity.pin_noise_key("hub:5678", "bb")
    assert json.loads(file.read_text()) == {
        "password": "new",
        "pinned_noise_keys": {"other:1": "aa", "hub:5678": "bb"},
    }


def test_a_hubs_key_is_forgotten_without_undoing_what_was_set_meanwhile(file: Path) -> None:
    identity = open_identity(file)
    set_password(file, "new")
    assert identity.forget_noise_key("other:1")
    assert not identity.forget_noise_key("other:1")
    assert json.loads(file.read_text()) == {"password": "new", "pinned_noise_keys": {}}


@contextmanager
def after_another_write(file: Path) -> Iterator[None]:
    """Be a lock that somebody held who has just written the file."""
    set_password(file, "new")
    yield


def test_nothing_is_read_again_before_the_other_writer_has_ended(file: Path) -> None:
    open_identity(file, after_another_write(file)).pin_noise_key("hub:5678", "bb")
    assert json.loads(file.read_text())["password"] == "new"
    set_password(file, "newer")
    open_identity(file, after_another_write(file)).forget_noise_key("other:1")
    assert json.loads(file.read_text())["password"] == "new"


def test_the_first_key_of_an_identity_that_is_not_there_yet_makes_it(tmp_path: Path) -> None:
    file = tmp_path / "_identity.json"
    open_identity(file).pin_noise_key("hub:5678", "bb")
    assert json.loads(file.read_text()) == {"pinned_noise_keys": {"hub:5678": "bb"}}


def test_a_damaged_identity_is_not_taken_for_an_empty_one(file: Path) -> None:
    file.write_text("{")
    with pytest.raises(IdentityFileCorrupted):
        open_identity(file)


def test_hubs_are_told_apart_as_the_library_does_it() -> None:
    assert pin_of(HubAddress("hub.local", 5678, tls=True)) == "hub.local:5678"
    assert pin_of(HubAddress("::1", 1, tls=False)) == "[::1]:1"
