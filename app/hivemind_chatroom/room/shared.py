"""What the instances of one room have decided together, as the store they share keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class SharedSettings(Protocol):
    """Settings by their names, as JSON has them; safe to call from any thread."""

    def begin(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Keep those that nobody has decided yet, and return all as they are now.

        Raises:
            StorageAwayError: Nobody knows whether they were kept.
        """
        ...

    def change(self, values: Mapping[str, object]) -> Mapping[str, object]:
        """Keep these, have the other instances told, and return all as they are now.

        Raises:
            StorageAwayError: Nobody knows whether they were kept.
        """
        ...
