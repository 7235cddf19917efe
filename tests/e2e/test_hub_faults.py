"""The hub part through restarts, freezes and cuts: nothing in the clear, nothing twice."""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.hubs import UTTERANCE, RealHub
from e2e.rooms import ENDED, LinkedRoom
from faults.frames import BINARY, CLOSE, PING, PONG, TEXT, frames_of
from faults.proxy import Proxy
from hivemind_chatroom.room.model import Delivery, HubState, Member, Message

NOTICED_S = 16.0
"""The bar: how soon a hub that stopped in the middle of everything is noticed."""

STOPPED_S = 1.0
"""The bar: how long a stop may take."""

CUTS = 20
TYPED_PER_CUT = 50
SECRET = "typed"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RealHub]:
    hub = RealHub(tmp_path / "hub").start(UTTERANCE)
    yield hub
    hub.stop()


@pytest.fixture
def proxy(hub: RealHub) -> Iterator[Proxy]:
    with Proxy(hub.port) as proxy:
        yield proxy


@pytest.fixture
def room(hub: RealHub, proxy: Proxy, tmp_path: Path) -> Iterator[LinkedRoom]:
    """A room that is connected through the proxy."""
    room = LinkedRoom(hub, tmp_path, port=proxy.port)
    room.start()
    room.until_connected()
    yield room
    room.stop()


def test_people_talk_on_while_the_hub_is_away_and_the_link_is_soon_back(
    room: LinkedRoom, hub: RealHub
) -> None:
    ana = room.join("Ana")
    hub.kill()
    room.until_state(HubState.UNREACHABLE, "hub.lost")
    asked_meanwhile = room.ask(ana, "anybody?")
    hub.start()
    room.until_connected()
    room.until_ended(asked_meanwhile)
    assert room.delivery_of(asked_meanwhile) is Delivery.ANSWERED


@pytest.mark.parametrize("way", ["frozen", "swallowed"])
def test_a_hub_that_says_nothing_any_more_is_noticed(
    room: LinkedRoom, hub: RealHub, proxy: Proxy, way: str
) -> None:
    frozen_at = time.monotonic()
    if way == "frozen":
        hub.freeze()
    else:
        proxy.is_black_hole = True
    lost = room.ask(room.join("Ana"), "hello?")
    room.until_state(HubState.UNREACHABLE, "hub.lost", deadline_s=2 * NOTICED_S)
    assert time.monotonic() - frozen_at <= NOTICED_S
    assert room.delivery_of(lost) is Delivery.UNCONFIRMED
    hub.thaw()
    proxy.is_black_hole = False
    room.until_connected()


def test_stopping_takes_no_time_whatever_the_hub_does(
    room: LinkedRoom, hub: RealHub, proxy: Proxy
) -> None:
    proxy.is_black_hole = True
    hub.freeze()
    room.ask(room.join("Ana"), "hello?")
    room.take_another_site()
    room.until_state(HubState.CONNECTING)
    stops_at = time.monotonic()
    room.stop()
    assert time.monotonic() - stops_at <= STOPPED_S


