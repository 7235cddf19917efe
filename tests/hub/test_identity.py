from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hivemind_chatroom.errors import IdentityBrokenError, IdentityError, IdentityMissingError
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.identity import (
    SITE_DEFAULT,
    identity_file,
    protect_keys,
    read_identity,
)

GOOD: dict[str, Any] = {
    "password": "correct horse battery staple",
    "access_key": "42caf3d2405075fb9e7a4e1ff44e4c4f",
    "site_id": "kitchen",
    "default_port": 5679,
    "default_master": "ws://192.168.1.10",
    "secret_key": "HiveMindComs.pem",
    "public_key": "-----BEGIN PUBLIC KEY-----",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "_identity.json"


def write(file: Path, **changes: object) -> Path:
    content = {**GOOD, **changes}
    file.write_text(json.dumps({k: v for k, v in content.items() if v is not ...}))
    return file


def test_an_identity_is_read_as_hivemind_client_writes_it() -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "hivemind_bus_client.scripts", "set-identity"),
            *("--key", GOOD["access_key"], "--password", GOOD["password"]),
            *("--host", "192.168.1.10", "--port", "5679", "--siteid", "kitchen"),
        ],
        check=True,
        capture_output=True,
    )
    identity = read_identity(identity_file())
    assert identity.access_key == GOOD["access_key"]
    assert identity.password == GOOD["password"]
    assert identity.address == HubAddress("192.168.1.10", 5679, tls=False)
    assert identity.site_id == "kitchen"


def test_the_shared_file_is_where_xdg_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert identity_file() == tmp_path / "hivemind" / "_identity.json"


@pytest.mark.parametrize("config", ["", "relative/folder"])
def test_without_a_usable_xdg_the_file_is_below_home(
    monkeypatch: pytest.MonkeyPatch, config: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", config)
    assert identity_file() == Path.home() / ".config" / "hivemind" / "_identity.json"


def test_a_secure_address_keeps_its_scheme(file: Path) -> None:
    assert read_identity(write(file, default_master="wss://hub.example")).address.tls


def test_what_is_not_needed_may_be_missing(file: Path) -> None:
    identity = read_identity(write(file, site_id=..., default_port=..., public_key=...))
    assert identity.address.port == 5678
    assert identity.site_id == SITE_DEFAULT


def test_a_port_written_as_text_is_a_port(file: Path) -> None:
    assert read_identity(write(file, default_port="5680")).address.port == 5680


def test_a_missing_file_says_how_to_make_one(file: Path) -> None:
    with pytest.raises(IdentityMissingError, match="hivemind-client set-identity"):
        read_identity(file)


def test_the_file_that_a_hub_on_this_computer_leaves_is_no_identity_yet(file: Path) -> None:
    write(file, access_key=..., password=..., default_master=..., default_port=..., site_id=...)
    with pytest.raises(IdentityMissingError, match="hivemind-client set-identity"):
        read_identity(file)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"{",
        json.dumps(GOOD).encode()[:-20],
        b"[]",
        b"null",
        b"42",
        b'"text"',
        b"garbage",
        b"\x00\x01\xff\xfe",
        b"{}",
        b"[" * 100_000,
        b" " * (1 << 21),
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_damaged_file_is_reported_and_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(IdentityBrokenError, match="can't be used"):
        read_identity(file)
    assert file.read_bytes() == content


@pytest.mark.parametrize("key", ["access_key", "password", "default_master"])
@pytest.mark.parametrize("value", [..., None, "", " ", 42, [], {}, True, "two\nlines"])
def test_a_field_that_is_needed_and_unusable_is_named(file: Path, key: str, value: object) -> None:
    write(file, **{key: value})
    with pytest.raises(IdentityBrokenError, match=key.replace("_", " ")):
        read_identity(file)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("default_port", "many"),
        ("default_port", 0),
        ("default_port", 70_000),
        ("default_port", True),
        ("default_port", [5678]),
        ("default_port", "٥٦٧٨"),
        ("default_master", "ftp://hub"),
        ("default_master", "ws://"),
    ],
)
def test_an_address_that_none_can_be_is_reported(file: Path, field: str, value: object) -> None:
    write(file, **{field: value})
    with pytest.raises(IdentityBrokenError):
        read_identity(file)


def test_a_folder_in_the_files_place_is_reported(file: Path) -> None:
    file.mkdir()
    with pytest.raises(IdentityBrokenError):
        read_identity(file)


def test_neither_the_identity_nor_its_errors_show_a_secret(file: Path) -> None:
    shown = repr(read_identity(write(file)))
    assert GOOD["password"] not in shown
    assert GOOD["access_key"] not in shown
    with pytest.raises(IdentityBrokenError) as broken:
        read_identity(write(file, default_master=...))
    assert GOOD["password"] not in str(broken.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            key: JSON | st.just(value)
            for key, value in GOOD.items()
            if key not in {"public_key", "secret_key"}
        },
    )
)
def test_any_json_is_an_identity_or_an_identity_error(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]
) -> None:
    file = tmp_path_factory.mktemp("identity") / "_identity.json"
    file.write_text(json.dumps(content))
    try:
        identity = read_identity(file)
    except IdentityError:
        return
    assert identity.access_key
    assert identity.password


@pytest.mark.skipif(os.name != "posix", reason="only POSIX files have modes")
def test_keys_become_readable_by_their_user_alone(file: Path) -> None:
    key = file.parent / "HiveMindComs.pem"
    key.touch(mode=0o644)
    protect_keys(file)
    assert key.stat().st_mode & 0o777 == 0o600


def test_keys_of_a_folder_that_is_not_there_are_no_trouble(tmp_path: Path) -> None:
    protect_keys(tmp_path / "nowhere" / "_identity.json")
