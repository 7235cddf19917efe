"""What is left out of Flask is nothing that anybody would miss."""

from __future__ import annotations

import io
import json

import flask
import pytest

from hivemind_chatroom.web.lean import BODY_MAX_BYTES, LeanFlask, asked


@pytest.fixture
def app() -> LeanFlask:
    """Return an app with a view for everything."""
    app = LeanFlask(__name__, static_folder=None)
    app.url_map.merge_slashes = False

    def tell() -> flask.Response:
        request = asked()
        form = {} if request.is_json else request.form.to_dict()
        told = {
            "endpoint": request.endpoint,
            "size": len(request.get_data()),
            "form": form,
            "link": flask.url_for("told", object=7),
            "session": dict(flask.session),
        }
        return flask.Response(json.dumps(told), content_type="application/json")

    app.add_url_rule("/", "root", tell, methods=["GET", "POST"])
    app.add_url_rule("/told/<int:object>", "told", str)
    app.add_url_rule("/é", "accent", tell)
    return app


def test_routes_and_links_are_those_of_flask(app: LeanFlask) -> None:
    told = app.test_client().get("/é?lang=de").get_json()
    assert (told["endpoint"], told["link"]) == ("accent", "/told/7")


@pytest.mark.parametrize("path", ["/told//7", "/told/seven", "/told/7/"])
def test_another_spelling_of_an_address_is_none_of_ours(app: LeanFlask, path: str) -> None:
    answer = app.test_client().get("/", environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 404


def test_a_method_that_an_address_does_not_take_is_named(app: LeanFlask) -> None:
    answer = app.test_client().delete("/told/7")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_of_a_body_that_is_too_large_no_more_is_read_than_shows_it(app: LeanFlask) -> None:
    sent = io.BytesIO(bytes(10 * BODY_MAX_BYTES))
    answer = app.test_client().post("/", environ_overrides={"wsgi.input": sent}, json=None)
    assert answer.get_json()["size"] == BODY_MAX_BYTES + 1
    assert sent.tell() == BODY_MAX_BYTES + 1


def test_a_form_is_read_as_ever(app: LeanFlask) -> None:
    told = app.test_client().post("/", data={"message": "Hello"}).get_json()
    assert told["form"] == {"message": "Hello"}


def test_there_are_no_sessions(app: LeanFlask) -> None:
    answer = app.test_client().get("/")
    assert answer.get_json()["session"] == {}
    assert "Set-Cookie" not in answer.headers
