from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hivemind_chatroom.errors import IdentityBrokenError, IdentityMissingError
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.identity import identity_file
from hivemind_chatroom.hub.targets import (
    ChosenTargets,
    FromIdentity,
    Target,
    Targets,
    choose_target,
)
from hivemind_chatroom.settings import HubChoice

IDENTITY = {"access_key": "key", "password": "pass", "default_master": "ws://h", "site_id": "den"}


def set_identity(**changes: str) -> None:
    file = identity_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(IDENTITY | changes))


class FakeTargets:
    """The built-in hub, which starts when it is asked for."""

    def __init__(self) -> None:
        self.target = Target(HubAddress("::1", 1, tls=False), "k", "p", Path("i"), builtin=True)
        self.is_running = False

    def current(self) -> Target:
        self.is_running = True
        return self.target

    def close(self) -> None:
        self.is_running = False


def test_the_identity_names_the_hub() -> None:
    set_identity()
    assert FromIdentity().current() == Target(
        HubAddress("h", 5678, tls=False), "key", "pass", identity_file(), "den"
    )


def test_the_identity_is_read_anew_each_time() -> None:
    targets = FromIdentity()
    with pytest.raises(IdentityMissingError):
        targets.current()
    set_identity()
    assert targets.current().access_key == "key"
    set_identity(access_key="other")
    assert targets.current().access_key == "other"


@pytest.fixture
def own() -> FakeTargets:
    return FakeTargets()


def chosen(choice: HubChoice, own: FakeTargets) -> ChosenTargets:
    return ChosenTargets(choice, FromIdentity(), own)


def test_without_an_identity_the_built_in_hub_is_taken_until_there_is_one(own: FakeTargets) -> None:
    targets = chosen(HubChoice.AUTO, own)
    assert targets.current().builtin
    assert own.is_running
    set_identity()
    assert not targets.current().builtin
    assert not own.is_running


@pytest.mark.parametrize("choice", [HubChoice.AUTO, HubChoice.IDENTITY])
def test_a_broken_identity_is_no_reason_for_another_assistant(
    own: FakeTargets, choice: HubChoice
) -> None:
    set_identity(password="")
    with pytest.raises(IdentityBrokenError):
        chosen(choice, own).current()
    assert not own.is_running


def test_the_built_in_hub_is_taken_by_choice_whatever_the_identity(own: FakeTargets) -> None:
    set_identity()
    targets = chosen(HubChoice.AUTO, own)
    targets.choose(HubChoice.BUILT_IN)
    assert targets.choice is HubChoice.BUILT_IN
    assert targets.current().builtin
    targets.choose(HubChoice.IDENTITY)
    assert not own.is_running
    assert not targets.current().builtin


def test_by_choice_of_the_identity_the_built_in_hub_ends_even_if_there_is_none(
    own: FakeTargets,
) -> None:
    targets = chosen(HubChoice.BUILT_IN, own)
    targets.current()
    targets.choose(HubChoice.IDENTITY)
    own.current()  # a start that was under way
    with pytest.raises(IdentityMissingError):
        targets.current()
    assert not own.is_running


def test_a_target_shows_no_secret() -> None:
    set_identity()
    shown = repr(FromIdentity().current())
    assert "pass" not in shown
    assert "'key'" not in shown


@pytest.fixture
def builtin(tmp_path: Path) -> Iterator[Targets]:
    targets = choose_target(HubChoice.BUILT_IN, tmp_path)
    yield targets
    targets.close()


def test_the_built_in_hub_runs_on_loopback_and_is_started_again_when_it_has_ended(
    builtin: Targets,
) -> None:
    first = builtin.current()
    assert first.builtin
    assert first.address.host == "127.0.0.1"
    assert builtin.current() == first
    first.identity_file.write_text(json.dumps({"pinned_noise_keys": {"127.0.0.1:1": "old"}}))
    builtin.close()
    again = builtin.current()
    assert again.access_key == first.access_key
    assert not again.identity_file.exists() or again == first


def test_the_choice_of_an_identity_starts_nothing(tmp_path: Path) -> None:
    targets = choose_target(HubChoice.IDENTITY, tmp_path)
    with pytest.raises(IdentityMissingError):
        targets.current()
    assert list(tmp_path.glob("built-in*")) == []


def test_the_automatic_choice_prefers_the_identity(tmp_path: Path) -> None:
    set_identity()
    targets = choose_target(HubChoice.AUTO, tmp_path)
    assert not targets.current().builtin
    targets.close()
