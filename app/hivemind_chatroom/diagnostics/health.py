"""How a room stands, for other processes: for one that asks, and for one that wants to be told."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from collections.abc import Mapping
from typing import Final

READY: Final = "READY=1"
"""The room is open (sd_notify(3))."""
STOPPING: Final = "STOPPING=1"
"""It is being closed."""

_PATIENCE_S: Final = 3.0
_ANSWER_BYTES: Final = 8_192
_APP: Final = "hivemind-chatroom"
"""What a room calls itself (docs/http-api.md); another program may have its port."""
_NOTIFIED: Final = "NOTIFY_SOCKET"
_ABSTRACT: Final = "@"


def health_at(host: str, port: int) -> str | None:
    """Return what the room at an address says of itself, in one line of JSON; None if none does.

    Args:
        host: A name or an address.
        port: Where it listens.
    """
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE_S)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        with contextlib.suppress(ValueError):
            told = json.loads(answer.read(_ANSWER_BYTES))
            if isinstance(told, dict) and told.get("app") == _APP:
                return json.dumps(told, ensure_ascii=False)
    return None


def tell_supervisor(word: str, environment: Mapping[str, str]) -> None:
    """Tell whoever supervises this process how it stands, if it has asked for that: systemd does.

    Args:
        word: One of the above.
        environment: Says whom to tell, as sd_notify(3) has it.
    """
    name = environment.get(_NOTIFIED, "")
    if name[:1] not in {"/", _ABSTRACT}:
        return
    if name.startswith(_ABSTRACT):
        name = name.replace(_ABSTRACT, "\0", 1)
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.sendto(word.encode("ascii"), name)
