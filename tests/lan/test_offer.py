import socket
from dataclasses import replace

import pytest

from hivemind_chatroom.lan.offer import Names, Offer
from hivemind_chatroom.lan.service import CHATROOM, WEB
from hivemind_chatroom.version import __version__

OFFER = Offer("1A2B3C4D5e6f7081", "Kitchen", 8985, needs_code=False, wanted="hivechat")
NAMES = Names.wanted_by(OFFER)
ADDRESSES = ("192.168.1.23",)


@pytest.fixture(autouse=True)
def _this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Ana-PC.home")


def test_a_room_wants_a_name_of_its_own_and_a_nice_one() -> None:
    assert (NAMES.machine, NAMES.nice) == ("hc-1a2b3c4d.local", "hivechat.local")


def test_the_text_says_what_a_stranger_may_know_in_less_than_400_bytes() -> None:
    assert OFFER.text == {
        "txtvers": "1",
        "path": "/",
        "v": __version__,
        "room": "Kitchen",
        "id": "1a2b3c4d",
        "tls": "0",
        "auth": "open",
    }
    assert next(iter(OFFER.text)) == "txtvers"
    assert replace(OFFER, needs_code=True).text["auth"] == "pin"
    long = replace(OFFER, room_name="厨" * 64).text
    assert sum(len(f"{key}={value}".encode()) + 1 for key, value in long.items()) < 400


def test_other_rooms_find_it_by_the_name_that_is_nobody_elses() -> None:
    service = NAMES.own_service(OFFER, ADDRESSES)
    assert (service.type, service.label, service.host, service.port, service.addresses) == (
        CHATROOM,
        "Kitchen hc-1a2b3c4d",
        "hc-1a2b3c4d.local",
        8985,
        ADDRESSES,
    )


def test_whatever_lists_pages_finds_it_by_the_nice_name() -> None:
    service = NAMES.web_service(OFFER, ADDRESSES)
    assert (service.type, service.label, service.host) == (
        WEB,
        "Kitchen on ana-pc",
        "hivechat.local",
    )


def test_the_computers_own_name_is_left_to_its_system() -> None:
    offer = replace(OFFER, wanted="ana-pc")
    names = Names.wanted_by(offer)
    assert names.nice == "ana-pc.local"
    assert names.web_service(offer, ADDRESSES).host == "hc-1a2b3c4d.local"


def test_a_nice_name_that_is_lost_gets_the_rooms_id_and_another_one_then() -> None:
    once = NAMES.without_nice(OFFER)
    assert once == replace(NAMES, nice="hivechat-1a2b.local")
    twice = once.without_nice(OFFER)
    assert twice.nice not in {once.nice, NAMES.nice}
    assert twice.nice.startswith("hivechat-")


def test_a_label_that_is_lost_gets_the_rooms_id_and_another_one_then() -> None:
    once = NAMES.without_label(OFFER)
    assert once.web_service(OFFER, ADDRESSES).label == "Kitchen on ana-pc (1a2b)"
    twice = once.without_label(OFFER)
    assert twice.mark not in {once.mark, ""}


def test_of_two_rooms_with_one_id_one_gets_another_machine_name() -> None:
    other = NAMES.without_machine()
    assert other.machine != NAMES.machine
    assert other.machine.startswith("hc-")
    assert other.own_service(OFFER, ADDRESSES).name != NAMES.own_service(OFFER, ADDRESSES).name
