from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hivemind_chatroom.hub.address import PORT_DEFAULT, HubAddress, names_port, parse_address


@pytest.mark.parametrize(
    ("text", "host", "port", "tls"),
    [
        ("192.168.1.10", "192.168.1.10", PORT_DEFAULT, False),
        ("hub.local", "hub.local", PORT_DEFAULT, False),
        ("hub.local:6000", "hub.local", 6000, False),
        ("ws://hub.local", "hub.local", PORT_DEFAULT, False),
        ("wss://hub.local", "hub.local", PORT_DEFAULT, True),
        ("WSS://hub.local:443", "hub.local", 443, True),
        ("http://hub.local", "hub.local", PORT_DEFAULT, False),
        ("https://hub.local/", "hub.local", PORT_DEFAULT, True),
        ("ws://hub.local:5678/path?authorization=x", "hub.local", 5678, False),
        ("fe80::1", "fe80::1", PORT_DEFAULT, False),
        ("::1", "::1", PORT_DEFAULT, False),
        ("[::1]", "::1", PORT_DEFAULT, False),
        ("[::1]:6000", "::1", 6000, False),
        ("ws://[2001:db8::5]:6000", "2001:db8::5", 6000, False),
        ("ws://fe80::1", "fe80::1", PORT_DEFAULT, False),
        ("  hub.local \n", "hub.local", PORT_DEFAULT, False),
        ("my_hub", "my_hub", PORT_DEFAULT, False),
        ("casa-são.local", "casa-são.local", PORT_DEFAULT, False),
    ],
)
def test_an_address_is_read_however_it_is_written(
    text: str, host: str, port: int, *, tls: bool
) -> None:
    assert parse_address(text) == HubAddress(host, port, tls)


def test_a_port_beside_the_address_counts_where_the_address_names_none() -> None:
    assert parse_address("hub.local", 6000).port == 6000
    assert parse_address("hub.local:7000", 6000).port == 7000


def test_an_ipv6_address_stands_in_brackets_in_a_url() -> None:
    assert parse_address("::1").url_host == "[::1]"
    assert parse_address("hub.local").url_host == "hub.local"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "ws://",
        "ftp://hub",
        "://hub",
        "javascript:alert(1)",
        "hub:port",
        "hub:",
        "hub:0",
        "hub:65536",
        "a b",
        "user@hub",
        "[::1",
        "[hub]",
        "-hub",
        "hub..local",
        "x" * 300,
        "hub\x00",
        "hub\nhub",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        parse_address(text)


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_none_can_be_is_refused(port: int) -> None:
    with pytest.raises(ValueError, match="port"):
        parse_address("hub", port)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse_address(text)
    except ValueError:
        return
    assert address.host
    assert parse_address(address.url_host, address.port).host == address.host


@pytest.mark.parametrize(
    ("text", "named"),
    [("hub", False), ("hub:5678", True), ("wss://hub/", False), ("[::1]:1", True), ("::1", False)],
)
def test_it_is_known_whether_an_address_names_its_port(text: str, *, named: bool) -> None:
    assert names_port(text) is named
