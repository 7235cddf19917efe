import pytest

from hivemind_chatroom.lan.claims import (
    HostSeen,
    Renames,
    ServiceSeen,
    Verdict,
    on_host,
    on_service,
)

OWN = frozenset({"192.168.1.23", "10.8.0.2"})
TOLD = ("192.168.1.23",)
LOWER, HIGHER = "192.168.1.9", "192.168.1.100"


@pytest.mark.parametrize(
    ("address", "is_room", "verdict"),
    [
        (HIGHER, True, Verdict.YIELD),
        (LOWER, True, Verdict.DEFEND),
        (HIGHER, False, Verdict.YIELD),
        (LOWER, False, Verdict.YIELD),
        ("192.168.1.23", True, Verdict.NOTHING),
        ("10.8.0.2", False, Verdict.NOTHING),
        ("fd00::1", True, Verdict.DEFEND),
    ],
)
def test_a_name_goes_to_the_room_with_the_higher_address_and_to_whatever_is_no_room(
    address: str,
    is_room: bool,  # noqa: FBT001 - an example
    verdict: Verdict,
) -> None:
    assert on_host(HostSeen("hivechat.local", address), OWN, TOLD, is_room=is_room) is verdict


@pytest.mark.parametrize(
    ("ours", "theirs"), [(LOWER, HIGHER), (HIGHER, LOWER), ("10.0.0.9", "10.0.0.10")]
)
def test_of_two_rooms_exactly_one_keeps_the_name(ours: str, theirs: str) -> None:
    def verdict(own: str, other: str) -> Verdict:
        return on_host(HostSeen("hivechat.local", other), frozenset({own}), (own,), is_room=True)

    assert {verdict(ours, theirs), verdict(theirs, ours)} == {Verdict.YIELD, Verdict.DEFEND}


def test_a_goodbye_of_another_concerns_nobody_but_one_for_our_address_is_made_good() -> None:
    def goodbye(address: str) -> Verdict:
        seen = HostSeen("hivechat.local", address, is_goodbye=True)
        return on_host(seen, OWN, TOLD, is_room=True)

    assert goodbye(HIGHER) is Verdict.NOTHING
    assert goodbye("10.8.0.2") is Verdict.NOTHING
    assert goodbye("192.168.1.23") is Verdict.DEFEND


@pytest.mark.parametrize(
    ("host", "port", "verdict"),
    [
        ("hivechat.local", 8985, Verdict.NOTHING),
        ("hivechat.local", 8986, Verdict.YIELD),
        ("hivechat.local", 8984, Verdict.DEFEND),
        ("zebra.local", 8984, Verdict.YIELD),
        ("aardvark.local", 9999, Verdict.DEFEND),
    ],
)
def test_a_services_name_goes_to_the_higher_place(host: str, port: int, verdict: Verdict) -> None:
    assert on_service(ServiceSeen("x", host, port), "HiveChat.local", 8985) is verdict


def test_whoever_loses_a_name_now_and_then_takes_another_at_once() -> None:
    renames = Renames()
    assert [renames.silence_s(number * 0.7) for number in range(100)] == [0.0] * 100


def test_the_sixteenth_name_in_ten_seconds_is_waited_for_and_so_is_the_next() -> None:
    renames = Renames()
    assert [renames.silence_s(0.5 * number) for number in range(15)] == [0.0] * 15
    assert [renames.silence_s(9.8), renames.silence_s(10.1)] == [5.0, 5.0]
    assert renames.silence_s(30.0) == 0.0
