"""`python -m hivemind_chatroom.desktop` is the command `hivemind-chatroom`."""

from __future__ import annotations

import sys

from hivemind_chatroom.desktop.launch import main

if __name__ == "__main__":
    sys.exit(main())
