"""How somebody is called, in the form in which it is kept."""

from __future__ import annotations

import pytest

from fakes import FakeLanguages
from hivemind_chatroom.errors import LangInvalidError, NameInvalidError, SiteInvalidError
from hivemind_chatroom.room.introductions import standard
from hivemind_chatroom.room.model import Introduction


def known(introduction: Introduction) -> Introduction:
    return standard(introduction, FakeLanguages(), "pt-pt")


def test_who_says_nothing_more_than_a_name_speaks_the_rooms_language() -> None:
    assert known(Introduction("Ana")) == Introduction("Ana", "pt-PT", "flask")


def test_name_language_and_site_have_one_spelling() -> None:
    assert known(Introduction(" Ana", "EN", " hall ")) == Introduction("Ana", "en", "hall")


def test_what_is_no_name_language_or_site_is_refused() -> None:
    with pytest.raises(NameInvalidError):
        known(Introduction("a/b"))
    with pytest.raises(LangInvalidError):
        known(Introduction("Ana", "xx-YY"))
    with pytest.raises(SiteInvalidError):
        known(Introduction("Ana", site_id="a/b"))
