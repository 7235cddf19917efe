"""What the host has decided about a member, as it is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
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

    def in_force(self, now: datetime) -> Ruling:
        """Return what of it is not over.

        Args:
            now: Aware.
        """
        if self == NO_RULING:  # that of nearly everybody, at each line they say
            return self
        return replace(
            self,
            muted_until=_if_later(self.muted_until, now),
            removed_until=_if_later(self.removed_until, now),
            renamed_until=_if_later(self.renamed_until, now),
        )


def _if_later(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment > now else None


NO_RULING = Ruling()
