"""Rooms on a LAN of network namespaces, as the programs of other computers find them."""

from __future__ import annotations

import functools
import ipaddress
import statistics
import time
from collections.abc import Collection
from urllib.parse import urlsplit

from lan.household import Listener, Room
from lan.network import Host, Lan
from lan.talk import Said

MACHINE_NAME_WITHIN_S = 0.2
NICE_NAME_WITHIN_S = 1.5
MOVED_WITHIN_S = 3.0
GOODBYE_WITHIN_S = 1.5
KILLED_WITHIN_S = 10.0

STARTS = 7
"""Of which most have to keep each bar: now and then a busy computer takes longer than that to load
the libraries. `make bench ARGS=lan` tells how it is on one with nothing else to do."""

CROWD = 20


def test_a_room_is_seen_at_once_by_its_machine_name_and_soon_by_its_nice_one(
    host: Host, ear: Listener
) -> None:
    machine: list[float] = []
    nice: list[float] = []
    for number in range(1, 1 + STARTS):
        room = Room(host, number)
        begun = room.go()
        machine.append(ear.hears(room.machine, host.address, begun) - begun)
        nice.append(ear.hears("hivechat.local", host.address, begun) - begun)
        room.end()
    assert statistics.median(machine) <= MACHINE_NAME_WITHIN_S, machine
    assert statistics.median(nice) <= NICE_NAME_WITHIN_S, nice


def test_a_room_is_announced_as_a_page_and_as_a_room_with_what_there_is_to_know(
    host: Host, ear: Listener
) -> None:
    room = Room(host, 0xA1)
    begun = room.go()
    ear.sees("added", "_http._tcp", begun)
    ear.sees("added", "_hivemind-chat._tcp", begun)
    own, page = sorted(
        (each for each in ear.found() if each["addresses"] == [host.address]),
        key=lambda each: str(each["type"]),
    )
    assert (own["type"], own["host"]) == ("_hivemind-chat._tcp.local.", f"{room.machine}.")
    assert (page["type"], page["host"]) == ("_http._tcp.local.", "hivechat.local.")
    assert page["name"].startswith("Kitchen on ")
    assert own["text"] == page["text"]
    assert (
        own["text"].items() >= {"txtvers": "1", "path": "/", "id": room.id, "auth": "open"}.items()
    )
    room.end()


def test_rooms_of_one_name_that_start_together_are_all_seen_and_lead_to_their_own_computers(
    lan: Lan, ear: Listener
) -> None:
    hosts = [lan.host() for _ in range(CROWD)]
    running = {host.address: Room(host, 0xC00 + host.number) for host in hosts}
    begun = time.monotonic()
    for room in running.values():
        room.tell("go")
    for room in running.values():
        room.until(state="ok")
    for room in running.values():
        ear.sees("added", f"hc-{room.id}._hivemind-chat", begun)
    own = [each for each in ear.found() if each["type"] == "_hivemind-chat._tcp.local."]
    assert {(each["addresses"][0], each["text"]["id"]) for each in own} == {
        (address, room.id) for address, room in running.items()
    }
    assert all(len(each["addresses"]) == 1 for each in own)
    address, knowing = running.popitem()
    seen = knowing.until_rooms(*(room.id for room in running.values()))
    assert {urlsplit(room["url"]).hostname for room in seen["rooms"]} == set(running)
    running[address] = knowing
    while len(holders := holders_of("hivechat.local", running.values())) > 1:
        holders[0].until(name=holders[0].suffixed)  # there is a higher one
    assert len(holders) == 1


def holders_of(name: str, rooms: Collection[Room]) -> list[Room]:
    """Return the rooms that say to have a name, the one with the lowest address first."""
    return sorted(
        (room for room in rooms if room.standing()["name"] == name),
        key=lambda room: ipaddress.ip_address(room.standing()["addresses"][0]),
    )


def test_of_two_rooms_that_want_one_name_the_second_takes_another_and_the_first_keeps_it(
    lan: Lan, host: Host, ear: Listener
) -> None:
    first = Room(host, 0xB1)
    first.go()
    first.until(state="ok", name="hivechat.local")
    elsewhere = lan.host()  # its address is the higher one, which decides between equals only
    second = Room(elsewhere, 0xB2)
    begun = second.go()
    second.until(state="ok", name=second.suffixed)
    ear.hears(second.suffixed, elsewhere.address, begun)
    assert first.standing()["name"] == "hivechat.local"
    first.end()
    second.end()


def test_two_rooms_of_one_computer_share_its_name_and_one_may_go(host: Host, ear: Listener) -> None:
    first, second = Room(host, 0xD1, "Kitchen"), Room(host, 0xD2, "Attic")
    for room in (first, second):
        room.go()
        room.until(state="ok", name="hivechat.local")
    first.until_rooms(second.id)
    second.until_rooms(first.id)
    # By then it has long said three times what it is called, and says it for no other reason.
    second.wait(lambda line: line["what"] == "others" and not line["is_searching"])
    left = time.monotonic()
    first.end()
    ear.hears("hivechat.local", host.address, after=left)  # or it would be gone with the first
    second.until_rooms()
    second.end()


