"""The identity as hivemind-bus-client has it, in a file of ours or in the one that is shared.

Importing this module takes a third of a second and 60 MB.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from hivemind_bus_client.identity import NodeIdentity
from json_database import JsonStorage

from hivemind_chatroom.hub.address import HubAddress


class SharedIdentity(NodeIdentity):
    """An identity that writes down what it learns, and leaves the rest as it is by then.

    The library's own one writes everything as it was when it was read: the password that somebody
    has set meanwhile would be the old one again.
    """

    def __init__(self, store: Any, writing: AbstractContextManager[object]) -> None:  # noqa: ANN401
        """Read from a store.

        Args:
            store: The file, as a `JsonStorage`.
            writing: Held while the file is read again and written; whoever else writes it here
                has the same one.
        """
        super().__init__(store)
        self._writing = writing

    def pin_noise_key(self, node_id: str, pubkey: str) -> None:
        """Remember the hub's key."""
        with self._writing:
            self._read_again()
            super().pin_noise_key(node_id, pubkey)

    def forget_noise_key(self, node_id: str) -> bool:
        """Forget the hub's key; tell whether there was one."""
        with self._writing:
            self._read_again()
            return bool(super().forget_noise_key(node_id))

    def _read_again(self) -> None:
        store: Any = self.IDENTITY_FILE
        if Path(store.path).exists():
            store.reload()


def open_identity(
    file: Path, writing: AbstractContextManager[object] | None = None
) -> SharedIdentity:
    """Read an identity; one that isn't there is empty.

    Args:
        file: The identity file.
        writing: The lock of those who write it; None where nobody else does.

    Raises:
        IdentityFileCorrupted: It is there and damaged.
    """
    store: Any = JsonStorage(str(file), disable_lock=True)
    return SharedIdentity(store, writing or threading.Lock())


def pin_of(address: HubAddress) -> str:
    """Return the name under which the key of the hub at an address is remembered."""
    return f"{address.url_host}:{address.port}"
