"""Pages are sent compressed, and what people say is not."""

from __future__ import annotations

import gzip

from web.browser import Browser

PAGE = "/chatroom/anon_user/flask/en"
ZIPPED = {"Accept-Encoding": "gzip, deflate"}


def test_a_page_is_compressed_for_who_takes_it(passer_by: Browser) -> None:
    plain, zipped = passer_by.get(PAGE), passer_by.get(PAGE, ZIPPED)
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["Content-Length"] == str(len(zipped.data))
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"


def test_what_people_say_is_not_compressed(ana: Browser) -> None:
    for number in range(50):
        ana.say(f"Number {number}")
    assert "Content-Encoding" not in ana.request("GET", "/api/messages", ZIPPED).headers
    assert "Content-Encoding" not in ana.request("GET", "/messages", ZIPPED).headers


def test_what_fits_one_packet_is_not_compressed(passer_by: Browser) -> None:
    assert "Content-Encoding" not in passer_by.get("/nowhere", ZIPPED).headers


def test_a_head_says_what_a_get_would(passer_by: Browser) -> None:
    head = passer_by.request("HEAD", PAGE, ZIPPED)
    assert head.headers["Content-Length"] == passer_by.get(PAGE, ZIPPED).headers["Content-Length"]
