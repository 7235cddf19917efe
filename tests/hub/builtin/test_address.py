from __future__ import annotations

import pytest

from hivemind_chatroom.hub.builtin.address import BuiltinAddress

ADDRESS = BuiltinAddress("127.0.0.1", 40_000, "made-up-key", "made-up-password")


def test_an_address_survives_the_pipe() -> None:
    assert BuiltinAddress.from_line(ADDRESS.to_line()) == ADDRESS


def test_it_is_one_line() -> None:
    assert ADDRESS.to_line().count(b"\n") == 1
    assert ADDRESS.to_line().endswith(b"\n")


@pytest.mark.parametrize("line", [b"", b"\n", b"{}", b"[]", b"7", b'{"host": "h"}', b"\xff"])
def test_another_line_is_no_address(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the kind is all that is promised
        BuiltinAddress.from_line(line)


def test_its_secrets_are_not_shown() -> None:
    assert "made-up" not in repr(ADDRESS)
    assert "made-up" not in f"{ADDRESS}"
