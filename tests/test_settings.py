from pathlib import Path

import pytest

from hivemind_chatroom.errors import SettingInvalidError
from hivemind_chatroom.settings import (
    HubChoice,
    Origin,
    Settings,
    database_file,
    decide,
    load_settings,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_a_room_that_nobody_configured_has_the_defaults(file: Path) -> None:
    assert load_settings(file, {}, {}) == Settings()


def test_flags_beat_the_environment_which_beats_the_file(file: Path) -> None:
    file.write_text('port = 1001\nhost = "10.0.0.1"\nroom_name = "Kitchen"\n')
    environment = {"HIVEMIND_CHATROOM_PORT": "1002", "HIVEMIND_CHATROOM_HOST": "10.0.0.2"}
    settings = load_settings(file, environment, {"port": "1003", "host": None})
    assert (settings.port, settings.host, settings.room_name) == (1003, "10.0.0.2", "Kitchen")


def test_variables_of_other_programs_are_none_of_ours(file: Path) -> None:
    assert load_settings(file, {"PORT": "1", "HIVEMIND_PORT": "2"}, {}) == Settings()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("port", "eighty"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", "٨٠"),
        ("port", True),
        ("hub", "mqtt"),
        ("log_level", "LOUD"),
        ("code", "abc"),
        ("code", "1" * 13),
        ("code", "123"),
        ("code", "1 234"),
        ("code", "١٢٣٤"),
        ("hosts", "bad host"),
        ("hosts", "room.local:8985"),
        ("hosts", "http://room.local"),
        ("hosts", "room..local"),
        ("hosts", "-room.local"),
        ("hosts", "*.local"),
        ("hosts", "x" * 64),
        ("hosts", ".".join(["x" * 60] * 5)),
        ("hosts", [7]),
        ("trusted_proxies", "somewhere"),
        ("trusted_proxies", "10.0.0.1:80"),
        ("trusted_proxies", "10.0.0.1/24"),
        ("trusted_proxies", "0.0.0.0/0"),
        ("trusted_proxies", "10.0.0.1, ::/0"),
        ("trusted_proxies", [7]),
        ("trusted_proxies", 7),
        ("public_url", "chat.example.org"),
        ("public_url", "ftp://chat.example.org"),
        ("public_url", "https://"),
        ("public_url", "https://chat.example.org/room"),
        ("public_url", "https://chat.example.org?room"),
        ("public_url", "https://ana@chat.example.org"),
        ("public_url", "https://chat.example.org:0x1"),
        ("public_url", "https://chat.example.org:65536"),
        ("public_url", "https://bad host"),
        ("public_url", "https://[::1"),
        ("public_url", "https://[localhost]"),
        ("public_url", 7),
        ("rate_limit", "maybe"),
        ("data_dir", ""),
        ("keep_days", 0),
        ("keep_days", "ten"),
        ("keep_days", 36501),
        ("keep_messages", "-1"),
        ("database", ""),
        ("database", "postgres://db/room"),
        ("database", "sqlite:room.db"),
        ("database", "sqlite:///"),
        ("room_name", "   "),
        ("room_name", "x" * 65),
        ("room_name", "two\nlines"),
        ("host", 7),
        ("colour", "red"),
        ("lan", "perhaps"),
        ("lan_name", ""),
        ("lan_name", "two words"),
        ("lan_name", "room.lan"),
        ("lan_name", "-room"),
        ("lan_name", "x" * 51),
        ("lan_name", "küche"),
        ("lan_name", 7),
        ("lan_interface", "eth0\n"),
        ("operator_port", "65536"),
        ("paused", "maybe"),
        ("paused", 1),
        ("members_max", 5001),
        ("languages", "english"),
        ("languages", ["en", 7]),
        ("languages", 7),
        ("language", "en_US"),
        ("set_up", "later"),
        ("set_up_step", 6),
        ("set_up_later", 2),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_place(
    file: Path, key: str, value: object
) -> None:
    with pytest.raises(SettingInvalidError, match=rf"{key} in the command line"):
        load_settings(file, {}, {key: value})


def test_a_broken_file_is_said_to_be_one(file: Path) -> None:
    file.write_text("port = = 1")
    with pytest.raises(SettingInvalidError, match=r"settings\.toml can't be read"):
        load_settings(file, {}, {})


def test_every_value_takes_its_own_type(file: Path, tmp_path: Path) -> None:
    flags = {
        "hub": "built-in",
        "log_level": "debug",
        "rate_limit": "off",
        "keep_days": "7",
        "keep_messages": 500,
        "data_dir": str(tmp_path),
        "hosts": "room.local, kitchen.lan",
        "trusted_proxies": "127.0.0.1, ::1,172.16.0.0/12",
        "public_url": "HTTPS://Chat.Example.org:8443/",
        "code": 482193,
        "lan": "off",
        "lan_name": "Kitchen.local",
        "lan_interface": "eth1",
        "operator_port": "8986",
        "paused": "on",
        "members_max": "50",
        "languages": "en, pt-PT, en",
        "language": "ar",
        "set_up": True,
        "set_up_step": 3,
        "set_up_later": "on",
    }
    assert load_settings(file, {}, flags) == Settings(
        hub=HubChoice.BUILT_IN,
        log_level="DEBUG",
        rate_limit=False,
        keep_days=7,
        keep_messages=500,
        data_dir=tmp_path,
        hosts=("room.local", "kitchen.lan"),
        trusted_proxies=("127.0.0.1/32", "::1/128", "172.16.0.0/12"),
        public_url="https://chat.example.org:8443",
        code="482193",
        lan=False,
        lan_name="kitchen",
        lan_interface="eth1",
        operator_port=8986,
        paused=True,
        members_max=50,
        languages=("en", "pt-PT"),
        language="ar",
        set_up=True,
        set_up_step=3,
        set_up_later=True,
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", ()),
        ("room.local., kitchen.lan,", ("room.local", "kitchen.lan")),
        ("Room_2.local", ("Room_2.local",)),
        ("192.0.2.7,[2001:db8:0::1]", ("192.0.2.7", "2001:db8::1")),
        (["room.local"], ("room.local",)),
    ],
)
def test_further_hosts_are_names_and_addresses_as_browsers_send_them(
    file: Path, said: object, expected: tuple[str, ...]
) -> None:
    assert load_settings(file, {}, {"hosts": said}).hosts == expected


def test_what_the_file_does_not_decide_is_told_with_what_does(file: Path) -> None:
    environment = {"HIVEMIND_CHATROOM_CODE": "1234", "HIVEMIND_CHATROOM_PORT": "1", "HOME": "/"}
    origin = Origin(file, environment, {"port": "2", "host": None})
    assert origin.fixed() == {"code": "the environment", "port": "the command line"}
    file.write_text("keep_days = 7")
    assert origin.settings() == Settings(port=2, code="1234", keep_days=7)


def test_a_decision_that_cannot_be_used_tells_its_setting() -> None:
    with pytest.raises(SettingInvalidError) as caught:
        decide(Settings(), {"paused": True, "keep_days": 0}, "the window")
    assert caught.value.setting == "keep_days"


@pytest.mark.parametrize("code", ["none", "auto", "0000", "1" * 12])
def test_a_join_code_is_long_enough_to_be_one(file: Path, code: str) -> None:
    assert load_settings(file, {}, {"code": code}).code == code


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, "data/room.db"),
        ("sqlite", "data/room.db"),
        ("sqlite:", "data/room.db"),
        ("sqlite:///one.db", "data/one.db"),
        ("sqlite:///chat/one.db", "data/chat/one.db"),
        ("sqlite:////srv/chat/one.db", "/srv/chat/one.db"),
        ("memory", None),
        ("memory:", None),
    ],
)
def test_the_database_is_a_file_or_nothing(
    file: Path, said: str | None, expected: str | None
) -> None:
    settings = load_settings(file, {}, {"database": said})
    found = database_file(settings.database, Path("data"))
    assert found == (None if expected is None else Path(expected))
