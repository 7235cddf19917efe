"""The room: join, post, receive, messages."""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass

from hivemind_chatroom.errors import (
    BodyInvalidError,
    LangInvalidError,
    MessageUnknownError,
    NotAskableError,
    NotJoinedError,
    SiteInvalidError,
    TextEmptyError,
    TextTooLongError,
)
from hivemind_chatroom.room.door import Door
from hivemind_chatroom.room.feed import (
    Feed,
    HubChanged,
    MemberChanged,
    MemberGone,
    MessagePosted,
    MessageRemoved,
    Thinking,
    UtteranceQueued,
)
from hivemind_chatroom.room.limits import (
    CLIENT_ID_MAX,
    MEMBER_RATE,
    SITE_MAX,
    TEXT_MAX,
    Rate,
    TokenBuckets,
)
from hivemind_chatroom.room.members import Joined, Members
from hivemind_chatroom.room.model import (
    ASSISTANT,
    Audience,
    Author,
    Delivery,
    Draft,
    HubState,
    HubStatus,
    Kind,
    Media,
    Member,
    MemberId,
    Message,
    MessageId,
    Page,
    Reply,
)
from hivemind_chatroom.room.ports import Appended, Clock, Languages, Store
from hivemind_chatroom.room.utterances import Attribution, Utterances, new_correlation

PAGE_MAX = 100
"""The most messages in one page of the log."""

_ROOM_NAME_DEFAULT = "HiveMind Chatroom"
_LANG_DEFAULT = "en"
_SITE_DEFAULT = "flask"
"""Upstream's site_id; hubs may route by it."""


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """What the operator decided about the room."""

    name: str = _ROOM_NAME_DEFAULT
    code: str = ""
    """The join code; empty leaves the room open."""
    lang: str = _LANG_DEFAULT
    """Whoever names none speaks this one."""
    keep_days: int | None = None
    """How long messages are kept; None for as long as the room is open."""
    member_rate: Rate | None = MEMBER_RATE
    """How fast one member may post; None for as fast as they can."""


@dataclass(frozen=True, slots=True)
class Identity:
    """How somebody is called, which language they speak and where they are."""

    name: str
    lang: str = ""
    """Any BCP-47 spelling; empty for the room's language."""
    site_id: str = ""
    """Empty for the default."""


@dataclass(frozen=True, slots=True)
class Posting:
    """What a member wants to say."""

    text: str
    client_id: str | None = None
    audience: Audience = Audience.EVERYONE


