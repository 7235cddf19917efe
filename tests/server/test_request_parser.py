from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hivemind_chatroom.server.limits import Limits
from hivemind_chatroom.server.request_parser import TRAILER_LINES, RequestParser

LIMITS = Limits(header_bytes=1_000, body_bytes=100)
GET = b"GET /healthz HTTP/1.1\r\nHost: room.local\r\n\r\n"
POST = b"POST /api/messages HTTP/1.1\r\nHost: room.local\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"POST /api/messages HTTP/1.1\r\nHost: room.local\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;part=1\r\nhel\r\n2\r\nlo\r\n0\r\nExpires: never\r\n\r\n"
)


def fed(data: bytes) -> RequestParser:
    parser = RequestParser(LIMITS)
    parser.feed(data)
    return parser


def head(*fields: bytes, line: bytes = b"POST / HTTP/1.1") -> bytes:
    return b"\r\n".join([line, *fields, b"", b""])


def test_a_request_without_a_body_is_complete_at_the_empty_line() -> None:
    assert not fed(GET[:-1]).is_complete
    parser = fed(GET)
    assert parser.is_complete
    assert parser.refusal is None
    assert parser.fields == {b"Host": b"room.local"}
    assert parser.line_and_body() == b"GET /healthz HTTP/1.1\r\n"


@pytest.mark.parametrize("request_", [POST, CHUNKED], ids=["length", "chunks"])
def test_a_body_is_complete_at_its_end_and_always_has_a_length(request_: bytes) -> None:
    assert not fed(request_[:-1]).is_complete
    parser = fed(request_)
    assert parser.is_complete
    assert parser.refusal is None
    assert parser.fields == {b"Host": b"room.local", b"Content-Length": b"5"}
    assert parser.line_and_body() == b"POST /api/messages HTTP/1.1\r\nhello"


@given(st.sampled_from([GET, POST, CHUNKED]), st.lists(st.integers(0, 150), max_size=6))
def test_it_does_not_matter_in_which_pieces_a_request_comes(
    request_: bytes, cuts: list[int]
) -> None:
    parser = RequestParser(LIMITS)
    for start, stop in zip([0, *sorted(cuts)], [*sorted(cuts), len(request_)], strict=True):
        parser.feed(request_[start:stop])
    whole = fed(request_)
    assert (parser.is_complete, parser.refusal) == (True, None)
    assert (parser.fields, parser.line_and_body()) == (whole.fields, whole.line_and_body())


@pytest.mark.parametrize("request_", [GET, POST, CHUNKED], ids=["get", "length", "chunks"])
def test_a_request_may_come_byte_by_byte(request_: bytes) -> None:
    parser = RequestParser(LIMITS)
    for byte in request_:
        assert not parser.is_complete
        parser.feed(bytes([byte]))
    assert (parser.is_complete, parser.refusal) == (True, None)


def test_what_follows_a_request_is_the_next_one() -> None:
    parser = fed(POST + GET + b"GET")
    following = parser.next()
    assert following.is_complete
    assert following.line_and_body().startswith(b"GET /healthz")
    assert following.next().has_begun
    assert not following.next().is_complete


def test_nothing_has_begun_before_the_first_byte_nor_with_an_empty_line() -> None:
    assert not RequestParser(LIMITS).has_begun
    assert not fed(b"\r\n\r\n").has_begun
    assert fed(b"G").has_begun
    assert fed(b"\r\n" + GET).is_complete


def test_the_same_field_twice_is_joined() -> None:
    parser = fed(head(b"accept: a", b"Cookie: b=1", b"Accept: c", b"Cookie: d=2"))
    assert parser.fields == {b"Accept": b"a, c", b"Cookie": b"b=1; d=2"}


def test_a_field_with_an_underscore_is_left_out() -> None:
    assert fed(head(b"X_Forwarded_For: 10.0.0.1", b"Host: a")).fields == {b"Host": b"a"}


@pytest.mark.parametrize(
    "fields",
    [
        [b"no colon"],
        [b"Host : a"],
        [b"Host: a", b" folded"],
        [b" folded"],
        [b": no name"],
        [b"Name: a\x00b"],
        [b"Name: a\nOther: b"],
        [b"Host: a", b"Host: b"],
        [b"Origin: a", b"Origin: b"],
        [b"Content-Length: 1", b"Content-Length: 1"],
        [b"Content-Length: -1"],
        [b"Content-Length: +1"],
        [b"Content-Length: 1_0"],
        [b"Content-Length: "],
        [b"Content-Length: 1, 1"],
        [b"Content-Length: 1", b"Transfer-Encoding: chunked"],
    ],
)
def test_what_two_readers_could_understand_in_two_ways_is_refused(fields: list[bytes]) -> None:
    assert fed(head(*fields)).refusal is HTTPStatus.BAD_REQUEST


