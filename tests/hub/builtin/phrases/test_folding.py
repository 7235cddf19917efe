from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivemind_chatroom.hub.builtin.phrases.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("What TIME is it?!", "what time is it"),
        ("  Que horas são?  ", "que horas sao"),
        ("¿Qué hora es?", "que hora es"),
        ("Quelle heure est-il ?", "quelle heure est il"),
        ("l’heure", "l heure"),
        ("dreißig", "dreissig"),
        ("cancel·la", "cancel la"),
        ("tweeëntwintig", "tweeentwintig"),
        ("كمِ السّاعةُ الآنَ؟", "كم الساعه الان"),
        ("أُلغيَ المؤقّت", "الغي الموقت"),
        ("مـــرحبا", "مرحبا"),
        ("\u202b٥٠\u202c", "50"),
        ("۱۲ और १२", "12 और 12"),
        ("1h30", "1 h 30"),
        ("10min", "10 min"),
        ("1,5 Stunden", "1.5 stunden"),
        ("١٫٥ ساعة", "1.5 ساعه"),
        ("five. 5.", "five 5"),
        ("5...6", "5 6"),
        ("snake_case", "snake case"),
        ("", ""),
        ("?!", ""),
    ],
)
def test_spelling_that_does_not_matter_goes(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=200))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
