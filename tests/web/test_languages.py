"""What is known of languages."""

from __future__ import annotations

import json
import re
import string
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hivemind_chatroom.web
from hivemind_chatroom.web import languages
from hivemind_chatroom.web.app import OFFERED_LANGUAGES
from hivemind_chatroom.web.languages import KnownLanguages, autonym


@pytest.fixture
def known() -> KnownLanguages:
    return KnownLanguages()


@pytest.mark.parametrize(
    ("tag", "standard"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("en_US", "en-US"),
        ("en-us", "en-US"),
        (" pt-pt ", "pt-PT"),
        ("eng", "en"),
        ("por", "pt"),
        ("iw", "he"),
        ("no", "no"),
        ("sr-latn", "sr-Latn"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("ca-valencia", "ca-valencia"),
        ("ca-ES-valencia", "ca-ES-valencia"),
        ("de-1996", "de-1996"),
        ("mwl", "mwl"),
        ("kab", "kab"),
        ("en-US-u-ca-gregory", "en-US"),
        ("de-x-private", "de"),
        ("en-u-mu-celsius", "en"),
    ],
)
def test_a_language_has_one_spelling(known: KnownLanguages, tag: str, standard: str) -> None:
    assert known.standard(tag) == standard


@pytest.mark.parametrize(
    "tag",
    [
        "",
        " ",
        "xx",
        "xx-YY",
        "en-YY",
        "und",
        "mul",
        "zxx",
        "mis",
        "root",
        "C",
        "C.UTF-8",
        "en_US.UTF-8",
        "<script>",
        "en\x00",
        "en--US",
        "-en",
        "en-",
        "x-foo",
        "i-klingon",
        "ÉN",
        "еn",
        "\ud800",
        "en-" + "a" * 100,
        "en-us-" * 20,
        "../../etc",
    ],
)
def test_what_nobody_speaks_is_no_language(known: KnownLanguages, tag: str) -> None:
    assert known.standard(tag) is None


@given(st.text(max_size=70) | st.text(string.ascii_letters + string.digits + "-_", max_size=20))
def test_a_standard_form_is_its_own(tag: str) -> None:
    known = KnownLanguages()
    standard = known.standard(tag)
    assert standard is None or known.standard(standard) == standard
    assert known.direction(tag) in {"ltr", "rtl"}


@pytest.mark.parametrize("tag", OFFERED_LANGUAGES)
def test_what_the_page_offers_is_a_language_in_its_standard_form(
    known: KnownLanguages, tag: str
) -> None:
    assert known.standard(tag) == tag


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("ar-Latn", "ltr"),
        ("he", "rtl"),
        ("iw", "rtl"),
        ("fa-IR", "rtl"),
        ("ur", "rtl"),
        ("ps", "rtl"),
        ("dv", "rtl"),
        ("yi", "rtl"),
        ("ckb", "rtl"),
        ("az", "ltr"),
        ("az-Arab", "rtl"),
        ("ku-Arab", "rtl"),
        ("pa", "ltr"),
        ("pa-PK", "rtl"),
        ("nqo", "rtl"),
        ("syr", "rtl"),
        ("ff-Adlm", "rtl"),
        ("zh-Hant-TW", "ltr"),
        ("xx", "ltr"),
        ("", "ltr"),
    ],
)
def test_a_language_is_written_one_way(known: KnownLanguages, tag: str, direction: str) -> None:
    assert known.direction(tag) == direction


def test_beyond_so_many_tags_only_the_language_itself_is_looked_up(
    known: KnownLanguages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "TAGS_MAX", 2)
    assert known.standard("pt-BR") == "pt-BR"
    assert known.standard("pt-PT") == "pt-PT"
    assert known.standard("de-AT") == "de"
    assert known.standard("pt-PT") == "pt-PT"
    assert known.standard("xx-AT") is None


def test_the_large_tables_of_names_are_not_loaded(known: KnownLanguages) -> None:
    known.standard("pt-PT")
    known.direction("ar")
    assert "language_data" not in sys.modules


def test_the_languages_call_themselves_what_they_do_in_the_scripts() -> None:
    source = Path(hivemind_chatroom.web.__file__).parent / "static" / "js" / "languages.js"
    block = source.read_text("utf-8").partition("Object.freeze({")[2].partition("})")[0]
    quoted = re.sub(r"^ +(\w+):", r'"\1":', block, flags=re.MULTILINE).strip().rstrip(",")
    assert json.loads(f"{{{quoted}}}") == {tag: autonym(tag) for tag in OFFERED_LANGUAGES}


def test_a_language_that_is_not_offered_is_called_by_its_tag() -> None:
    assert autonym("tlh") == "tlh"
