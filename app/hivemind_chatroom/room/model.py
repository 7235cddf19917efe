"""The values of the room: frozen, and each field says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

MemberId = NewType("MemberId", str)
"""Random, never derived from a name; safe to show to everybody."""

MessageId = NewType("MessageId", int)
"""1, 2, 3 ... without holes; the order of the room."""

NO_MESSAGE = MessageId(0)
"""Before the first one."""

SessionId = NewType("SessionId", str)
"""The OVOS session of one member; hex only, as hubs put their own part before a colon."""

Correlation = NewType("Correlation", str)
"""Marks one utterance on the wire; every reply of the hub carries it back."""

CookieKey = NewType("CookieKey", str)
"""What a browser proves its membership with; the room keeps only its digest."""

SessionState = Mapping[str, Any]
"""What the assistant asked us to remember between two utterances of one member."""


class Kind(StrEnum):
    """What sort of line a message is."""

    PERSON = "person"
    ASSISTANT = "assistant"
    ANNOUNCEMENT = "announcement"
    MEDIA = "media"
    NOTICE = "notice"


class Audience(StrEnum):
    """Whom a member speaks to."""

    EVERYONE = "everyone"
    """Shown to all, asked of the assistant."""
    ASSISTANT = "assistant"
    """Private: question and answer are seen by their member alone."""
    PEOPLE = "people"
    """Shown to all, not asked."""


class Delivery(StrEnum):
    """How far an utterance has come on its way to an answer."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    ANSWERED = "answered"
    UNMATCHED = "unmatched"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    UNCONFIRMED = "unconfirmed"
    EXPIRED = "expired"


class HubState(StrEnum):
    """How the assistant's hub stands, as people are told."""

    OFF = "off"
    """No hub is wanted."""
    UNCONFIGURED = "unconfigured"
    """A hub is wanted and the identity can't be used."""
    CONNECTING = "connecting"
    CONNECTED = "connected"
    UNREACHABLE = "unreachable"
    """It can't be found, does not listen, or went away."""
    REFUSED = "refused"
    """It answers and does not let us in."""
    NOT_ALLOWED = "not_allowed"
    """It lets us in and does not let us ask."""
    NO_ASSISTANT = "no_assistant"
    """It is up and nothing behind it answers."""


class Device(StrEnum):
    """What a member holds in their hands, as far as the browser tells."""

    PHONE = "phone"
    COMPUTER = "computer"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Session:
    """What tells one member from another on the assistant's side."""

    id: SessionId
    state: SessionState = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """A person in the room."""

    id: MemberId
    name: str
    lang: str
    """BCP-47, in its standard form."""
    site_id: str
    """Where the member is, as HiveMind calls it."""
    color: int
    """0 to 7: the hue of the avatar."""
    session: Session


@dataclass(frozen=True, slots=True)
class Joined:
    """A member and the key its browser keeps in the cookie."""

    member: Member
    key: CookieKey


@dataclass(frozen=True, slots=True)
class Visited:
    """The member that upstream's form routes speak for."""

    member: Member
    is_news: bool
    """It came just now, or speaks another language or from elsewhere than before."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a message, or whom it answers, as it was called then."""

    id: str
    name: str


ASSISTANT = Author("assistant", "HiveMind")
"""The assistant as an author; upstream's clients know it by this name."""


@dataclass(frozen=True, slots=True)
class Media:
    """Something to play."""

    uri: str
    title: str = ""
    artist: str = ""
    kind: str = "audio"
    """`audio` or `video`."""

    @property
    def name(self) -> str:
        """What upstream calls it: artist, dash, title, as far as they are known."""
        return " - ".join(part for part in (self.artist, self.title) if part)


@dataclass(frozen=True, slots=True)
class Introduction:
    """How somebody is called, which language they speak and where they are, in their own words."""

    name: str
    lang: str = ""
    """Any BCP-47 spelling; empty for the room's language."""
    site_id: str = ""
    """Empty for the default."""


@dataclass(frozen=True, slots=True)
class Posting:
    """What a member wants to say, in their own words."""

    text: str
    client_id: str | None = None
    """The browser's own mark, which makes a repeated posting the same message."""
    audience: Audience = Audience.EVERYONE
    lang: str = ""
    """Which language the words are in, BCP-47; empty for the member's own."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before the log has numbered it."""

    kind: Kind
    author: Author
    text: str
    lang: str
    sent_at: datetime
    """Aware, UTC."""
    to: Author | None = None
    private_to: MemberId | None = None
    """The only member who may see it; None shows it to all."""
    client_id: str | None = None
    """Made by the author's browser; the same one again is the same message."""
    in_reply_to: MessageId | None = None
    expects_reply: bool = False
    media: Media | None = None
    corr: Correlation | None = None
    """Set when the hub is to be asked: the log puts it into the outbox in the same step."""


@dataclass(frozen=True, slots=True)
class Message:
    """One numbered line of the room."""

    id: MessageId
    draft: Draft
    delivery: Delivery | None = None

    def visible_to(self, viewer: MemberId | None) -> bool:
        """Tell whether this member, or a reader who has not joined, may see it."""
        owner = self.draft.private_to
        return owner is None or owner == viewer


@dataclass(frozen=True, slots=True)
class Asked:
    """An outbox row: one utterance and how far it has come."""

    message_id: MessageId
    corr: Correlation
    member_id: MemberId
    delivery: Delivery
    since: float
    """When it was asked or, once it has left, when it was sent; seconds on the monotonic clock."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What goes to the hub: a message with the member's session as it is now."""

    message_id: MessageId
    corr: Correlation
    text: str
    lang: str
    member: Member
    is_private: bool = False
    """Only its member sees it and its answer."""


@dataclass(frozen=True, slots=True)
class Address:
    """What a bus message tells of whom it is for; any part may be missing."""

    corr: Correlation | None = None
    session_id: SessionId | None = None
    user: MemberId | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing the assistant says or wants played."""

    address: Address
    text: str
    lang: str | None = None
    expects_reply: bool = False
    media: Media | None = None
    is_announcement: bool = False
    """It comes of what somebody asked for, and is said to everybody who could see that."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The hub is done with an utterance."""

    address: Address
    delivery: Delivery
    state: SessionState | None = None
    """The session to go on with; None keeps the old one."""


@dataclass(frozen=True, slots=True)
class HubStatus:
    """The hub's state with what the operator does about it."""

    state: HubState
    since: datetime
    reason: str = ""
    """A stable code such as `hub.key`, empty when all is well."""
    command: str = ""
    """What to run on the hub, empty when nothing helps there."""
    builtin: bool = False
    """It is the built-in hub, not the household's."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the log, oldest first."""

    messages: tuple[Message, ...]
    more: bool
    """There is more in the direction that was asked for."""
