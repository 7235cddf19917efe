from __future__ import annotations

from hivemind_chatroom.server.audiences import Audiences
from hivemind_chatroom.server.follower import Follower
from hivemind_chatroom.server.run import Mark
from server.wire import Connect, Watch, opening


def follower(connect: Connect, audience: str | None) -> Follower:
    return Follower(opening(connect()[0], b"", Mark(0, 0), audience))


def test_an_audience_is_there_from_its_first_follower_to_its_last(connect: Connect) -> None:
    watch = Watch()
    audiences = Audiences(watch)
    phone, laptop = follower(connect, "ana"), follower(connect, "ana")
    audiences.arrive(phone)
    audiences.arrive(laptop)
    audiences.depart(phone)
    assert (audiences.present(), audiences.of("ana")) == (frozenset({"ana"}), [laptop])
    audiences.depart(laptop)
    assert (audiences.present(), audiences.of("ana")) == (frozenset(), [])
    assert watch.seen == [("ana", True), ("ana", False)]


def test_a_follower_without_an_audience_is_nobodys(connect: Connect) -> None:
    watch = Watch()
    audiences = Audiences(watch)
    guest = follower(connect, None)
    audiences.arrive(guest)
    audiences.depart(guest)
    assert (audiences.present(), watch.seen) == (frozenset(), [])


def test_nobody_is_told_after_the_hush(connect: Connect) -> None:
    watch = Watch()
    audiences = Audiences(watch)
    phone = follower(connect, "ana")
    audiences.arrive(phone)
    audiences.hush()
    audiences.depart(phone)
    assert watch.seen == [("ana", True)]
    assert audiences.present() == frozenset()
