"""What the tests of serving share: streams, sockets and gateways that are closed afterwards."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from fakes import FakeClock
from hivemind_chatroom.server import fanout, lobby
from hivemind_chatroom.server.audiences import OnChange
from hivemind_chatroom.server.gateway import Gateway
from hivemind_chatroom.server.limits import Limits, StreamLimits
from hivemind_chatroom.server.stream import Streams
from hivemind_chatroom.server.waiting import Waiting
from server.wire import Connect, MakeGateway, MakeStreams, Reader, connected

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@pytest.fixture
def sockets() -> Iterator[contextlib.ExitStack]:
    """Close sockets after everything that may still use them."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def closing(sockets: contextlib.ExitStack) -> Iterator[contextlib.ExitStack]:
    """Stop and close what the test has begun, before its sockets."""
    with sockets.enter_context(contextlib.ExitStack()) as stack:
        yield stack


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Return the clock by which the clients of what is made next wait; it stands still."""
    clock = FakeClock()
    for module in (fanout, lobby):
        monkeypatch.setattr(module, "Waiting", lambda: Waiting(clock.monotonic))
    return clock


@pytest.fixture
def make_streams(closing: contextlib.ExitStack) -> MakeStreams:
    """Return what makes streams that run and, unless told otherwise, have no heartbeat.

    Nor do they bound what the system holds: a test's own sockets are as small as it needs them.
    """

    def make(
        *,
        start: bool = True,
        last_id: int = 0,
        on_change: OnChange | None = None,
        **limits: Any,  # noqa: ANN401
    ) -> Streams:
        bounds = StreamLimits(**{"heartbeat_s": 3600.0, "system_bytes": None, **limits})
        streams = Streams(last_id=last_id, limits=bounds, on_change=on_change)
        closing.callback(streams.stop)
        if start:
            streams.start()
        return streams

    return make


@pytest.fixture
def connect(sockets: contextlib.ExitStack) -> Connect:
    """Return what makes a pair of connected sockets."""

    def make(**sizes: int) -> tuple[socket.socket, Reader]:
        server, reader = connected(**sizes)
        sockets.callback(server.close)
        sockets.enter_context(reader)
        return server, reader

    return make


@pytest.fixture
def make_gateway(closing: contextlib.ExitStack, make_streams: MakeStreams) -> MakeGateway:
    """Return what makes a gateway that serves an app on a free port."""

    def make(
        app: WSGIApplication,
        *,
        streams: Streams | None = None,
        name: str = "web",
        **limits: Any,  # noqa: ANN401
    ) -> Gateway:
        gateway = Gateway(app, streams or make_streams(), name=name, limits=Limits(**limits))
        closing.callback(gateway.stop)
        gateway.bind("127.0.0.1", 0)
        gateway.start()
        return gateway

    return make
