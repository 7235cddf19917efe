"""Finds an identity in anything a hub, its programs or its admin panel have printed.

Understood are what `hivemind-core add-client`, `list-clients` and `export-clients` print, a
`hivemind-client set-identity` line, the admin panel's pairing bundle, an identity file, and an
address that stands by itself. Text is never repeated: what is found is a value, and what is not
found is nothing.
"""

from __future__ import annotations

import ipaddress
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from types import MappingProxyType
from typing import Any, Final

from hivemind_chatroom.hub.address import HubAddress, names_port, parse_address

TEXT_MAX: Final = 100_000
"""Characters that are looked at; a print-out has a thousand."""

_VALUE_MAX: Final = 512
_NUMBER_MAX: Final = 1_000_000
_NESTED_MAX: Final = 4
"""How deep an identity may stand in a JSON document; the admin panel's QR is one level down."""

_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "key": "key",
        "accesskey": "key",
        "apikey": "key",
        "password": "password",
        "host": "host",
        "defaultmaster": "host",
        "master": "host",
        "connecturl": "url",
        "url": "url",
        "address": "host",
        "port": "port",
        "defaultport": "port",
        "siteid": "site_id",
        "site": "site_id",
        "ssl": "tls",
        "tls": "tls",
        "nodeid": "client_id",
        "clientid": "client_id",
        "id": "client_id",
    }
)
"""What hubs call a field, in small letters alone, and what we call it."""

_OPTION: Final = re.compile(
    r"""(?<!\S)--(?P<name>[a-z][a-z_-]*)(?:\s*=\s*|\s+)"""
    r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s-]\S*|-[^-\s]\S*)""",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"""(?<![\w-])(?P<name>
        (?:encryption|crypto|secret|public|noise)[ _-]?key | friendly[ ]name | metadata
        | admin[ ]privileges | allowed[ ]message[ ]types | database[ ]backend
        | (?:access[ _-]?|api[ _-]?)?key | password | (?:node|client|site)[ _-]?id
        | default[ _-]?(?:master|port) | host | port
    )["']?[ \t]*[:=][ \t]*\n?[ \t]*""",
    re.IGNORECASE | re.VERBOSE,
)
"""What a value is called; some only because the value before them ends there."""

_OBJECT: Final = re.compile(r"^[ \t]*[\[{]", re.MULTILINE)
_URL: Final = re.compile(r"\bwss?://[^\s\"'<>,;]+", re.IGNORECASE)
_BARE: Final = re.compile(
    r"""(?<![\w.:/@-])(?:(?P<numbers>(?:[0-9]{1,3}\.){3}[0-9]{1,3})|[a-z0-9][a-z0-9-]{0,62}\.local)"""
    r"""(?::[0-9]{1,5})?(?!\.?[\w:-])""",
    re.IGNORECASE,
)
"""Numbers, or a name that multicast DNS knows (RFC 6762): what people call an address."""

_CONTINUED: Final = re.compile(r"[\\^`][ \t]*\n")
"""How a line goes on in a shell, in cmd.exe and in PowerShell."""

_CELLS: Final = re.compile(r"[|│┃]")
_CSV_HEAD: Final = "client_id,name,is_admin,access_key,password"
_NO_NAME: Final = re.compile(r"[^A-Za-z _-]")
_QUOTES: Final = (('"', '"'), ("'", "'"), ("`", "`"), ("“", "”"), ("‘", "’"), ("«", "»"))  # noqa: RUF001 - as mail programs write them
_NOT_IN_KEYS: Final = frozenset(" <>\"'{}[](),;")
_CUT_OFF: Final = "…"
"""Where a terminal too narrow for a table has left the rest out."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was found; its representation leaves the secrets out, and what wasn't is empty."""

    key: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    address: HubAddress | None = None
    has_port: bool = False
    """The address has the port that it was found with, not the usual one."""
    site_id: str = ""
    client_id: str = ""
    """Our number on the hub."""


def find_identity(text: str) -> Pasted:
    """Find an identity in a text; one that has none gives nothing, and no text raises."""
    plain = _plain(text[:TEXT_MAX])
    found: dict[str, str] = {}
    fields, rest = _in_json(plain)
    for name, value in (
        *fields,
        *_in_tables(rest),
        *_in_lines(rest),
        *_in_urls(rest),
        *_in_words(rest),
    ):
        if name not in found and (usable := _usable(name, value)):
            found[name] = usable
    address, has_port = _address(found)
    return Pasted(
        found.get("key", ""),
        found.get("password", ""),
        address,
        has_port,
        found.get("site_id", ""),
        found.get("client_id", ""),
    )


def _plain(text: str) -> str:
    """Even out line ends and spaces, and drop what can't be seen."""
    lines = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").splitlines())
    spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in lines)
    return "".join(
        each for each in spaced if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cf"}
    )


# --- the forms ----------------------------------------------------------------------------------


