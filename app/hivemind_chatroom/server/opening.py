"""An opening: how a connection goes on as a stream."""

from __future__ import annotations

from dataclasses import dataclass

from hivemind_chatroom.server.run import Audience, Mark


@dataclass(frozen=True, slots=True)
class Opening:
    """What a stream begins with, and for whom it is."""

    head: bytes
    """The response head and the backlog, encoded and not sent yet."""
    mark: Mark
    """The point after which everything published follows."""
    audience: Audience | None
    """Whose private chunks it gets; None for nobody's."""
    address: str
    """The network address it goes to."""
