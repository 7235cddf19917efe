from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from hivemind_chatroom.hub import dial
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.dial import DialError, Fault, open_socket, speaks_other_scheme


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def address_of(listener: socket.socket, *, tls: bool) -> HubAddress:
    return HubAddress("127.0.0.1", listener.getsockname()[1], tls)


def test_a_socket_that_opens_sends_small_messages_at_once(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with open_socket(HubAddress("127.0.0.1", port, tls=False)) as opened:
        assert opened.getpeername()[1] == port
        assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert opened.gettimeout()


@pytest.mark.parametrize(
    ("host", "fault"),
    [
        ("no-such-hub.invalid", Fault.NAME),
        ("x" * 64 + ".invalid", Fault.NAME),
        ("255.255.255.255", Fault.NETWORK),
    ],
)
def test_a_place_that_is_none_is_told_from_a_name_that_nobody_has(host: str, fault: Fault) -> None:
    reached: list[bool] = []
    with pytest.raises(DialError) as error:
        open_socket(HubAddress(host, 5678, tls=False), lambda: reached.append(True))
    assert error.value.fault is fault
    assert not reached


def test_a_port_that_says_nothing_to_tls_is_silent(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dial, "TLS_TIMEOUT_S", 0.05)
    reached: list[bool] = []
    with pytest.raises(DialError) as error:
        open_socket(address_of(listener, tls=True), lambda: reached.append(True))
    assert error.value.fault is Fault.SILENT
    assert reached


def test_a_port_that_nobody_listens_on_is_the_networks_fault(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()
    with pytest.raises(DialError) as error:
        open_socket(HubAddress("127.0.0.1", port, tls=True))
    assert error.value.fault is Fault.NETWORK


@pytest.mark.parametrize(
    ("answer", "speaks"), [(b"HTTP/1.1 400 Bad Request\r\n\r\n", True), (b"SSH-2.0-x\r\n", False)]
)
def test_a_port_is_asked_whether_it_does_without_tls(
    listener: socket.socket, answer: bytes, *, speaks: bool
) -> None:
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1_024)
            connection.sendall(answer)

    server = threading.Thread(target=serve, name="one answer")
    server.start()
    assert speaks_other_scheme(address_of(listener, tls=True)) is speaks
    server.join()


def test_a_port_that_hangs_up_does_not_speak_tls(listener: socket.socket) -> None:
    def serve() -> None:
        listener.accept()[0].close()

    server = threading.Thread(target=serve, name="one call")
    server.start()
    assert not speaks_other_scheme(address_of(listener, tls=False))
    server.join()
    listener.close()
    assert not speaks_other_scheme(HubAddress("no-such-hub.invalid", 1, tls=False))
