"""Silence for the HiveMind libraries, whose logs hold what people say, and secrets."""

from __future__ import annotations

import logging
import os
import sys

_SILENT = logging.CRITICAL + 1
_LOGGERS = (
    "JsonDatabase",
    "combo_lock",
    "hivemind_bus_client",
    "hivemind_bus_client.noise",
    "ovos_spec_tools",
    "websocket",
)
"""Those that log through the standard library."""


def quiet_libraries() -> None:
    """Keep every library of the hub part from logging; ours says what is worth saying.

    A send that fails logs the whole message, a handshake logs its payloads, and ovos_utils writes
    to stdout and to files of its own. Call it before anything of HiveMind is imported; calling it
    again is harmless.
    """
    os.environ["OVOS_DEFAULT_LOG_LEVEL"] = "CRITICAL"  # read when ovos_utils.log is imported
    if loaded := sys.modules.get("ovos_utils.log"):
        loaded.LOG.set_level("CRITICAL")
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(_SILENT)
        logger.disabled = True  # json_database sets its own level when it is imported
