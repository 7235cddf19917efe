"""`python -m hivemind_chatroom` is the command `hivemind-flask-chatroom`.

A frozen build of it begins here, too.
"""

from __future__ import annotations

import sys

from hivemind_chatroom.children import become_child

if __name__ == "__main__" and not become_child(sys.argv):
    # Only now: a child is quick to start.
    from hivemind_chatroom.cli import main

    sys.exit(main())
