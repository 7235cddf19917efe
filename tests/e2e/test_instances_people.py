"""The people of a room with two instances on one PostgreSQL: they are the same people at both."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from contract.cluster import Cluster
from e2e.guest import Guest
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.model import Member
from hivemind_chatroom.settings import HubChoice, Origin, Settings


@dataclass(frozen=True, slots=True)
class Instances:
    """Both of them, with Ana before the first and Bob before the second."""

    here: Chatroom
    there: Chatroom
    ana: Guest
    bob: Guest

    def member(self, name: str) -> Member:
        """Return a member as the first instance knows them."""
        [member] = [each for each, _ in self.here.room.members() if each.name == name]
        return member


@pytest.fixture
def instances(cluster: Cluster, tmp_path: Path) -> Iterator[Instances]:
    database = cluster.new_database()
    alone = Settings("127.0.0.1", 0, hub=HubChoice.NONE, lan=False, database=database)
    with contextlib.ExitStack() as stack:

        def opened(name: str) -> Chatroom:
            folder = tmp_path / name
            origin = Origin(folder / "settings.toml")
            chatroom = Chatroom(replace(alone, data_dir=folder), origin=origin)
            stack.callback(chatroom.stop)
            chatroom.start()
            return chatroom

        here, there = opened("first"), opened("second")
        ana, bob = stack.enter_context(Guest(here.url)), stack.enter_context(Guest(there.url))
        yield Instances(here, there, ana.join("Ana", "en"), bob.join("Bob", "de"))


def is_told_present(guest: Guest, name: str) -> bool:
    told = [who for each in guest.heard("members") for who in each["members"]]
    return [bool(who["present"]) for who in told if who["name"] == name][-1:] == [True]


def test_people_at_either_see_each_other_come_and_go(instances: Instances) -> None:
    ana, bob = instances.ana, instances.bob
    bob.hears("members", lambda _: is_told_present(bob, "Ana"))
    ana.hears("members", lambda _: is_told_present(ana, "Bob"))
    ana.go()
    bob.hears("members", lambda _: not is_told_present(bob, "Ana"))


def test_who_has_joined_at_one_may_speak_at_the_other_at_once(instances: Instances) -> None:
    with Guest(instances.there.url) as phone:
        phone.come_as(instances.ana)
        assert phone.says("from the phone")["author"]["name"] == "Ana"
        assert instances.ana.hears("message", lambda said: said["text"] == "from the phone")


def test_who_is_removed_at_one_is_sent_away_from_both(instances: Instances) -> None:
    with Guest(instances.there.url) as phone:
        phone.come_as(instances.ana)
        instances.here.room.moderation.remove(instances.member("Ana").id)
        assert phone.is_sent_away()
        assert instances.ana.is_sent_away()
        assert phone.posts("still here?").status_code == httpx.codes.FORBIDDEN


def test_who_is_muted_at_one_hears_of_it_and_cannot_write_at_either(instances: Instances) -> None:
    with Guest(instances.there.url) as phone:
        phone.come_as(instances.ana)
        instances.here.room.moderation.mute(instances.member("Ana").id, None)
        phone.hears("you", lambda you: you["state"] == "muted")
        for guest in (phone, instances.ana):
            assert guest.posts("hello").status_code == httpx.codes.FORBIDDEN


def test_of_two_who_want_one_name_at_both_one_gets_it(instances: Instances) -> None:
    def joins(url: str) -> int:
        with httpx.Client(base_url=url, headers={"Origin": url}) as web:
            return web.post("/api/join", json={"name": "Cleo"}).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = [*pool.map(joins, (instances.here.url, instances.there.url))]
    assert sorted(answers) == [httpx.codes.OK, httpx.codes.CONFLICT]
