from __future__ import annotations

import pytest

from hivemind_chatroom.errors import IdentityIncompleteError
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.completing import complete
from hivemind_chatroom.hub.identity import HubIdentity
from hivemind_chatroom.hub.paste import Pasted
from hivemind_chatroom.room.operating import Credentials

SAVED = HubIdentity("saved key", "saved pass", HubAddress("saved", 1_111, tls=True), "saved site")
FOUND = Pasted("found", "found pass", HubAddress("found", 2_222, tls=True), True, "found site")  # noqa: FBT003 - has its port
NOTHING = Pasted()


def test_what_was_typed_wins_over_what_was_pasted_and_that_over_what_is_saved() -> None:
    typed = Credentials(key=" typed ", password=" typed pass ", host="typed", port=3, site_id="x")
    assert complete(typed, FOUND, SAVED) == HubIdentity(
        "typed", "typed pass", HubAddress("typed", 3, tls=False), "x"
    )
    assert complete(Credentials(), FOUND, SAVED) == HubIdentity(
        "found", "found pass", HubAddress("found", 2_222, tls=True), "found site"
    )
    assert complete(Credentials(), NOTHING, SAVED) == SAVED
    assert complete(Credentials(password="typed"), NOTHING, SAVED).access_key == "saved key"


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("found", None, HubAddress("found", 2_222, tls=True)),
        ("saved", None, HubAddress("saved", 1_111, tls=True)),
        ("saved", 7, HubAddress("saved", 7, tls=True)),
        ("saved:8", None, HubAddress("saved", 8, tls=True)),
        ("ws://saved", None, HubAddress("saved", 1_111, tls=False)),
        ("other", None, HubAddress("other", 5678, tls=False)),
        ("wss://other:9", None, HubAddress("other", 9, tls=True)),
        ("wss://other:9", 10, HubAddress("other", 10, tls=True)),
        (" ", 11, HubAddress("found", 11, tls=True)),
    ],
)
def test_port_and_scheme_go_with_their_host(
    host: str, port: int | None, address: HubAddress
) -> None:
    assert complete(Credentials(host=host, port=port), FOUND, SAVED).address == address


def test_an_address_that_was_pasted_without_its_port_has_the_saved_one_if_it_is_the_same() -> None:
    for host, port in (("saved", 1_111), ("other", 5678)):
        found = Pasted("k", "p", HubAddress(host, 5678, tls=False))
        assert complete(Credentials(), found, SAVED).address.port == port


@pytest.mark.parametrize(
    ("credentials", "missing"),
    [
        (Credentials(password="p", host="h"), "key"),
        (Credentials(key="k", host="h"), "password"),
        (Credentials(key="k", password="p"), "address"),
        (Credentials(key="k", password="p", host="h h"), "address"),
        (Credentials(key="k", password="p", host="h", port=0), "port"),
        (Credentials(key="k", password="p", host="h", port=70_000), "port"),
        (Credentials(key="k\nk", password="p", host="h"), "line breaks"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_repeated(
    credentials: Credentials, missing: str
) -> None:
    with pytest.raises(IdentityIncompleteError, match=missing):
        complete(credentials, NOTHING, None)


def test_a_site_need_not_be_known() -> None:
    credentials = Credentials(key="k", password="p", host="h")
    assert complete(credentials, NOTHING, None).site_id == "unknown"
