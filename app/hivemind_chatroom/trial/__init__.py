"""Tries an installed copy: a room of its own with real parts, in a folder that is then removed."""
