"""What the make-believe program has to tell: a room, its people, its hub, a day."""

from __future__ import annotations

from typing import Any, Final

KEY: Final = "5498d2c3a1e74f60b8d95ae0c7f31b42"
PASSWORD: Final = "e955b0a4c63d4f17a2c80f5be61d7398"
PRINT_OUT: Final = f"""Credentials added to database!

Node ID: 3
Friendly Name: Family room
Access Key: {KEY}
Password: {PASSWORD}
Encryption Key: 0123456789abcdef
WARNING: Encryption Key is deprecated, only use if your client does not support password
"""
NOWHERE: Final = {"found": False, "masked": ""}
LONG_NAME: Final = "Alexandra und Maximilian"
"""As long as a name may be."""
LONG_AGO: Final = "2026-11-23T18:00:00.000Z"

CHECKS: Final = ("reached", "key", "password", "allowed", "answered")

HOURS: Final = [0] * 8 + [3, 5, 9, 14, 11, 6, 7, 12, 16, 21, 18, 10, 0, 0, 0, 0]


def member(number: int, name: str, lang: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a member as the API has one."""
    return {
        "id": f"m{number}",
        "name": name,
        "lang": lang,
        "site_id": "home",
        "present": True,
        "color": number % 8,
        "muted_until": None,
        "device": "phone",
        "last_seen": LONG_AGO,
        **more,
    }


def happening(kind: str, name: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a line of what happens."""
    line = {"at": LONG_AGO, "kind": kind, "name": name, "detail": "", "ms": None}
    return {**line, "is_problem": kind in {"refused", "unanswered", "unmatched"}, **more}


def message(number: int, author: str, text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a message of the log."""
    return {
        "id": number,
        "kind": "person",
        "author": {"id": f"m{number}", "name": author},
        "to": None,
        "text": text,
        "lang": "en",
        "dir": "ltr",
        "sent_at": LONG_AGO,
        "media": None,
        **more,
    }


STATUS: Final[dict[str, Any]] = {
    "app": {
        "version": "1.0.0",
        "started_at": LONG_AGO,
        "data_dir": "/home/ana/.local/share/hivemind-chatroom",
        "log_dir": "/home/ana/.local/state/hivemind-chatroom",
        "computer": "ana-pc",
        "desktop": True,
        "set_up": True,
    },
    "room": {
        "id": "r1",
        "name": "Family room",
        "url": "http://127.0.0.1:8985",
        "lan_url": "http://192.168.1.23:8985",
        "public_url": None,
        "port": 8985,
        "port_wanted": None,
        "code": "482193",
        "locked_out": 0,
        "paused": False,
        "present": 0,
        "members": 0,
        "members_max": 50,
    },
    "hub": {
        "choice": "identity",
        "builtin": False,
        "state": "connected",
        "since": LONG_AGO,
        "reason": "",
        "command": "",
        "address": "192.168.1.10:5678",
        "latency_ms": 12.4,
    },
    "lan": {
        "state": "ok",
        "addresses": ["192.168.1.23"],
        "name": "family.local",
        "machine_name": "hc-0a1b2c3d.local",
        "wanted_name": "family.local",
        "interfaces": [{"name": "wlan0", "addresses": ["192.168.1.23"], "is_pinned": False}],
        "wanted_interface": "",
        "last_visitor_at": LONG_AGO,
        "hints": [],
    },
    "store": {
        "state": "ok",
        "messages": 0,
        "bytes": 2_400_000,
        "free_bytes": 81_000_000_000,
        "set_aside": None,
    },
    "members": [],
    "undo": [],
    "now": [],
    "today": {
        "asked": 0,
        "answered": 0,
        "people": 0,
        "median_ms": None,
        "asked_by_hour": [0] * 24,
        "answered_by_hour": [0] * 24,
        "median_ms_by_hour": [None] * 24,
    },
}

SETTINGS: Final[dict[str, Any]] = {
    "room_name": "Family room",
    "code": "482193",
    "paused": False,
    "keep_days": 30,
    "keep_messages": 100_000,
    "languages": ["en", "pt-PT", "ar"],
    "members_max": 50,
    "language": "",
    "lan": True,
    "lan_name": "family",
    "lan_interface": "",
    "set_up": True,
    "set_up_step": 1,
    "set_up_later": False,
    "start_at_login": False,
    "fixed": {},
}

FULL: Final[dict[str, Any]] = {
    "members": [
        member(0, "Ana", "pt-PT"),
        member(1, "João", "pt-PT", device="computer"),
        member(2, "سارة", "ar", muted_until="2999-01-01T20:30:00.000Z"),
        member(3, LONG_NAME, "de", present=False),
    ],
    "now": [
        happening("joined", "Ana"),
        happening("hub", detail="connected"),
        happening("asked", "Ana"),
        happening("answered", "Ana", ms=812),
        happening("asked", "سارة"),
        happening("refused", "سارة"),
        happening("hub", detail="hub.lost", is_problem=True),
        happening("hub", detail="connected"),
        happening("announced"),
    ],
    "today": {
        "asked": 132,
        "answered": 128,
        "people": 4,
        "median_ms": 912,
        "asked_by_hour": HOURS,
        "answered_by_hour": [max(0, hour - 1) for hour in HOURS],
        "median_ms_by_hour": [700 + 40 * hour if hour else None for hour in HOURS],
    },
}
"""A room that has been used all day."""

LOG: Final = [
    message(1, "Ana", "What's the weather like tomorrow?"),
    message(2, "HiveMind", "Sunny, with up to 21 degrees.", kind="assistant", to={"name": "Ana"}),
    message(3, "سارة", "ما هي عاصمة البرتغال؟", lang="ar", dir="rtl"),
    message(4, LONG_NAME, "Donaudampfschifffahrt" * 10, lang="de"),
]


def passed(name: str) -> dict[str, Any]:
    """Return a check that went well."""
    check = {"check": name, "state": "ok", "ms": 12, "code": "", "text": "", "command": ""}
    return {**check, "address": "192.168.1.10:5678"}


def failing(at: str, code: str, command: str = "") -> list[dict[str, Any]]:
    """Return the five checks of a hub of which one fails."""
    number = CHECKS.index(at)
    failed = {**passed(at), "state": "failed", "code": code, "text": "?", "command": command}
    skipped = [{**passed(name), "state": "skipped"} for name in CHECKS[number + 1 :]]
    return [*(passed(name) for name in CHECKS[:number]), failed, *skipped]


def found_in(text: str) -> dict[str, Any]:
    """Return what the program would find in a text of this module."""
    secrets = {
        name: {"found": True, "masked": f"{secret[:4]}…"} if secret in text else NOWHERE
        for name, secret in (("key", KEY), ("password", PASSWORD))
    }
    return {**secrets, "host": "", "port": None, "tls": False, "site_id": "", "weak": False}
