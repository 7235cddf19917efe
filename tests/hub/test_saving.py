from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hivemind_chatroom.errors import IdentityBrokenError
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.identity import HubIdentity, identity_file, read_identity
from hivemind_chatroom.hub.keys import make_rsa_key
from hivemind_chatroom.hub.node import open_identity
from hivemind_chatroom.hub.saving import forget_hub_key, save_identity
from hub.test_paste import printed_by

IDENTITY = HubIdentity(
    "42caf3d2405075fb9e7a4e1ff44e4c4f",
    "correct horse battery staple",
    HubAddress("192.168.1.10", 5679, tls=False),
    "den",
)
PSKS = "unnamed-node_noise_psks.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hivemind" / "_identity.json"


def content(file: Path) -> dict[str, object]:
    held: dict[str, object] = json.loads(file.read_text())
    return held


def test_it_is_what_hivemind_client_would_have_written(file: Path) -> None:
    assert save_identity(file, IDENTITY) is None
    printed_by(
        "hivemind_bus_client.scripts",
        *("set-identity", "--key", IDENTITY.access_key, "--password", IDENTITY.password),
        *("--host", "192.168.1.10", "--port", "5679", "--siteid", "den"),
    )
    theirs = content(identity_file())
    ours = content(file)
    assert re.fullmatch(
        r"-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----", str(ours["public_key"])
    )
    assert {**ours, "public_key": ""} == {**theirs, "public_key": ""}
    assert sorted(path.name for path in file.parent.iterdir()) == sorted(
        path.name for path in identity_file().parent.iterdir()
    )


def test_it_is_read_as_it_was_written(file: Path) -> None:
    for address in (
        HubAddress("hub.local", 5678, tls=True),
        HubAddress("fe80::1", 1, tls=False),
    ):
        identity = HubIdentity("key", "pass word", address, "den")
        save_identity(file, identity)
        assert read_identity(file) == identity


@pytest.mark.skipif(os.name != "posix", reason="only POSIX files have modes")
def test_files_and_folder_are_their_users_alone(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.parent.chmod(0o700)
    file.write_text("{}")
    file.chmod(0o644)
    (file.parent / "HiveMindComs.pem").touch(mode=0o644)
    file.with_name("HiveMindComs.pem").unlink()
    file.with_name("other.pem").touch(mode=0o644)
    before = os.umask(0)
    try:
        save_identity(file, IDENTITY)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert modes == dict.fromkeys(("_identity.json", "HiveMindComs.pem", "other.pem"), 0o600)


def test_what_else_an_identity_holds_stays(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"public_key": "mine", "pinned_noise_keys": {"h:1": "ab"}}))
    save_identity(file, IDENTITY)
    assert content(file)["public_key"] == "mine"
    assert content(file)["pinned_noise_keys"] == {"h:1": "ab"}
    assert not file.with_name("HiveMindComs.pem").exists()


@contextmanager
def after_a_pin(file: Path) -> Iterator[None]:
    """Be a lock that the connection held, which has just remembered a hub's key."""
    open_identity(file).pin_noise_key("h:1", "ab")
    yield


def test_a_key_that_the_connection_remembers_meanwhile_stays(file: Path) -> None:
    save_identity(file, IDENTITY, after_a_pin(file))
    assert content(file)["pinned_noise_keys"] == {"h:1": "ab"}
    assert read_identity(file) == IDENTITY


def test_the_connection_writes_while_this_computers_key_is_made(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_slowly(key: Path) -> None:
        open_identity(file).pin_noise_key("h:1", "ab")
        make_rsa_key(key)

    monkeypatch.setattr("hivemind_chatroom.hub.saving.make_rsa_key", make_slowly)
    save_identity(file, IDENTITY)
    assert content(file)["pinned_noise_keys"] == {"h:1": "ab"}


@pytest.mark.parametrize(("password", "stay"), [(IDENTITY.password, True), ("another", False)])
def test_what_came_of_an_earlier_password_goes_with_it(
    file: Path, password: str, *, stay: bool
) -> None:
    save_identity(file, IDENTITY)
    psks = file.with_name(PSKS)
    psks.write_text("{}")
    save_identity(file, HubIdentity("other key", password, IDENTITY.address, "den"))
    assert psks.exists() is stay


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b"\x00\xff", b"[" * 100_000])
def test_a_damaged_identity_is_set_aside_and_not_lost(file: Path, damaged: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(damaged)
    first = save_identity(file, IDENTITY)
    assert first
    assert first.read_bytes() == damaged
    assert re.fullmatch(r"_identity\.damaged-\d{8}-\d{6}-\d{6}\.json", first.name)
    assert read_identity(file) == IDENTITY
    file.write_bytes(damaged)
    second = save_identity(file, IDENTITY)
    assert second != first
    if os.name == "posix":
        assert first.stat().st_mode & 0o777 == 0o600


def test_where_nothing_can_be_written_everything_stays_as_it_was(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("{")
    file.with_name("HiveMindComs.pem").mkdir()
    with pytest.raises(OSError, match=r".*"):
        save_identity(file, IDENTITY)
    assert file.read_text() == "{"
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "HiveMindComs.pem",
        "_identity.json",
    ]


def test_a_hubs_key_is_forgotten_and_no_other(file: Path) -> None:
    save_identity(file, IDENTITY)
    held = {**content(file), "pinned_noise_keys": {"192.168.1.10:5679": "a", "h:1": "b"}}
    file.write_text(json.dumps(held))
    assert forget_hub_key(file, IDENTITY.address)
    assert not forget_hub_key(file, IDENTITY.address)
    assert content(file)["pinned_noise_keys"] == {"h:1": "b"}


def test_a_key_in_a_damaged_identity_is_not_forgotten(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("{")
    with pytest.raises(OSError, match="damaged"):
        forget_hub_key(file, IDENTITY.address)
    with pytest.raises(IdentityBrokenError):
        read_identity(file)
