"""What is no backup, or not a sound one: it is refused before anything is touched."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest

from archive.home import Files, Home
from contract.stores import draft, keep
from fakes import STARTED_AT
from hivemind_chatroom.archive import unpacking
from hivemind_chatroom.archive.manifest import seal_of
from hivemind_chatroom.archive.staging import put_in_place
from hivemind_chatroom.errors import BackupInvalidError, StorageFullError


def unzipped(backup: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(backup)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def sealed(files: Files) -> bytes:
    """Pack files with a manifest that is right about them."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {}
    for name, content in files.items():
        if name != "manifest.json":
            seal = seal_of(io.BytesIO(content))
            manifest["files"][name] = {"size": seal.size, "sha256": seal.sha256}
    return zipped(files | {"manifest.json": json.dumps(manifest).encode()})


def with_manifest(backup: bytes, **values: object) -> bytes:
    files = unzipped(backup)
    manifest = json.loads(files["manifest.json"]) | values
    return zipped(files | {"manifest.json": json.dumps(manifest).encode()})


def twice(backup: bytes) -> bytes:
    packed = io.BytesIO(backup)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("settings.toml", b"")
    return packed.getvalue()


def without(backup: bytes, name: str) -> Files:
    return {key: value for key, value in unzipped(backup).items() if key != name}


Spoil = Callable[[bytes], bytes]
SPOILT: dict[str, tuple[Spoil, str]] = {
    "nothing": (lambda _: b"", "no backup"),
    "no zip": (lambda _: b"hello" * 1000, "no backup"),
    "another zip": (lambda _: zipped({"a.txt": b"hello"}), "no backup"),
    "an empty zip": (lambda _: zipped({}), "no backup"),
    "cut off": (lambda backup: backup[: len(backup) // 2], "no backup"),
    "a file twice": (twice, "no backup"),
    "no manifest": (lambda backup: zipped(without(backup, "manifest.json")), "no backup"),
    "no database": (lambda backup: sealed(without(backup, "room.db")), "no backup"),
    "a manifest of another": (lambda backup: with_manifest(backup, app="x"), "no backup"),
    "a manifest of nonsense": (lambda backup: with_manifest(backup, files=[1]), "no backup"),
    "a long manifest": (lambda backup: with_manifest(backup, x="x" * 100_000), "no backup"),
    "a newer form": (lambda backup: with_manifest(backup, format=2), "newer version"),
    "a file more": (lambda backup: zipped(unzipped(backup) | {"x.txt": b""}), "damaged"),
    "a file less": (lambda backup: zipped(without(backup, "settings.toml")), "damaged"),
    "another size": (
        lambda backup: zipped(unzipped(backup) | {"settings.toml": b"a"}),
        "damaged",
    ),
    "other bytes": (
        lambda backup: zipped(
            unzipped(backup) | {"settings.toml": b"x" * len(unzipped(backup)["settings.toml"])}
        ),
        "damaged",
    ),
    "a way out": (lambda backup: sealed(unzipped(backup) | {"../evil.db": b"x"}), "no backup"),
    "a way out of the identity": (
        lambda backup: sealed(unzipped(backup) | {"identity/../../evil.key": b"x"}),
        "no backup",
    ),
    "a way to the root": (lambda backup: sealed(unzipped(backup) | {"/evil": b""}), "no backup"),
    "another identity's file": (
        lambda backup: sealed(unzipped(backup) | {"identity/server.json": b"x"}),
        "no backup",
    ),
    "many files": (
        lambda backup: sealed(
            unzipped(backup) | {f"identity/{number}.pem": b"x" for number in range(20)}
        ),
        "no backup",
    ),
    "a huge key": (
        lambda backup: sealed(unzipped(backup) | {"identity/a.pem": bytes(2 << 20)}),
        "too large",
    ),
    "no room's database": (
        lambda backup: sealed(unzipped(backup) | {"room.db": b"x" * 9000}),
        "damaged",
    ),
    "settings of another": (
        lambda backup: sealed(unzipped(backup) | {"settings.toml": b"color = 7\n"}),
        "settings",
    ),
    "settings that are none": (
        lambda backup: sealed(unzipped(backup) | {"settings.toml": b"\xff\x00"}),
        "settings",
    ),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_what_is_no_sound_backup_is_refused_and_changes_nothing(
    home: Home, backup: bytes, spoilt: str
) -> None:
    spoil, reason = SPOILT[spoilt]
    store = home.open()
    keep(store, draft("of today"))
    before = home.files()
    for take in (home.restore, home.look_into):
        with pytest.raises(BackupInvalidError, match=reason):
            take(spoil(backup))
    assert home.files() == before
    assert home.started_anew == 0
    store.close()
    assert not put_in_place(home.places, STARTED_AT)


def test_a_bomb_is_refused_before_it_goes_off(
    home: Home, backup: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "_UNPACKED_MAX_BYTES", 1 << 20)
    bomb = sealed(unzipped(backup) | {"room.db": bytes(2 << 20)})
    assert len(bomb) < 20_000
    with pytest.raises(BackupInvalidError, match="too large"):
        home.restore(bomb)


def test_a_bomb_that_lies_about_its_size_is_read_no_further_than_it_says(
    home: Home, backup: bytes
) -> None:
    files = unzipped(backup)
    size = len(files["room.db"])
    honest = sealed(files | {"room.db": bytes(8 << 20)})
    manifest = json.loads(unzipped(honest)["manifest.json"])
    manifest["files"]["room.db"]["size"] = size
    lying = zipped(unzipped(honest) | {"manifest.json": json.dumps(manifest).encode()})
    lying = lying.replace((8 << 20).to_bytes(4, "little"), size.to_bytes(4, "little"))
    with pytest.raises(BackupInvalidError):
        home.restore(lying)
    assert not any(home.data.glob("**/room.db"))


def test_a_disk_without_room_for_it_is_said(
    home: Home, backup: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "_SPARE_BYTES", 1 << 60)
    with pytest.raises(StorageFullError, match="no place"):
        home.restore(backup)
    assert home.files() == {}
