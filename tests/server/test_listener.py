from __future__ import annotations

import errno
import os
import socket

import pytest

from hivemind_chatroom.errors import HostInvalidError, PortTakenError, StartError
from hivemind_chatroom.server.listener import listen
from server.wire import DEADLINE_S


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def test_port_0_takes_one_that_is_free() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert port_of(listener) > 0
        socket.create_connection(listener.getsockname(), DEADLINE_S).close()


def test_a_port_that_somebody_listens_on_is_taken() -> None:
    with listen("127.0.0.1", 0) as first:
        with pytest.raises(PortTakenError) as caught:
            listen("127.0.0.1", port_of(first))
        assert caught.value.port == port_of(first)


@pytest.mark.parametrize("host", ["192.0.2.1", "not a host", "::ffff:192.0.2.1", "a" * 300])
def test_a_host_that_is_not_this_computer_is_refused(host: str) -> None:
    with pytest.raises(HostInvalidError) as caught:
        listen(host, 0)
    assert caught.value.host == host


def test_localhost_is_the_address_that_browsers_are_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [
        (socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("::1", 0, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", 0)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with listen("localhost", 0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this computer has no IPv6")
def test_all_addresses_of_ipv6_include_those_of_ipv4() -> None:
    with listen("::", 0) as listener:
        socket.create_connection(("127.0.0.1", port_of(listener)), DEADLINE_S).close()


def test_a_port_that_the_system_keeps_to_itself_is_refused_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def bind(_self: socket.socket, _address: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(StartError, match="Port 80 can't be opened: Permission denied"):
        listen("127.0.0.1", 80)


def test_a_port_is_free_again_as_soon_as_its_listener_closes() -> None:
    port = 0
    for _ in range(20):
        with (
            listen("127.0.0.1", port) as listener,
            socket.create_connection(listener.getsockname(), DEADLINE_S) as client,
        ):
            port = port_of(listener)
            listener.accept()[0].close()  # our side closes first, and so keeps TIME_WAIT
            assert client.recv(1) == b""
