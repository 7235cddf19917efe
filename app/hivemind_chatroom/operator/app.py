"""The operator's app: every part of it, put together for one room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from hivemind_chatroom.operator import failures
from hivemind_chatroom.operator.activity import Activity
from hivemind_chatroom.operator.decisions import Decisions
from hivemind_chatroom.operator.events import Events
from hivemind_chatroom.operator.history import History
from hivemind_chatroom.operator.hubs import Hubs
from hivemind_chatroom.operator.invitations import Invitations
from hivemind_chatroom.operator.live import Live
from hivemind_chatroom.operator.pages import Pages
from hivemind_chatroom.operator.parts import Parts
from hivemind_chatroom.operator.people import People
from hivemind_chatroom.operator.ports import Streams
from hivemind_chatroom.operator.preferences import Preferences
from hivemind_chatroom.operator.security import BACKUP_MAX_BYTES, Guard
from hivemind_chatroom.operator.silence import Silence
from hivemind_chatroom.operator.status import Status
from hivemind_chatroom.operator.windows import Windows


@dataclass(frozen=True, slots=True)
class OperatorApp:
    """The app with what runs beside it."""

    wsgi: Flask
    live: Live
    """Is started and stopped with the listener."""


def create_app(parts: Parts, streams: Streams, token: str, port: Callable[[], int]) -> OperatorApp:
    """Return the WSGI app through which the operator runs a room.

    Args:
        parts: The room and all that belongs to it; the app listens to its feed from now on.
        streams: Where the windows listen, and nobody else.
        token: The secret of this launch; who has it may do everything.
        port: Returns the port of the listener, once it has one.
    """
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # an address has one spelling, and // is none of ours
    app.config["MAX_CONTENT_LENGTH"] = BACKUP_MAX_BYTES
    failures.install(app)
    Guard(token, port).install(app)
    room = parts.room
    preferences = Preferences(parts.decided, parts.login)
    silence = Silence()
    activity = Activity(
        parts.clock,
        room.people.members.records(),
        lambda: silence.seen(room.hub, parts.hub.address),
    )
    status = Status(parts, preferences, activity, silence)
    live = Live(status.snapshot, status.next_end, streams, parts.clock)

    def learn_of_hub() -> None:
        activity.look_at_hub()
        live.touch()

    for part in (
        Pages(lambda: preferences.settings.language),
        Events(status, live, streams),
        Hubs(parts.hub, preferences, silence, learn_of_hub),
        Decisions(parts, preferences, live.touch),
        Invitations(parts, preferences),
        People(room.moderation, parts.clock),
        History(parts),
        Windows(parts.window),
    ):
        app.register_blueprint(part.blueprint())
    room.feed.listen(silence.hear)
    room.feed.listen(activity.note)  # after the silence, whose end is a line
    room.feed.listen(live.touch)  # after the activity, so that a snapshot has the line
    return OperatorApp(app, live)
