"""The flags that every command has which opens a room."""

from __future__ import annotations

import argparse
from typing import NoReturn

from hivemind_chatroom.errors import SettingInvalidError
from hivemind_chatroom.settings import LOG_LEVELS, PORT_DEFAULT, HubChoice
from hivemind_chatroom.version import __version__

TO_STDOUT = "-"
"""In the place of a report's file: the console."""


def room_flags(name: str) -> argparse.ArgumentParser:
    """Return what reads the command line of the command `name`.

    It raises `SettingInvalidError` where argparse would print and exit.
    """
    parser = _Parser(
        prog=name,
        description="A chatroom for the LAN whose visitors share one HiveMind voice assistant.",
        allow_abbrev=False,  # an abbreviation becomes another flag's when that is added
    )
    add = parser.add_argument
    add("--port", help=f"port to listen on (default {PORT_DEFAULT}, or the next free one)")
    add("--host", help="address to listen on (default 0.0.0.0, the whole LAN)")
    add("--log-level", metavar="LEVEL", help=f"{', '.join(LOG_LEVELS)} (default INFO)")
    add("--log-path", metavar="DIR|stdout", help="folder of the log, or stdout for the console")
    add("--hub", metavar="HUB", help=f"{', '.join(HubChoice)} (default auto: the identity file "
        "when there is one, else the built-in assistant)")  # fmt: skip
    add("--data-dir", metavar="DIR", help="folder of what the room keeps")
    add("--database", metavar="URL", help="sqlite: (default, in the data folder), "
        "sqlite:///<file in there>, sqlite:////<path from the root>, postgresql://<server's>, or "
        "memory: for nothing on disk")  # fmt: skip
    add("--backup", metavar="FILE", help="copy the database to a new file and end; a room that "
        "runs on it goes on")  # fmt: skip
    add("--self-test", metavar="FILE", nargs="?", const=TO_STDOUT, help="try everything with a "
        "room of its own, write what is found as JSON to the console or a file, end")  # fmt: skip
    add("--health", action="store_true", help="ask the room that runs whether it is well, and end")
    add("--code", metavar="CODE", help="join code: auto, none or 4 to 12 digits (default none)")
    add(
        "--rate-limit",
        metavar="default|off",
        help="how fast people may join and post (off: benchmarks)",
    )
    _lan_flags(parser)
    add("--operator-port", metavar="PORT", help="port of the operator's own page on 127.0.0.1 "
        "(default any that is free)")  # fmt: skip
    add("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _lan_flags(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--lan-name", metavar="NAME", help="name by which others find the room, without .local "
        "(default hivechat)")  # fmt: skip
    add("--lan-interface", metavar="NAME", help="network interface whose addresses others are told "
        "(default the likeliest)")  # fmt: skip
    add(
        "--no-lan",
        dest="lan",
        action="store_const",
        const=False,
        help="announce the room to nobody",
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse in one line what argparse would say in six."""
        raise SettingInvalidError(f"{' '.join(message.split())}; --help tells the flags.")
