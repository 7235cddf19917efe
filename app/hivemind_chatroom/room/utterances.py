"""What was asked of the assistant, from the outbox to its end."""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from hivemind_chatroom.room.attribution import Attribution
from hivemind_chatroom.room.delivery import (
    ANSWER_DEADLINE_S,
    LATE_ANSWER_S,
    MAY_BE_ANSWERED,
    MAY_BE_ASKED_AGAIN,
    MAY_PRECEDE,
    ON_ITS_WAY,
    SEND_DEADLINE_S,
)
from hivemind_chatroom.room.feed import Feed, MessageUpdated, Thinking, UtteranceQueued
from hivemind_chatroom.room.members import Members
from hivemind_chatroom.room.model import (
    Address,
    Asked,
    Correlation,
    Delivery,
    Ending,
    Member,
    MemberId,
    Message,
    MessageId,
    Utterance,
)
from hivemind_chatroom.room.ports import Clock, MessageLog, Outbox

_CORR_BYTES = 8

_ROWS_AT_ONCE = 50
"""Outbox rows read in one go."""

_MOVED_AT_ONCE = 200
"""Utterances moved in one step, so that people who post meanwhile do not wait for all of them."""

NOBODY = MemberId("nobody")
"""What is private to this one is kept, and shown to no one."""


def new_correlation() -> Correlation:
    """Return a mark that no other utterance has."""
    return Correlation(secrets.token_hex(_CORR_BYTES))


@dataclass(frozen=True, slots=True)
class Overdue:
    """What has waited too long, and when to look again."""

    unanswered: tuple[Asked, ...]
    """What the hub has left without an answer until now."""
    next_in_s: float | None
    """Seconds until the next utterance will have waited too long; None when nothing waits."""


