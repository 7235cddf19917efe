"""The keys of this computer, made where they are missing, and never readable by anybody else.

hivemind-bus-client makes them by itself, but writes the RSA key with the umask's mode and takes
half a second for it, though nothing uses it since hubs speak Noise.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hivemind_chatroom.paths import PRIVATE_FILE

RSA_BITS: Final = 2048
_RSA_EXPONENT: Final = 65_537
"""As hivemind-bus-client makes them."""


def make_rsa_key(file: Path, bits: int = RSA_BITS) -> None:
    """Write a new RSA key unless there is one."""
    if not file.exists():
        key = rsa.generate_private_key(_RSA_EXPONENT, bits)
        _write_once(
            file,
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            ).strip(),
        )


def public_rsa_key(file: Path) -> str:
    """Return the public half of an RSA key, as PEM.

    Raises:
        OSError: It can't be read.
        ValueError: It is no RSA key.
    """
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public.decode().strip()


def make_noise_key(file: Path) -> None:
    """Write a new key for the Noise handshake unless there is one, as poorman-handshake does."""
    if not file.exists():
        key = X25519PrivateKey.generate()
        _write_once(file, key.private_bytes_raw().hex().encode())


def _write_once(file: Path, content: bytes) -> None:
    """Make a private file; one that came to be meanwhile stays."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        if not file.exists():
            beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
