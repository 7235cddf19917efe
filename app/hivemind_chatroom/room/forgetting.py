"""Forgetting: what its author or the host takes out of the room, so that everybody sees it go."""

from __future__ import annotations

from datetime import UTC, datetime

from hivemind_chatroom.errors import MessageUnknownError
from hivemind_chatroom.room.feed import Feed, LogForgotten, MessageRemoved, Thinking
from hivemind_chatroom.room.model import Delivery, MessageId
from hivemind_chatroom.room.ports import MessageLog

_EVER = datetime.min.replace(tzinfo=UTC)
"""Nothing was sent before this moment."""

_ALL = 2**53
"""More than any log has."""


class Forgetting:
    """Takes messages out of the log, and tells the feed; any thread may call."""

    def __init__(self, log: MessageLog, feed: Feed) -> None:
        """Forget what is in `log`."""
        self._log = log
        self._feed = feed

    def forget(self, message_id: MessageId) -> None:
        """Take a message out of the room, its search and its files.

        Raises:
            MessageUnknownError: There is no message with this number.
            StorageFullError: It could not be written down; the message stays.
        """
        removed = self._log.remove(message_id)
        if removed is None:
            raise MessageUnknownError("There is no such message.")
        self._feed.publish(MessageRemoved(removed))
        if removed.delivery is Delivery.SENT:
            self._feed.publish(Thinking(removed, on=False))

    def forget_all(self) -> None:
        """Take out every message that is there now; what is said meanwhile stays.

        It goes by the log's short steps, between which people post. What was set aside goes too.

        Raises:
            StorageFullError: Not all could be forgotten.
        """
        last_id, is_more = self._log.last_id(), True
        try:
            while is_more:
                purged = self._log.purge(sent_before=_EVER, most=_ALL, through=last_id)
                is_more = purged.is_more
            self._log.forget_copies()
        finally:
            self._feed.publish(LogForgotten(last_id))
