"""Short calls to what announces itself on the LAN: nothing in an answer is trusted."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
import ipaddress
import json
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, cast

from hivemind_chatroom.lan.interfaces import Ip
from hivemind_chatroom.room.text import clean_text

_ADDRESSES_MAX: Final = 4
"""Of one announcement that are called; who announces a hundred has us wait for none of the rest."""

ANSWERS_WITHIN_S: Final = 1.5
"""How long a room may take to say that it is there, in seconds."""

_ANSWER_BYTES: Final = 8_192
_NAME_MAX: Final = 64
_HTTP_OK: Final = 200
_PORT_MAX: Final = 65_535

_CHATROOM: Final = "hivemind-chatroom"
"""How `/healthz` begins in a room (docs/http-api.md)."""

_HOUSEHOLD: Final = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7"),
    )
)
"""RFC 1918, RFC 3927 and RFC 4193: addresses that lead out of no household."""

_BIDI_CONTROLS: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""They turn round what stands beside them on the page of whoever shows the name."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a room says of itself."""

    id: str
    name: str


def reachable(addresses: Iterable[str], own: Iterable[Ip]) -> tuple[str, ...]:
    """Return the addresses to call somebody at, the likeliest first; none if none may be called.

    A computer that has just moved is known by its former address, too: of those that are equally
    near, the first that was told comes first.

    Whoever announces a service names any address. Only those of our own networks are called, or of
    a household's, so that nobody can have this computer call somebody else's.

    Args:
        addresses: What was announced, the newest first.
        own: This computer's.
    """
    nets = [ip.network for ip in own]
    found: list[tuple[bool, bool, str]] = []
    for each in addresses:
        with contextlib.suppress(ValueError):
            ip = ipaddress.ip_address(each)
            is_near = any(ip in net for net in nets)
            if (is_near or any(ip in net for net in _HOUSEHOLD)) and _is_somebodys(ip):
                found.append((ip.version != 4, not is_near, str(ip)))  # noqa: PLR2004 - IP versions
    found.sort(key=lambda each: each[:2])  # stable: their order stays within each rank
    return tuple(address for *_, address in found[:_ADDRESSES_MAX])


def is_port(port: int) -> bool:
    """Tell whether something can listen there."""
    return 0 < port <= _PORT_MAX


def url_host(address: str) -> str:
    """Return an address as a URL has it."""
    return f"[{address}]" if ":" in address else address


def shown(text: str) -> str:
    """Return a name from outside in one line, fit to be shown; empty if nothing is left."""
    plain = "".join(char for char in clean_text(text) if char not in _BIDI_CONTROLS)
    return unicodedata.normalize("NFC", " ".join(plain.split()))[:_NAME_MAX].strip()


async def health_of(address: str, port: int) -> Health | None:
    """Ask a room whether it is there; None if it says nothing of the kind in time.

    Args:
        address: One that `reachable` has allowed.
        port: Where it listens.
    """
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            return _health_in(await _get(address, port, "/healthz"))
    except (OSError, TimeoutError, ValueError, RecursionError, http.client.HTTPException):
        return None  # RecursionError: thousands of brackets, each in the other


async def answers(address: str, port: int) -> bool:
    """Tell whether something listens there."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            _, writer = await asyncio.open_connection(address, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def _get(address: str, port: int, path: str) -> bytes:
    """Return what an answer begins with; HTTP/1.0 ends with the connection."""
    reader, writer = await asyncio.open_connection(address, port, limit=_ANSWER_BYTES)
    try:
        host = f"{url_host(address)}:{port}"
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode("ascii"))
        received = b""
        while len(received) < _ANSWER_BYTES and (more := await reader.read(_ANSWER_BYTES)):
            received += more
        return received[:_ANSWER_BYTES]
    finally:
        writer.close()


def _health_in(received: bytes) -> Health | None:
    answer = http.client.HTTPResponse(cast("socket.socket", _Received(received)))
    answer.begin()
    if answer.status != _HTTP_OK:
        return None
    said = json.loads(answer.read(_ANSWER_BYTES))
    if not isinstance(said, dict) or said.get("app") != _CHATROOM:
        return None
    room_id, name = said.get("id"), said.get("room")
    if not isinstance(room_id, str) or not isinstance(name, str):
        return None
    return Health(room_id.lower(), shown(name))


class _Received:
    """What has come, as the standard library's parser wants to read it."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, _mode: str) -> io.BytesIO:
        """Return a file of it; the parser's call."""
        return io.BytesIO(self._received)


def _is_somebodys(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return not (ip.is_loopback or ip.is_unspecified or ip.is_multicast)
