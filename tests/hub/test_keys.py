from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from poorman_handshake.asymmetric.utils import load_RSA_key

from hivemind_chatroom.hub.keys import make_noise_key, make_rsa_key, public_rsa_key

Make = Callable[[Path], None]

PRIVATE = pytest.mark.skipif(os.name != "posix", reason="only POSIX files have modes")


def test_an_rsa_key_is_one_that_the_library_reads(tmp_path: Path) -> None:
    file = tmp_path / "not made yet" / "key.pem"
    make_rsa_key(file)
    library = load_RSA_key(str(file))
    assert library.size_in_bits() == 2048
    assert public_rsa_key(file) == library.public_key().export_key(format="PEM").decode()


def test_a_noise_key_is_written_as_the_library_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "key"
    make_noise_key(file)
    key = X25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text()))
    assert len(key.private_bytes_raw()) == 32


@pytest.mark.parametrize("make", [make_rsa_key, make_noise_key])
def test_a_key_that_is_there_stays(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("mine")
    make(file)
    assert file.read_text() == "mine"


@PRIVATE
@pytest.mark.parametrize("make", [make_rsa_key, make_noise_key])
def test_keys_are_private_whatever_the_umask_and_nothing_else_is_left(
    make: Make, tmp_path: Path
) -> None:
    before = os.umask(0)
    try:
        make(tmp_path / "key")
    finally:
        os.umask(before)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.stat().st_mode & 0o777 == 0o600
