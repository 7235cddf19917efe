"""The room: join, post, receive, messages."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from hivemind_chatroom.errors import MessageUnknownError, NotAskableError, RoomPausedError
from hivemind_chatroom.room.attribution import Attribution
from hivemind_chatroom.room.changes import ChangeKind
from hivemind_chatroom.room.devices import Devices
from hivemind_chatroom.room.door import Door
from hivemind_chatroom.room.drafts import draft_of_posting, draft_of_reply
from hivemind_chatroom.room.feed import (
    Feed,
    HubChanged,
    MessagePosted,
    RoomChanged,
    UtteranceQueued,
)
from hivemind_chatroom.room.following import Following
from hivemind_chatroom.room.forgetting import Forgetting
from hivemind_chatroom.room.introductions import standard, standard_lang
from hivemind_chatroom.room.limits import TokenBuckets
from hivemind_chatroom.room.model import (
    Audience,
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
from hivemind_chatroom.room.moderation import Moderation
from hivemind_chatroom.room.names import own_name
from hivemind_chatroom.room.people import People
from hivemind_chatroom.room.ports import Appended, Clock, Languages, Store
from hivemind_chatroom.room.rules import RoomSettings
from hivemind_chatroom.room.utterances import Utterances
from hivemind_chatroom.room.whereabouts import Whereabouts

PAGE_MAX = 100
"""The most messages in one page of the log."""


class Room:
    """One chatroom; safe to call from any thread, and it never waits for the hub."""

    def __init__(
        self, settings: RoomSettings, store: Store, clock: Clock, languages: Languages
    ) -> None:
        """Open the room on a store that may hold messages and members already."""
        self.settings = settings
        self.history = store.history
        """What the numbers of the messages are of: a restore begins another one."""
        self.feed = Feed(store.last_id())
        self.following = Following(store.changes, self.feed)
        self.door = Door(settings.code, store.invitation_key, settings.join_rate, self.feed, clock)
        self.people = People(store.book, self.feed, clock)
        self.whereabouts = Whereabouts(store.elsewhere, self.people)
        self.following.when(ChangeKind.MEMBER, self.people.follow)
        self.following.when(ChangeKind.PRESENCE, lambda _: self.whereabouts.wake())
        self.moderation = Moderation(self.people, clock)
        self.devices = Devices(self.people.members, self.door, self.feed, clock, store.device_codes)
        self.following.when(ChangeKind.DEVICE_CODE, self.devices.follow)
        self.utterances = Utterances(store, store, self.people.members, self.feed, clock)
        self.following.when(ChangeKind.MESSAGE, self.utterances.follow)
        self.forgetting = Forgetting(store, self.feed)
        self._deciding = threading.Lock()
        self._log = store
        self._clock = clock
        self._languages = languages
        self._rates = TokenBuckets(settings.member_rate, clock)
        self._hub = HubStatus(HubState.OFF, clock.now())

    def join(self, introduction: Introduction, code: str = "", address: str = "") -> Joined:
        """Let somebody in.

        Args:
            introduction: How they want to be called.
            code: The join code or the invitation, where the room has them.
            address: The visitor's network address, by which joins and wrong codes are counted.

        Raises:
            CodeWrongError: The room has another join code.
            TooManyTriesError: Wrong codes came from this address too often.
            TooFastError: Too many joined from this address.
            RoomFullError: As many people are here as the room lets in.
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: Somebody holds it, or one that looks like it.
            LangInvalidError: Nobody speaks this language.
            SiteInvalidError: The site is too long.
            StorageFullError: It could not be kept; nothing has changed.
        """
        who = self.standard(introduction)
        own_name(who.name)  # whoever mistypes their name as well has not guessed at the code yet
        self.door.admit(code, address)
        self.moderation.forget_gone()
        return self.people.join(who, most=self.settings.members_max)

    def visit(self, introduction: Introduction) -> Member:
        """Return the member that upstream's form routes speak for.

        Raises:
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: A cookie holds it.
            LangInvalidError: Nobody speaks this language.
            SiteInvalidError: The site is too long.
            StorageFullError: It could not be kept; nothing has changed.
        """
        self.moderation.forget_gone()
        return self.people.visit(self.standard(introduction))

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
        return self.people.members.by_key(key)

    def change(self, member: Member, introduction: Introduction) -> Member:
        """Call a member otherwise.

        Raises:
            NotJoinedError: The member has left meanwhile.
            MutedError: The host has muted them, or has given them the name that they have.
            NameInvalidError: The name can't be one, or is reserved.
            NameTakenError: Somebody else holds it, or one that looks like it.
            LangInvalidError: Nobody speaks this language.
            SiteInvalidError: The site is too long.
            StorageFullError: It could not be kept; nothing has changed.
        """
        wanted = self.standard(introduction)
        self.moderation.forget_gone()
        return self.people.change(member, wanted, self.moderation.check_may_be_called)

    def leave(self, member: Member) -> None:
        """Forget a member; its name is free again, and what mutes them stays with it.

        Raises:
            StorageFullError: It could not be written down; the member stays.
        """
        self.people.leave(member)

    def set_present(self, member_id: MemberId, *, present: bool) -> None:
        """Note that a member's first stream opened or its last one closed."""
        self.people.set_present(member_id, present=present)
        self.whereabouts.wake()

    def is_present(self, member: Member) -> bool:
        """Tell whether a member has a stream open."""
        return self.people.members.present.has(member.id)

    def members(self) -> list[tuple[Member, bool]]:
        """Return everybody with whether they are present, in the order of arrival."""
        return self.people.members.listing()

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
            ChatroomError: As `_check_may_write` does.
        """
        self._check_may_write(member)
        asks = posting.audience is not Audience.PEOPLE and self._hub.state is not HubState.OFF
        lang = standard_lang(posting.lang or member.lang, self._languages)
        draft = draft_of_posting(member, posting, lang, self._clock.now(), asks=asks)
        self._rates.take(member.id)
        appended = self._log.append(draft)
        if appended.is_new:
            self.feed.publish(MessagePosted(appended.message))
            if draft.corr:
                self.feed.publish(UtteranceQueued(appended.message.id))
        return appended

    def ask_again(self, member: Member, message_id: MessageId) -> Message:
        """Ask the assistant once more what nobody knows an answer to.

        Raises:
            MessageUnknownError: The member has no message with this number.
            NotAskableError: It was not asked, has its answer, or is on its way.
            TooFastError: The member asks faster than the room allows.
            StorageFullError: It could not be kept.
            ChatroomError: As `_check_may_write` does.
        """
        self._check_may_write(member)
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
        self.forgetting.forget(message_id)

    def receive(self, reply: Reply) -> Message:
        """Keep what the assistant says and tell everybody whom it answers."""
        return self.receive_all([reply])[0]

    def receive_all(self, replies: Sequence[Reply]) -> list[Message]:
        """Keep several replies in their order and in one step; as `receive`.

        Raises:
            StorageFullError: None of them was kept.
        """
        all_whose = self.utterances.attribute([reply.address for reply in replies])
        drafts = [*map(self._draft_of, replies, all_whose)]
        kept = [appended.message for appended in self._log.append_all(drafts)]
        for message in kept:
            self.feed.publish(MessagePosted(message))
        return kept

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

    def change_settings(self, settings: RoomSettings) -> None:
        """Decide otherwise about the room, at once; cookies that are out stay what they are.

        Args:
            settings: All of them; the rates stay as they were at the start.
        """
        with self._deciding:
            if settings != self.settings:
                self.settings = settings
                self.door.code = settings.code
                self.feed.publish(RoomChanged(settings))

    def _check_may_write(self, member: Member) -> None:
        """Let a member say something.

        Raises:
            RemovedError: The host has removed them.
            MutedError: The host has muted them.
            RoomPausedError: The host lets nobody write.
        """
        self.moderation.check_may_write(member.id)
        if self.settings.paused:
            raise RoomPausedError("The host paused the room.")

    def _own(self, member: Member, message_id: MessageId) -> None:
        message = self._log.get(message_id)
        if message is None or message.draft.author.id != member.id:
            raise MessageUnknownError("There is no such message of yours.")

    def _draft_of(self, reply: Reply, whose: Attribution) -> Draft:
        lang = self._languages.standard(reply.lang or "") or whose.lang or self.settings.lang
        return draft_of_reply(reply, whose, self._clock.now(), lang)
