"""The routes of what was said, and of the room as files."""

from __future__ import annotations

import io
from typing import Final

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from hivemind_chatroom.errors import BodyInvalidError
from hivemind_chatroom.operator.answer import answer, done
from hivemind_chatroom.operator.fields import number_in_query
from hivemind_chatroom.operator.parts import Parts
from hivemind_chatroom.room.model import MessageId
from hivemind_chatroom.room.operating import Download, ExportFormat
from hivemind_chatroom.room.room import PAGE_MAX

_PAGE_DEFAULT: Final = 50
_QUERY_MAX: Final = 200
"""Characters of a search."""


class History:
    """Messages, export, report, backup and restore."""

    def __init__(self, parts: Parts) -> None:
        """Speak for these."""
        self._parts = parts

    def blueprint(self) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("history", __name__, url_prefix="/api")
        routes.get("/messages")(self.messages)
        routes.delete("/messages/<int:message_id>")(self.forget)
        routes.delete("/messages")(self.forget_all)
        routes.get("/export")(self.export)
        routes.get("/report")(self.report)
        routes.get("/backup")(self.backup)
        routes.post("/restore")(self.restore)
        routes.post("/restore/check")(self.look_into)
        return routes

    def messages(self) -> ResponseReturnValue:
        """Return a part of the public log."""
        words = request.args.get("q", "").encode("utf-8", "replace").decode("utf-8")
        page = self._parts.room.messages(
            None,
            before=_message_id("before"),
            after=_message_id("after"),
            limit=number_in_query("limit", most=PAGE_MAX) or _PAGE_DEFAULT,
            words=words[:_QUERY_MAX],
        )
        listing = [self._parts.serialize.message(message) for message in page.messages]
        return answer({"messages": listing, "more": page.more})

    def forget(self, message_id: int) -> ResponseReturnValue:
        """Take a message out of the room."""
        self._parts.room.forgetting.forget(MessageId(message_id))
        return done()

    def forget_all(self) -> ResponseReturnValue:
        """Take every message out of the room."""
        self._parts.room.forgetting.forget_all()
        return done()

    def export(self) -> ResponseReturnValue:
        """Return the public log as a file."""
        try:
            wanted = ExportFormat(request.args.get("format", ExportFormat.JSON))
        except ValueError as error:
            raise BodyInvalidError(f"format is one of {', '.join(ExportFormat)}.") from error
        return _file(self._parts.archive.export(wanted))

    def report(self) -> ResponseReturnValue:
        """Return what helps a helper, without a secret."""
        return _file(self._parts.reports.report())

    def backup(self) -> ResponseReturnValue:
        """Return the whole room."""
        return _file(self._parts.archive.backup())

    def look_into(self) -> ResponseReturnValue:
        """Tell when a backup was made, if it is one; nothing changes."""
        return answer({"made_at": self._parts.archive.look_into(io.BytesIO(request.get_data()))})

    def restore(self) -> ResponseReturnValue:
        """Put a backup in place of what is there."""
        self._parts.archive.restore(io.BytesIO(request.get_data()))
        return done()


def _message_id(name: str) -> MessageId | None:
    value = number_in_query(name)
    return None if value is None else MessageId(value)


def _file(download: Download) -> Response:
    response = Response(download.chunks, content_type=download.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=download.name)
    return response
