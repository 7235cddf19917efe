"""The static files, and how long a browser keeps them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask, url_for

import hivemind_chatroom.web
from hivemind_chatroom.web.app import OFFERED_LANGUAGES
from hivemind_chatroom.web.assets import Assets
from web.browser import Browser
from web.stage import Stage

STATIC = Path(hivemind_chatroom.web.__file__).with_name("static")
KINDS = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".wav": "audio/wav",
}
WORDS = {"en": {}, "de": {"Sent": "Gesendet"}}
FILES = sorted(
    path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.suffix in KINDS
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "js").mkdir()
    for name in ("door", "main", "worker"):
        (tmp_path / "js" / f"{name}.js").write_text('const a = t("Sent");\n')
    (tmp_path / "page.css").write_text("body {}\n")
    return tmp_path


def address(stage: Stage, filename: str) -> str:
    with stage.app.test_request_context():
        return url_for("static", filename=filename)


def test_a_file_at_its_versioned_address_is_kept_for_a_year(
    stage: Stage, passer_by: Browser
) -> None:
    response = passer_by.get(address(stage, "js/main.js"))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_at_its_plain_address_is_asked_about_each_time(passer_by: Browser) -> None:
    response = passer_by.get("/static/js/main.js")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"
    again = passer_by.get("/static/js/main.js", {"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_modules_find_each_other_under_the_same_version(stage: Stage) -> None:
    main, other = address(stage, "js/main.js"), address(stage, "js/api.js")
    assert main.rsplit("/", 1)[0] == other.rsplit("/", 1)[0]


@pytest.mark.parametrize("filename", FILES)
def test_every_file_is_served_as_what_it_is(
    stage: Stage, passer_by: Browser, filename: str
) -> None:
    response = passer_by.get(address(stage, filename))
    assert response.mimetype == KINDS[Path(filename).suffix]
    written = (STATIC / filename).read_bytes()
    if filename.endswith((".css", ".js")):
        assert b"/*" not in response.data
    else:
        assert response.data == written


@pytest.mark.parametrize("filename", FILES)
def test_what_compresses_well_is_sent_compressed(passer_by: Browser, filename: str) -> None:
    plain = passer_by.get(f"/static/{filename}")
    response = passer_by.get(f"/static/{filename}", {"Accept-Encoding": "gzip, deflate"})
    assert response.headers["Vary"] == "Accept-Encoding"
    if filename.endswith((".wav", ".png")):
        assert "Content-Encoding" not in response.headers
        assert response.data == plain.data
    else:
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.data) == plain.data
        assert response.headers["ETag"] != plain.headers["ETag"]


def test_whoever_refuses_gzip_gets_none(passer_by: Browser) -> None:
    response = passer_by.get("/static/js/main.js", {"Accept-Encoding": "gzip;q=0, br"})
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/js",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/js/..%2f..%2fapp.py",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/static/0123456789ab/js/main.js",
        "/static/js/main.js%00",
        "/static/js/contract.d.ts",
        "/static/..%5capp.py",
    ],
)
def test_nothing_else_is_served(passer_by: Browser, path: str) -> None:
    response = passer_by.get(path)
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"


def test_the_version_changes_with_any_file(folder: Path) -> None:
    before = Assets(folder, WORDS).version
    assert Assets(folder, WORDS).version == before
    (folder / "js" / "main.js").write_text("const a = 2;\n")
    changed = Assets(folder, WORDS).version
    (folder / "page.css").rename(folder / "other.css")
    renamed = Assets(folder, WORDS).version
    assert len({before, changed, renamed}) == 3


def test_a_part_of_a_file_is_enough_for_a_player(passer_by: Browser) -> None:
    whole = passer_by.get("/static/js/main.js")
    part = passer_by.get("/static/js/main.js", {"Range": "bytes=2-5"})
    assert (part.status_code, part.data) == (206, whole.data[2:6])
    assert passer_by.get("/static/js/main.js", {"Range": "bytes=9999999-"}).status_code == 416


def test_what_is_no_file_of_the_page_is_not_served(folder: Path) -> None:
    (folder / "notes.txt").write_text("for developers")
    before = Assets(folder, WORDS).version
    (folder / "notes.txt").unlink()
    assert Assets(folder, WORDS).version == before


def test_what_the_system_thinks_of_js_does_not_matter(folder: Path) -> None:
    app = Flask("app", static_folder=None)
    assets = Assets(folder, WORDS)
    assets.install(app)
    response = app.test_client().get(f"/static/{assets.version}/js/main.js")
    assert response.content_type == "text/javascript; charset=utf-8"


def test_the_icon_is_where_browsers_look_without_a_page(passer_by: Browser) -> None:
    response = passer_by.get("/favicon.ico")
    assert response.status_code == 200
    assert response.content_type == "image/svg+xml"
    assert response.data == passer_by.get("/static/icon.svg").data


@pytest.mark.parametrize("tag", OFFERED_LANGUAGES)
def test_every_offered_language_has_its_own_name(tag: str) -> None:
    script = (STATIC / "js" / "languages.js").read_text("utf-8")
    assert re.search(rf'^  "?{tag}"?: "[^"]+",$', script, re.MULTILINE)


def test_a_script_is_sent_in_each_language_and_the_worker_once(folder: Path) -> None:
    app = Flask("app", static_folder=None)
    Assets(folder, WORDS).install(app)
    page = app.test_client()
    assert page.get("/static/js/main.de.js").text == 'const a=t("Gesendet");'
    assert page.get("/static/js/main.en.js").text == 'const a=t("Sent");'
    assert page.get("/static/js/worker.js").status_code == 200
    assert page.get("/static/js/worker.de.js").status_code == 404


def test_the_page_asks_for_a_handful_of_files(stage: Stage, passer_by: Browser) -> None:
    door = passer_by.get(address(stage, "js/door.en.js")).text
    main = passer_by.get(address(stage, "js/main.en.js")).text
    search = passer_by.get(address(stage, "js/search.en.js")).text
    assert '"#join-same"' in door
    assert '"#composer"' not in door
    assert '"#join-same"' not in main
    assert '"#composer"' in main
    assert re.findall(r'\bfrom"([^"]+)"', door + main) == []
    assert {"./main.en.js"} == set(re.findall(r'\bfrom"([^"]+)"', search))
    assert "@import" not in passer_by.get(address(stage, "css/page.css")).text
