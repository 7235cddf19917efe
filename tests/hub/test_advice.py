from __future__ import annotations

import pytest

from hivemind_chatroom.hub.advice import text_for
from hivemind_chatroom.hub.reasons import Reason

OF_THE_ROOM = {
    Reason.NONE,
    Reason.LOST,
    Reason.IDENTITY_MISSING,
    Reason.IDENTITY_BROKEN,
    Reason.BUILTIN,
}
"""What a single call at a hub can't come upon."""

TOLD = sorted(set(Reason) - OF_THE_ROOM)


def test_every_trouble_has_a_text_of_its_own() -> None:
    texts = {text_for(reason, tls=tls) for reason in TOLD for tls in (False, True)}
    assert len(texts) == len(TOLD) + 1


@pytest.mark.parametrize("reason", TOLD)
def test_a_text_is_whole_sentences_without_holes(reason: Reason) -> None:
    text = text_for(reason, tls=True)
    assert text.endswith((".", "?"))
    assert "{" not in text


def test_the_scheme_that_would_do_is_named() -> None:
    assert "Write ws:// instead" in text_for(Reason.SCHEME, tls=True)
    assert "Write wss:// instead" in text_for(Reason.SCHEME, tls=False)
