"""Where a hub listens, read from the many ways in which people and files write it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PORT_DEFAULT = 5678
"""Where hivemind-core listens unless told otherwise."""

_PORT_MAX = 65_535
_HOST_MAX = 253
_TLS_OF_SCHEME: Mapping[str, bool] = MappingProxyType(
    {"ws": False, "http": False, "wss": True, "https": True}
)
_BRACKETED = re.compile(r"\[(?P<host>[^\[\]]+)\](?::(?P<port>[0-9]{1,9}))?")
_PLAIN = re.compile(r"(?P<host>[^:\[\]]+)(?::(?P<port>[0-9]{1,9}))?")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")


@dataclass(frozen=True, slots=True)
class HubAddress:
    """A host, a port, and whether TLS is spoken there."""

    host: str
    """A name or an address; IPv6 without brackets."""
    port: int
    tls: bool

    @property
    def url_host(self) -> str:
        """The host as it stands in a URL: IPv6 in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host


def parse_address(text: str, port: int | None = None) -> HubAddress:
    """Read a hub's address.

    Args:
        text: A host alone, with a port, with a scheme (ws, wss, http, https), with a path; IPv6
            with or without brackets.
        port: The port where the text names none; None for the usual one.

    Raises:
        ValueError: It is no address; the sentence says why.
    """
    scheme, separator, rest = text.strip().rpartition("://")
    scheme = scheme.lower() if separator else "ws"
    if scheme not in _TLS_OF_SCHEME:
        raise ValueError("a hub's address begins with ws:// or wss:// or with no scheme")
    host, named_port = _split(re.split(r"[/?#]", rest, maxsplit=1)[0])
    chosen = next(each for each in (named_port, port, PORT_DEFAULT) if each is not None)
    if not 0 < chosen <= _PORT_MAX:
        raise ValueError(f"a port is a number from 1 to {_PORT_MAX}")
    return HubAddress(host, chosen, _TLS_OF_SCHEME[scheme])


def names_port(text: str) -> bool:
    """Tell whether the text of an address has the port in it."""
    return parse_address(text, 1).port == parse_address(text, 2).port


def _split(place: str) -> tuple[str, int | None]:
    if _is_ipv6(place):
        return place, None
    bracketed = _BRACKETED.fullmatch(place)
    match = bracketed or _PLAIN.fullmatch(place)
    if match is None:
        raise ValueError("the address has no host in it")
    host = match["host"]
    if not (_is_ipv6(host) if bracketed else _is_name(host)):
        raise ValueError("the address has a host in it that can't be one")
    return host, int(match["port"]) if match["port"] else None


def _is_ipv6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True


def _is_name(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    return len(host) <= _HOST_MAX and all(_LABEL.fullmatch(label) for label in labels)
