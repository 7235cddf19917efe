"""The public log as a file, made while it is read: no more than a page of it is ever held."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import tzinfo
from typing import Protocol

from hivemind_chatroom.archive.document import beginning, day_heading, end, line
from hivemind_chatroom.archive.plain import plain, when_of
from hivemind_chatroom.room.clock import rfc3339
from hivemind_chatroom.room.model import Author, MemberId, Message, MessageId, Page
from hivemind_chatroom.room.operating import Download, ExportFormat
from hivemind_chatroom.room.ports import Clock

_PAGE = 500
"""Messages read at a time."""

_INDENT = "    "
"""Before the further lines of a text."""

_MEDIA_TYPES = {
    ExportFormat.JSON: "application/json",
    ExportFormat.HTML: "text/html; charset=utf-8",
    ExportFormat.TEXT: "text/plain; charset=utf-8",
}

_ENDINGS = {ExportFormat.JSON: "json", ExportFormat.HTML: "html", ExportFormat.TEXT: "txt"}


class Log(Protocol):
    """What was said; `MessageLog` is one."""

    def last_id(self) -> MessageId:
        """Return the highest number given."""
        ...

    def page(
        self, viewer: MemberId | None, *, after: MessageId | None = None, limit: int = 50
    ) -> Page:
        """Return what `viewer` may see after a number, oldest first."""
        ...


class Export:
    """Writes the public log; what is private to somebody is not read at all."""

    def __init__(
        self, log: Log, room_name: Callable[[], str], clock: Clock, zone: tzinfo | None = None
    ) -> None:
        """Write `log`.

        Args:
            log: Of the room.
            room_name: What the room is called by then.
            clock: Dates the file.
            zone: Whose times people read; None for this computer's.
        """
        self._log = log
        self._room_name = room_name
        self._clock = clock
        self._zone = zone

    def download(self, to: ExportFormat) -> Download:
        """Return the log as a file of this format, up to the message that is the last one now."""
        write = {
            ExportFormat.JSON: self._json,
            ExportFormat.HTML: self._html,
            ExportFormat.TEXT: self._text,
        }[to]
        chunks = _encoded(write(self._pages(self._log.last_id())))
        day = self._clock.now().astimezone(self._zone).date()
        return Download(f"chatroom-{day}.{_ENDINGS[to]}", _MEDIA_TYPES[to], chunks)

    def _pages(self, last: MessageId) -> Iterator[Sequence[Message]]:
        after, is_more = MessageId(0), True
        while is_more:
            page = self._log.page(None, after=after, limit=_PAGE)
            yield [message for message in page.messages if message.id <= last]
            is_more = page.more and page.messages[-1].id < last
            after = page.messages[-1].id if page.messages else last

    def _json(self, pages: Iterable[Sequence[Message]]) -> Iterator[str]:
        room, now = json.dumps(self._room_name(), ensure_ascii=False), rfc3339(self._clock.now())
        yield f'{{"room": {room},\n "exported_at": "{now}",\n "messages": ['
        separator = "\n"
        for messages in pages:
            for message in messages:
                yield f"{separator}  {json.dumps(_described(message), ensure_ascii=False)}"
                separator = ",\n"
        yield "\n]}\n"

    def _text(self, pages: Iterable[Sequence[Message]]) -> Iterator[str]:
        yield f"{plain(self._room_name())}\n"
        day = ""
        for messages in pages:
            for message in messages:
                today, time = when_of(message, self._zone)
                if today != day:
                    day = today
                    yield f"\n{day}\n"
                yield f"{time} {_who(message)}: {_said(message)}\n"

    def _html(self, pages: Iterable[Sequence[Message]]) -> Iterator[str]:
        yield beginning(self._room_name())
        day = ""
        for messages in pages:
            for message in messages:
                today, time = when_of(message, self._zone)
                if today != day:
                    day = today
                    yield day_heading(day)
                yield line(message, time)
        yield end()


def _encoded(texts: Iterator[str]) -> Iterator[bytes]:
    """Encode; half a surrogate pair from a careless hub becomes a question mark."""
    for text in texts:
        yield text.encode("utf-8", "replace")


def _described(message: Message) -> Mapping[str, object]:
    draft = message.draft
    return {
        "id": message.id,
        "kind": draft.kind,
        "sent_at": rfc3339(draft.sent_at),
        "author": _author(draft.author),
        "to": _author(draft.to) if draft.to else None,
        "text": draft.text,
        "lang": draft.lang,
        "in_reply_to": draft.in_reply_to,
        "delivery": message.delivery,
        "media": asdict(draft.media) if draft.media else None,
    }


def _author(author: Author) -> Mapping[str, object]:
    return {"id": author.id, "name": author.name}


def _who(message: Message) -> str:
    draft = message.draft
    return plain(f"{draft.author.name} -> {draft.to.name}" if draft.to else draft.author.name)


def _said(message: Message) -> str:
    text = plain(message.draft.text).replace("\n", f"\n{_INDENT}")
    media = message.draft.media
    return text if media is None else f"{text} <{plain(media.uri)}>"
