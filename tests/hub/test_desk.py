"""The operator's desk, with the built-in hub and the household's as fakes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fakes import FakeLanguages
from hivemind_chatroom.errors import IdentityIncompleteError, StorageFullError
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.desk import HubDesk
from hivemind_chatroom.hub.identity import HubIdentity, identity_file, read_identity
from hivemind_chatroom.hub.targets import ChosenTargets, FromIdentity, Target
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.room.model import HubState, Introduction, Posting
from hivemind_chatroom.room.operating import Credentials, FoundIdentity, FoundSecret, SeenHubs
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.settings import HubChoice
from hivemind_chatroom.store.memory import MemoryStore
from hub.watch import Watch

KEY = "83ecfd380a6bfae67a236e3b398726cc"
PASSWORD = "e2922e99757ac87f77b4bbec731d6b8c"
NOBODY = HubAddress("127.0.0.1", 1, tls=False)
CREDENTIALS = Credentials(key=KEY, password=PASSWORD, host="127.0.0.1:1", site_id="den")


@dataclass
class OwnHub:
    """The built-in hub, which nobody ever answers for."""

    folder: Path
    is_running: bool = False
    starts: list[str] = field(default_factory=list)
    is_asked: threading.Event = field(default_factory=threading.Event)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def current(self) -> Target:
        self.is_running = True
        self.starts.append("")
        self.is_asked.set()
        self.may_answer.wait()
        return Target(NOBODY, KEY, PASSWORD, self.folder / "_identity.json", builtin=True)

    def close(self) -> None:
        self.is_running = False


class Stage:
    """A room with a desk, and somebody who watches."""

    def __init__(self, choice: HubChoice, folder: Path) -> None:
        clock = SystemClock()
        self.own = OwnHub(folder)
        self.room = Room(RoomSettings(member_rate=None), MemoryStore(clock), clock, FakeLanguages())
        self.watch = Watch(self.room)
        targets = ChosenTargets(choice, FromIdentity(), self.own)
        self.desk = HubDesk(self.room, targets, clock, self.watch.notify)

    def until_hub(self, *, builtin: bool, state: HubState = HubState.UNREACHABLE) -> None:
        self.watch.until(lambda: (self.room.hub.builtin, self.room.hub.state) == (builtin, state))


@pytest.fixture
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(getattr(request, "param", HubChoice.BUILT_IN), tmp_path / "own")
    yield stage
    stage.desk.stop()


def chosen(*choices: HubChoice) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("stage", choices, indirect=True)


@chosen(HubChoice.NONE)
def test_where_no_hub_is_wanted_there_is_none_until_one_is_chosen(stage: Stage) -> None:
    stage.desk.start()
    assert (stage.room.hub.state, stage.desk.address, stage.desk.latency_ms) == (
        HubState.OFF,
        "",
        None,
    )
    stage.desk.reconnect()
    stage.desk.use_built_in()
    stage.until_hub(builtin=True)
    assert stage.desk.choice is HubChoice.BUILT_IN
    assert stage.desk.address == "127.0.0.1:1"


def test_the_hub_changes_while_the_room_runs(stage: Stage) -> None:
    stage.desk.start()
    stage.until_hub(builtin=True)
    stage.desk.use_identity()
    stage.until_hub(builtin=False, state=HubState.UNCONFIGURED)
    assert not stage.own.is_running
    assert (stage.desk.choice, stage.desk.address) == (HubChoice.IDENTITY, "")
    stage.desk.use_built_in()
    stage.until_hub(builtin=True)
    assert stage.own.is_running


@pytest.mark.parametrize(
    ("stage", "after"),
    [
        (HubChoice.AUTO, HubChoice.AUTO),
        (HubChoice.BUILT_IN, HubChoice.IDENTITY),
        (HubChoice.NONE, HubChoice.IDENTITY),
    ],
    indirect=["stage"],
)
def test_an_identity_that_is_saved_is_used_from_now_on(stage: Stage, after: HubChoice) -> None:
    stage.desk.start()
    stage.desk.save(CREDENTIALS)
    assert read_identity(identity_file()) == HubIdentity(KEY, PASSWORD, NOBODY, "den")
    stage.until_hub(builtin=False)
    assert stage.desk.choice is after
    assert stage.desk.address == "127.0.0.1:1"


def test_what_waits_for_a_hub_survives_the_change(stage: Stage) -> None:
    stage.desk.start()
    stage.until_hub(builtin=True)
    ana = stage.room.join(Introduction("Ana")).member
    asked = stage.room.post(ana, Posting("hello")).message
    stage.desk.use_identity()
    stage.until_hub(builtin=False, state=HubState.UNCONFIGURED)
    assert [waiting.message_id for waiting in stage.room.utterances.waiting()] == [asked.id]


def test_a_choice_made_before_the_start_counts(stage: Stage) -> None:
    stage.desk.use_identity()
    stage.desk.start()
    stage.until_hub(builtin=False, state=HubState.UNCONFIGURED)
    assert stage.own.starts == []


@chosen(HubChoice.NONE, HubChoice.BUILT_IN)
def test_after_the_stop_nothing_begins_again(stage: Stage) -> None:
    stage.desk.start()
    before = stage.room.hub.state
    stage.desk.stop()
    stage.desk.use_built_in()
    assert stage.room.hub.state in {before, HubState.UNREACHABLE}
    assert not stage.own.is_running


# --- the identity ---------------------------------------------------------------------------------


def test_a_pasted_text_is_shown_masked(stage: Stage) -> None:
    text = f"Access Key: {KEY}\nPassword: {PASSWORD}\nws://hub.local"
    found = stage.desk.parse(text)
    assert found == FoundIdentity(
        FoundSecret(is_found=True, masked="83ec••••••cc"),
        FoundSecret(is_found=True, masked="e292••••••8c"),
        "hub.local",
    )
    assert KEY not in repr(found)
    assert stage.desk.parse("Password: abc\nHost: wss://h:1").is_weak
    assert stage.desk.parse("Host: wss://h:1") == FoundIdentity(host="h", port=1, tls=True)
    assert stage.desk.parse("nothing of that kind") == FoundIdentity()


def test_what_is_saved_is_told_without_its_secrets(stage: Stage) -> None:
    file = identity_file()
    kept = stage.desk.identity()
    assert (kept.is_set, kept.file, kept.broken) == (False, str(file), "")
    stage.desk.save(CREDENTIALS)
    kept = stage.desk.identity()
    assert (kept.is_set, kept.host, kept.port, kept.tls, kept.site_id) == (
        True,
        *("127.0.0.1", 1, False, "den"),
    )
    assert (kept.key.masked, kept.password.masked) == ("83ec••••••cc", "e292••••••8c")
    assert KEY not in repr(kept)
    file.write_text("{")
    kept = stage.desk.identity()
    assert not kept.is_set
    assert "damaged" in kept.broken


def test_an_incomplete_identity_is_neither_tested_nor_saved(stage: Stage) -> None:
    for credentials in (Credentials(key=KEY), Credentials(text="hello")):
        with pytest.raises(IdentityIncompleteError):
            stage.desk.test(credentials)
        with pytest.raises(IdentityIncompleteError):
            stage.desk.save(credentials)
    assert not identity_file().exists()
    assert stage.desk.choice is HubChoice.BUILT_IN


def test_what_can_not_be_written_changes_nothing(stage: Stage) -> None:
    identity_file().parent.write_text("a file where the folder would be")
    with pytest.raises(StorageFullError):
        stage.desk.save(CREDENTIALS)
    assert stage.desk.choice is HubChoice.BUILT_IN


def test_a_test_takes_what_is_typed_pasted_and_saved_together(stage: Stage) -> None:
    stage.desk.save(CREDENTIALS)
    before = identity_file().read_bytes()
    reached, *rest = stage.desk.test(Credentials(text=f"Access Key: {'f' * 32}"))
    assert (reached.code, reached.address) == ("hub.unreachable", "127.0.0.1:1")
    assert len(rest) == 4
    assert identity_file().read_bytes() == before


def test_the_key_that_a_hub_had_is_forgotten(stage: Stage) -> None:
    stage.desk.save(CREDENTIALS)
    content = json.loads(identity_file().read_text())
    content["pinned_noise_keys"] = {"127.0.0.1:1": "aa", "other:1": "bb"}
    identity_file().write_text(json.dumps(content))
    stage.desk.start()
    stage.until_hub(builtin=False)
    stage.desk.trust_new_key()
    content = json.loads(identity_file().read_text())
    assert content["pinned_noise_keys"] == {"other:1": "bb"}


def test_the_key_of_the_hub_that_was_tested_is_forgotten(stage: Stage) -> None:
    stage.desk.save(CREDENTIALS)
    content = json.loads(identity_file().read_text())
    content["pinned_noise_keys"] = {"127.0.0.1:1": "aa", "other:1": "bb"}
    identity_file().write_text(json.dumps(content))
    stage.desk.start()
    stage.until_hub(builtin=False)
    stage.desk.trust_new_key(Credentials(host="other:1"))
    content = json.loads(identity_file().read_text())
    assert content["pinned_noise_keys"] == {"127.0.0.1:1": "aa"}


def test_no_key_is_forgotten_of_a_hub_that_is_not_known(stage: Stage) -> None:
    with pytest.raises(IdentityIncompleteError):
        stage.desk.trust_new_key(Credentials(host="other:1"))
    assert not identity_file().exists()


@chosen(HubChoice.NONE)
def test_without_a_hub_there_is_no_key_to_forget(stage: Stage) -> None:
    stage.desk.trust_new_key()
    assert not identity_file().exists()


def test_nobody_looks_for_hubs_yet(stage: Stage) -> None:
    assert stage.desk.hubs() == SeenHubs()
