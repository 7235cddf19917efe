"""How soon another instance is linked to the hub, once the one that was is gone."""

from __future__ import annotations

import itertools
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from e2e.guest import Guest
from faults.asking import ENDS
from faults.figures import Figures
from faults.posting import whole_log
from faults.scale import Scale
from faults.several import Instances, instances

ANSWERED_WITHIN_S = 60.0
"""When a test gives up; the bars are shorter."""

Do = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Loss:
    """How the link is lost, how its instance comes back, and how soon the other may take."""

    name: str
    lose: Do
    bring_back: Do
    bar_s: float


@pytest.mark.timeout(300)
def test_the_link_goes_to_another_instance_as_soon_as_the_one_that_has_it_is_gone(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    with instances(tmp_path) as room:
        losses = (
            Loss("closed", room.stop, room.start, 3.0),
            Loss("killed", room.kill, room.start, 5.0),
            Loss("frozen", frozen(room), thawed(room), 10.0),
        )
        linked, other = room.ports
        took_s: dict[str, list[float]] = {loss.name: [] for loss in losses}
        for number, loss in itertools.product(range(scale.link_faults), losses):
            took_s[loss.name].append(answered_after(loss, number, linked, other))
            loss.bring_back(linked)
            linked, other = other, linked
        asked = [message for message in whole_log(room.urls[0]) if message["delivery"]]
        heard = Counter(room.hub.ever_heard())
    with figures.of("the instance that is linked is closed, killed and frozen") as table:
        for loss in losses:
            worst_s = max(took_s[loss.name])
            table.within(
                f"{loss.name}: asked and answered at the other, worst", loss.bar_s, worst_s
            )
        table.at_most("at the hub twice", 0, sum(count > 1 for count in heard.values()))
        table.at_most("without an end", 0, sum(each["delivery"] not in ENDS for each in asked))
        table.told("utterances", len(asked))


def answered_after(loss: Loss, number: int, linked: int, other: int) -> float:
    """Lose the link and ask; return the seconds until the answer is there."""
    url = f"http://127.0.0.1:{other}"
    with Guest(url) as guest:
        guest.join(f"{loss.name} {number}", "en")
        guest.says(f"while {number} is not {loss.name}")
        guest.hears("message", lambda said: said["text"].startswith("echo while"))
        begun_s = time.monotonic()
        loss.lose(linked)
        text = f"{number} is {loss.name}"
        guest.says(text)
        guest.hears("message", lambda said: said["text"] == f"echo {text}", ANSWERED_WITHIN_S)
        return time.monotonic() - begun_s


def frozen(room: Instances) -> Do:
    """Return what freezes an instance."""
    return lambda port: room.send(port, signal.SIGSTOP)


def thawed(room: Instances) -> Do:
    """Return what lets it go on."""
    return lambda port: room.send(port, signal.SIGCONT)
