"""What a request says, by name and type."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hivemind_chatroom.errors import BodyInvalidError
from hivemind_chatroom.room.model import Audience
from hivemind_chatroom.web.fields import NUMBER_MAX, Fields, number


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_refused(body: bytes) -> None:
    try:
        Fields.of(body)
    except BodyInvalidError:
        return
    assert isinstance(json.loads(body), dict)


@given(st.dictionaries(st.text(), st.none() | st.text() | st.floats(allow_nan=False)))
def test_any_object_is_read(values: dict[str, float | str | None]) -> None:
    assume(not {float("inf"), float("-inf")} & set(values.values()))
    Fields.of(json.dumps(values).encode())


def test_a_whole_character_is_left_alone() -> None:
    assert Fields.of(rb'{"a": "\ud83d\ude00"}').text("a") == "😀"
    assert Fields.of(rb'{"a": "\ude00\ud83d"}').text("a") == "\ufffd\ufffd"


def test_a_missing_text_is_its_default() -> None:
    fields = Fields({})
    assert fields.text("lang", "en") == "en"
    assert fields.text("lang", "") == ""
    with pytest.raises(BodyInvalidError, match="lang is missing"):
        fields.text("lang")


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, ["a"]])
def test_what_is_no_text_is_refused_even_where_it_may_be_missing(value: object) -> None:
    with pytest.raises(BodyInvalidError, match="lang is a text"):
        Fields({"lang": value}).text("lang", "en")


def test_a_choice_is_one_of_its_values() -> None:
    fields = Fields({"to": "people", "other": "bob", "number": 1})
    assert fields.choice("to", Audience.EVERYONE) is Audience.PEOPLE
    assert fields.choice("missing", Audience.EVERYONE) is Audience.EVERYONE
    with pytest.raises(BodyInvalidError, match="everyone, assistant, people"):
        fields.choice("other", Audience.EVERYONE)
    with pytest.raises(BodyInvalidError):
        fields.choice("number", Audience.EVERYONE)


@pytest.mark.parametrize(
    ("raw", "value"), [(None, None), ("0", 0), ("007", 7), ("5", 5), ("9" * 30, NUMBER_MAX)]
)
def test_a_number_is_read_and_a_huge_one_is_the_highest(raw: str | None, value: int | None) -> None:
    assert number(raw, "after") == value


@pytest.mark.parametrize(
    "raw", ["", "-1", "+1", "1.0", "1e3", " 1", "1 ", "0x1", "٣", "²", "9" * 31]
)
def test_what_is_no_whole_number_is_refused(raw: str) -> None:
    with pytest.raises(BodyInvalidError, match="after"):
        number(raw, "after")


@pytest.mark.parametrize("raw", ["0", "101", "9" * 20])
def test_a_number_out_of_bounds_is_refused(raw: str) -> None:
    with pytest.raises(BodyInvalidError, match="from 1 to 100"):
        number(raw, "limit", least=1, most=100)
