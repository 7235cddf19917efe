"""The agreement of a room's instances, where there are several: what is decided for all of them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from hivemind_chatroom.room.shared import SharedSettings
from hivemind_chatroom.settings import Settings, decide
from hivemind_chatroom.terms import MADE_AT_START, join_code

_log = logging.getLogger(__name__)

AGREED: Final = (
    "room_name",
    "code",
    "paused",
    "keep_days",
    "keep_messages",
    "languages",
    "members_max",
)
"""What is the room's, and not of one computer or one instance."""

_ORIGIN: Final = "the room's database"


class Agreement:
    """Keeps the settings of one instance those of the room; any thread may call.

    The first instance that the room ever had decides what nobody has decided yet; from then on what
    the database says goes before flags and files.
    """

    def __init__(self, shared: SharedSettings | None) -> None:
        """Agree by what is shared; without it every method returns what it is given."""
        self._shared = shared

    def begun(self, settings: Settings) -> Settings:
        """Return an instance's settings at its start.

        Raises:
            StorageAwayError: The database does not answer.
        """
        if self._shared is None:
            return settings
        if settings.code == MADE_AT_START:
            settings = replace(settings, code=join_code(settings.code))
        begun = _with(settings, self._shared.begin(_values(settings, AGREED)))
        if others := [name for name in AGREED if getattr(begun, name) != getattr(settings, name)]:
            _log.info("the room has decided otherwise than this start: %s", ", ".join(others))
        return begun

    def changed(self, settings: Settings, names: Collection[str]) -> Settings:
        """Have all instances take over what the host has decided at this one.

        Args:
            settings: With the changes.
            names: Of what was changed; the rest may be older than what others have decided.

        Raises:
            StorageAwayError: Nobody knows whether they do.
        """
        if self._shared is None:
            return settings
        wanted = _values(settings, [name for name in AGREED if name in names])
        return _with(settings, self._shared.change(wanted))

    def followed(self, settings: Settings) -> Settings:
        """Return an instance's settings with what others have decided.

        Raises:
            StorageAwayError: The database does not answer.
        """
        return self.changed(settings, ())


def _values(settings: Settings, names: Collection[str]) -> dict[str, object]:
    values = {name: getattr(settings, name) for name in names}
    return {key: [*each] if isinstance(each, tuple) else each for key, each in values.items()}


def _with(settings: Settings, values: Mapping[str, object]) -> Settings:
    known = {name: values[name] for name in AGREED if name in values}
    return decide(settings, known, _ORIGIN)
