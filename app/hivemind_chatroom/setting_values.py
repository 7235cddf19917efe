"""What a setting's value may be; each reads one as TOML, JSON, the environment or a flag has it.

Each raises ValueError with a sentence that says what is wanted.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

_PORT_MAX = 65_535
_HOST_MAX = 253
_HOST_WANTED = re.compile(r"[a-z0-9_][a-z0-9_-]{0,62}(\.[a-z0-9_][a-z0-9_-]{0,62})*", re.IGNORECASE)
"""Names as a Host header has them: labels of letters, digits, `-` and, on some networks, `_`."""

_SITE_WANTED = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^\[\]:@/?#\s]+)(?P<port>:[0-9]{1,5})?/?"
)

_CODE_WANTED = re.compile(r"auto|none|[0-9]{4,12}")
_RATE_LIMITS = ("default", "off")

_COMPUTER_WANTED = re.compile(r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?")
"""One label, with room for what comes behind it when somebody else has that name."""

_LANGUAGES_MAX = 64
_LANGUAGE_WANTED = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,4}", re.IGNORECASE)
"""The shape of a BCP-47 tag; whether anybody speaks it is asked where it is used."""

_SWITCHES = MappingProxyType({"on": True, "off": False, "true": True, "false": False})


def port(value: object) -> int:
    """Return the number of a port."""
    digits = str(value)
    if not (digits.isascii() and digits.isdigit()) or int(digits) > _PORT_MAX:
        raise ValueError(f"a port is a number from 0 to {_PORT_MAX}, not {value!r}")
    return int(digits)


def line(value: object) -> str:
    """Return a line of text."""
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(f"a line of text is wanted, not {value!r}")
    return value


def folder(value: object) -> Path:
    """Return the path of a folder, `~` resolved."""
    if not str(value):
        raise ValueError("the name of a folder is wanted")
    return Path(str(value)).expanduser()


def count_to(most: int) -> Callable[[object], int]:
    """Return what reads a number from 1 to `most`."""

    def parsed(value: object) -> int:
        digits = str(value)
        if not (digits.isascii() and digits.isdigit()) or not 0 < int(digits) <= most:
            raise ValueError(f"a number from 1 to {most} is wanted, not {value!r}")
        return int(digits)

    return parsed


def switch(value: object) -> bool:
    """Return whether something is on."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.lower() not in _SWITCHES:
        raise ValueError(f"on or off is wanted, not {value!r}")
    return _SWITCHES[value.lower()]


def host_names(value: object) -> tuple[str, ...]:
    """Return names and addresses of computers, from a list or with commas between them."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list):
        raise ValueError(f"names with commas between them are wanted, not {value!r}")  # noqa: TRY004
    return tuple(_host_name(name.strip()) for name in map(line, names) if name.strip())


def networks(value: object) -> tuple[str, ...]:
    """Return addresses and networks, from a list or with commas between them."""
    named = value.split(",") if isinstance(value, str) else value
    if not isinstance(named, list):
        raise ValueError(f"addresses with commas between them are wanted, not {value!r}")  # noqa: TRY004
    return tuple(_network(each.strip()) for each in map(line, named) if each.strip())


def web_address(value: object) -> str:
    """Return where a site of the web begins, without a final slash; or nothing."""
    address = line(value)
    if not address:
        return ""
    found = _SITE_WANTED.fullmatch(address.lower())
    if not found:
        raise ValueError(f"https:// and a name are wanted, without a path, not {value!r}")
    name, at_port = _host_name(found["host"]), found["port"] or ""
    if at_port:
        port(at_port[1:])
    return f"{found['scheme']}://{f'[{name}]' if ':' in name else name}{at_port}"


def join_code(value: object) -> str:
    """Return a join code, or one of the words that stand for one."""
    code = str(value)
    if not _CODE_WANTED.fullmatch(code):
        raise ValueError(f"auto, none or 4 to 12 digits are wanted, not {value!r}")
    return code


def rate_limit(value: object) -> bool:
    """Return whether there is a limit of rates."""
    if isinstance(value, bool):
        return value
    if value not in _RATE_LIMITS:
        raise ValueError(f"one of {', '.join(_RATE_LIMITS)} is wanted, not {value!r}")
    return value == "default"


def computer_name(value: object) -> str:
    """Return the name of a computer on the LAN, in lower case and without its `.local`."""
    name = line(value).lower().removesuffix(".local")
    if not _COMPUTER_WANTED.fullmatch(name):
        raise ValueError(f"1 to 50 letters a-z, digits and - are wanted, not {value!r}")
    return name


def language_tags(value: object) -> tuple[str, ...]:
    """Return languages, each once, from a list or with commas between them."""
    tags = value.split(",") if isinstance(value, str) else value
    if not isinstance(tags, list) or len(tags) > _LANGUAGES_MAX:
        raise ValueError(f"languages with commas between them are wanted, not {value!r}")
    return tuple(dict.fromkeys(_tag(tag.strip()) for tag in map(line, tags) if tag.strip()))


def language_tag(value: object) -> str:
    """Return one language, or nothing."""
    tag = line(value)
    return _tag(tag) if tag else ""


def _host_name(name: str) -> str:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(name.removeprefix("[").removesuffix("]")).compressed
    name = name.removesuffix(".")
    if len(name) > _HOST_MAX or not _HOST_WANTED.fullmatch(name):
        raise ValueError(f"{name!r} is no name or address of a computer (no port, no scheme)")
    return name


def _network(named: str) -> str:
    try:
        network = ipaddress.ip_network(named)
    except ValueError as error:
        raise ValueError(f"{named!r} is no address or network (172.16.0.0/12)") from error
    if not network.prefixlen:
        raise ValueError(f"{named!r} is everybody")
    return str(network)


def _tag(tag: str) -> str:
    if not _LANGUAGE_WANTED.fullmatch(tag):
        raise ValueError(f"{tag!r} is no language; one is written like en or pt-PT")
    return tag
