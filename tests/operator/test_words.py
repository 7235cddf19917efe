"""What the operator's API tells by a code, the page has a sentence for."""

from __future__ import annotations

import re
from pathlib import Path

from hivemind_chatroom.errors import ChatroomError
from hivemind_chatroom.hub.reasons import Reason
from hivemind_chatroom.operator import failures
from hivemind_chatroom.operator.activity import Happening
from hivemind_chatroom.operator.preferences import CHANGEABLE
from hivemind_chatroom.operator.silence import REASON
from hivemind_chatroom.room.model import HubState

WORDS = Path(failures.__file__).parent / "static" / "js" / "words"

OFFLINE = "offline"
"""The page's own: nobody answered."""

CHOSEN_FROM_A_LIST = {"paused", "keep_days", "languages", "language", "lan", "lan_interface"}
"""What the page never sends otherwise than it may be."""

FIRST_STEPS = {"set_up", "set_up_step", "set_up_later"}


def cases(file: str, function: str) -> set[str]:
    """Return what a function of the page's words knows."""
    _, _, after = (WORDS / file).read_text("utf-8").partition(f"function {function}(")
    return set(re.findall(r'case "([^"]+)":', after.partition("\n}\n")[0]))


def test_every_refusal_of_the_api_has_a_sentence() -> None:
    codes = set(failures.STATUS_OF) | {code for code, _ in failures._OF_HTTP.values()}  # noqa: SLF001
    assert cases("refusals.js", "refusalText") == codes - {ChatroomError.code} | {OFFLINE}


def test_every_setting_that_is_typed_has_a_sentence() -> None:
    typed = set(CHANGEABLE) - CHOSEN_FROM_A_LIST - FIRST_STEPS
    assert cases("refusals.js", "settingText") == typed | {"start_at_login"}


def test_every_trouble_of_a_hub_has_a_sentence() -> None:
    parts = ("reachText", "secretText", "assistantText", "otherText")
    told = [code for part in parts for code in cases("troubles.js", part)]
    assert sorted(told) == sorted(set(Reason) - {Reason.NONE})
    assert REASON == Reason.NO_AGENT


def test_every_happening_and_every_state_of_a_hub_has_words() -> None:
    assert cases("happenings.js", "happeningText") == set(Happening)
    assert cases("standing.js", "hubWord") == set(HubState)
