"""Who asks: the member behind a cookie, or a reader whom the room lets in without one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Response, request

from hivemind_chatroom.errors import NotJoinedError
from hivemind_chatroom.room.members import Joined
from hivemind_chatroom.room.model import CookieKey, Introduction, Member
from hivemind_chatroom.room.room import Room

COOKIE: Final = "room_session"
"""The cookie's name; the assistant's sessions are something else."""

COOKIE_AGE: Final = timedelta(days=90)
"""How long a browser that stays away is remembered."""

_BEARER: Final = "bearer"


class Visitors:
    """Finds out who a request comes from, and keeps it in the browser's cookie."""

    def __init__(self, room: Room) -> None:
        """Look among the members of `room`."""
        self._room = room

    def member(self) -> Member | None:
        """Return the member whose cookie came with the request."""
        key = request.cookies.get(COOKIE)
        return self._room.member_by_key(key) if key else None

    def required_member(self) -> Member:
        """Return the member whose cookie came with the request.

        Raises:
            NotJoinedError: There is none.
        """
        member = self.member()
        if member is None:
            raise NotJoinedError("Join the room first.")
        return member

    def reader(self) -> Member | None:
        """Return who reads; None is anybody, where the room is open or its code came along.

        Raises:
            NotJoinedError: The room has a code, and the request neither a cookie nor the code.
            CodeWrongError: It has another code.
            TooManyTriesError: Its address has tried too many.
        """
        member = self.member()
        if member is None and not self._room.door.is_open:
            self._check_bearer()
        return member

    def join(self, introduction: Introduction, code: str) -> Joined:
        """Let the browser in, or call the member that it already is by this introduction.

        Raises:
            ChatroomError: As `Room.join` and `Room.change` do.
        """
        key, member = request.cookies.get(COOKIE), self.member()
        if key is None or member is None:
            return self._room.join(introduction, code, address_of_request())
        return Joined(self._room.change(member, introduction), CookieKey(key))

    def _check_bearer(self) -> None:
        given = request.authorization
        if given is None or given.type != _BEARER or not given.token:
            raise NotJoinedError("This room has a code. Join it first.")
        self._room.door.check(given.token, address_of_request())


def address_of_request() -> str:
    """Return the network address that a request came from, by which tries are counted."""
    return request.remote_addr or ""


def remember(response: Response, key: str) -> None:
    """Let the browser keep `key`, for `COOKIE_AGE` from now."""
    response.set_cookie(
        COOKIE,
        key,
        COOKIE_AGE,
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )


def forget(response: Response) -> None:
    """Let the browser forget its key."""
    response.delete_cookie(
        COOKIE, path="/", secure=request.is_secure, httponly=True, samesite="Strict"
    )
