from __future__ import annotations

import pytest

from hivemind_chatroom.errors import traced

SECRET = "the words of a person"


def fail(depth: int) -> None:
    if depth == 0:
        raise LookupError(SECRET)
    fail(depth - 1)


def test_a_traced_error_tells_its_type_and_its_last_places_and_none_of_its_words() -> None:
    with pytest.raises(LookupError) as caught:
        fail(depth=9)
    told = traced(caught.value)
    assert told.startswith("LookupError at test_errors.py:")
    assert told.endswith(" fail")
    assert told.count("test_errors.py:") == 6
    assert SECRET not in told


def test_an_error_that_nobody_has_raised_can_be_traced() -> None:
    assert traced(LookupError(SECRET)) == "LookupError at no known place"
