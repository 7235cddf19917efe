"""Each in a process of its own: silence is for ever."""

from __future__ import annotations

import subprocess
import sys

QUIET = """
from hivemind_chatroom.hub.quiet import quiet_libraries
quiet_libraries()
"""

LOAD = """
import logging
logging.basicConfig(level=logging.DEBUG)
import hivemind_bus_client.client, json_database
from ovos_utils.log import LOG
"""

TALK = """
LOG.error("secret")
LOG.exception("secret")
LOG("other").warning("secret")
for name in ("websocket", "JsonDatabase", "hivemind_bus_client.noise", "ovos_spec_tools.session"):
    logging.getLogger(name).error("secret")
logging.getLogger("hivemind_chatroom").error("ours")
"""


def said(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout + done.stderr


def test_the_libraries_say_nothing_and_we_still_do() -> None:
    output = said(QUIET + LOAD + TALK)
    assert "secret" not in output
    assert "ours" in output


def test_silence_that_comes_after_the_import_is_silence_too() -> None:
    assert "secret" not in said(LOAD + QUIET + TALK)


def test_the_libraries_do_talk_where_nobody_silences_them() -> None:
    assert "secret" in said(LOAD + TALK)


def test_the_hub_part_loads_no_library_before_it_is_started() -> None:
    program = """
import sys
import hivemind_chatroom.hub.link
print(sorted(name for name in sys.modules if name.split("_")[0] in {"hivemind", "ovos"}
             and not name.startswith("hivemind_chatroom")))
"""
    assert said(program).strip() == "[]"
