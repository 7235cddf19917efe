"""Who asks: the member behind a cookie, or a reader whom the room lets in without one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from flask import Response, request

from hivemind_chatroom.errors import NotJoinedError
from hivemind_chatroom.room.model import CookieKey, Device, Introduction, Joined, Member
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.web.lean import asked

COOKIE: Final = "room_session"
"""The cookie's name; the assistant's sessions are something else."""

KEYS_MAX: Final = 8
"""Keys in a cookie, the newest first."""

COOKIE_AGE: Final = timedelta(days=90)
"""How long a browser that stays away is remembered."""

_BEARER: Final = "bearer"

_PHONE: Final = re.compile(r"Mobi|Android|iPhone|iPad")
"""What browsers of hand-held devices have in their User-Agent (MDN: "Browser detection")."""

_HELD: Final = re.compile(rf"(?:^|;)[ \t]*{COOKIE}=([^;]*)")
"""Where our cookie stands among all that a browser sends; we never set it in quotes."""

_BETWEEN_KEYS: Final = "."
_KEY: Final = re.compile(r"[\w-]{43}", re.ASCII)
"""32 random bytes in URL-safe base64, as the room makes them."""


class Visitors:
    """Finds out who a request comes from, and keeps it in the browser's cookie."""

    def __init__(self, room: Room) -> None:
        """Look among the members of `room`."""
        self._room = room

    def member(self) -> Member | None:
        """Return the member whose cookie came with the request."""
        own = self._own()
        return own.member if own else None

    def required_member(self) -> Member:
        """Return the member whose cookie came with the request.

        Raises:
            NotJoinedError: There is none.
            RemovedError: The host has removed it.
        """
        return self._required().member

    def reader(self) -> Member | None:
        """Return who reads; None is anybody, where the room is open or its code came along.

        Raises:
            NotJoinedError: The room has a code, and the request neither a cookie nor the code.
            CodeWrongError: It has another code.
            TooManyTriesError: Its address has tried too many.
            RemovedError: The host has removed the cookie's member.
        """
        member = self.member()
        if member is None:
            self._check_not_removed()
            if not self._room.door.is_open:
                self._check_bearer()
        return member

    def join(self, introduction: Introduction, code: str) -> Joined:
        """Let the browser in, or call the member that it already is by this introduction.

        Raises:
            RemovedError: The host has removed the cookie's member.
            ChatroomError: As `Room.join` and `Room.change` do.
        """
        own = self._own()
        if own is None:
            self._check_not_removed()
            return self._room.join(introduction, code, address_of_request())
        return Joined(self._room.change(own.member, introduction), own.key)

    def join_as(self, name: str, device_code: str, code: str) -> Joined:
        """Let the browser in as the member of this name, who has given it a device code.

        Raises:
            RemovedError: The host has removed the cookie's member.
            ChatroomError: As `Devices.join` does.
        """
        own = self._own()
        if own is None:
            self._check_not_removed()
            return self._room.devices.join(name, device_code, code, address_of_request())
        return own

    def leave(self, response: Response) -> None:
        """Forget the member whose cookie came with the request, here and in its browser.

        Raises:
            NotJoinedError: There is none.
        """
        own = self._required()
        self._room.leave(own.member)
        _set_keys(response, [key for key in _keys() if key != own.key])

    def _own(self) -> Joined | None:
        for key in _keys():
            if member := self._room.member_by_key(key):
                return Joined(member, key)
        return None

    def _required(self) -> Joined:
        own = self._own()
        if own is None:
            self._check_not_removed()
            raise NotJoinedError("Join the room first.")
        return own

    def _check_not_removed(self) -> None:
        for key in _keys():
            self._room.moderation.check_key(key)

    def _check_bearer(self) -> None:
        given = request.authorization
        if given is None or given.type != _BEARER or not given.token:
            raise NotJoinedError("This room has a code. Join it first.")
        self._room.door.check(given.token, address_of_request())


def address_of_request() -> str:
    """Return the network address that a request came from, by which tries are counted."""
    return request.remote_addr or ""


def device_of_request() -> Device:
    """Tell what a browser says it runs on: phones and tablets call themselves so."""
    agent = request.headers.get("User-Agent", "")
    if not agent.startswith("Mozilla/"):
        return Device.UNKNOWN
    return Device.PHONE if _PHONE.search(agent) else Device.COMPUTER


def remember(response: Response, key: CookieKey) -> None:
    """Let the browser keep a member's key, for `COOKIE_AGE` from now."""
    _set_keys(response, [key, *(other for other in _keys() if other != key)])


def renew(response: Response) -> None:
    """Let the browser keep what it has, for `COOKIE_AGE` from now."""
    _set_keys(response, _keys())


def _keys() -> list[CookieKey]:
    """Return the keys in the browser's cookie.

    One may be ours. Cookies know hosts and no ports (RFC 6265, 8.5): the others are those of the
    other rooms on this computer, which would lose their member if we left them out.
    """
    held = _HELD.search(asked().environ.get("HTTP_COOKIE", ""))
    parts = held[1].strip().split(_BETWEEN_KEYS, KEYS_MAX)[:KEYS_MAX] if held else ()
    return [CookieKey(part) for part in parts if _KEY.fullmatch(part)]


def _set_keys(response: Response, keys: Sequence[CookieKey]) -> None:
    is_secure = request.is_secure
    if keys:
        value = _BETWEEN_KEYS.join(keys[:KEYS_MAX])
        response.set_cookie(
            COOKIE, value, COOKIE_AGE, secure=is_secure, httponly=True, samesite="Strict"
        )
    else:
        response.delete_cookie(COOKIE, secure=is_secure, httponly=True, samesite="Strict")
