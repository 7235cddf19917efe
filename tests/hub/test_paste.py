from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.paste import TEXT_MAX, Pasted, find_identity

KEY = "83ecfd380a6bfae67a236e3b398726cc"
PASSWORD = "e2922e99757ac87f77b4bbec731d6b8c"
HOST = "192.168.1.10"
HUB = HubAddress(HOST, 5679, tls=False)

SET_IDENTITY = f"hivemind-client set-identity --key {KEY} --password {PASSWORD}"
PAIRING = {
    "key": KEY,
    "password": PASSWORD,
    "host": HOST,
    "port": 5679,
    "name": "Family room",
    "connect_url": f"ws://{HOST}:5679",
    "qr": json.dumps({"key": KEY, "password": PASSWORD, "host": HOST, "port": 5679}),
}
IDENTITY = {
    "password": PASSWORD,
    "access_key": KEY,
    "site_id": "den",
    "default_port": 5679,
    "default_master": f"ws://{HOST}",
    "secret_key": "HiveMindComs.pem",
    "public_key": "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "pinned_noise_keys": {"host:5678": "ab" * 32},
}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (HOST, HubAddress(HOST, 5678, tls=False)),
        (f" {HOST}:5679\n", HUB),
        ("Kitchen.local", HubAddress("Kitchen.local", 5678, tls=False)),
        (f"Access Key: {KEY}\nPassword: {PASSWORD}\n{HOST}:5679", HUB),
        (f"It is {HOST}, I think.", HubAddress(HOST, 5678, tls=False)),
    ],
)
def test_an_address_that_stands_by_itself_is_one(text: str, address: HubAddress) -> None:
    assert find_identity(text).address == address


@pytest.mark.parametrize(
    "text", ["listening on 0.0.0.0:5678", "1.2.3.4.5", "999.1.1.1", "v10.0.0.1x", "hello"]
)
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    assert find_identity(text).address is None


def test_an_address_that_is_called_one_goes_before_others() -> None:
    text = f"Node at 10.0.0.9 is up. {SET_IDENTITY} --host {HOST} --port 5679"
    assert find_identity(text).address == HUB


def printed_by(program: str, *arguments: str, columns: int = 200) -> str:
    """Return what a program of HiveMind writes, all of it, in the folders of this test."""
    code = f"from {program} import *; {_GROUP[program]}()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": str(columns)},
    )
    return done.stdout


_GROUP = {"hivemind_core.scripts": "hmcore_cmds", "hivemind_bus_client.scripts": "hmclient_cmds"}


def added(*allowed: str) -> str:
    options = [f"--allow={topic}" for topic in allowed]
    return printed_by(
        "hivemind_core.scripts",
        *("add-client", "--name", "Family room", "--access-key", KEY, "--password", PASSWORD),
        *options,
    )


@pytest.mark.parametrize("allowed", [(), ("recognizer_loop:utterance",)])
def test_what_hivemind_core_prints_of_a_new_client_is_understood(allowed: tuple[str, ...]) -> None:
    assert find_identity(added(*allowed)) == Pasted(KEY, PASSWORD, client_id="1")


def test_the_list_of_a_hub_with_one_client_is_understood() -> None:
    added()
    assert find_identity(printed_by("hivemind_core.scripts", "list-clients")) == Pasted(
        KEY, PASSWORD, client_id="1"
    )
    assert find_identity(printed_by("hivemind_core.scripts", "export-clients")) == Pasted(
        KEY, PASSWORD, client_id="1"
    )


def test_of_several_clients_none_is_taken_for_ours() -> None:
    added()
    printed_by("hivemind_core.scripts", "add-client", "--name", "Den")
    assert find_identity(printed_by("hivemind_core.scripts", "list-clients")) == Pasted()
    assert find_identity(printed_by("hivemind_core.scripts", "export-clients")) == Pasted()


def test_what_a_narrow_terminal_has_cut_off_is_not_taken() -> None:
    added()
    listed = printed_by("hivemind_core.scripts", "list-clients", columns=80)
    assert "…" in listed
    assert find_identity(listed) == Pasted(client_id="1")


