import ipaddress
import socket

from fakes import FakeClock
from hivemind_chatroom.lan.addresses import OwnNames, find_addresses


def test_loopback_and_link_local_ipv6_are_no_addresses_of_the_lan() -> None:
    found = [ipaddress.ip_address(ip) for ip in find_addresses().all]
    assert not any(ip.is_loopback for ip in found)
    assert not any(ip.version == 6 and ip.is_link_local for ip in found)


def test_the_primary_address_is_one_of_those_found() -> None:
    addresses = find_addresses()
    assert addresses.primary is None or addresses.primary in addresses.all


def test_a_room_answers_to_this_computers_names_and_to_what_the_operator_adds() -> None:
    names = OwnNames(("Room.Example",), FakeClock()).current()
    host = socket.gethostname().lower()
    assert {"localhost", "127.0.0.1", "::1", host, f"{host}.local", "room.example"} <= names
    assert find_addresses().all <= names
