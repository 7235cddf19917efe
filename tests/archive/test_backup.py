"""A backup of a room: made, and put in place of what is there."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from archive.home import IDENTITY, Home
from contract.stores import draft, keep
from fakes import STARTED_AT, FakeClock, FakeLanguages
from hivemind_chatroom.archive.archive import Archive
from hivemind_chatroom.archive.export import Export
from hivemind_chatroom.archive.staging import put_in_place
from hivemind_chatroom.errors import BackupFailedError, BackupInvalidError, StorageFullError
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.settings import HubChoice, Settings, load_settings
from hivemind_chatroom.store.memory import MemoryStore
from hivemind_chatroom.store.place import DatabasePlace
from hivemind_chatroom.store.sqlite import SqliteStore


def test_a_backup_says_when_it_was_made_and_changes_nothing(home: Home, backup: bytes) -> None:
    before = home.files()
    assert home.look_into(backup) == "2026-03-14T15:09:26+00:00"
    assert home.files() == before
    assert home.started_anew == 0


def test_what_is_backed_up_is_there_after_a_restore(home: Home, backup: bytes) -> None:
    home.open().close()
    home.restore(backup)
    assert home.started_anew == 1
    assert put_in_place(home.places, STARTED_AT)
    store = home.open()
    room = Room(RoomSettings(), store, home.clock, FakeLanguages())
    assert [member.name for member, _ in room.members()] == ["Ana"]
    assert len(store.page(None, limit=100).messages) == 50
    store.close()
    settings = load_settings(home.places.settings, {}, {})
    assert settings == home.settings
    for name, content in IDENTITY.items():
        assert home.places.identity.with_name(name).read_bytes() == content


def test_a_room_that_was_wiped_comes_back_too(home: Home, backup: bytes) -> None:
    home.restore(backup)
    assert put_in_place(home.places, STARTED_AT)
    store = home.open()
    assert store.last_id() == 50
    store.close()


def test_nothing_is_replaced_before_the_room_starts_anew(home: Home, backup: bytes) -> None:
    store = home.open()
    keep(store, draft("still here"))
    home.restore(backup)
    assert not put_in_place(home.places, STARTED_AT)
    assert keep(store, draft("and here"))[0].id == 2
    store.close()
    assert put_in_place(home.places, STARTED_AT)
    assert not put_in_place(home.places, STARTED_AT)


def test_what_was_there_is_set_aside_and_all_is_its_users_alone(home: Home, backup: bytes) -> None:
    store = home.open()
    keep(store, draft("of today"))
    store.close()
    home.places.settings.write_text('room_name = "Today"\n')
    home.places.identity.parent.mkdir()
    home.places.identity.write_text('{"access_key": "today"}')
    home.restore(backup)
    put_in_place(home.places, STARTED_AT)
    stamp = "before-restore-20260314-150926"
    old = SqliteStore(home.data / f"room-{stamp}.db", home.clock)
    assert [message.draft.text for message in old.page(None).messages] == ["of today"]
    old.close()
    assert "Today" in (home.config / f"settings-{stamp}.toml").read_text()
    aside = home.places.identity.with_name(f"_identity-{stamp}.json")
    assert "today" in aside.read_text()
    modes = {p.name: p.stat().st_mode & 0o777 for p in home.config.rglob("*") if p.is_file()}
    assert set(modes.values()) == {0o600}, modes
    assert not (home.data / "restore").exists()


def test_what_says_where_things_are_stays_as_it_is_on_this_computer(
    home: Home, backup: bytes
) -> None:
    home.places.settings.write_text('host = "127.0.0.1"\nhosts = ["a.b"]\nkeep_days = 3\n')
    home.restore(backup)
    put_in_place(home.places, STARTED_AT)
    settings = load_settings(home.places.settings, {}, {})
    assert settings == replace(home.settings, host="127.0.0.1", hosts=("a.b",))


def test_whom_another_computer_believed_is_not_believed_here(home: Home) -> None:
    here = home.settings
    home.settings = replace(
        here, trusted_proxies=("10.0.0.2/32",), public_url="https://chat.example.org"
    )
    store = home.open()
    backup = home.backup()
    store.close()
    home.restore(backup)
    put_in_place(home.places, STARTED_AT)
    assert load_settings(home.places.settings, {}, {}) == here


@pytest.mark.parametrize("here", ["", "eth7"])
def test_the_network_of_another_computer_is_not_chosen_here(home: Home, here: str) -> None:
    home.settings = replace(home.settings, lan_interface="wlp3s0")
    store = home.open()
    backup = home.backup()
    store.close()
    home.places.settings.write_text(f'lan_interface = "{here}"\n')
    home.restore(backup)
    put_in_place(home.places, STARTED_AT)
    settings = load_settings(home.places.settings, {}, {})
    assert settings == replace(home.settings, lan_interface=here)


def test_what_a_flag_decides_for_one_start_is_not_in_a_backup_but_the_code_is(home: Home) -> None:
    home.settings = replace(home.settings, hub=HubChoice.NONE, rate_limit=False)
    home.fixed = ("hub", "rate_limit", "code")
    store = home.open()
    backup = home.backup()
    store.close()
    home.restore(backup)
    put_in_place(home.places, STARTED_AT)
    settings = load_settings(home.places.settings, {}, {})
    assert (settings.hub, settings.rate_limit) == (HubChoice.AUTO, True)
    assert (settings.code, settings.room_name) == ("482193", home.settings.room_name)


def test_a_restore_that_was_cut_off_is_taken_up(
    home: Home, backup: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.open().close()
    home.places.settings.write_text('room_name = "Today"\n')
    home.restore(backup)
    with monkeypatch.context() as patch:
        patch.setattr(DatabasePlace, "put", _cut_off)
        with pytest.raises(StorageFullError):
            put_in_place(home.places, STARTED_AT)
    assert "Today" in home.places.settings.read_text()
    assert put_in_place(home.places, STARTED_AT)
    store = home.open()
    assert store.last_id() == 50
    store.close()
    [aside] = home.config.glob("settings-before-restore-*.toml")
    assert "Today" in aside.read_text()


def _cut_off(*_: object) -> None:
    raise OSError("the disk was pulled out")


def test_what_a_crash_has_left_of_backups_and_restores_is_deleted(home: Home) -> None:
    home.open().close()
    before = home.files()
    for name in (".backup-x1", ".restore-x2"):
        (home.data / name / "identity").mkdir(parents=True)
        (home.data / name / "room.db").write_text("what people say")
    store = home.open()
    assert not put_in_place(home.places, STARTED_AT)
    assert (home.data / ".backup-x1").exists()
    store.close()
    assert not put_in_place(home.places, STARTED_AT)
    assert home.files() == before


def test_a_file_that_is_called_like_what_a_crash_leaves_is_in_nobodys_way(
    home: Home, backup: bytes
) -> None:
    for name in (".backup-notes", ".restore-notes"):
        (home.data / name).write_text("of somebody")
    home.restore(backup)
    assert put_in_place(home.places, STARTED_AT)
    assert (home.data / ".backup-notes").read_text() == "of somebody"
    assert (home.data / ".restore-notes").exists()


def test_the_newest_of_two_restores_is_the_one(home: Home, backup: bytes) -> None:
    store = home.open()
    keep(store, draft("one"))
    second = home.backup()
    store.close()
    home.restore(backup)
    home.restore(second)
    put_in_place(home.places, STARTED_AT)
    store = home.open()
    assert store.last_id() == 1
    store.close()


def test_a_backup_leaves_nothing_behind_and_can_be_left_unread(home: Home) -> None:
    home.open().close()
    before = home.files()
    download = home.archive().backup()
    assert download.name == "chatroom-backup-2026-03-14.zip"
    download.chunks.close()  # type: ignore[attr-defined] # a Download's may have it
    assert home.files() == before


def test_a_room_in_memory_has_no_backup() -> None:
    clock = FakeClock()
    archive = Archive(
        Export(MemoryStore(clock), lambda: "Room", clock),
        None,
        settings=Settings,
        fixed=(),
        identity=dict,
        start_anew=lambda: None,
        clock=clock,
    )
    with pytest.raises(BackupFailedError, match="nothing on disk"):
        archive.backup()
    with pytest.raises(BackupInvalidError, match="nothing on disk"):
        archive.restore(io.BytesIO())
