"""The room: join, post, receive, messages."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from hivemind_chatroom.errors import MessageUnknownError, NotAskableError, NotJoinedError
from hivemind_chatroom.room.devices import Devices
from hivemind_chatroom.room.door import Door
from hivemind_chatroom.room.drafts import draft_of_posting, draft_of_reply
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
from hivemind_chatroom.room.introductions import standard, standard_lang
from hivemind_chatroom.room.limits import JOIN_RATE, MEMBER_RATE, Rate, TokenBuckets
from hivemind_chatroom.room.members import Members
from hivemind_chatroom.room.model import (
    Audience,
    Delivery,
    Draft,
    HubState,
    HubStatus,
    Introduction,
    Joined,
    Member,
    MemberId,
    Message,
    MessageId,
    Page,
    Posting,
    Reply,
)
from hivemind_chatroom.room.ports import Appended, Clock, Languages, Store
from hivemind_chatroom.room.utterances import Utterances

PAGE_MAX = 100
"""The most messages in one page of the log."""


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """What the operator decided about the room."""

    name: str = "HiveMind Chatroom"
    code: str = ""
    """The join code; empty leaves the room open."""
    lang: str = "en"
    """Whoever names none speaks this one."""
    keep_days: int | None = None
    """How long messages are kept; None for as long as the room is open."""
    member_rate: Rate | None = MEMBER_RATE
    """How fast one member may post; None for as fast as they can."""
    join_rate: Rate | None = JOIN_RATE
    """How fast people may join from one address; None for as fast as they can."""


class Room:
    """One chatroom; safe to call from any thread, and it never waits for the hub."""

    def __init__(
        self, settings: RoomSettings, store: Store, clock: Clock, languages: Languages
    ) -> None:
        """Open the room on a store that may hold messages and members already."""
        self.settings = settings
        self.feed = Feed(store.last_id())
        self.door = Door(settings.code, settings.join_rate, clock)
        self._members = Members(store.book)
        self.devices = Devices(self._members, self.door, clock)
        self._telling = threading.Lock()
        """Held while everybody is told of a member."""
        self.utterances = Utterances(store, store, self._members, self.feed, clock)
        self._log = store
        self._clock = clock
        self._languages = languages
        self._rates = TokenBuckets(settings.member_rate, clock)
        self._hub = HubStatus(HubState.OFF, clock.now())

    def join(self, introduction: Introduction, code: str = "", address: str = "") -> Joined:
        """Let somebody in.

        Args:
            introduction: How they want to be called.
            code: The join code, where the room has one.
            address: The visitor's network address, by which joins and wrong codes are counted.

        Raises:
            CodeWrongError: The room has another join code.
            TooManyTriesError: Wrong codes came from this address too often.
            TooFastError: Too many joined from this address.
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: Somebody holds it, or one that looks like it.
            LangInvalidError: Nobody speaks this language.
            SiteInvalidError: The site is too long.
            StorageFullError: It could not be kept; nothing has changed.
        """
        self.door.admit(code, address)
        who = self.standard(introduction)
        joined = self._members.join(who.name, who.lang, who.site_id)
        self._tell_of(joined.member.id)
        self._make_room()
        return joined

    def visit(self, introduction: Introduction) -> Member:
        """Return the member that upstream's form routes speak for.

        Raises:
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: A cookie holds it.
            LangInvalidError: Nobody speaks this language.
            SiteInvalidError: The site is too long.
            StorageFullError: It could not be kept; nothing has changed.
        """
        who = self.standard(introduction)
        visited = self._members.visit(who.name, who.lang, who.site_id)
        if visited.is_news:
            self._tell_of(visited.member.id)
            self._make_room()
        return visited.member

    def standard(self, introduction: Introduction) -> Introduction:
        """Return an introduction as it would be kept; whether the name is free is not looked at.

        Raises:
            NameInvalidError: The name can't be one.
            LangInvalidError: Nobody speaks this language.
            SiteInvalidError: The site is too long.
        """
        return standard(introduction, self._languages, self.settings.lang)

    def member_by_key(self, key: str) -> Member | None:
        """Return the member whose browser keeps this key in its cookie."""
        return self._members.by_key(key)

    def change(self, member: Member, introduction: Introduction) -> Member:
        """Call a member otherwise.

        Raises:
            NotJoinedError: The member has left meanwhile.
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: Somebody else holds it, or one that looks like it.
            LangInvalidError: Nobody speaks this language.
            SiteInvalidError: The site is too long.
            StorageFullError: It could not be kept; nothing has changed.
        """
        who = self.standard(introduction)
        changed = self._members.change(member.id, who.name, who.lang, who.site_id)
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
            self._tell_that_gone(member.id)

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
            LangInvalidError: Nobody speaks the language that it is said to be in.
            TooFastError: The member posts faster than the room allows.
            StorageFullError: It could not be kept.
        """
        asks = posting.audience is not Audience.PEOPLE and self._hub.state is not HubState.OFF
        said = replace(posting, lang=standard_lang(posting.lang or member.lang, self._languages))
        draft = draft_of_posting(member, said, self._clock.now(), asks=asks)
        self._rates.take(member.id)
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
        lang = self._languages.standard(reply.lang or "") or whose.lang or self.settings.lang
        return self._keep(draft_of_reply(reply, whose, self._clock.now(), lang)).message

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

    def _tell_that_gone(self, member_id: MemberId) -> None:
        with self._telling:
            self.feed.publish(MemberGone(member_id))

    def _make_room(self) -> None:
        """Forget the longest silent of too many members."""
        while (member_id := self._members.forget_silent()) is not None:
            self._tell_that_gone(member_id)

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
