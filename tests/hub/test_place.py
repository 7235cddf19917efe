from __future__ import annotations

import zoneinfo

import pytest
import tzlocal

from hivemind_chatroom.hub.place import local_timezone


def test_the_timezone_is_one_of_the_iana_database() -> None:
    assert zoneinfo.ZoneInfo(local_timezone()).key == local_timezone()


@pytest.mark.parametrize("error", [LookupError, OSError, ValueError])
def test_a_computer_that_does_not_know_where_it_is_is_on_utc(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr(tzlocal, "get_localzone_name", fail)
    assert local_timezone() == "UTC"