def test_a_line_that_ends_without_a_carriage_return_is_refused_at_once() -> None:
    assert fed(b"GET / HTTP/1.1\n").refusal is HTTPStatus.BAD_REQUEST
    assert fed(b"\n").refusal is HTTPStatus.BAD_REQUEST


def test_chunks_are_for_http_1_1() -> None:
    old = head(b"Transfer-Encoding: chunked", line=b"POST / HTTP/1.0")
    assert fed(old).refusal is HTTPStatus.BAD_REQUEST


def test_another_coding_than_chunks_is_not_implemented() -> None:
    assert fed(head(b"Transfer-Encoding: gzip, chunked")).refusal is HTTPStatus.NOT_IMPLEMENTED


def test_a_head_may_be_as_large_as_the_limit_and_no_larger() -> None:
    room = 1_000 - len(head(b"A: "))
    assert fed(head(b"A: " + b"x" * room)).refusal is None
    too_large = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    assert fed(head(b"A: " + b"x" * (room + 1))).refusal is too_large
    assert fed(b"GET /" + b"x" * 1_000).refusal is too_large


def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    too_large = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    chunked = head(b"Transfer-Encoding: chunked")
    assert fed(head(b"Content-Length: 100") + b"x" * 100).refusal is None
    assert fed(head(b"Content-Length: 101")).refusal is too_large
    assert fed(chunked + b"64\r\n" + b"x" * 100 + b"\r\n0\r\n\r\n").refusal is None
    assert fed(chunked + b"65\r\n").refusal is too_large
    assert fed(chunked + b"32\r\n" + b"x" * 50 + b"\r\n33\r\n").refusal is too_large


def test_how_large_a_body_may_be_can_be_told_by_its_head() -> None:
    limits = replace(LIMITS, body_bytes_of=lambda fields: 200 if b"A" in fields else 10)
    for field, most in ((b"A: b\r\n", 200), (b"", 10)):
        for size, refusal in ((most, None), (most + 1, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)):
            parser = RequestParser(limits)
            parser.feed(head(field + b"Content-Length: %d" % size) + b"x" * size)
            assert parser.refusal is refusal
            parser = RequestParser(limits)
            chunks = b"%x\r\n" % size + b"x" * size + b"\r\n0\r\n\r\n"
            parser.feed(head(field + b"Transfer-Encoding: chunked") + chunks)
            assert parser.refusal is refusal


@pytest.mark.parametrize(
    "body",
    [
        b"xyz\r\n",
        b"-1\r\n",
        b"\r\n",
        b"123456789\r\n",
        b"3\r\nabcd\r\n",
        b"1" + b" " * 300,
        b"0\r\n" + b"A: b\r\n" * (TRAILER_LINES + 1),
        b"0\r\n" + b"x" * 300,
    ],
)
def test_what_is_no_chunk_is_refused(body: bytes) -> None:
    assert fed(head(b"Transfer-Encoding: chunked") + body).refusal is HTTPStatus.BAD_REQUEST


def test_a_client_that_waits_for_a_go_ahead_is_seen_once() -> None:
    parser = fed(head(b"Expect: 100-continue", b"Content-Length: 2"))
    assert parser.wants_go_ahead()
    assert not parser.wants_go_ahead()
    parser.feed(b"ok")
    assert parser.fields == {b"Content-Length": b"2"}


@pytest.mark.parametrize("length", [b"0", b"101"])
def test_nobody_is_told_to_go_ahead_when_the_answer_stands(length: bytes) -> None:
    parser = fed(head(b"Expect: 100-continue", b"Content-Length: " + length))
    assert parser.is_complete
    assert not parser.wants_go_ahead()


@given(st.lists(st.binary(max_size=200), max_size=10))
@example([b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"a\r\n"])
def test_no_bytes_make_it_fail_or_keep_more_than_its_limits(pieces: list[bytes]) -> None:
    parser = RequestParser(LIMITS)
    for piece in pieces:
        if parser.is_complete:
            break
        parser.feed(piece)
    assert parser.is_complete or len(parser.line_and_body()) < 1_200