def _in_json(text: str) -> tuple[Iterable[tuple[str, str]], str]:
    """Read the JSON with which a line of the text begins; return the text without it, too."""
    begin = _OBJECT.search(text)
    if begin is None:
        return (), text
    start = begin.end() - 1
    try:
        content, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return (), text
    return _in_object(content, _NESTED_MAX), text[:start] + text[end:]


def _in_object(content: Any, depth: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if depth and isinstance(content, list):
        for each in content[:1]:
            yield from _in_object(each, depth - 1)
    if not depth or not isinstance(content, dict):
        return
    for name, value in content.items():
        if isinstance(value, bool):
            yield _name(name), "yes" if value else ""
        elif isinstance(value, str) or (isinstance(value, int) and 0 <= value <= _NUMBER_MAX):
            yield _name(name), str(value)
    for value in content.values():
        yield from _in_object(value, depth - 1)


def _in_tables(text: str) -> Iterator[tuple[str, str]]:
    """Read the row of one client from what lists them; of several, none is ours for sure."""
    lines = text.splitlines()
    rows = [[cell.strip() for cell in _CELLS.split(line)[1:-1]] for line in lines]
    clients = [row for row in rows if len(row) == 4 and row[0].isdigit()]  # noqa: PLR2004 - ID, name, key, password
    if len(clients) == 1:
        client_id, _, key, password = clients[0]
        yield from (("client_id", client_id), ("key", key), ("password", password))
    if _CSV_HEAD in lines:
        after = [line for line in lines[lines.index(_CSV_HEAD) + 1 :] if line.count(",") >= 4]  # noqa: PLR2004 - as many as in the head
        if len(after) == 1:
            client_id, rest = after[0].split(",", 1)
            _, key, password = rest.rsplit(",", 2)
            yield from (("client_id", client_id), ("key", key), ("password", password))


def _in_lines(text: str) -> Iterator[tuple[str, str]]:
    """Read a command's options, and values that stand behind what they are called."""
    for option in _OPTION.finditer(_CONTINUED.sub(" ", text)):
        yield _name(option["name"]), option["value"]
    labels = list(_LABEL.finditer(text))
    for label, after in zip_longest(labels, labels[1:]):
        end = after.start() if after else len(text)
        yield _name(label["name"]), text[label.end() : end].partition("\n")[0]


def _in_urls(text: str) -> Iterator[tuple[str, str]]:
    for url in _URL.findall(text)[:1]:
        yield "url", url


def _in_words(text: str) -> Iterator[tuple[str, str]]:
    for word in _BARE.finditer(text):
        if word["numbers"] is None or _can_be_called(word["numbers"]):
            yield "bare", word[0]


def _can_be_called(numbers: str) -> bool:
    """Tell whether numbers are an address, and not what a program listens on, as `0.0.0.0`."""
    try:
        return not ipaddress.IPv4Address(numbers).is_unspecified
    except ValueError:
        return False


# --- the values ---------------------------------------------------------------------------------


def _name(name: str) -> str:
    if _NO_NAME.search(name):
        return ""
    return _NAMES.get(re.sub(r"[^a-z]", "", name.lower()), "")


def _usable(name: str, value: str) -> str:
    """Return a value as it may be kept, empty if it is none."""
    value = _unquoted(value.strip())
    if not value or not value.isprintable() or len(value) > _VALUE_MAX or _CUT_OFF in value:
        return ""
    match name:
        case "key":
            is_fine = not _NOT_IN_KEYS & set(value)
        case "password" | "site_id":
            is_fine = not _is_placeholder(value)
        case "host" | "url" | "bare":
            is_fine = _parsed(value, None) is not None
        case "port" | "client_id":
            is_fine = value.isascii() and value.isdigit()
        case "tls":
            is_fine = value.lower() in {"yes", "true", "1", "on"}
        case _:
            is_fine = False
    return value if is_fine else ""


def _unquoted(value: str) -> str:
    for begin, end in _QUOTES:
        if len(value) > 1 and value.startswith(begin) and value.rstrip(", ").endswith(end):
            return value.rstrip(", ")[1:-1].strip()
    return value


def _is_placeholder(value: str) -> bool:
    """Tell whether a manual says what is to be put there."""
    return value.startswith("<") and value.endswith(">")


def _address(found: Mapping[str, str]) -> tuple[HubAddress | None, bool]:
    url = found.get("url", "")
    host = found.get("host", url) or found.get("bare", "")
    named = found.get("port", "")
    port = int(named) if len(named) in range(1, 6) else None
    address = _parsed(host, port) or _parsed(host, None)
    if address is None:
        return None, False
    has_port = port is not None or names_port(host)
    tls = address.tls or "tls" in found or url.lower().startswith("wss")
    return HubAddress(address.host, address.port, tls), has_port


def _parsed(host: str, port: int | None) -> HubAddress | None:
    try:
        return parse_address(host, port)
    except ValueError:
        return None
