from __future__ import annotations

import pytest

from hivemind_chatroom.hub.reasons import Reason, command_for


@pytest.mark.parametrize(
    ("reason", "client_id", "command"),
    [
        (Reason.DENIED, "3", "hivemind-core allow-msg recognizer_loop:utterance 3"),
        (Reason.DENIED, "", "hivemind-core allow-msg recognizer_loop:utterance"),
        (Reason.PIN, "3", "hivemind-core reset-noise-pin 3"),
        (Reason.PIN, "", "hivemind-core reset-noise-pin"),
        (Reason.UNREACHABLE, "3", ""),
        (Reason.NONE, "", ""),
    ],
)
def test_the_command_is_one_to_run_as_it_stands(
    reason: Reason, client_id: str, command: str
) -> None:
    assert command_for(reason, "recognizer_loop:utterance", client_id) == command