def test_neither_words_nor_secrets_reach_any_log(
    room: LinkedRoom,
    hub: RealHub,
    proxy: Proxy,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    ana = room.join("Ana")
    room.until_ended(room.ask(ana, f"{SECRET} before"))
    proxy.cut()
    for number in range(20):
        room.ask(ana, f"{SECRET} {number}")
    room.until_state(HubState.UNREACHABLE, "hub.lost")
    room.until_connected()
    hub.kill()
    room.until_state(HubState.UNREACHABLE, "hub.lost")
    written = "".join((caplog.text, *capfd.readouterr()))
    assert "hub.lost" in written
    for secret in (SECRET, "Ana", hub.key, hub.password, room.watch.texts()[0]):
        assert secret not in written


def type_across_a_cut(room: LinkedRoom, proxy: Proxy, members: list[Member]) -> list[Message]:
    """Type half before a cut, which falls while that is on its way, and half right after it."""
    first = len(room.watch.messages)
    typed: list[Message] = []
    for number in range(TYPED_PER_CUT):
        if number == TYPED_PER_CUT // 2:
            room.until(lambda: room.delivery_of(typed[-5]) is not Delivery.QUEUED)
            proxy.cut()
        member = members[number % len(members)]
        typed.append(room.ask(member, f"{SECRET} {first} {number}"))
    return typed


def test_a_thousand_messages_across_twenty_cuts_stay_secret_and_arrive_at_most_once(
    room: LinkedRoom, hub: RealHub, proxy: Proxy
) -> None:
    members = [room.join(name) for name in ("Ana", "Bob", "Céu", "Dai")]
    proxy.delay_s = 0.01  # a handshake that takes its time, so that much is typed meanwhile
    typed: list[Message] = []
    for _ in range(CUTS):
        typed += type_across_a_cut(room, proxy, members)
        room.until_ended(*typed)
    last = room.ask(members[0], "alive?")
    room.until_ended(last)

    assert room.delivery_of(last) is Delivery.ANSWERED
    ends = Counter(room.delivery_of(message) for message in typed)
    assert set(ends) <= {Delivery.ANSWERED, Delivery.UNCONFIRMED}, ends
    assert ends[Delivery.ANSWERED] > len(typed) / 3, ends
    for message in typed:
        assert len(ENDED & set(room.watch.history[message.id])) <= 2  # in doubt, then answered
    heard = Counter(hub.heard())
    assert max(heard.values()) == 1
    answered = {m.draft.text for m in typed if room.delivery_of(m) is Delivery.ANSWERED}
    assert answered <= set(heard)
    assert_no_plain_text(proxy)
    assert len(proxy.passages) >= CUTS + 1


def assert_no_plain_text(proxy: Proxy) -> None:
    encrypted = 0
    for passage in proxy.passages:
        assert SECRET.encode() not in passage.from_client
        for frame in frames_of(passage.from_client):
            assert SECRET.encode() not in frame.payload
            assert frame.opcode in {TEXT, BINARY, CLOSE, PING, PONG}
            if frame.opcode == TEXT:
                assert json.loads(frame.payload)["msg_type"] == "shake"
            encrypted += frame.opcode == BINARY
    assert encrypted > CUTS


def test_replies_in_any_order_and_without_all_their_marks_find_their_question(
    room: LinkedRoom, hub: RealHub
) -> None:
    people = [room.join(f"guest {number}") for number in range(200)]
    hub.tell("hold")
    typed = [
        room.ask(person, f"{person.name} asks {turn}") for turn in range(5) for person in people
    ]
    assert hub.tell("holds", count=len(typed))
    stripped = [[], ["user"], ["session"], ["user", "session"]]
    for part in range(4):
        hub.tell("release", seed=part, stripped=stripped, count=len(typed) // 4)
    room.until_ended(*typed)
    right = {
        (reply.draft.in_reply_to, reply.draft.to, reply.draft.text)
        for reply in room.watch.replies()
    }
    assert right == {(m.id, m.draft.author, f"echo {m.draft.text}") for m in typed}
    assert len(room.watch.replies()) == len(typed)


def test_a_reply_without_our_mark_still_finds_its_person(room: LinkedRoom, hub: RealHub) -> None:
    people = [room.join(f"guest {number}") for number in range(20)]
    hub.tell("hold")
    typed = [room.ask(person, f"{person.name} asks") for person in people]
    assert hub.tell("holds", count=len(typed))
    hub.tell(
        "release", seed=1, stripped=[["corr"], ["corr", "user"], ["corr", "session"]], count=20
    )
    room.until_ended(*typed)
    assert {(r.draft.in_reply_to, r.draft.text) for r in room.watch.replies()} == {
        (m.id, f"echo {m.draft.text}") for m in typed
    }
