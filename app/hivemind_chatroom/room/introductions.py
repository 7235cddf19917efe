"""Introductions: name, language and site as typed, and as the room knows them."""

from __future__ import annotations

from hivemind_chatroom.errors import LangInvalidError, SiteInvalidError
from hivemind_chatroom.room.limits import SITE_MAX
from hivemind_chatroom.room.model import Introduction
from hivemind_chatroom.room.names import clean_name
from hivemind_chatroom.room.ports import Languages

_SITE_DEFAULT = "flask"
"""Upstream's site_id; hubs may route by it."""


def standard(introduction: Introduction, languages: Languages, lang: str) -> Introduction:
    """Return an introduction in the form in which it is kept.

    Args:
        introduction: As typed.
        languages: What is known of languages.
        lang: What whoever names no language speaks.

    Raises:
        NameInvalidError: The name can't be one.
        LangInvalidError: Nobody speaks this language.
        SiteInvalidError: The site is too long, or could be no part of an address.
    """
    return Introduction(
        clean_name(introduction.name),
        standard_lang(introduction.lang or lang, languages),
        _standard_site(introduction.site_id),
    )


def standard_lang(raw: str, languages: Languages) -> str:
    """Return a language's tag in its standard form.

    Raises:
        LangInvalidError: Nobody speaks this language.
    """
    lang = languages.standard(raw)
    if lang is None:
        raise LangInvalidError("That is no language I know. A tag such as en or pt-PT is.")
    return lang


def _standard_site(raw: str) -> str:
    site = raw.strip() or _SITE_DEFAULT
    if len(site) > SITE_MAX or "/" in site or not site.isprintable() or set(site) == {"."}:
        raise SiteInvalidError("A site has at most {most} letters and no slash.", most=SITE_MAX)
    return site
