"""The library's client in our harness, against hubs that misbehave before the handshake is done."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hivemind_bus_client.message import HiveMessageType
from hivemind_bus_client.serialization import get_bitstring

from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import BusMessage, Closed, Greeted, Opened, Outdated
from hivemind_chatroom.hub.frames import MESSAGE_MAX_BYTES
from hivemind_chatroom.hub.gate import NotSentError
from hub.fake_hub import HELLO, FakeHub, Meet

pytestmark = pytest.mark.filterwarnings(
    # the library makes its older handshake ready before it finds that we don't send it
    "ignore:PasswordHandShake is not a PAKE:DeprecationWarning"
)

SECRET = BusMessage("recognizer_loop:utterance", {"utterances": ["my diary"]}, {})
NOISE = {
    "patterns": ["XXpsk2", "KKpsk0"],
    "suites": ["25519_ChaChaPoly_SHA256"],
}
OFFER = {"msg_type": "shake", "payload": {"max_protocol_version": 3, "noise": NOISE}}
OLD_OFFERS = [
    {"msg_type": "shake", "payload": {"max_protocol_version": 1, "password": True}},
    {"msg_type": "shake", "payload": {"handshake": True}},
]
SPOKEN = {"type": "speak", "data": {"utterance": "forged"}, "context": {}}
FORGED = {"msg_type": "bus", "payload": SPOKEN}


def test_nothing_leaves_before_the_handshake_is_done(meet: Meet) -> None:
    def greet_and_offer(hub: FakeHub) -> None:
        hub.say(HELLO)
        hub.say(OFFER)
        hub.hear_all()

    meeting = meet(greet_and_offer)
    with pytest.raises(NotSentError):
        meeting.wire.send(SECRET)
    assert meeting.next() == Opened()
    with pytest.raises(NotSentError):
        meeting.wire.send(SECRET)
    assert meeting.next() == Greeted()
    with pytest.raises(NotSentError):
        meeting.wire.send(SECRET)
    meeting.close()
    assert [json.loads(frame)["msg_type"] for frame in meeting.hub.received] in ([], ["shake"])


@pytest.mark.parametrize("offer", OLD_OFFERS)
def test_a_hub_of_an_older_protocol_is_reported_and_told_nothing(
    meet: Meet, offer: dict[str, Any]
) -> None:
    def offer_passwords(hub: FakeHub) -> None:
        hub.say(HELLO)
        hub.say(offer)
        hub.hear_all()

    meeting = meet(offer_passwords)
    assert [meeting.next() for _ in range(3)] == [Opened(), Greeted(), Outdated()]
    with pytest.raises(NotSentError):
        meeting.wire.send(SECRET)
    meeting.close()
    assert meeting.hub.received == []


def test_what_is_slipped_in_before_the_encryption_is_not_heard(
    meet: Meet,
) -> None:
    def forge(hub: FakeHub) -> None:
        hub.say(FORGED)
        for wrapper in ("broadcast", "propagate"):
            hub.say({"msg_type": wrapper, "payload": FORGED, "target_site_id": "unknown"})
        hub.say(HELLO)
        hub.hear_all()

    meeting = meet(forge)
    assert [meeting.next(), meeting.next()] == [Opened(), Greeted()]
    assert not meeting.has_more


@pytest.mark.parametrize("garbage", ["", "{", "[]", "null", "5", '{"msg_type": "odd"}', "{}"])
def test_garbage_does_not_end_the_connection(meet: Meet, garbage: str) -> None:
    def babble(hub: FakeHub) -> None:
        hub.say(garbage)
        hub.say(HELLO)
        hub.hear_all()

    meeting = meet(babble)
    assert [meeting.next(), meeting.next()] == [Opened(), Greeted()]


def test_a_hub_that_says_too_much_at_once_is_not_listened_to(meet: Meet) -> None:
    def overwhelm(hub: FakeHub) -> None:
        hub.say("x" * (MESSAGE_MAX_BYTES + 1))
        hub.hear_all()

    meeting = meet(overwhelm)
    assert [meeting.next(), meeting.next()] == [Opened(), Closed(Fault.NETWORK)]


def test_nothing_binary_is_unpacked_before_the_encryption(
    meet: Meet, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked: list[object] = []
    monkeypatch.setattr("hivemind_bus_client.client.decode_bitstring", unpacked.append)

    def slip_in(hub: FakeHub) -> None:
        hub.say(get_bitstring(HiveMessageType.BROADCAST, FORGED, compressed=True).bytes)
        hub.say(HELLO)
        hub.hear_all()

    meeting = meet(slip_in)
    assert [meeting.next(), meeting.next()] == [Opened(), Greeted()]
    assert unpacked == []
