"""The addresses of the room's page, as upstream shaped them: name, site and language."""

from __future__ import annotations

from flask import url_for

from hivemind_chatroom.errors import NameInvalidError
from hivemind_chatroom.room.model import Introduction, Member
from hivemind_chatroom.room.names import ANONYMOUS, clean_name, is_reserved

DEFAULT = Introduction(ANONYMOUS, lang="en", site_id="flask")
"""Who upstream takes somebody for who says nothing."""


def address_of(who: Introduction) -> str:
    """Return the page's address for somebody."""
    return url_for("pages.room", username=who.name, site_id=who.site_id, lang=who.lang)


def introduction_of(member: Member | None) -> Introduction:
    """Return who a member is; upstream's anybody when there is none."""
    if member is None:
        return DEFAULT
    return Introduction(member.name, member.lang, member.site_id)


def suggested_name(name: str) -> str:
    """Return the name in an address as a visitor could bear it, empty when none could."""
    try:
        name = clean_name(name)
    except NameInvalidError:
        return ""
    return "" if is_reserved(name) else name
