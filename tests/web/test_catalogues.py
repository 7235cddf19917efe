"""The words of the pages in the languages of their readers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from markupsafe import Markup
from werkzeug.test import TestResponse

from hivemind_chatroom.hub.builtin.phrases.book import Phrasebooks, Topic
from hivemind_chatroom.hub.builtin.phrases.folding import fold
from hivemind_chatroom.web.catalogues import FOLDER, Catalogues
from hivemind_chatroom.web.languages import KnownLanguages
from web.browser import Browser
from web.stage import Stage

TRANSLATED = ("ar", "de", "es", "fr", "pt-PT")

DOOR = "/chatroom/anon_user/flask/en"

HOLE = re.compile(r"\{\w+\}")

ARABIC_FORMS = {"zero", "one", "two", "few", "many", "other"}


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    return Catalogues(FOLDER, KnownLanguages())


def script_words(tag: str) -> dict[str, Any]:
    """Return what the scripts are given in a language."""
    file = FOLDER / tag / "LC_MESSAGES" / "chatroom.json"
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words


def heading_of(response: TestResponse) -> tuple[str, str]:
    """Return language and direction of a page."""
    found = re.search('<html lang="(.*?)" dir="(.*?)">', response.text)
    assert found is not None
    return found[1], found[2]


def test_the_pages_speak_six_languages(catalogues: Catalogues) -> None:
    assert set(catalogues.tags) == {"en", *TRANSLATED}


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_language_says_all_that_the_others_say(tag: str) -> None:
    assert script_words(tag).keys() == script_words("de").keys()


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_translation_has_the_holes_of_its_sentence(tag: str) -> None:
    for sentence, said in script_words(tag).items():
        if isinstance(said, str):
            assert sorted(HOLE.findall(said)) == sorted(HOLE.findall(sentence))
        else:
            assert said["other"].count("{count}") == 1


def test_arabic_counts_in_its_six_ways() -> None:
    counted = [said for said in script_words("ar").values() if isinstance(said, dict)]
    assert counted
    assert all(said.keys() == ARABIC_FORMS for said in counted)
    assert script_words("ar")["{count} new message"]["two"] == "رسالتان جديدتان"


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        (["pt-BR"], "pt-PT"),
        (["ca"], "es"),
        (["gsw"], "de"),
        (["ar-EG"], "ar"),
        (["en-GB", "de"], "en"),
        (["nl", "fr"], "fr"),
        (["nl", "zh"], "en"),
        ([], "en"),
    ],
)
def test_the_first_language_that_a_catalogue_serves_is_taken(
    catalogues: Catalogues, wanted: list[str], tag: str
) -> None:
    assert catalogues.closest(wanted).tag == tag


def test_a_sentence_without_a_translation_is_said_in_english(catalogues: Catalogues) -> None:
    assert catalogues.closest(["de"]).text("Nobody says {this}.", this="it") == "Nobody says it."


def test_an_error_without_a_sentence_says_nothing(catalogues: Catalogues) -> None:
    assert catalogues.closest(["de"]).text("") == ""


def test_what_stands_in_a_hole_becomes_no_markup(catalogues: Catalogues) -> None:
    german = catalogues.closest(["de"])
    assert german.markup("You are {name}", name="<b>") == Markup("Du bist &lt;b&gt;")
    assert german.markup("You are {name}", name=Markup("<b>")) == Markup("Du bist <b>")


def test_the_scripts_of_each_language_have_its_words(catalogues: Catalogues) -> None:
    assert catalogues.script_words["de"]["Sent"] == "Gesendet"
    assert catalogues.script_words["en"] == {}


@pytest.mark.parametrize("tag", ["en", *TRANSLATED])
@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("What can you do?", "help"),
        ("What can I ask?", "help"),
        ("What time is it?", "time"),
        ("Tell me a joke", "joke"),
        ("Repeat that", "repeat"),
        ("Stop", "stop"),
    ],
)
def test_the_built_in_assistant_understands_what_the_page_proposes(
    catalogues: Catalogues, tag: str, sentence: str, topic: Topic
) -> None:
    proposed = catalogues.closest([tag]).text(sentence)
    assert (proposed == sentence) == (tag == "en" or proposed == "Stop")
    assert Phrasebooks().choose(tag).hears(topic, fold(proposed))


def test_a_newcomers_page_is_in_the_browsers_language(passer_by: Browser) -> None:
    response = passer_by.get(DOOR, {"Accept-Language": "xx, ar;q=0.9, fr;q=0"})
    assert heading_of(response) == ("ar", "rtl")
    assert "انضمام" in response.text
    assert "/js/door.ar.js" in response.text
    assert '"lang": "ar"' in response.text


def test_an_english_page_has_the_scripts_as_they_are(passer_by: Browser) -> None:
    response = passer_by.get(DOOR)
    assert heading_of(response) == ("en", "ltr")
    assert "/js/door.en.js" in response.text


def test_the_link_counts_more_than_the_member(ana: Browser) -> None:
    page = ana.get("/").headers["Location"]
    assert heading_of(ana.get(page, {"Accept-Language": "de"}))[0] == "pt-PT"
    assert heading_of(ana.get(f"{page}?lang=fr"))[0] == "fr"
    assert heading_of(ana.get(f"{page}?lang=none"))[0] == "pt-PT"


def test_an_address_that_somebody_chose_counts_more_than_the_browser(passer_by: Browser) -> None:
    german = {"Accept-Language": "de"}
    assert heading_of(passer_by.get("/chatroom/alice/flask/en", german))[0] == "en"
    assert heading_of(passer_by.get("/chatroom/anon_user/flask/es", german))[0] == "es"
    assert heading_of(passer_by.get("/chatroom/anon_user/flask/en", german))[0] == "de"


def test_the_links_language_is_kept_on_the_way_to_the_page(passer_by: Browser) -> None:
    assert passer_by.get("/?lang=ar").headers["Location"] == f"{DOOR}?lang=ar"


def test_a_related_language_is_read_but_not_proposed(passer_by: Browser) -> None:
    response = passer_by.get(DOOR, {"Accept-Language": "eu"})
    assert heading_of(response)[0] == "es"
    assert '"lang": "en"' in response.text


def test_a_refusal_is_said_in_the_language_of_its_page(passer_by: Browser) -> None:
    german = {"Accept-Language": "de"}
    refused = passer_by.post("/api/join", {"name": "x" * 25}, german)
    assert refused.get_json()["error"]["message"] == (
        "Der Name ist zu lang. Bitte nimm einen mit 1 bis 24 Zeichen."
    )


def test_an_error_page_is_said_in_the_language_of_its_reader(passer_by: Browser) -> None:
    response = passer_by.get("/nowhere", {"Accept-Language": "ar"})
    assert heading_of(response) == ("ar", "rtl")
    assert "لا شيء على هذا العنوان." in response.text


def test_whom_a_name_belongs_to_is_said_in_the_readers_language(stage: Stage) -> None:
    stage.browser().join("Ana")
    refused = stage.browser().post("/api/join", {"name": "ana"}, {"Accept-Language": "fr"})
    error = refused.get_json()["error"]
    assert (error["code"], error["suggestion"]) == ("name_taken", "Ana 2")
    assert error["message"].startswith("Ana est déjà là.")
