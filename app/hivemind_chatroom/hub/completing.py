"""Puts an identity together from what was typed, what was pasted and what is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hivemind_chatroom.errors import IdentityIncompleteError
from hivemind_chatroom.hub.address import PORT_DEFAULT, HubAddress, names_port, parse_address
from hivemind_chatroom.hub.identity import SITE_DEFAULT, HubIdentity
from hivemind_chatroom.hub.paste import Pasted
from hivemind_chatroom.room.operating import Credentials

_PORT_MAX = 65_535


@dataclass(frozen=True, slots=True)
class _Place:
    """An address with what it really says."""

    address: HubAddress
    has_port: bool = True
    has_scheme: bool = True


def complete(credentials: Credentials, found: Pasted, saved: HubIdentity | None) -> HubIdentity:
    """Return the identity that is meant.

    What was typed wins over what was found in the pasted text, and what neither has is taken from
    what is saved. Port and scheme go with their host: another host has the usual ones.

    Args:
        credentials: What was typed.
        found: What was found in the pasted text.
        saved: The identity that is saved, if there is one.

    Raises:
        IdentityIncompleteError: No key, password or host is known, or the host can't be one.
    """
    access_key = credentials.key.strip() or found.key or (saved.access_key if saved else "")
    password = credentials.password.strip() or found.password or (saved.password if saved else "")
    site_id = credentials.site_id.strip() or found.site_id or (saved.site_id if saved else "")
    if not access_key:
        raise IdentityIncompleteError("The access key is missing.")
    if not password:
        raise IdentityIncompleteError("The password is missing.")
    if not all(text.isprintable() for text in (access_key, password, site_id)):
        raise IdentityIncompleteError("A key, a password or a site has no line breaks in it.")
    address = _address(credentials.port, tuple(_places(credentials.host, found, saved)))
    return HubIdentity(access_key, password, address, site_id or SITE_DEFAULT)


def _places(host: str, found: Pasted, saved: HubIdentity | None) -> Iterator[_Place]:
    """Yield every address that was said, the one that counts first."""
    if host.strip():
        try:
            typed = parse_address(host)
        except ValueError as error:
            raise IdentityIncompleteError("The hub's address can't be one.") from error
        yield _Place(typed, names_port(host), "://" in host)
    if found.address:
        yield _Place(found.address, found.has_port)
    if saved:
        yield _Place(saved.address)


def _address(port: int | None, places: tuple[_Place, ...]) -> HubAddress:
    if not places:
        raise IdentityIncompleteError("The hub's address is missing.")
    if port is not None and not 0 < port <= _PORT_MAX:
        raise IdentityIncompleteError("The hub's port can't be one.")
    host = places[0].address.host
    same = [place for place in places if place.address.host == host]
    if port is None:
        ports = (place.address.port for place in same if place.has_port)
        port = next(ports, PORT_DEFAULT)
    schemes = (place.address.tls for place in same if place.has_scheme)
    return HubAddress(host, port, next(schemes, False))
