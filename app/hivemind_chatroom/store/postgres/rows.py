"""Rows of PostgreSQL as the values of the room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from hivemind_chatroom.room.model import Message
from hivemind_chatroom.store.rows import message_of_row


def message_of(row: Mapping[str, Any]) -> Message:
    """Return the message of a row of `message` with its row of `outbox`."""
    return message_of_row(row, row["sent_at"].astimezone(UTC))
