"""The built-in hub: a child process that runs hivemind-core on loopback with a small assistant.

`child.py` starts and stops the process, `hub.py` is the hub inside it, `agent.py` turns its bus
messages into questions, `assistant.py` asks the `skills/` one after the other, and `phrases/` holds
what they hear and say in every language.
"""