def test_a_goodbye_is_heard_at_once(host: Host, ear: Listener) -> None:
    room = Room(host, 0xE1)
    room.go()
    for type_ in ("_hivemind-chat", "_http"):
        ear.sees("added", type_)
    room.end()
    left = room.wait(lambda line: line["what"] == "leaving")["at"]
    for type_ in ("_hivemind-chat", "_http"):
        assert ear.sees("removed", type_, after=left) - left <= GOODBYE_WITHIN_S


def test_a_room_that_is_killed_is_gone_from_the_others_lists(lan: Lan, host: Host) -> None:
    room, doomed = Room(host, 0xF1), Room(lan.host(), 0xF2, "Attic")
    for each in (room, doomed):
        each.go()
    room.until_rooms(doomed.id)
    killed = doomed.kill()
    gone = room.until_rooms(after=killed)["at"] - killed
    assert gone <= KILLED_WITHIN_S
    room.end()


def shows_one_at(address: str, line: Said) -> bool:
    """Tell whether a line lists one room, which is there."""
    return [urlsplit(room["url"]).hostname for room in line.get("rooms", ())] == [address]


def test_another_address_is_right_everywhere_soon(lan: Lan, host: Host, ear: Listener) -> None:
    room, other = Room(host, 0x1A), Room(lan.host(), 0x1B, "Attic", wanted="attic")
    for each in (room, other):
        each.go()
        each.until(state="ok")
    other.until_rooms(room.id)
    for address in ("10.77.0.250", "10.77.0.201"):  # up and down
        moved = time.monotonic()
        host.move(address)
        for name in (room.machine, "hivechat.local"):
            assert ear.hears(name, address, after=moved) - moved <= MOVED_WITHIN_S
        told = room.until(state="ok", name="hivechat.local", addresses=[address], after=moved)
        assert told["at"] - moved <= MOVED_WITHIN_S
        seen = other.wait(functools.partial(shows_one_at, address), after=moved)
        assert seen["at"] - moved <= MOVED_WITHIN_S
    room.end()
    other.end()


def test_a_room_comes_back_with_its_network(host: Host, ear: Listener) -> None:
    room = Room(host, 0x2A)
    room.go()
    room.until(state="ok")
    host.unplug()
    assert room.until(state="none")["addresses"] == []
    back = time.monotonic()
    host.plug()
    ear.hears(room.machine, host.address, after=back)
    room.until(state="ok", name="hivechat.local", after=back)
    room.end()


def test_of_a_pinned_network_others_are_told_alone_as_long_as_it_is_there(
    host: Host, ear: Listener
) -> None:
    further = "10.78.0.1"
    host.add_interface("eth1", further)
    room = Room(host, 0x4A)
    begun = room.go()
    room.until(state="ok", addresses=[host.address, further])
    ear.hears(room.machine, further, after=begun)
    room.tell("pin eth1")
    pinned = room.until(addresses=[further])
    assert [(each["name"], each["is_pinned"]) for each in pinned["interfaces"]] == [
        ("eth1", True),
        ("eth0", False),
    ]
    room.until(state="ok", addresses=[further])
    ear.hears("hivechat.local", further, after=pinned["at"])
    gone = time.monotonic()
    host.remove_interface("eth1")
    ear.hears("hivechat.local", host.address, after=gone)
    told = room.until(state="ok", addresses=[host.address], after=gone)
    assert told["wanted_interface"] == "eth1"
    assert [each["is_pinned"] for each in told["interfaces"]] == [False]
    room.end()


def test_another_room_name_code_or_nice_name_is_told_at_once(host: Host, ear: Listener) -> None:
    room = Room(host, 0x3A)
    room.go()
    room.until(state="ok")
    ear.sees("added", room.id)
    changed = time.monotonic()
    room.tell('offer {"needs_code": true}')
    ear.sees("updated", room.id, after=changed)
    [told] = [each for each in ear.found() if room.id in each["name"]]
    assert told["text"]["auth"] == "pin"
    room.tell('offer {"room_name": "Cellar"}')
    ear.sees("added", f"Cellar {room.machine.removesuffix('.local')}", after=changed)
    ear.sees("removed", f"Kitchen {room.machine.removesuffix('.local')}", after=changed)
    room.tell('offer {"wanted": "cellar"}')
    ear.hears("cellar.local", host.address, after=changed)
    room.until(state="ok", name="cellar.local")
    room.tell('offer {"is_on": false}')
    ear.sees("removed", f"Cellar {room.machine.removesuffix('.local')}", after=changed)
    room.until(state="disabled", name=None)
    room.tell('offer {"is_on": true}')
    room.until(state="ok", name="cellar.local", after=time.monotonic())
    room.end()
