"""The five checks of a hub, decided: what a connection tells in, what was found out.

Nothing here waits or connects; `probe.py` does.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hivemind_chatroom.hub import translate
from hivemind_chatroom.hub.diagnosis import Phase, diagnose
from hivemind_chatroom.hub.events import (
    Arrived,
    BusMessage,
    Closed,
    FromConnection,
    Greeted,
    Opened,
    Outdated,
    Permitted,
    Reached,
    Refused,
    Secured,
)
from hivemind_chatroom.hub.reasons import Reason
from hivemind_chatroom.hub.state import UTTERANCE_TOPICS
from hivemind_chatroom.room.model import (
    Correlation,
    Ending,
    Member,
    MemberId,
    MessageId,
    Reply,
    Session,
    SessionId,
    Utterance,
)
from hivemind_chatroom.room.operating import CheckName, CheckState

GREETING_DEADLINE_S: Final = 4.0
"""How long an open websocket may say nothing before it is no hub, in seconds."""

PROOF_DEADLINE_S: Final = 2.5
"""How long the answer to what we may send may take; older hubs give none and are fine."""

HELLO: Final = "hello"
"""What the assistant is asked."""

_LANG: Final = "en-US"

_ORDER: Final = tuple(CheckName)

_CHECK_OF: Final[Mapping[Reason, CheckName]] = MappingProxyType(
    {
        Reason.STORAGE: CheckName.REACHED,
        Reason.NAME: CheckName.REACHED,
        Reason.NOT_HIVEMIND: CheckName.REACHED,
        Reason.TLS: CheckName.REACHED,
        Reason.SCHEME: CheckName.REACHED,
        Reason.KEY: CheckName.KEY,
        Reason.PASSWORD: CheckName.PASSWORD,
        Reason.WEAK_PASSWORD: CheckName.PASSWORD,
        Reason.VERSION: CheckName.PASSWORD,
        Reason.KEY_CHANGED: CheckName.PASSWORD,
        Reason.PIN: CheckName.ALLOWED,
        Reason.DENIED: CheckName.ALLOWED,
        Reason.NO_AGENT: CheckName.ANSWERED,
    }
)
"""Which check a trouble is about; others are about the one that is due."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How one check ended."""

    name: CheckName
    state: CheckState = CheckState.OK
    reason: Reason = Reason.NONE


Step = Finding | BusMessage
"""What follows from an event: something found out, or something to send."""


class Examination:
    """One call at a hub, from the first packet to the answer; for one thread."""

    def __init__(self, site_id: str, timezone: str, now: float) -> None:
        """Begin with nothing found out.

        Args:
            site_id: Where we say we are.
            timezone: Where the room is, by its name in the IANA database.
            now: Seconds since 1970.
        """
        self._timezone = timezone
        self._now = now
        self._phase = Phase.CONNECTING
        self._is_reached = False
        self._ended = 0
        self._corr = Correlation(secrets.token_hex(8))
        self._caller = Member(
            MemberId(secrets.token_hex(8)),
            "",
            _LANG,
            site_id,
            0,
            Session(SessionId(secrets.token_hex(8)), {}),
        )
        self.due: float | None = None
        """When to lose patience, in seconds on the monotonic clock; None: not before the end."""
        self.client_id = ""
        """Our number on the hub, once it has told."""

    @property
    def is_over(self) -> bool:
        """Whether every check has ended."""
        return self._ended == len(_ORDER)

    def take(self, event: FromConnection, now: float) -> Iterator[Step]:
        """Yield what follows from what the connection tells.

        Args:
            event: What it tells.
            now: Seconds on the monotonic clock.
        """
        match event, self._phase:
            case Reached(), _:
                self._is_reached = True
            case Opened(), Phase.CONNECTING:
                self._enter(Phase.GREETING, now + GREETING_DEADLINE_S)
            case Greeted(), Phase.GREETING:
                self._enter(Phase.SECURING)
                yield from self._passed(CheckName.KEY)
            case Outdated(), Phase.GREETING | Phase.SECURING:
                yield from self._failed(Reason.VERSION)
            case Secured(), Phase.SECURING:
                self._enter(Phase.PROVING, now + PROOF_DEADLINE_S)
                yield from self._passed(CheckName.PASSWORD)
                yield translate.probe()
            case Arrived(message), Phase.PROVING | Phase.UP:
                yield from self._understand(message)
            case Closed(), _:
                yield from self._failed(diagnose(event, self._phase))
            case _:
                pass

    def lose_patience(self) -> Iterator[Step]:
        """Yield what follows from hearing nothing until `due`, or until there is no more time."""
        match self._phase:
            case Phase.CONNECTING:
                yield from self._failed(Reason.SILENT if self._is_reached else Reason.UNREACHABLE)
            case Phase.GREETING:
                yield from self._failed(Reason.NOT_HIVEMIND)
            case Phase.PROVING:
                yield from self._ask(UTTERANCE_TOPICS[0])
            case Phase.UP:
                yield from self._failed(Reason.NO_AGENT)
            case _:
                yield from self._failed(Reason.SILENT)

    def refuse(self, reason: Reason) -> Iterator[Finding]:
        """Yield the checks of a call that is not made: only the one it is about has failed."""
        about = _ORDER.index(_CHECK_OF[reason])
        for place, name in enumerate(_ORDER):
            failed = place == about
            yield Finding(
                name,
                CheckState.FAILED if failed else CheckState.SKIPPED,
                reason if failed else Reason.NONE,
            )
        self._ended = len(_ORDER)

    def _enter(self, phase: Phase, due: float | None = None) -> None:
        self._phase = phase
        self.due = due

    def _understand(self, message: BusMessage) -> Iterator[Step]:
        meaning = translate.meaning_of(message, self._now)
        match meaning:
            case Permitted(topics, client_id) if self._phase is Phase.PROVING:
                self.client_id = client_id
                allowed = UTTERANCE_TOPICS if topics is None else topics
                topic = next((each for each in UTTERANCE_TOPICS if each in allowed), None)
                yield from self._ask(topic) if topic else self._failed(Reason.DENIED)
            case Refused(backend_is_away) if self._phase is Phase.UP:
                yield from self._failed(Reason.NO_AGENT if backend_is_away else Reason.DENIED)
            case Reply(address) | Ending(address) if address.corr == self._corr:
                yield from self._passed(CheckName.ANSWERED)
            case _:
                pass

    def _ask(self, topic: str) -> Iterator[Step]:
        self._enter(Phase.UP)
        yield from self._passed(CheckName.ALLOWED)
        asked = Utterance(MessageId(0), self._corr, HELLO, _LANG, self._caller)
        yield translate.utterance(asked, topic, self._timezone, self._now)

    def _passed(self, name: CheckName) -> Iterator[Finding]:
        """End every check up to one as good."""
        until = _ORDER.index(name) + 1
        for each in _ORDER[self._ended : until]:
            yield Finding(each)
        self._ended = max(self._ended, until)

    def _failed(self, reason: Reason) -> Iterator[Finding]:
        """End the check that a trouble is about as failed, and those after it unseen."""
        if self.is_over:
            return
        about = max(self._ended, _ORDER.index(_CHECK_OF.get(reason, _ORDER[self._ended])))
        for each in _ORDER[self._ended : about]:
            yield Finding(each)
        yield Finding(_ORDER[about], CheckState.FAILED, reason)
        for each in _ORDER[about + 1 :]:
            yield Finding(each, CheckState.SKIPPED)
        self._ended = len(_ORDER)
