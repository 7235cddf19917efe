"""Members who talk to an assistant without a bus, at a time that stands still."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from hivemind_chatroom.hub.builtin import phrases
from hivemind_chatroom.hub.builtin.ask import Answer, Asker, SessionId
from hivemind_chatroom.hub.builtin.assistant import Assistant

LANGS = ("ar", "ca", "da", "de", "en", "es", "fr", "gl", "it", "nl", "pt")


def read_table(lang: str) -> dict[str, Any]:
    """Read the phrase table of a language as it stands in its file."""
    table: dict[str, Any] = json.loads(
        resources.files(phrases).joinpath(f"{lang}.json").read_text("utf-8")
    )
    return table


@dataclass
class FakeAlarm:
    """A call that was promised."""

    delay_s: float
    callback: Callable[[], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True


@dataclass
class FakeAlarms:
    """Stands for `loop.call_later`; the test says when the time has come."""

    promised: list[FakeAlarm] = field(default_factory=list)

    def call_later(self, delay: float, callback: Callable[[], None], /) -> FakeAlarm:
        self.promised.append(FakeAlarm(delay, callback))
        return self.promised[-1]

    def ring(self) -> None:
        """Make every call that was not cancelled."""
        due, self.promised = self.promised, []
        for alarm in due:
            if not alarm.is_cancelled:
                alarm.callback()


class Talk:
    """An assistant, and members who ask it."""

    def __init__(self, lang: str = "en", now: datetime | None = None, number: int = 42) -> None:
        """Begin a conversation in a language; `number` is the one to guess."""
        self.lang = lang
        self.now = now or datetime(2026, 11, 4, 20, 14, tzinfo=UTC)
        self.alarms = FakeAlarms()
        self.announced: list[tuple[str, str]] = []
        self._assistant = Assistant(
            self.alarms.call_later,
            lambda line, lang, _mark: self.announced.append((line, lang)),
            lambda _low, _high: number,
        )

    def ask(  # noqa: PLR0913 - what a session may say of a member
        self,
        text: str,
        *,
        session: str = "ana",
        lang: str | None = None,
        timezone: str = "UTC",
        clock_hours: int = 24,
        month_first: bool = False,
        is_private: bool = False,
    ) -> Answer:
        """Ask as one member; silence is an answer without a line."""
        now = self.now.astimezone(ZoneInfo(timezone))
        asker = Asker(
            SessionId(session), now, clock_hours, month_first, mark="", is_private=is_private
        )
        spoken = lang or self.lang
        return self._assistant.answer(text, spoken, asker) or Answer((), spoken)

    def hear(self, text: str, session: str = "ana") -> str:
        """Ask, and return what is answered as one text."""
        return " / ".join(self.ask(text, session=session).lines)

    def whisper(self, text: str, session: str = "ana") -> str:
        """Ask in private, and return what is answered as one text."""
        return " / ".join(self.ask(text, session=session, is_private=True).lines)

    def wait(self, **length: float) -> None:
        """Let time pass, without ringing any alarm."""
        self.now += timedelta(**length)
