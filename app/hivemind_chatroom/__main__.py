"""`python -m hivemind_chatroom` is the command `hivemind-flask-chatroom`."""

from __future__ import annotations

import sys

from hivemind_chatroom.cli import main

if __name__ == "__main__":
    sys.exit(main())
