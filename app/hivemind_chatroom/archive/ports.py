"""What backups need of other parts; `operation.py` passes it in."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol


class Database(Protocol):
    """Where the room keeps its database."""

    def copy_to(self, copy: Path) -> None:
        """Copy it as it is now to a new file, the room going on.

        Raises:
            BackupFailedError: It can't be copied.
        """
        ...

    def check(self, copy: Path) -> None:
        """Find out whether a file is a room's database that this version opens.

        Raises:
            BackupInvalidError: It isn't.
        """
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Keep every room away from it meanwhile.

        Raises:
            FolderInUseError: A room uses it.
        """
        ...

    def put(self, new: Path, now: datetime) -> None:
        """Move a checked file into its place; what is there is set aside under the date.

        Raises:
            OSError: It can't be moved; both are where they were.
        """
        ...