class Room:
    """One chatroom; safe to call from any thread, and it never waits for the hub."""

    def __init__(
        self,
        settings: RoomSettings,
        store: Store,
        clock: Clock,
        languages: Languages,
    ) -> None:
        """Open the room on a store that may hold messages and members already."""
        self.settings = settings
        self.feed = Feed(store.last_id())
        self.door = Door(settings.code, clock)
        self._members = Members(store.book)
        self._telling = threading.Lock()
        """Held while everybody is told of a member."""
        self.utterances = Utterances(store, store, self._members, self.feed, clock)
        self._log = store
        self._clock = clock
        self._languages = languages
        self._rates = TokenBuckets(settings.member_rate, clock) if settings.member_rate else None
        self._hub = HubStatus(HubState.OFF, clock.now())

    def join(self, identity: Identity, code: str = "", address: str = "") -> Joined:
        """Let somebody in.

        Args:
            identity: How they want to be called.
            code: The join code, where the room has one.
            address: The visitor's network address, by which wrong codes are counted.

        Raises:
            CodeWrongError: The room has another join code.
            TooManyTriesError: Wrong codes came from this address too often.
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: Somebody holds it, or one that looks like it.
            LangInvalidError: Nobody speaks this language.
            SiteInvalidError: The site is too long.
            StorageFullError: It could not be kept; nothing has changed.
        """
        self.door.check(code, address)
        joined = self._members.join(
            identity.name, self._lang(identity.lang), self._site(identity.site_id)
        )
        self._tell_of(joined.member.id)
        return joined

    def visit(self, identity: Identity) -> Member:
        """Return the member that upstream's form routes speak for.

        Raises:
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: A cookie holds it.
            LangInvalidError: Nobody speaks this language.
            SiteInvalidError: The site is too long.
            StorageFullError: It could not be kept; nothing has changed.
        """
        lang, site = self._lang(identity.lang), self._site(identity.site_id)
        visited = self._members.visit(identity.name, lang, site)
        if visited.is_news:
            self._tell_of(visited.member.id)
        return visited.member

    def member_by_key(self, key: str) -> Member | None:
        """Return the member whose browser keeps this key in its cookie."""
        return self._members.by_key(key)

    def change(self, member: Member, identity: Identity) -> Member:
        """Call a member otherwise.

        Raises:
            NotJoinedError: The member has left meanwhile.
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: Somebody else holds it, or one that looks like it.
            LangInvalidError: Nobody speaks this language.
            SiteInvalidError: The site is too long.
            StorageFullError: It could not be kept; nothing has changed.
        """
        lang, site = self._lang(identity.lang), self._site(identity.site_id)
        changed = self._members.change(member.id, identity.name, lang, site)
        if changed is None:
            raise NotJoinedError("You have left the room. Join again to go on.")
        if changed != member:
            self._tell_of(changed.id)
        return changed

    def leave(self, member: Member) -> None:
        """Forget a member; its name is free again.

        Raises:
            StorageFullError: It could not be written down; the member stays.
        """
        if self._members.leave(member.id):
            with self._telling:
                self.feed.publish(MemberGone(member.id))

    def set_present(self, member_id: MemberId, *, present: bool) -> None:
        """Note that a member's first stream opened or its last one closed."""
        if self._members.set_present(member_id, present=present):
            self._tell_of(member_id)

    def is_present(self, member: Member) -> bool:
        """Tell whether a member has a stream open."""
        return self._members.is_present(member.id)

    def members(self) -> list[tuple[Member, bool]]:
        """Return everybody with whether they are present, in the order of arrival."""
        return self._members.listing()

    def post(self, member: Member, posting: Posting) -> Appended:
        """Keep what a member says, and queue it for the assistant if it is asked.

        Args:
            member: Who speaks.
            posting: The words, whom they are for, and the browser's own mark, which makes a
                repeated posting the same message even if its text differs.

        Raises:
            TextEmptyError: There is nothing to say.
            TextTooLongError: It is longer than `TEXT_MAX` characters.
            BodyInvalidError: The browser's mark is empty, too long or not printable.
            TooFastError: The member posts faster than the room allows.
            StorageFullError: It could not be kept.
        """
        text = _own_text(posting.text)
        if posting.client_id is not None:
            _check_client_id(posting.client_id)
        if self._rates:
            self._rates.take(member.id)
        asks = posting.audience is not Audience.PEOPLE and self._hub.state is not HubState.OFF
        draft = Draft(
            kind=Kind.PERSON,
            author=Author(member.id, member.name),
            text=text,
            lang=member.lang,
            sent_at=self._clock.now(),
            private_to=member.id if posting.audience is Audience.ASSISTANT else None,
            client_id=posting.client_id,
            corr=new_correlation() if asks else None,
        )
        return self._keep(draft)

    def ask_again(self, member: Member, message_id: MessageId) -> Message:
        """Ask the assistant once more what nobody knows an answer to.

        Raises:
            MessageUnknownError: The member has no message with this number.
            NotAskableError: It was not asked, has its answer, or is on its way.
            TooFastError: The member asks faster than the room allows.
            StorageFullError: It could not be kept.
        """
        self._own(member, message_id)
        if self._rates:
            self._rates.take(member.id)
        if self._hub.state is HubState.OFF:
            raise NotAskableError("There is no assistant to ask.")
        moved = self.utterances.ask_again(message_id)
        if moved is None:
            raise NotAskableError("That needs no asking: it has its answer, or is on its way.")
        return moved

    def remove(self, member: Member, message_id: MessageId) -> None:
        """Take a message of a member's own out of the room, its search and its files.

        Raises:
            MessageUnknownError: The member has no message with this number.
            StorageFullError: It could not be written down; the message stays.
        """
        self._own(member, message_id)
        if removed := self._log.remove(message_id):
            self.feed.publish(MessageRemoved(removed))
            if removed.delivery is Delivery.SENT:
                self.feed.publish(Thinking(removed, on=False))

    def receive(self, reply: Reply) -> Message:
        """Keep what the assistant says and tell everybody whom it answers."""
        whose = self.utterances.attribute(reply.address)
        return self._keep(self._draft_of(reply, whose)).message

    def messages(
        self,
        viewer: Member | None,
        *,
        before: MessageId | None = None,
        after: MessageId | None = None,
        limit: int = 50,
        words: str = "",
    ) -> Page:
        """Return what `viewer` may see, oldest first; see `MessageLog.page`."""
        return self._log.page(
            viewer.id if viewer else None, before=before, after=after, limit=limit, words=words
        )

    def is_gone(self, message_id: MessageId) -> bool:
        """Tell whether retention has forgotten what came after this message."""
        return message_id + 1 < self._log.first_id()

    @property
    def hub(self) -> HubStatus:
        """How the assistant's hub stands."""
        return self._hub

    def hub_is(self, status: HubStatus) -> None:
        """Tell everybody that the hub's state is another."""
        self._hub = status
        self.feed.publish(HubChanged(status))

    def _tell_of(self, member_id: MemberId) -> None:
        """Tell everybody how a member is now.

        It is looked up and told in one step: of two changes at once, the one told last would else
        be what people see for good, even if it happened first.
        """
        with self._telling:
            if member := self._members.by_id(member_id):
                self.feed.publish(MemberChanged(member, self.is_present(member)))

    def _own(self, member: Member, message_id: MessageId) -> None:
        message = self._log.get(message_id)
        if message is None or message.draft.author.id != member.id:
            raise MessageUnknownError("There is no such message of yours.")

    def _keep(self, draft: Draft) -> Appended:
        appended = self._log.append(draft)
        if appended.is_new:
            self.feed.publish(MessagePosted(appended.message))
            if draft.corr:
                self.feed.publish(UtteranceQueued(appended.message.id))
        return appended

    def _draft_of(self, reply: Reply, whose: Attribution) -> Draft:
        question, member = whose.question, whose.member
        to = question.draft.author if question else None
        if to is None and member is not None:
            to = Author(member.id, member.name)
        return Draft(
            kind=_kind_of(reply, to),
            author=ASSISTANT,
            text=_clean_text(reply.text) or _title_of(reply.media),
            lang=self._languages.standard(reply.lang or "") or self._lang_of(whose),
            sent_at=self._clock.now(),
            to=to,
            private_to=whose.private_to,
            in_reply_to=question.id if question else None,
            expects_reply=reply.expects_reply and to is not None,
            media=reply.media,
        )

    def _lang_of(self, whose: Attribution) -> str:
        if whose.question:
            return whose.question.draft.lang
        return whose.member.lang if whose.member else self.settings.lang

    def _lang(self, raw: str) -> str:
        lang = self._languages.standard(raw or self.settings.lang)
        if lang is None:
            raise LangInvalidError("That is no language I know. A tag such as en or pt-PT is.")
        return lang

    def _site(self, raw: str) -> str:
        site = raw.strip() or _SITE_DEFAULT
        if len(site) > SITE_MAX or "/" in site or not site.isprintable() or set(site) == {"."}:
            raise SiteInvalidError(f"A site has at most {SITE_MAX} letters and no slash.")
        return site


def _kind_of(reply: Reply, to: Author | None) -> Kind:
    if reply.media:
        return Kind.MEDIA
    return Kind.ASSISTANT if to else Kind.ANNOUNCEMENT


def _title_of(media: Media | None) -> str:
    """Name something to play as upstream does: artist, dash, title, as far as they are known."""
    return " - ".join(part for part in (media.artist, media.title) if part) if media else ""


def _clean_text(raw: str) -> str:
    """Leave out control characters, and halves of surrogate pairs, which UTF-8 can't carry."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def _own_text(raw: str) -> str:
    text = _clean_text(raw)
    if not text:
        raise TextEmptyError("There is nothing to send.")
    if len(text) > TEXT_MAX:
        over = len(text) - TEXT_MAX
        raise TextTooLongError(f"Too long by {over} letters. Shorten it, please.")
    return text


def _check_client_id(client_id: str) -> None:
    if not 0 < len(client_id) <= CLIENT_ID_MAX or not client_id.isprintable():
        raise BodyInvalidError(f"client_id has 1 to {CLIENT_ID_MAX} printable characters.")
