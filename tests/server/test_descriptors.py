"""Open files: the limit is raised as far as it may be, and shared out so that none is missing."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from hivemind_chatroom.server.descriptors import (
    OWN,
    VISITORS_AT_LEAST,
    Shares,
    allow_descriptors,
    allowed_descriptors,
    share_out,
)


@pytest.fixture(autouse=True)
def _restored_limit() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_limit_rises_to_what_is_wanted() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    allow_descriptors(600)
    assert allowed_descriptors() == 600
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (600, hard)


def test_the_limit_does_not_rise_above_the_hard_one() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    allow_descriptors(hard + 1)
    assert allowed_descriptors() == hard


def test_the_limit_is_never_lowered() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    allow_descriptors(1)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before


def test_the_program_keeps_what_it_needs_itself_and_its_clients_share_the_rest() -> None:
    for descriptors in (128, 256, 1_024, 16_384):
        shares = share_out(descriptors)
        assert shares.visitors + shares.operators + OWN == descriptors
    assert share_out(128) == Shares(visitors=32, operators=16)
    assert share_out(16_384) == Shares(visitors=16_054, operators=250)


def test_two_pages_can_be_looked_at_however_few_there_are() -> None:
    assert share_out(20).visitors == VISITORS_AT_LEAST
