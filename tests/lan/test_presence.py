"""What a presence does without a LAN: nothing where nobody could call, and nothing after a stop."""

import subprocess
import sys
import threading

import pytest

from fakes import FakeClock
from hivemind_chatroom.lan import addresses, life, presence
from hivemind_chatroom.lan.addresses import Addresses, Here, Listening
from hivemind_chatroom.lan.offer import Offer
from hivemind_chatroom.lan.presence import Presence
from hivemind_chatroom.room.operating import LanState, SeenHubs, SeenRooms

OFFER = Offer("1a2b3c4d5e6f7081", "Kitchen", 8985, needs_code=False, wanted="hivechat")
WITHIN_S = 20.0


class Stage:
    """A presence of a computer without a network."""

    def __init__(self, host: str, offer: Offer = OFFER) -> None:
        self.clock = FakeClock()
        self.here = Here(self.clock, Listening(host))
        self.offer = offer
        self.told = threading.Semaphore(0)
        self.presence = Presence(self.here, self.clock, lambda: self.offer, self.told.release)

    def until(self, state: LanState) -> None:
        """Wait until it stands like this."""
        while self.here.announced.state is not state:
            assert self.told.acquire(timeout=WITHIN_S)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "find_addresses", lambda *_: Addresses())


def lan_threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("lan")]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_a_room_that_only_this_computer_can_call_has_no_thread_and_no_neighbours(host: str) -> None:
    stage = Stage(host)
    stage.presence.start()
    assert lan_threads() == []
    assert stage.here.standing().state is LanState.DISABLED
    assert (stage.presence.rooms(), stage.presence.hubs()) == (SeenRooms(), SeenHubs())
    stage.presence.renew()
    stage.presence.stop()


def test_a_computer_without_a_network_is_told_to_be_one_and_leaves_no_thread() -> None:
    stage = Stage("0.0.0.0")  # noqa: S104 - nothing listens
    assert stage.here.standing().state is LanState.STARTING
    stage.presence.start()
    stage.until(LanState.NONE)
    assert lan_threads() == ["lan"]
    stage.presence.stop()
    assert lan_threads() == []


def test_who_does_not_want_it_announced_is_heard_while_it_runs() -> None:
    stage = Stage("0.0.0.0", Offer("1a2b3c4d", "Kitchen", 1, False, "hivechat", is_on=False))  # noqa: FBT003, S104
    stage.presence.start()
    stage.until(LanState.DISABLED)
    stage.offer = OFFER
    stage.presence.renew()
    stage.until(LanState.NONE)
    stage.presence.stop()


def test_one_that_was_never_started_can_be_stopped_twice() -> None:
    stage = Stage("0.0.0.0")  # noqa: S104 - nothing listens
    stage.presence.stop()
    stage.presence.stop()


def test_a_failure_ends_neither_thread_nor_room(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage("0.0.0.0")  # noqa: S104 - nothing listens
    looks = iter([RuntimeError("once")])

    def look(*_: object) -> Addresses:
        for failure in looks:
            raise failure
        return Addresses()

    monkeypatch.setattr(addresses, "find_addresses", look)
    stage.presence = Presence(
        stage.here, stage.clock, lambda: stage.offer, stage.told.release, retry_s=0.0
    )
    stage.presence.start()
    stage.until(LanState.NONE)
    stage.presence.stop()


def test_a_presence_that_cannot_begin_is_told_and_ends_the_search(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise ImportError("zeroconf is broken")

    monkeypatch.setattr(life, "Life", refuse)
    stage = Stage("0.0.0.0")  # noqa: S104 - nothing listens
    stage.presence.start()
    stage.until(LanState.NAMELESS)
    assert (stage.presence.rooms(), stage.presence.hubs()) == (SeenRooms(), SeenHubs())
    assert "ImportError" in caplog.text
    stage.presence.stop()
    assert lan_threads() == []


def test_neighbours_are_searched_for_until_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, may_go_on = Stage("0.0.0.0"), threading.Event()  # noqa: S104 - nothing listens

    def look(*_: object) -> Addresses:
        assert may_go_on.wait(WITHIN_S)
        return Addresses()

    monkeypatch.setattr(addresses, "find_addresses", look)
    stage.presence.start()
    assert stage.presence.rooms() == SeenRooms(is_searching=True)
    assert stage.presence.hubs() == SeenHubs(is_searching=True)
    may_go_on.set()
    stage.until(LanState.NONE)
    assert stage.presence.rooms() == SeenRooms()
    stage.presence.stop()


def test_a_room_loads_no_library_for_the_lan_before_its_thread_does() -> None:
    libraries = ("zeroconf", "psutil", "hivemind_chatroom.lan.life")
    asked = (
        "import sys, hivemind_chatroom.chatroom as c; "
        f"print([name for name in {libraries} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    assert told.stdout == "[]\n"


def test_the_half_minute_between_two_attempts_is_what_the_host_is_told() -> None:
    assert presence.RETRY_S == 30.0
