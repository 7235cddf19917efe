from __future__ import annotations

import logging

import pytest

from hivemind_chatroom.desktop.words import LOG, STOP, Opening, read_word, record, word


def test_an_opening_arrives_as_it_was_sent_and_tells_nobody_the_token(opening: Opening) -> None:
    line = opening.line()
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert Opening.of_line(line) == opening
    assert "SECRET" not in repr(opening)


def test_a_word_arrives_with_what_was_said_with_it() -> None:
    assert read_word(word(STOP)) == (STOP, {})


@pytest.mark.parametrize("line", [b"\n", b'{"say": "st{"say"', b"7", b"[]", b"{}", b"\xff\xfe"])
def test_what_is_no_word_is_taken_for_none(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_word(line)


def test_what_is_to_be_logged_arrives_with_its_place_and_level() -> None:
    of = logging.LogRecord("room.window", logging.WARNING, "", 0, "two\nlines of %s", ("it",), None)
    line = record(of)
    assert line.count(b"\n") == 1
    said = {"name": "room.window", "level": logging.WARNING, "text": "two\nlines of it"}
    assert read_word(line) == (LOG, said)
