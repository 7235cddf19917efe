"""The page's files: its language, their addresses, and nothing that asks for a token."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hivemind_chatroom.operator.pages import HERE, Pages

ADDRESS = re.compile(r'(?:href|src)="([^"]+)"')
TRANSLATED = ("ar", "de", "es", "fr", "pt-PT")


def client_of(language: str = "", folder: Path = HERE / "static") -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(Pages(lambda: language, folder).blueprint())
    return app.test_client()


def heading_of(response: TestResponse) -> tuple[str, str]:
    """Return language and direction of a page."""
    found = re.search('<html lang="(.*?)" dir="(.*?)">', response.text)
    assert found is not None
    return found[1], found[2]


def test_all_that_the_page_names_is_served_and_never_changes() -> None:
    client = client_of()
    addresses = ADDRESS.findall(client.get("/").text)
    assert len(addresses) > 20
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"]
    kinds = {client.get(address).mimetype for address in addresses}
    assert kinds == {"text/css", "text/javascript", "image/svg+xml"}


def test_another_content_has_another_address(tmp_path: Path) -> None:
    (tmp_path / "icon.svg").write_text("<svg/>")
    first = ADDRESS.findall(client_of(folder=tmp_path).get("/").text)[0]
    (tmp_path / "icon.svg").write_text("<svg> </svg>")
    changed = client_of(folder=tmp_path)
    assert ADDRESS.findall(changed.get("/").text)[0] != first
    assert changed.get(first).status_code == 404


def test_only_the_files_that_browsers_need_are_served() -> None:
    client = client_of()
    icon = ADDRESS.findall(client.get("/").text)[0]
    assert client.get(icon.replace("icon.svg", "vendor/VENDOR.toml")).status_code == 404
    assert client.get(icon.replace("icon.svg", "../pages.py")).status_code == 404


def test_a_browsers_own_search_for_an_icon_finds_ours() -> None:
    answer = client_of().get("/favicon.ico", follow_redirects=True)
    assert answer.mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    ("chosen", "accepted", "heading"),
    [
        ("", "", ("en", "ltr")),
        ("", "de-AT,de;q=0.9", ("de", "ltr")),
        ("", "pt-BR", ("pt-PT", "ltr")),
        ("", "xx, ar;q=0.9, fr;q=0", ("ar", "rtl")),
        ("fr", "de", ("fr", "ltr")),
        ("en", "de", ("en", "ltr")),
        ("xx", "ar-EG", ("ar", "rtl")),
    ],
)
def test_the_page_is_in_the_chosen_language_else_in_the_browsers(
    chosen: str, accepted: str, heading: tuple[str, str]
) -> None:
    page = client_of(chosen).get("/", headers={"Accept-Language": accepted})
    assert heading_of(page) == heading


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_language_says_all_that_the_others_say(tag: str) -> None:
    client = client_of()
    words = json.loads(client.get(f"/words/{tag}.json").data)
    german = json.loads(client.get("/words/de.json").data)
    assert words.keys() == german.keys()
    assert len(words) > 200


def test_there_are_no_words_for_a_language_that_the_page_does_not_speak() -> None:
    assert client_of().get("/words/xx.json").status_code == 404
    assert client_of().get("/words/../secret.json").status_code == 404


def test_every_sentence_of_the_scripts_is_in_the_catalogues() -> None:
    scripts = (HERE / "static" / "js").rglob("*.js")
    called = {
        json.loads(sentence)
        for script in scripts
        for sentence in re.findall(r'(?<![\w.])[tn]\(\s*("(?:[^"\\]|\\.)*")', script.read_text())
    }
    words = json.loads(client_of().get("/words/de.json").data)
    assert called == words.keys()


def test_no_sentence_is_made_where_it_can_not_be_found() -> None:
    for script in (HERE / "static" / "js").rglob("*.js"):
        source = re.sub(r"/\*.*?\*/", "", script.read_text(), flags=re.DOTALL)
        calls = re.findall(r"(?<![\w.])(?<!function )[tn]\(\s*(.)", source)
        assert set(calls) <= {'"'}, script.name