class Utterances:
    """What was asked and its delivery states; all but `ask_again` and `follow` is the link's."""

    def __init__(
        self, log: MessageLog, outbox: Outbox, members: Members, feed: Feed, clock: Clock
    ) -> None:
        """Work on what these hold."""
        self._log = log
        self._outbox = outbox
        self._members = members
        self._feed = feed
        self._clock = clock
        self._telling = threading.Lock()
        """Held while utterances are moved, or read anew, and told of: else what is told last, which
        people see for good, may be what happened first."""
        self._private: dict[MessageId, tuple[MemberId, float]] = {}
        """Private questions that may be answered yet: whose, and when they moved last."""

    def waiting(self, at_most: int | None = None) -> list[Utterance]:
        """Return what is queued, oldest first, with each member's session as it is now."""
        return list(islice(self._queued(), at_most))

    def under_way(self) -> set[MessageId]:
        """Return what is sending or sent."""
        return {asked.message_id for asked in self._outbox.under_way()}

    def sending(self, *utterances: Utterance) -> list[Utterance]:
        """Write down that the bytes are about to leave, and return what may still go out."""
        moved = self._move(utterances, Delivery.SENDING)
        return [each for each in utterances if each.message_id in moved]

    def sent(self, *utterances: Utterance) -> None:
        """Note that the bytes have left; the assistant is at work."""
        self._move(utterances, Delivery.SENT)

    def put_back(self, *utterances: Utterance) -> None:
        """Queue utterances again of which no byte has left."""
        self._move(utterances, Delivery.QUEUED)

    def doubt(self, utterance: Utterance) -> None:
        """Note that it failed on its way out: nobody knows how far it came."""
        self._move([utterance], Delivery.UNCONFIRMED)

    def ask_again(self, message_id: MessageId) -> Message | None:
        """Queue an utterance anew that has no answer; None unless it is one."""
        corr = new_correlation()
        with self._telling:
            moved = self._outbox.ask_again(message_id, corr, only_from=MAY_BE_ASKED_AGAIN)
            if moved is not None:
                self._feed.publish(MessageUpdated(moved))
                self._feed.publish(UtteranceQueued(message_id))
        return moved

    def follow(self, numbers: Sequence[str] | None) -> None:
        """Tell how far those have come by now that another instance has moved."""
        wanted = [MessageId(int(number)) for number in numbers or ()]
        with self._telling:
            for message in self._log.get_all(wanted).values() if wanted else ():
                self._tell(message)
                if message.delivery is Delivery.QUEUED:
                    self._feed.publish(UtteranceQueued(message.id))

    def end(self, *endings: Ending) -> None:
        """Take the hub's word that it is done with utterances."""
        all_whose = self.attribute([ending.address for ending in endings])
        ended: defaultdict[Delivery, list[Message]] = defaultdict(list)
        for ending, whose in zip(endings, all_whose, strict=True):
            if whose.member and ending.state is not None:
                self._members.remember(whose.member.id, ending.state)
            if whose.question:
                ended[ending.delivery].append(whose.question)
        for delivery, questions in ended.items():
            self._settle({each.id: each.delivery for each in questions}, delivery)

    def take_up(self, *, is_hub_wanted: bool) -> None:
        """Take up what an earlier run has left, before anything is sent.

        What was on its way is in doubt. What waited goes out if it is young; where no hub is wanted
        it never will.
        """
        self.lose_link()
        if is_hub_wanted:
            self.settle_overdue()
        else:
            self._settle_all(self._outbox.waiting(), Delivery.EXPIRED)

    def lose_link(self) -> None:
        """Mark what was on its way when the link went: nobody knows whether it arrived."""
        self._settle_all(self._outbox.under_way(), Delivery.UNCONFIRMED)

    def settle_overdue(self) -> Overdue:
        """End what has waited too long, and return what the hub has not answered of it."""
        now = self._clock.monotonic()
        queued = _by_due(self._outbox.waiting(), SEND_DEADLINE_S)
        under_way = self._outbox.under_way()
        sent = [asked for asked in under_way if asked.delivery is Delivery.SENT]
        # Only a disk that took no note of the next step leaves one standing here for so long.
        stuck = [asked for asked in under_way if asked.delivery is Delivery.SENDING]
        unanswered = _by_due(sent, ANSWER_DEADLINE_S)
        in_doubt = _by_due(stuck, SEND_DEADLINE_S + ANSWER_DEADLINE_S)
        self._settle_due(queued, now, Delivery.EXPIRED)
        given_up = self._settle_due(unanswered, now, Delivery.UNANSWERED)
        self._settle_due(in_doubt, now, Delivery.UNCONFIRMED)
        everything = (*queued, *unanswered, *in_doubt)
        next_in_s = min((due - now for due, _ in everything if due > now), default=None)
        return Overdue(tuple(given_up), next_in_s)

    def attribute(self, addresses: Sequence[Address]) -> list[Attribution]:
        """Find whom each bus message is for: by its mark, then its session, then its user.

        Without a mark it belongs to the member's newest utterance, even one that has ended: a late
        answer to a private question stays private. So does what may be the answer to an earlier
        question of the member's, asked in private. What nothing tells the owner of is for everybody
        unless it may be such an answer.
        """
        corrs = {address.corr for address in addresses if address.corr}
        asked = self._outbox.find(corrs) if corrs else {}
        questions = self._log.get_all({each.message_id for each in asked.values()}) if asked else {}
        whose = {
            corr: _attribution(
                each, questions.get(each.message_id), self._members.by_id(each.member_id)
            )
            for corr, each in asked.items()
        }
        return [
            (address.corr and whose.get(address.corr)) or self._attribute_unmarked(address)
            for address in addresses
        ]

    def _attribute_unmarked(self, address: Address) -> Attribution:
        member = self._members.by_session(address.session_id) if address.session_id else None
        if member is None and address.user:
            member = self._members.by_id(address.user)
        if member is None:
            return Attribution(private_to=self._owner_of_unmarked())
        asked = self._outbox.latest_of(member.id)
        question = self._log.get(asked.message_id) if asked else None
        whose = _attribution(asked, question, member)
        return replace(whose, private_to=member.id) if member.id in self._whisperers() else whose

    def _owner_of_unmarked(self) -> MemberId | None:
        """Tell who alone may see what may be the answer to a private question; None for everybody.

        Where it may be the answer to either of two people, neither may see it.
        """
        owners = self._whisperers()
        return NOBODY if len(owners) > 1 else next(iter(owners), None)

    def _whisperers(self) -> set[MemberId]:
        """Return who has a private question that may be answered yet."""
        earliest = self._clock.monotonic() - LATE_ANSWER_S
        self._private = {key: each for key, each in self._private.items() if each[1] > earliest}
        return {owner for owner, _ in self._private.values()}

    def _queued(self) -> Iterator[Utterance]:
        """Read the queue piece by piece: what of it belongs to members who left does not count."""
        last: MessageId | None = None
        while rows := self._outbox.waiting(after=last, limit=_ROWS_AT_ONCE):
            messages = self._log.get_all([asked.message_id for asked in rows])
            for asked in rows:
                message = messages.get(asked.message_id)
                member = self._members.by_id(asked.member_id)
                if message and member:
                    said, is_private = message.draft, message.draft.private_to is not None
                    yield Utterance(
                        asked.message_id, asked.corr, said.text, said.lang, member, is_private
                    )
            last = rows[-1].message_id

    def _move(self, utterances: Iterable[Utterance], to: Delivery) -> set[MessageId]:
        numbers = [utterance.message_id for utterance in utterances]
        with self._telling:
            all_moved = self._outbox.mark(numbers, to, only_from=MAY_PRECEDE[to]) if numbers else []
            for moved in all_moved:
                self._note_private(moved)
                self._tell(moved)
        return {moved.id for moved in all_moved}

    def _tell(self, message: Message) -> None:
        self._feed.publish(MessageUpdated(message))
        if message.delivery is not Delivery.SENDING:
            self._feed.publish(Thinking(message, on=message.delivery is Delivery.SENT))

    def _settle_due(
        self, by_due: list[tuple[float, Asked]], now: float, end: Delivery
    ) -> list[Asked]:
        return self._settle_all([asked for due, asked in by_due if due <= now], end)

    def _settle_all(self, utterances: Sequence[Asked], delivery: Delivery) -> list[Asked]:
        settled = self._settle({each.message_id: each.delivery for each in utterances}, delivery)
        return [asked for asked in utterances if asked.message_id in settled]

    def _settle(
        self, before: Mapping[MessageId, Delivery | None], delivery: Delivery
    ) -> set[MessageId]:
        """End utterances, each of which stood so before, and return which of them have ended."""
        settled: set[MessageId] = set()
        left = iter(before)
        while part := [*islice(left, _MOVED_AT_ONCE)]:
            with self._telling:
                for moved in self._outbox.mark(part, delivery, only_from=MAY_PRECEDE[delivery]):
                    settled.add(moved.id)
                    self._note_private(moved)
                    self._feed.publish(MessageUpdated(moved))
                    if before[moved.id] in ON_ITS_WAY:
                        self._feed.publish(Thinking(moved, on=False))
        return settled

    def _note_private(self, message: Message) -> None:
        """Keep in mind which private questions may be answered yet."""
        self._private.pop(message.id, None)
        if (owner := message.draft.private_to) and message.delivery in MAY_BE_ANSWERED:
            self._private[message.id] = owner, self._clock.monotonic()


def _attribution(
    asked: Asked | None, question: Message | None, member: Member | None
) -> Attribution:
    if question is not None:
        return Attribution(question, member, question.draft.private_to)
    # Whoever takes a question back may have had a reason: the answer is theirs alone.
    return Attribution(None, member, asked.member_id if asked else None)


def _by_due(utterances: Iterable[Asked], deadline_s: float) -> list[tuple[float, Asked]]:
    return [(asked.since + deadline_s, asked) for asked in utterances]
