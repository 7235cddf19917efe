"""Following: what other instances of the room have done is told here as if it were done here."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from hivemind_chatroom.errors import StorageError, traced
from hivemind_chatroom.room.changes import Change, ChangeKind, Changes, News
from hivemind_chatroom.room.feed import (
    Feed,
    LogForgotten,
    MessageRemoved,
    Thinking,
    UtteranceQueued,
)
from hivemind_chatroom.room.model import (
    Author,
    Delivery,
    Draft,
    Kind,
    MemberId,
    Message,
    MessageId,
)

_log = logging.getLogger(__name__)

Reread = Callable[[Sequence[str] | None], None]
"""Reads what is known of the subjects anew, or of everything if they are None, and tells of it."""

_EVER = datetime.min.replace(tzinfo=UTC)


class Following:
    """Reads what others did, hands messages to the feed, and has the rest read anew; any thread.

    What is done here is published at once by whoever does it; this is for the doings of others. It
    tells no more than what is to be read anew, so that to hear of something twice does no harm.
    """

    def __init__(self, changes: Changes | None, feed: Feed) -> None:
        """Begin with what has changed until now: whatever is read after this may be newer.

        Args:
            changes: Where others tell of what they do; None where there can't be any.
            feed: Told of messages that are new.
        """
        self._changes = changes
        self._feed = feed
        self._lock = threading.Lock()
        """Held while news are read and told, so that they are told in their order."""
        self._looks = 0
        """How many times somebody has begun to look."""
        self._change_id = changes.change_id() if changes else 0
        self.is_alone = True
        """Whether no other instance runs, as far as was known at the last look."""
        self._reread: dict[ChangeKind, Reread] = {
            ChangeKind.REMOVED: self._tell_of_removals,
            ChangeKind.FORGOTTEN: self._tell_of_forgetting,
        }

    def when(self, kind: ChangeKind, reread: Reread) -> None:
        """Have `reread` called for changes of this kind; to be said before anybody looks."""
        self._reread[kind] = reread

    def catch_up(self) -> None:
        """Have everything told that others have done until now.

        Raises:
            StorageAwayError: Nothing is known; whatever it is will be told later.
        """
        if self._changes is None:
            return
        looks = self._looks
        with self._lock:
            if self._looks > looks:
                return  # somebody has looked meanwhile, who began after this was asked for
            self._looks += 1
            try:
                while self._take(self._changes.news(self._feed.last_id, self._change_id)):
                    """There is more than one look reads."""
            except BaseException:
                self._looks -= 1
                raise

    def _take(self, news: News) -> bool:
        """Tell everything that there is in the news; return whether there are more."""
        self.is_alone = news.is_alone
        posted = self._feed.catch_up(news.messages, news.last_id)
        before, self._change_id = self._change_id, news.change_id
        try:
            if news.is_all:
                self._have_reread(_by_kind(news.changes))
            else:
                self._tell_everything_anew()
        except StorageError:
            self._change_id = before  # to be told once more: twice does no harm
            raise
        finally:  # by now it is known who asks
            for message in posted:
                if message.delivery is Delivery.QUEUED:
                    self._feed.publish(UtteranceQueued(message.id))
        return news.is_more

    def _have_reread(self, subjects: Mapping[ChangeKind, Sequence[str] | None]) -> None:
        """Have each kind read anew; one that fails keeps nothing from the others.

        Raises:
            StorageError: Some could not be read; all were tried.
        """
        away: StorageError | None = None
        for kind, of_kind in subjects.items():
            try:
                if reread := self._reread.get(kind):
                    reread(of_kind)
            except StorageError as error:
                away = error
            except Exception as error:  # noqa: BLE001 - as one listener's fault: not the others'
                _log.error("what others did can't be told (%s): %s", kind, traced(error))
        if away is not None:
            raise away

    def _tell_everything_anew(self) -> None:
        self._have_reread(dict.fromkeys(self._reread))
        self._feed.publish(UtteranceQueued(self._feed.last_id))
        self._feed.publish(LogForgotten(self._feed.last_id))

    # --- messages -----------------------------------------------------------------------------

    def _tell_of_removals(self, removed: Sequence[str] | None) -> None:
        for subject in removed or ():
            number, _, reader = subject.partition(" ")
            message = _what_is_left(MessageId(int(number)), MemberId(reader) if reader else None)
            self._feed.publish(MessageRemoved(message))
            self._feed.publish(Thinking(message, on=False))

    def _tell_of_forgetting(self, last_ids: Sequence[str] | None) -> None:
        if last_ids:
            self._feed.publish(LogForgotten(MessageId(max(map(int, last_ids)))))


def _by_kind(changes: Sequence[Change]) -> dict[ChangeKind, list[str]]:
    """Return the subjects of each kind, each of them once."""
    subjects: defaultdict[ChangeKind, dict[str, None]] = defaultdict(dict)
    for change in changes:
        subjects[change.kind][change.subject] = None
    return {kind: [*of_kind] for kind, of_kind in subjects.items()}


def _what_is_left(number: MessageId, reader: MemberId | None) -> Message:
    """Return a message that is gone: its number, and who alone could see it."""
    nobody = Author("", "")
    return Message(number, Draft(Kind.NOTICE, nobody, "", "", _EVER, private_to=reader))
