"""One RSA key for all peers of a test run: each takes half a second to make, and none is used."""

from __future__ import annotations

import functools
import json
from pathlib import Path

from poorman_handshake.asymmetric.utils import create_RSA_key


def give_satellite_key(folder: Path) -> None:
    """Put the key where a client looks for the one of an identity without a name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "unnamed-node.pem").write_text(_key()[1])


def give_hub_key(folder: Path) -> None:
    """Put the key into the identity of a hub that has none yet."""
    folder.mkdir(parents=True, exist_ok=True)
    public, private = _key()
    (folder / "hub.pem").write_text(private)
    identity = {"public_key": public, "secret_key": "hub.pem"}
    (folder / "_identity.json").write_text(json.dumps(identity))


@functools.cache
def _key() -> tuple[str, str]:
    public, private = create_RSA_key()
    return str(public), str(private)
