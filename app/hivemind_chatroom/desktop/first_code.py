"""The join code of a room that nobody has decided about yet.

Whoever double-clicks has not thought of neighbours on the same network, so their room asks for a
code from its first start on. It is written down: the sheet on the fridge has it.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from hivemind_chatroom.errors import SettingInvalidError, StorageFullError
from hivemind_chatroom.operator.settings_file import write_settings
from hivemind_chatroom.settings import Origin, Settings
from hivemind_chatroom.terms import MADE_AT_START, join_code

_log = logging.getLogger(__name__)


def with_code(settings: Settings, origin: Origin) -> Settings:
    """Return the settings of a room on a desktop, whose code is the same at each start.

    Args:
        settings: What was decided before the start; a code, or that there is none, stays.
        origin: Where that comes from; a code that is made here is written into its file.
    """
    if settings.set_up or origin.decides("code"):
        return settings
    code = join_code(MADE_AT_START)
    try:
        write_settings(origin.file, {"code": code})
    except (SettingInvalidError, StorageFullError) as error:
        _log.warning("the join code can't be written down, and holds until the end: %s", error.code)
    return replace(settings, code=code)
