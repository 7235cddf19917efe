"""What an instance of the room does about the hub: while it leads, and while another one does."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence

from hivemind_chatroom.errors import StorageError
from hivemind_chatroom.hub.desk import HubDesk
from hivemind_chatroom.room.changes import ChangeKind
from hivemind_chatroom.room.feed import Event, HubChanged
from hivemind_chatroom.room.leading import Duties, Lead, NotReadyError
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.settings import HubChoice

_log = logging.getLogger(__name__)


class HubDuty:
    """Has the link run where the lead is, and the hub's state known everywhere else."""

    def __init__(self, room: Room, desk: HubDesk, lead: Lead) -> None:
        """Begin nothing yet.

        Args:
            room: Whose utterances go out.
            desk: Has the link.
            lead: Says when.
        """
        self._room = room
        self._desk = desk
        self._lead = lead
        room.following.when(ChangeKind.HUB, self._follow)

    def start(self) -> None:
        """Stand for the lead; returns at once."""
        self._follow_if_known()
        self._room.feed.listen(self._hear)
        self._lead.start(Duties(self._begin, self._end))

    def stop(self) -> None:
        """End the link, and leave the lead to another instance."""
        self._lead.stop()
        self._room.feed.leave(self._hear)

    def _begin(self) -> None:
        if not self._desk.is_at_rest:  # or its doubt would end what the new link has sent
            raise NotReadyError
        self._take_up()
        self._desk.start()
        self._lead.tell(self._room.hub)

    def _end(self) -> None:
        self._desk.stand_down()
        self._follow_if_known()

    def _take_up(self) -> None:
        try:
            self._room.utterances.take_up(is_hub_wanted=self._desk.choice is not HubChoice.NONE)
        except StorageError:
            _log.warning("the disk is full: what an earlier run had asked waits for its deadline")

    def _follow(self, _: Sequence[str] | None) -> None:
        self._desk.follow(self._lead.told())

    def _follow_if_known(self) -> None:
        with contextlib.suppress(StorageError):  # whoever leads will tell
            self._desk.follow(None)
            self._follow(None)

    def _hear(self, event: Event) -> None:
        """Listen to the room, on anybody's thread."""
        if isinstance(event, HubChanged):
            self._lead.tell(event.status)
