"""What the host has decided about a member, as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

UNTIL_UNDONE = datetime(9999, 1, 1, tzinfo=UTC)
"""The end of what has none."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the host has decided about a member; whatever is over counts no more."""

    muted_until: datetime | None = None
    """When they may write again; None if they may."""
    removed_until: datetime | None = None
    """When their name and their browsers are nobody's; None unless the host removed them."""
    renamed_from: str = ""
    """What they were called before the host called them otherwise."""
    renamed_until: datetime | None = None
    """How long they can be called so again."""


NO_RULING = Ruling()
