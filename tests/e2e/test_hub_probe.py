"""The five checks, against real hubs in every state in which a household may have one."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from e2e.hubs import UTTERANCE, RealHub
from e2e.impostor import GATEWAY, SSH, WEB_PAGE, Impostor
from e2e.keys import give_satellite_key
from e2e.rooms import NO_KEY
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.advice import text_for
from hivemind_chatroom.hub.events import Secured
from hivemind_chatroom.hub.probe import probe
from hivemind_chatroom.hub.reasons import Reason
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.hub.wire import HubWire
from hivemind_chatroom.room.operating import Check, CheckName, CheckState
from hub.fake_hub import HELLO, FakeHub, Meeting

BAR_S = 8.0
"""Within this, every failure has to have been told."""

GRANTED_BAR_S = 5.0
"""How soon a permission counts, in seconds."""

WRONG_PASSWORD = "9c1185a5c5e9fc54612808977ee8f548"


@dataclass
class Trial:
    """What a hub is called with, and what comes of it."""

    target: Target

    def checks(self) -> list[Check]:
        """Call the hub, and hold the call to its time."""
        begin = time.monotonic()
        checks = list(probe(self.target))
        assert time.monotonic() - begin < BAR_S
        assert [check.name for check in checks] == list(CheckName)
        return checks

    def is_good(self) -> bool:
        return all(check.state is CheckState.OK for check in self.checks())

    def fails(self, name: CheckName) -> Check:
        """Call the hub, and return the one check that fails, with words of its own."""
        checks = self.checks()
        (failed,) = [check for check in checks if check.state is CheckState.FAILED]
        assert failed.name is name
        after = checks[checks.index(failed) + 1 :]
        assert {check.state for check in after} <= {CheckState.SKIPPED}
        assert failed.text == text_for(Reason(failed.code), tls=self.target.address.tls)
        return failed

    def but(self, **changes: object) -> Trial:
        return Trial(replace(self.target, **changes))  # type: ignore[arg-type]

    def at(self, port: int, *, tls: bool = False) -> Trial:
        return self.but(address=HubAddress("127.0.0.1", port, tls))


def trial_of(hub: RealHub, folder: Path) -> Trial:
    address = HubAddress("127.0.0.1", hub.port, hub.tls)
    file = folder / "saved" / "_identity.json"
    return Trial(Target(address, hub.key or NO_KEY, hub.password or WRONG_PASSWORD, file, "den"))


def link_once(target: Target) -> None:
    """Connect as the room does, on the saved identity, so that it and the hub know each other."""
    give_satellite_key(target.identity_file.parent)
    is_secured = threading.Event()
    wire = HubWire(target, lambda event: is_secured.set() if event == Secured() else None)
    wire.start()
    assert is_secured.wait(BAR_S)
    wire.close()


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def test_a_hub_that_is_well_passes_all_five_every_time_and_nothing_saved_is_touched(
    hub: RealHub, tmp_path: Path
) -> None:
    trial = trial_of(hub, tmp_path)
    assert trial.is_good()
    assert list(files(tmp_path / "saved")) == ["unnamed-node_noise.key"]
    assert trial.is_good()
    link_once(trial.target)
    before = files(tmp_path / "saved")
    assert trial.is_good()
    assert files(tmp_path / "saved") == before


def test_a_wrong_access_key(hub: RealHub, tmp_path: Path) -> None:
    failed = trial_of(hub, tmp_path).but(access_key="f" * 32).fails(CheckName.KEY)
    assert (failed.code, failed.command) == ("hub.key", "hivemind-core list-clients")


def test_a_wrong_password(hub: RealHub, tmp_path: Path) -> None:
    failed = trial_of(hub, tmp_path).but(password=WRONG_PASSWORD).fails(CheckName.PASSWORD)
    assert failed.code == "hub.password"


def test_a_wrong_password_where_the_right_one_has_left_its_secrets(
    hub: RealHub, tmp_path: Path
) -> None:
    trial = trial_of(hub, tmp_path)
    link_once(trial.target)
    assert (tmp_path / "saved" / "unnamed-node_noise_psks.json").exists()
    failed = trial.but(password=WRONG_PASSWORD).fails(CheckName.PASSWORD)
    assert failed.code == "hub.password"
    assert trial.is_good()


def test_a_weak_password(hub: RealHub, tmp_path: Path) -> None:
    hub.admit(UTTERANCE, password="abc")
    checks = trial_of(hub, tmp_path).checks()
    assert [check.state[0] for check in checks] == list("ssfss")
    failed = trial_of(hub, tmp_path).fails(CheckName.PASSWORD)
    assert failed.code == "hub.weak_password"
    assert failed.command == f"hivemind-core add-client --allow {UTTERANCE}"


def test_a_hub_that_is_another_one_than_before(own_hub: RealHub, tmp_path: Path) -> None:
    trial = trial_of(own_hub, tmp_path)
    link_once(trial.target)
    own_hub.kill()
    shutil.rmtree(own_hub.folder / "config")
    own_hub.start()
    failed = trial.fails(CheckName.PASSWORD)
    assert (failed.code, failed.command) == ("hub.key_changed", "hivemind-client forget-server")


def test_a_hub_that_remembers_another_computer(hub: RealHub, tmp_path: Path) -> None:
    assert trial_of(hub, tmp_path / "old").is_good()
    trial = trial_of(hub, tmp_path / "new")
    failed = trial.fails(CheckName.ALLOWED)
    assert (failed.code, failed.command) == ("hub.pin", "hivemind-core reset-noise-pin <id>")
    hub.tell("forget_pin", key=hub.key)
    assert trial.is_good()


def test_a_hub_that_allows_nothing_until_it_does(hub: RealHub, tmp_path: Path) -> None:
    hub.allow()
    trial = trial_of(hub, tmp_path)
    failed = trial.fails(CheckName.ALLOWED)
    assert failed.code == "hub.denied"
    assert failed.command == f"hivemind-core allow-msg {UTTERANCE} {hub.client_id}"
    hub.allow(UTTERANCE)
    begin = time.monotonic()
    while not trial.is_good():
        assert time.monotonic() - begin < GRANTED_BAR_S


def test_a_hub_with_nothing_behind_it(hub: RealHub, tmp_path: Path) -> None:
    hub.tell("backend", up=False)
    try:
        failed = trial_of(hub, tmp_path).fails(CheckName.ANSWERED)
    finally:
        hub.tell("backend", up=True)
    assert failed.code == "hub.no_agent"


def test_an_assistant_that_never_answers(own_hub: RealHub, tmp_path: Path) -> None:
    own_hub.tell("hold")
    assert trial_of(own_hub, tmp_path).fails(CheckName.ANSWERED).code == "hub.no_agent"


def test_a_hub_that_stands_still(own_hub: RealHub, tmp_path: Path) -> None:
    own_hub.freeze()
    try:
        failed = trial_of(own_hub, tmp_path).fails(CheckName.REACHED)
    finally:
        own_hub.thaw()
    assert failed.code == "hub.silent"


def test_a_port_that_nobody_listens_on(tmp_path: Path) -> None:
    failed = trial_of(RealHub(tmp_path), tmp_path).fails(CheckName.REACHED)
    assert failed.code == "hub.unreachable"


def test_a_name_that_nobody_has(tmp_path: Path) -> None:
    address = HubAddress("no-such-hub.invalid", 5678, tls=False)
    failed = trial_of(RealHub(tmp_path), tmp_path).but(address=address).fails(CheckName.REACHED)
    assert (failed.code, failed.address) == ("hub.name", "no-such-hub.invalid:5678")


@pytest.mark.parametrize(
    ("answer", "stays", "codes"),
    [
        pytest.param(WEB_PAGE, False, ("hub.not_hivemind", "hub.scheme"), id="a web server"),
        pytest.param(GATEWAY, False, ("hub.unreachable", "hub.scheme"), id="one before a hub"),
        pytest.param(SSH, True, ("hub.not_hivemind", "hub.tls"), id="an ssh server"),
        pytest.param(b"", False, ("hub.unreachable", "hub.tls"), id="a port that hangs up"),
        pytest.param(b"", True, ("hub.silent", "hub.silent"), id="a port that says nothing"),
    ],
)
def test_what_is_no_hub_without_tls_and_with_it(
    tmp_path: Path, answer: bytes, *, stays: bool, codes: tuple[str, str]
) -> None:
    with Impostor(answer, stays=stays) as impostor:
        trial = trial_of(RealHub(tmp_path), tmp_path)
        for tls, code in zip((False, True), codes, strict=True):
            assert trial.at(impostor.port, tls=tls).fails(CheckName.REACHED).code == code


def test_a_websocket_that_says_nothing_is_no_hub(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path, FakeHub.hear_all)
    try:
        trial = trial_of(RealHub(tmp_path), tmp_path).at(meeting.port)
        assert trial.fails(CheckName.REACHED).code == "hub.not_hivemind"
    finally:
        meeting.close()


def test_a_hub_of_an_older_protocol(tmp_path: Path) -> None:
    def offer_passwords(hub: FakeHub) -> None:
        hub.say(HELLO)
        hub.say({"msg_type": "shake", "payload": {"handshake": True}})
        hub.hear_all()

    meeting = Meeting(tmp_path, offer_passwords)
    try:
        trial = trial_of(RealHub(tmp_path), tmp_path).at(meeting.port)
        assert trial.fails(CheckName.PASSWORD).code == "hub.version"
    finally:
        meeting.close()


def test_a_hub_without_tls_that_is_called_with_it(hub: RealHub, tmp_path: Path) -> None:
    failed = trial_of(hub, tmp_path).at(hub.port, tls=True).fails(CheckName.REACHED)
    assert failed.code == "hub.scheme"
    assert "ws:// instead of wss://" in failed.text


def test_a_hub_with_tls_that_is_called_without_it_and_with_it(tmp_path: Path) -> None:
    hub = RealHub(tmp_path / "hub", tls=True).start(UTTERANCE)
    try:
        failed = trial_of(hub, tmp_path).at(hub.port).fails(CheckName.REACHED)
        assert failed.code == "hub.scheme"
        assert "wss:// instead of ws://" in failed.text
        assert trial_of(hub, tmp_path).is_good()
    finally:
        hub.stop()
