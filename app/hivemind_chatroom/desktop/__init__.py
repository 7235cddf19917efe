"""The command `hivemind-chatroom`: the room with a window for its operator."""
