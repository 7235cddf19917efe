"""The proxies in front of the room, and whose requests they pass on."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

_FOR: Final = b"X-Forwarded-For"
_PROTO: Final = b"X-Forwarded-Proto"
_TLS: Final = b"https"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is, as far as we believe it."""

    address: str
    """The network address of the visitor, by which all that one may take is counted."""
    is_secure: bool = False
    """Whether a proxy says that the visitor's own hop is encrypted."""


class Proxies:
    """Those that are believed when they name somebody else; nobody is by default."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        """Believe the `trusted`: addresses, and networks as `172.16.0.0/12`."""
        self._networks = tuple(map(ipaddress.ip_network, trusted))

    def trust(self, address: str) -> bool:
        """Tell whether an address is that of a trusted proxy."""
        if not self._networks:
            return False
        ip = _ip(address)
        return ip is not None and any(ip in network for network in self._networks)

    def caller(self, peer: str, fields: Mapping[bytes, bytes]) -> Caller:
        """Tell whose request this is.

        Each proxy appends whom it was called by, and whoever calls may have begun the list with
        anything. So it is read from its end for as long as trusted proxies tell it: the first
        address that is none of theirs is the visitor's. What is no address ends it too, and the
        request is that of the proxy which passed it on.

        Args:
            peer: The network address that the connection comes from.
            fields: The header fields by their names in Title-Case.
        """
        if not self.trust(peer):
            return Caller(peer)
        address = peer
        for told in reversed(fields.get(_FOR, b"").decode("latin-1").split(",")):
            ip = _ip(told.strip())
            if ip is None:
                break
            address = str(ip)
            if not self.trust(address):
                break
        return Caller(address, fields.get(_PROTO, b"").lower() == _TLS)


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return an address in the form in which one visitor has only one; None if it is none."""
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])  # the interface is the proxy's own
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip
