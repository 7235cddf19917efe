from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hivemind_chatroom.hub import scratch
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.events import Report
from hivemind_chatroom.hub.targets import Target

HUB = HubAddress("hub.local", 5678, tls=False)
NOISE_KEY = "unnamed-node_noise.key"


class TakenWire:
    """Stands where a wire would be made, and shows what it was made with."""

    def __init__(self, target: Target, report: Report, on_end: Callable[[], None]) -> None:
        self.target = target
        self.on_end = on_end


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    """A saved identity that knows this hub and another, and secrets of its password."""
    monkeypatch.setattr(scratch, "HubWire", TakenWire)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / "hivemind"
    folder.mkdir()
    pins = {"hub.local:5678": "aa", "other:5678": "bb"}
    (folder / "_identity.json").write_text(json.dumps({"pinned_noise_keys": pins}))
    (folder / NOISE_KEY).write_text("11" * 32)
    (folder / "unnamed-node_noise_psks.json").write_text('{"a": "b"}')
    return Target(HUB, "key", "password", folder / "_identity.json", "den")


Dialled = Callable[[Target], TakenWire]


@pytest.fixture
def dialled() -> Iterator[Dialled]:
    """Makes wires, and has them end."""
    with contextlib.ExitStack() as wires:

        def dial(target: Target) -> TakenWire:
            wire: object = scratch.dial_on_scratch(target, print)
            assert isinstance(wire, TakenWire)
            wires.callback(wire.on_end)
            return wire

        yield dial


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_has_the_keys_and_no_cached_secrets_and_leaves_the_saved_one_alone(
    saved: Target, dialled: Dialled
) -> None:
    before = files(saved.identity_file.parent)
    wire = dialled(saved)
    folder = wire.target.identity_file.parent
    assert wire.target == replace(saved, identity_file=wire.target.identity_file)
    assert folder != saved.identity_file.parent
    assert sorted(files(folder)) == ["_identity.json", "unnamed-node.pem", NOISE_KEY]
    assert (folder / NOISE_KEY).read_text() == "11" * 32
    assert json.loads(wire.target.identity_file.read_text()) == {
        "pinned_noise_keys": {"hub.local:5678": "aa"}
    }
    assert folder.stat().st_mode & 0o777 == 0o700
    assert files(saved.identity_file.parent) == before


def test_it_is_gone_when_the_wire_has_ended(saved: Target, dialled: Dialled) -> None:
    wire = dialled(saved)
    wire.on_end()
    assert not wire.target.identity_file.parent.exists()


@pytest.mark.parametrize("content", [None, "{"])
def test_without_a_usable_identity_the_noise_key_is_made_where_it_will_be_looked_for(
    saved: Target, dialled: Dialled, content: str | None
) -> None:
    folder = saved.identity_file.parent
    (folder / NOISE_KEY).unlink()
    saved.identity_file.unlink()
    if content:
        saved.identity_file.write_text(content)
    first, second = dialled(saved), dialled(saved)
    shown = [wire.target.identity_file.with_name(NOISE_KEY).read_text() for wire in (first, second)]
    assert shown == [(folder / NOISE_KEY).read_text()] * 2
    assert saved.identity_file.exists() is bool(content)


def test_where_there_is_no_place_for_it_nothing_is_left(
    saved: Target, dialled: Dialled, tmp_path: Path
) -> None:
    (saved.identity_file.parent / NOISE_KEY).unlink()
    (saved.identity_file.parent / NOISE_KEY).mkdir()
    with pytest.raises(OSError, match=r".*"):
        dialled(saved)
    assert [path.name for path in tmp_path.iterdir() if "chatroom" in path.name] == []
