from __future__ import annotations

import pytest

from hivemind_chatroom.hub.reasons import Reason, command_for


@pytest.mark.parametrize(
    ("reason", "client_id", "command"),
    [
        (Reason.DENIED, "3", "hivemind-core allow-msg recognizer_loop:utterance 3"),
        (Reason.DENIED, "", "hivemind-core allow-msg recognizer_loop:utterance <id>"),
        (Reason.PIN, "3", "hivemind-core reset-noise-pin 3"),
        (Reason.PIN, "", "hivemind-core reset-noise-pin <id>"),
        (Reason.UNREACHABLE, "3", ""),
        (Reason.NONE, "", ""),
    ],
)
def test_the_command_names_the_client_or_says_that_it_must_be_named(
    reason: Reason, client_id: str, command: str
) -> None:
    assert command_for(reason, "recognizer_loop:utterance", client_id) == command
