"""One HiveMind connection: what members ask goes to the hub, what the assistant says comes back.

`targets.py` says which hub, `client.py` holds one connection to it behind the send gate, `state.py`
decides what to do next, `translate.py` turns messages into bus messages and back, and `link.py`
owns the thread that does it all. Importing this package loads none of the HiveMind libraries.
"""
