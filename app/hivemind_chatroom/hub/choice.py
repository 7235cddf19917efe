"""The choice of a hub, in words."""

from __future__ import annotations

from hivemind_chatroom.errors import IdentityError, IdentityMissingError
from hivemind_chatroom.hub.identity import identity_file, read_identity
from hivemind_chatroom.settings import HubChoice


def assistant_of(choice: HubChoice) -> str:
    """Return which assistant answers with a choice, and why, for the operator."""
    if choice is HubChoice.NONE:
        return "none; people talk with each other"
    if choice is HubChoice.BUILT_IN:
        return "the built-in one"
    file = identity_file()
    try:
        read_identity(file)
    except IdentityError as error:
        if choice is HubChoice.AUTO and isinstance(error, IdentityMissingError):
            return f"the built-in one, as there is no HiveMind identity at {file}"
        return f"none yet. {error}"
    return f"the hub of the HiveMind identity at {file}"
