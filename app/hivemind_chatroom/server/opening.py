"""An opening: how a connection goes on as a stream."""

from __future__ import annotations

from dataclasses import dataclass

from hivemind_chatroom.server.outlet import Outlet
from hivemind_chatroom.server.run import Audience, Mark


@dataclass(frozen=True, slots=True)
class Opening:
    """What a stream begins with, and for whom it is."""

    outlet: Outlet
    """The client's socket, with the response head and the backlog held for it and not sent yet."""
    mark: Mark
    """The point after which everything published follows."""
    audience: Audience | None
    """Whose private chunks it gets; None for nobody's."""
