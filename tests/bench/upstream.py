"""Runs upstream's app, without the hub that its own start waits for; in upstream's environment."""

from __future__ import annotations

import importlib
import sys

PORT = int(sys.argv[1])


class Silence:
    """Takes what would be said to a hub."""

    session_id = "default"

    def emit_mycroft(self, message: object) -> None:
        """Forget it."""


if __name__ == "__main__":
    chatroom = importlib.import_module("hivemind_chatroom.__main__")
    chatroom.MessageHandler.hivemind = Silence()
    chatroom.app.run("127.0.0.1", PORT, debug=False)
