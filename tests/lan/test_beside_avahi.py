"""Rooms beside avahi: on another computer, on the same one, and asked by its own tools."""

from __future__ import annotations

import pytest

from lan.household import Listener, Room, avahi
from lan.network import Host, Lan


def addresses_of(name: str, host: Host) -> str:
    """Ask avahi on a host who has a name; empty if nobody does."""
    done = host.try_run("avahi-resolve", "-4n", name)
    return done.stdout.partition("\t")[2].strip()


def test_avahis_tools_list_a_room_and_find_its_computer(lan: Lan, host: Host) -> None:
    room = Room(host, 0x11A)
    port = room.ask("go")["port"]
    room.until(state="ok")
    asking = lan.host()
    with avahi(asking, "somebody"):
        listed = {
            type_: asking.run("avahi-browse", "-rptk", type_).stdout
            for type_ in ("_http._tcp", "_hivemind-chat._tcp")
        }
        assert addresses_of("hivechat.local", asking) == host.address
        assert addresses_of(room.machine, asking) == host.address
    for type_, name in (("_http._tcp", "hivechat.local"), ("_hivemind-chat._tcp", room.machine)):
        resolved = [line for line in listed[type_].splitlines() if line.startswith("=;")]
        assert [line.split(";")[6:9] for line in resolved] == [[name, host.address, str(port)]]
        assert '"room=Kitchen"' in resolved[0]
    room.end()


def test_a_neighbour_keeps_its_name_and_the_room_takes_another(lan: Lan, host: Host) -> None:
    neighbour = lan.host()
    with avahi(neighbour, "hivechat") as daemon:
        room = Room(host, 0x22B)
        room.go()
        room.until(state="ok", name=room.suffixed)
        assert addresses_of("hivechat.local", neighbour) == neighbour.address
        assert addresses_of(room.suffixed, neighbour) == host.address
        assert not any("conflict" in line for line in daemon.noise), daemon.noise
        room.end()


def test_a_name_that_the_room_has_is_not_taken_from_it_by_a_neighbour_that_asks(
    lan: Lan, host: Host
) -> None:
    room = Room(host, 0x33C)
    room.go()
    room.until(state="ok", name="hivechat.local")
    neighbour = lan.host()
    with avahi(neighbour, "hivechat"):
        assert addresses_of("hivechat.local", neighbour) == host.address
        assert addresses_of("hivechat-2.local", neighbour) == neighbour.address
    assert room.standing()["name"] == "hivechat.local"
    room.end()


@pytest.mark.parametrize("is_avahi_first", [True, False])
def test_avahi_on_the_same_computer_shares_it_whoever_starts_first(
    is_avahi_first: bool,  # noqa: FBT001 - a parameter of the test
    host: Host,
    ear: Listener,
) -> None:
    room = Room(host, 0x44D)
    if not is_avahi_first:
        room.go()
        room.until(state="ok")
    with avahi(host, "thiscomputer"):
        if is_avahi_first:
            room.go()
        room.until(state="ok", name="hivechat.local")
        ear.hears("hivechat.local", host.address)
        ear.hears("thiscomputer.local", host.address)
        assert addresses_of("hivechat.local", host) == host.address
        room.end()


def test_where_another_program_forbids_sharing_discovery_is_off_until_that_ends(
    host: Host, ear: Listener
) -> None:
    room = Room(host, 0x55E)
    with avahi(host, "thiscomputer", is_alone=True):
        begun = room.go()
        told = room.until(state="off")
        assert (told["name"], told["machine_name"]) == (None, None)
        assert told["addresses"] == [host.address]
    room.until(state="ok", name="hivechat.local")  # it is tried again
    ear.hears("hivechat.local", host.address, begun)
    room.end()
