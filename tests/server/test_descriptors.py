from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from hivemind_chatroom.server.descriptors import allow_descriptors


@pytest.fixture(autouse=True)
def _restored_limit() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_limit_rises_to_what_is_wanted() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    assert allow_descriptors(600) == 600
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (600, hard)


def test_the_limit_does_not_rise_above_the_hard_one() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    assert allow_descriptors(hard + 1) == hard


def test_the_limit_is_never_lowered() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert allow_descriptors(1) == 1
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
