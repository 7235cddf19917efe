from __future__ import annotations

from pathlib import Path

import pytest

from hivemind_chatroom.desktop.sentences import Sentences
from hivemind_chatroom.desktop.words import Opening


@pytest.fixture
def opening(tmp_path: Path) -> Opening:
    """Return what a window shall be that nobody has to see."""
    memory = tmp_path / "window.json"
    sentences = Sentences.in_language("en")
    url = "http://127.0.0.1:9/#k=SECRET"
    return Opening("Room", url, sentences, str(memory), is_background=True)
