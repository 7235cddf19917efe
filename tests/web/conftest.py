"""Rooms whose clock stands still, and browsers in them."""

from __future__ import annotations

import pytest

from fakes import FakeClock
from hivemind_chatroom.room.rules import RoomSettings
from web.browser import Browser
from web.stage import CODE, Stage


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stage(clock: FakeClock) -> Stage:
    """An open room without limits on how fast."""
    return Stage(clock, RoomSettings(member_rate=None), rate_limit=False)


@pytest.fixture
def closed_stage(clock: FakeClock) -> Stage:
    """A room with a join code."""
    return Stage(clock, RoomSettings(code=CODE, member_rate=None), rate_limit=False)


@pytest.fixture
def slow_stage(clock: FakeClock) -> Stage:
    """An open room with its limits."""
    return Stage(clock, RoomSettings(), rate_limit=True)


@pytest.fixture
def ana(stage: Stage) -> Browser:
    """Ana's browser; she has joined."""
    browser = stage.browser()
    browser.join("Ana", lang="pt-PT", site_id="kitchen")
    return browser


@pytest.fixture
def bob(stage: Stage) -> Browser:
    """Bob's browser; he has joined."""
    browser = stage.browser()
    browser.join("Bob")
    return browser


@pytest.fixture
def passer_by(stage: Stage) -> Browser:
    """A browser that has not joined."""
    return stage.browser()
