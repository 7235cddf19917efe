"""The public log as a file: complete, harmless, and read page by page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from html.parser import HTMLParser
from itertools import count, islice

import pytest

from contract.stores import ANA, BOB, draft, keep
from fakes import STARTED_AT, FakeClock
from hivemind_chatroom.archive import export as exporting
from hivemind_chatroom.archive.export import Export
from hivemind_chatroom.room.model import (
    ASSISTANT,
    Author,
    Draft,
    Kind,
    Media,
    MemberId,
    Message,
    MessageId,
    Page,
)
from hivemind_chatroom.room.operating import ExportFormat
from hivemind_chatroom.store.memory import MemoryStore

EVIL = "<script>alert(1)</script><img src=x onerror='alert(2)'> \"& \x1b[31m \x00"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(FakeClock())


def written(store: MemoryStore, to: ExportFormat, name: str = "Family & friends") -> str:
    export = Export(store, lambda: name, FakeClock(), UTC)
    return b"".join(export.download(to).chunks).decode()


def reply(text: str, private_to: MemberId | None = None, media: Media | None = None) -> Draft:
    kind = Kind.MEDIA if media else Kind.ASSISTANT
    said = draft(text, private_to=private_to)
    return replace(said, kind=kind, author=ASSISTANT, to=Author(ANA, "Ana"), media=media)


class Elements(HTMLParser):
    """The elements of a page, as a browser's parser sees them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_json_has_every_public_message_with_what_is_known_of_it(store: MemoryStore) -> None:
    tune = Media("http://127.0.0.1/tune.wav", "Tune", "Nobody")
    keep(store, draft("Olá 🐝", corr="c1"), reply("Hi"), reply("Tune", media=tune))
    log = json.loads(written(store, ExportFormat.JSON))
    assert (log["room"], log["exported_at"]) == ("Family & friends", "2026-03-14T15:09:26.000Z")
    first, second, third = log["messages"]
    assert first == {
        "id": 1,
        "kind": "person",
        "sent_at": "2026-03-14T15:09:26.000Z",
        "author": {"id": "ana", "name": "Ana"},
        "to": None,
        "text": "Olá 🐝",
        "lang": "en",
        "in_reply_to": None,
        "delivery": "queued",
        "media": None,
    }
    assert second["to"] == {"id": "ana", "name": "Ana"}
    assert third["media"]["uri"] == "http://127.0.0.1/tune.wav"


def test_text_reads_like_a_talk_with_a_heading_for_each_day(store: MemoryStore) -> None:
    keep(
        store,
        draft("what time is it?"),
        reply("Nine.\nOr so."),
        replace(draft("hi", author=BOB), sent_at=STARTED_AT + timedelta(days=1)),
    )
    assert written(store, ExportFormat.TEXT, "Family") == (
        "Family\n\n"
        "2026-03-14\n15:09 Ana: what time is it?\n15:09 HiveMind -> Ana: Nine.\n    Or so.\n\n"
        "2026-03-15\n15:09 Bob: hi\n"
    )


def test_times_for_people_are_those_of_their_clocks(store: MemoryStore) -> None:
    keep(store, draft("late"))
    zone = timezone(timedelta(hours=9))
    export = Export(store, lambda: "Room", FakeClock(), zone)
    download = export.download(ExportFormat.TEXT)
    assert "2026-03-15\n00:09 Ana: late" in b"".join(download.chunks).decode()
    assert download.name == "chatroom-2026-03-15.txt"


def test_nothing_that_is_said_is_markup_of_the_page(store: MemoryStore) -> None:
    evil = replace(draft(EVIL), author=Author("x", EVIL), lang='en" onload="x')
    keep(store, evil, reply(EVIL, media=Media("javascript:alert(1)")))
    page = written(store, ExportFormat.HTML, EVIL)
    found = Elements(page)
    assert not {"script", "img", "a", "link", "iframe"} & set(found.tags)
    assert not {name for name in found.attributes if name.startswith("on") or name == "href"}
    assert "alert(2)" in found.text
    assert "\x1b" not in page
    assert "\x00" not in page


def test_the_page_needs_nothing_else_and_may_run_nothing(store: MemoryStore) -> None:
    keep(store, draft("hi"))
    page = written(store, ExportFormat.HTML)
    assert "default-src 'none'" in page
    assert "http://" not in page.replace("http-equiv", "")
    assert "@media print" in page
    assert page.endswith("</html>\n")


@pytest.mark.parametrize("to", list(ExportFormat))
def test_what_is_private_is_in_no_file(store: MemoryStore, to: ExportFormat) -> None:
    keep(
        store,
        draft("for all"),
        draft("the secret question", private_to=ANA),
        reply("the secret answer", private_to=ANA),
        draft("for all too", author=BOB),
    )
    page = written(store, to)
    assert "for all too" in page
    assert "secret" not in page


@pytest.mark.parametrize("to", list(ExportFormat))
def test_an_empty_room_makes_a_whole_file(store: MemoryStore, to: ExportFormat) -> None:
    page = written(store, to)
    assert "Family" in page
    if to is ExportFormat.JSON:
        assert json.loads(page)["messages"] == []


@pytest.mark.parametrize("to", list(ExportFormat))
def test_half_a_letter_of_a_careless_hub_spoils_no_file(
    store: MemoryStore, to: ExportFormat
) -> None:
    keep(store, reply("half \ud83d"), draft("whole"))
    assert "whole" in written(store, to)


def test_pages_meet_without_gap_or_repeat(
    monkeypatch: pytest.MonkeyPatch, store: MemoryStore
) -> None:
    monkeypatch.setattr(exporting, "_PAGE", 3)
    keep(store, *(draft(f"n{number}") for number in range(10)))
    log = json.loads(written(store, ExportFormat.JSON))
    assert [message["id"] for message in log["messages"]] == list(range(1, 11))


class EndlessLog:
    """A log in which somebody says something whenever it is read, and which counts its pages."""

    def __init__(self) -> None:
        self._last = 20_000
        self.pages = 0

    def last_id(self) -> MessageId:
        return MessageId(self._last)

    def page(
        self, viewer: MemberId | None, *, after: MessageId | None = None, limit: int = 50
    ) -> Page:
        self.pages += 1
        self._last += limit
        start = int(after or 0) + 1
        return Page(tuple(self._messages(start, limit)), more=True)

    def _messages(self, start: int, limit: int) -> Iterable[Message]:
        return (Message(MessageId(number), draft("hi")) for number in islice(count(start), limit))


def test_a_long_log_is_read_as_it_is_sent_and_ends_where_it_ended_at_the_beginning() -> None:
    log = EndlessLog()
    chunks = iter(Export(log, lambda: "Room", FakeClock(), UTC).download(ExportFormat.TEXT).chunks)
    assert log.pages == 0
    list(islice(chunks, 600))
    assert log.pages == 2
    rest = sum(1 for chunk in chunks if b"hi" in chunk)
    assert rest + 600 - 2 == 20_000
