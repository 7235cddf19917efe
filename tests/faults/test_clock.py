"""The computer's clock is set while the room runs: the order stays, and nothing grows old by it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from faults.asking import Household, household
from faults.figures import Figures
from faults.scale import Scale

JUMPS = ("-2d", "+0", "+3y", "+0")
"""How far from the true time the clock is set, one after the other, as libfaketime spells it."""

ASKED_EACH_TIME = 8


class FakedClock:
    """The wall clock of a program, and of nothing else; its monotonic clock stays true."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set("+0")

    @property
    def environment(self) -> dict[str, str]:
        """What a program must be started with.

        With the "fix" on, as it is by itself, waits on the monotonic clock return at once and spin.
        """
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def set(self, offset: str) -> None:
        """Set the clock; whoever reads it next sees it."""
        other = self._file.with_suffix(".new")
        other.write_text(f"{offset}\n")
        other.replace(self._file)


def library() -> Path | None:
    """Return libfaketime as Debian installs it; None where there is none."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


@pytest.mark.skipif(library() is None, reason="there is no libfaketime")
def test_a_clock_that_jumps_changes_no_order_and_lets_nothing_expire(
    tmp_path: Path, scale: Scale, figures: Figures
) -> None:
    clock = FakedClock(tmp_path)
    with household(tmp_path, clock.environment) as house:
        years = set()
        for offset in JUMPS * scale.clock_rounds:
            jump_while_the_hub_is_away(house, clock, offset)
            years.add(house.newest()["sent_at"][:4])
        house.until_ended()
        log = house.log()
        numbers = [message["id"] for message in log]
        heard = house.heard_numbers()
        expired = [message for message in log if message["delivery"] == "expired"]
        assert len(years) > 1, "the clock has not jumped"
        with figures.of(f"the clock set to {', '.join(JUMPS)}, {scale.clock_rounds} times") as seen:
            house.report(seen)
            seen.at_most("expired", 0, len(expired))
            seen.at_most("gone", 0, len(set(house.asked) - set(numbers)))
            seen.at_most("out of order in the log", 0, disorder(numbers))
            seen.at_most("out of order in the stream", 0, disorder(heard))


def jump_while_the_hub_is_away(house: Household, clock: FakedClock, offset: str) -> None:
    """Let some wait for the hub, set the clock, let some more wait, and let the hub come back."""
    house.hub.kill()
    house.until_linked(is_linked=False)
    house.ask_by_turns(ASKED_EACH_TIME)
    clock.set(offset)
    house.ask_by_turns(ASKED_EACH_TIME)
    house.hub.start()
    house.until_linked()
    house.ask_by_turns(ASKED_EACH_TIME)


def disorder(numbers: list[int]) -> int:
    return sum(after <= before for before, after in pairwise(numbers))
