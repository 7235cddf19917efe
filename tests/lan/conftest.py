"""A LAN of its own for each file of tests that needs one."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from lan.household import Listener
from lan.network import Host, Lan, why_not

_why_not = functools.cache(why_not)


@pytest.fixture(scope="module")
def switch() -> Iterator[Lan]:
    """A LAN for the tests of one file; where there can be none, each is skipped by its name."""
    if reason := _why_not():
        pytest.skip(reason)
    with Lan() as network:
        yield network


@pytest.fixture
def lan(switch: Lan) -> Iterator[Lan]:
    """The same LAN, which is as it was after the test."""
    with switch.visit():
        yield switch


@pytest.fixture
def host(lan: Lan) -> Host:
    """A computer on it."""
    return lan.host()


@pytest.fixture
def ear(lan: Lan) -> Iterator[Listener]:
    """Somebody else's computer, which hears all."""
    listener = Listener(lan.host())
    yield listener
    listener.end()
