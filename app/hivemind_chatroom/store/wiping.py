"""Wiping: what was removed is taken out of the search index and the journal, as others post."""

from __future__ import annotations

from hivemind_chatroom.store.forgetting import WordsLeft, forget_words
from hivemind_chatroom.store.writer import Writer


class Wiping:
    """Leaves nothing of what was removed, by steps that are changes of a writer."""

    def __init__(self, writer: Writer) -> None:
        """Wipe through `writer`."""
        self._writer = writer

    def step(self) -> WordsLeft:
        """Leave less of what was removed in the index, and at the end nothing in the journal.

        Returns:
            What is left in the index.

        Raises:
            StorageFullError: The disk did not take it; a later step does it.
        """
        left = self._writer.change(forget_words)
        if not left.is_going:
            self._writer.empty_journal()
        return left

    def finish(self) -> None:
        """Leave nothing of what was removed before.

        Raises:
            StorageFullError: As `step` does.
        """
        # One rewriting may have begun before, the next has all of it.
        for _ in range(2):
            while (left := self.step()).is_going:
                pass
            if left is WordsLeft.NONE:
                return
