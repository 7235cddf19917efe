"""The hand-over as a Flask view sees it, with what Flask and middleware wrap around a response."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import flask
import pytest
from werkzeug.wsgi import ClosingIterator

from hivemind_chatroom.server.responder import HAND_OVER
from hivemind_chatroom.server.stream import Streams
from server.wire import MakeGateway, MakeStreams, dial

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

GET = b"GET /events HTTP/1.1\r\nHost: room.local\r\n\r\n"


@pytest.fixture
def streams(make_streams: MakeStreams) -> Streams:
    return make_streams(last_id=7)


@pytest.fixture
def app(streams: Streams) -> flask.Flask:
    """An app with one view that streams, and one of everything that wraps a response."""
    app = flask.Flask(__name__)
    app.config["TESTING"] = True

    @app.get("/events")
    def events() -> flask.Response:
        mark = streams.mark()
        if hand_over := flask.request.environ.get(HAND_OVER):
            hand_over(mark, "ana")
        body = b"after %d " % mark.last_id
        response = flask.Response(body, content_type="text/event-stream")
        response.call_on_close(lambda: None)
        return response

    @app.after_request
    def secured(response: flask.Response) -> flask.Response:
        response.headers["X-Frame-Options"] = "DENY"
        return response

    inner = app.wsgi_app

    def middleware(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return ClosingIterator(inner(environ, start_response), lambda: None)

    app.wsgi_app = middleware  # type: ignore[method-assign] # as Flask's documentation does it
    return app


def test_a_view_of_flask_becomes_a_stream(
    make_gateway: MakeGateway, streams: Streams, app: flask.Flask
) -> None:
    with dial(make_gateway(app, streams=streams).port) as client:
        client.say(GET)
        head = client.read_until(b"after 7 ")
        assert b"Content-Type: text/event-stream\r\n" in head
        assert b"X-Frame-Options: DENY\r\n" in head
        assert b"Content-Length" not in head
        streams.publish(b"live", audience="ana")
        assert client.read_until(b"live") == b"live"


def test_without_a_server_that_streams_the_same_view_answers_with_the_backlog(
    app: flask.Flask,
) -> None:
    answer = app.test_client().get("/events")
    assert (answer.status_code, answer.data) == (200, b"after 7 ")


def test_asked_for_the_head_alone_the_view_begins_no_stream(
    make_gateway: MakeGateway, streams: Streams, app: flask.Flask
) -> None:
    with dial(make_gateway(app, streams=streams).port) as client:
        client.say(b"HEAD /events HTTP/1.1\r\nHost: room.local\r\n\r\n")
        assert client.read_answer(has_body=False).status == 200
        client.say(GET)
        client.read_until(b"after 7 ")
        assert streams.count() == 1
