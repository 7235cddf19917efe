"""Which plural form a whole number takes."""

from __future__ import annotations

from typing import Final, Literal

PluralForm = Literal["one", "two", "few", "many", "other"]

_ARABIC_FEW: Final = range(3, 11)
_ARABIC_MANY: Final = range(11, 100)


def plural_form(lang: str, number: int) -> PluralForm:
    """Choose the form for a whole number from 1 up (Unicode CLDR, "Language Plural Rules").

    Args:
        lang: primary language subtag. From 1 up, Arabic alone of our languages knows more forms
            than "one" and "other".
        number: how many there are, at least 1.
    """
    if number == 1:
        return "one"
    if lang != "ar":
        return "other"
    if number == 2:  # noqa: PLR2004 - the Arabic dual is for two
        return "two"
    hundredths = number % 100
    if hundredths in _ARABIC_FEW:
        return "few"
    return "many" if hundredths in _ARABIC_MANY else "other"
