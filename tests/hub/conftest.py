from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.fake_hub import Meet, Meeting, Play


@pytest.fixture
def meet(tmp_path: Path) -> Iterator[Meet]:
    """Connects to hubs that play what the test says."""
    with contextlib.ExitStack() as meetings:

        def met(play: Play) -> Meeting:
            meeting = Meeting(tmp_path, play)
            meetings.callback(meeting.close)
            meeting.wire.start()
            return meeting

        yield met