def test_an_identity_file_is_understood() -> None:
    printed_by(
        "hivemind_bus_client.scripts",
        *("set-identity", "--key", KEY, "--password", PASSWORD),
        *("--host", HOST, "--port", "5679", "--siteid", "den"),
    )
    file = Path(os.environ["XDG_CONFIG_HOME"], "hivemind", "_identity.json")
    assert find_identity(file.read_text()) == Pasted(
        KEY, PASSWORD, HUB, has_port=True, site_id="den"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{SET_IDENTITY} --host {HOST} --port 5679",
        f"{SET_IDENTITY} --host={HOST} --port=5679",
        f"{SET_IDENTITY} --host ws://{HOST}:5679",
        f"$ {SET_IDENTITY} \\\n    --host '{HOST}' \\\n    --port \"5679\"  ",
        f"{SET_IDENTITY} `\r\n --host {HOST} ^\r\n --port 5679\r\n",
        f"\ufeff{SET_IDENTITY}\n--host {HOST}\n--port 5679\n\n",
        json.dumps(PAIRING),
        f"Pairing:\n{json.dumps(PAIRING, indent=2)}\nScan it.",
        json.dumps({"client": [PAIRING]}),
        json.dumps({"qr": PAIRING["qr"]}).replace('"{', "{").replace('}"', "}").replace("\\", ""),
        f"Access Key: {KEY}\nPassword: {PASSWORD}\nHost: {HOST}\nPort: 5679",
        f"Access Key: {KEY}  Password: {PASSWORD}  Host: {HOST}  Port: 5679",
        f"  access_key = {KEY} \r\n  password = '{PASSWORD}' \r\n  host = {HOST}:5679",
        f"Access\u00a0Key:\u00a0{KEY}\u200b\nPassword:\n  {PASSWORD}\nws://{HOST}:5679/",
        f'"access_key": "{KEY}",\n"password": "{PASSWORD}",\n"host": "ws://{HOST}:5679",',
        f"Access Key: “{KEY}”\nPassword: ‘{PASSWORD}’\nHost: {HOST}\nPort: 5679",
    ],
)
def test_key_password_and_address_are_found_however_they_are_written(text: str) -> None:
    assert find_identity(text) == Pasted(KEY, PASSWORD, HUB, has_port=True)


@pytest.mark.parametrize(
    ("text", "address", "has_port"),
    [
        ("--host hub.local", HubAddress("hub.local", 5678, tls=False), False),
        ("--host wss://hub.local", HubAddress("hub.local", 5678, tls=True), False),
        ("--host [fe80::1]:5680", HubAddress("fe80::1", 5680, tls=False), True),
        ('{"host": "h", "ssl": true}', HubAddress("h", 5678, tls=True), False),
        ('{"host": "h", "ssl": false}', HubAddress("h", 5678, tls=False), False),
        ('{"host": "h", "url": "wss://h:1"}', HubAddress("h", 5678, tls=True), False),
        ("--host h --port 0", HubAddress("h", 5678, tls=False), True),
        ("--host h --port 123456", HubAddress("h", 5678, tls=False), False),
    ],
)
def test_an_address_keeps_its_port_and_its_scheme(
    text: str, address: HubAddress, *, has_port: bool
) -> None:
    found = find_identity(text)
    assert (found.address, found.has_port) == (address, has_port)


def test_a_password_may_have_spaces_and_dashes_in_it() -> None:
    found = find_identity("Access Key: k-1\nPassword: correct horse -- battery, staple\nx: y")
    assert found == Pasted("k-1", "correct horse -- battery, staple")
    assert find_identity('--password "correct horse"').password == "correct horse"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "hello",
        "Dear all, the key is under the mat.",
        "hivemind-client set-identity --key <access key> --password <password> --host <host>",
        "Encryption Key: 4185240103de0770",
        "{",
        '{"a": ' * 100_000,
        "[" * 100_000,
        '{"access_key": null, "password": ["x"], "default_port": 1e999}',
        '{"metadata": {"key": {"key": {"key": {"key": "too deep"}}}}}',
        f"--key {'k' * 600}",
        "--port many --host ftp://hub",
        f"{' ' * TEXT_MAX}--key {KEY}",
    ],
)
def test_in_what_holds_no_identity_nothing_is_found(text: str) -> None:
    assert find_identity(text) == Pasted()


PIECES = st.sampled_from(
    [
        *("--key", "--password", "--host", "--port", "Access Key:", "Password:", "Host:", "Port:"),
        *(
            '"',
            "'",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "=",
            "\n",
            "\r\n",
            " ",
            "\\",
            "│",
            "ws://",
            "://",
        ),
        *(KEY, PASSWORD, HOST, "5678", '{"access_key": "', "client_id,name,is_admin,access_key"),
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join))
def test_no_text_raises_and_none_is_repeated(text: str) -> None:
    found = find_identity(text)
    shown = repr(found)
    assert KEY not in shown or KEY in (found.site_id, getattr(found.address, "host", ""))
    assert "\n" not in f"{found.key}{found.password}{found.site_id}{found.client_id}"
    assert len(f"{found.key}{found.password}{found.site_id}") <= len(text)


@given(st.text() | st.binary().map(lambda noise: noise.decode("latin-1")))
def test_noise_holds_no_secret(text: str) -> None:
    find_identity(text)
