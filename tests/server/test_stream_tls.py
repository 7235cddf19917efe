from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.wire import DEADLINE_S, Connect, MakeStreams, Reader, opening


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Make a key and a certificate for localhost, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begin = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin.replace(year=2100))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def encrypted(
    server: socket.socket, reader: Reader, certificate: Path
) -> tuple[ssl.SSLSocket, Reader]:
    """Wrap both ends of a connection; the two shake hands on two threads."""
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate)
    outside = ssl.create_default_context(cafile=str(certificate))
    wrapped: list[ssl.SSLSocket] = []
    thread = threading.Thread(
        target=lambda: wrapped.append(inside.wrap_socket(server, server_side=True))
    )
    thread.start()
    client = outside.wrap_socket(reader.sock, server_hostname="localhost")
    thread.join(DEADLINE_S)
    return wrapped[0], Reader(client)


def test_a_slow_reader_behind_tls_hears_everything_for_it_in_order(
    make_streams: MakeStreams, connect: Connect, certificate: Path
) -> None:
    streams = make_streams(keep_bytes=1 << 24)
    sock, reader = encrypted(
        *connect(send_buffer=8_192, receive_buffer=8_192), certificate=certificate
    )
    streams.accept(opening(sock, b"head ", streams.mark(), "ana"))
    expected = b"head "
    for number in range(3_000):
        audience = (None, "ana", "ben")[number % 3]
        chunk = b"%d " % number * 100
        streams.publish(chunk, audience=audience)
        expected += chunk if audience != "ben" else b""
    streams.publish(b"end")
    assert reader.read_until(b"end") == expected + b"end"
    reader.close()


def test_a_client_behind_tls_that_leaves_is_gone(
    make_streams: MakeStreams, connect: Connect, certificate: Path
) -> None:
    gone = threading.Event()
    streams = make_streams(on_change=lambda _, present: None if present else gone.set())
    sock, reader = encrypted(*connect(), certificate=certificate)
    streams.accept(opening(sock, b"head", streams.mark(), "ana"))
    reader.read_until(b"head")
    reader.close()
    assert gone.wait(DEADLINE_S)
    assert streams.count() == 0
