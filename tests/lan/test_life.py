"""When a presence ends, and what it says where it can't be."""

from __future__ import annotations

import errno
import ipaddress
import threading

import pytest

from fakes import FakeClock
from hivemind_chatroom.lan import addresses, life
from hivemind_chatroom.lan.addresses import Addresses, Here, Listening
from hivemind_chatroom.lan.interfaces import Interface
from hivemind_chatroom.lan.offer import Offer
from hivemind_chatroom.lan.presence import Presence
from hivemind_chatroom.room.operating import LanState

OFFER = Offer("1a2b3c4d5e6f7081", "Kitchen", 8985, needs_code=False, wanted="hivechat")
WITHIN_S = 20.0
NEVER_S = 600.0


def at(address: str) -> Addresses:
    """Return the addresses of a computer that has this one."""
    ip = ipaddress.ip_interface(address)
    return Addresses(frozenset({str(ip.ip)}), (Interface("eth0", (ip,)),))


class Stage:
    """A presence that tries nothing a second time while a test lasts."""

    def __init__(self) -> None:
        self.here = Here(FakeClock(), Listening("::"))
        self.told = threading.Semaphore(0)
        self.presence = Presence(
            self.here, FakeClock(), lambda: OFFER, self.told.release, retry_s=NEVER_S
        )

    def until(self, state: LanState) -> None:
        """Wait until it stands like this."""
        while self.here.announced.state is not state:
            assert self.told.acquire(timeout=WITHIN_S)

    def stop(self) -> None:
        """Stop it, which may not wait for the next attempt."""
        stopping = threading.Thread(target=self.presence.stop, daemon=True)
        stopping.start()
        stopping.join(WITHIN_S)
        assert not stopping.is_alive()


def test_a_look_that_fails_after_the_stop_does_not_hold_it_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    is_broken = threading.Event()

    def look(*_: object) -> Addresses:
        if is_broken.is_set():
            raise OSError(errno.EMFILE, "too many open files")
        return Addresses()

    monkeypatch.setattr(addresses, "find_addresses", look)
    stage = Stage()
    stage.presence.start()
    stage.until(LanState.NONE)
    is_broken.set()
    stage.stop()


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (errno.EADDRINUSE, LanState.OFF),
        (errno.EMFILE, LanState.NAMELESS),
        (errno.EPERM, LanState.NAMELESS),
        (errno.ENODEV, LanState.NAMELESS),
    ],
)
def test_only_a_port_that_is_held_is_laid_to_another_program(
    monkeypatch: pytest.MonkeyPatch, number: int, state: LanState
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(addresses, "find_addresses", lambda *_: at("192.168.1.23/24"))
    monkeypatch.setattr(life, "Mdns", refuse)
    stage = Stage()
    stage.presence.start()
    stage.told.acquire(timeout=WITHIN_S)
    assert stage.here.standing().state is state
    stage.stop()


def test_a_failure_that_nobody_knows_is_not_laid_to_another_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def look(*_: object) -> Addresses:
        raise RuntimeError

    monkeypatch.setattr(addresses, "find_addresses", look)
    stage = Stage()
    stage.presence.start()
    stage.until(LanState.NAMELESS)
    stage.stop()


def test_a_network_with_ipv6_alone_is_a_network_without_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "find_addresses", lambda *_: at("2001:db8::23/64"))
    stage = Stage()
    stage.presence.start()
    stage.told.acquire(timeout=WITHIN_S)
    standing = stage.here.standing()
    assert (standing.state, standing.addresses) == (LanState.NAMELESS, ("2001:db8::23",))
    stage.stop()
