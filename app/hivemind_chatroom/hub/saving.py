"""Writing the identity file, as `hivemind-client set-identity` does.

What else the file holds stays: a hub on this computer has its own keys in it, and the keys of the
hubs that were met before.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.identity import HubIdentity, protect_keys
from hivemind_chatroom.hub.keys import make_rsa_key, public_rsa_key
from hivemind_chatroom.hub.quiet import quiet_libraries
from hivemind_chatroom.paths import PRIVATE_FILE

_PRIVATE_FOLDER: Final = 0o700
_RSA_KEY: Final = "HiveMindComs.pem"
"""Beside the identity; named in it, so that another place for it is no news to the library."""


def save_identity(
    file: Path, identity: HubIdentity, writing: AbstractContextManager[object] | None = None
) -> Path | None:
    """Write an identity in one step, for its user alone, with keys if it has none.

    Args:
        file: The identity file; a damaged one is set aside under a dated name.
        identity: What is to stand in it.
        writing: The lock of those who write it; None where nobody else does.

    Returns:
        Where a damaged file was set aside, None if there was none.

    Raises:
        OSError: It could not be written; the file is as it was.
    """
    quiet_libraries()
    import hivemind_bus_client.noise  # noqa: F401, PLC0415 - a third of a second

    quiet_libraries()  # importing brought more loggers
    file.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    if not (_content(file) or {}).get("public_key"):
        make_rsa_key(file.with_name(_RSA_KEY))  # which takes its time, and nobody waits for it
    with writing or threading.Lock():
        set_aside = _write(file, identity)
    protect_keys(file)
    return set_aside


def _write(file: Path, identity: HubIdentity) -> Path | None:
    """Write an identity whose keys are there, and return where a damaged one was set aside."""
    from hivemind_bus_client.identity import NodeIdentity  # noqa: PLC0415
    from hivemind_bus_client.noise import clear_cached_psks  # noqa: PLC0415
    from json_database import JsonStorage  # noqa: PLC0415

    set_aside = _set_aside(file)
    try:
        store: Any = JsonStorage(str(file), disable_lock=True)
        has_new_password = store.get("password") != identity.password
        store |= _fields(identity)
        node = NodeIdentity(store)
        if not node.public_key:
            node.private_key = _RSA_KEY
            node.public_key = public_rsa_key(file.with_name(_RSA_KEY))
        if has_new_password:
            clear_cached_psks(node.noise_key)
        node.save()
    except BaseException:
        if set_aside:
            set_aside.unlink(missing_ok=True)
        raise
    file.chmod(PRIVATE_FILE)
    return set_aside


def forget_hub_key(
    file: Path, address: HubAddress, writing: AbstractContextManager[object] | None = None
) -> bool:
    """Forget the key that the hub at an address had when it was first met.

    Args:
        file: The identity file.
        address: Where the hub is.
        writing: The lock of those who write the file; None where nobody else does.

    Returns:
        Whether there was one.

    Raises:
        OSError: It could not be written, or there is no identity that could be read.
    """
    quiet_libraries()
    from hivemind_bus_client.exceptions import IdentityFileCorrupted  # noqa: PLC0415

    from hivemind_chatroom.hub.node import open_identity, pin_of  # noqa: PLC0415

    quiet_libraries()
    try:
        return open_identity(file, writing).forget_noise_key(pin_of(address))
    except IdentityFileCorrupted as error:
        raise OSError("the identity is damaged") from error


def _fields(identity: HubIdentity) -> dict[str, str | int]:
    scheme = "wss" if identity.address.tls else "ws"
    return {
        "password": identity.password,
        "access_key": identity.access_key,
        "site_id": identity.site_id,
        "default_port": identity.address.port,
        "default_master": f"{scheme}://{identity.address.url_host}",
    }


def _content(file: Path) -> dict[str, Any] | None:
    """Return what stands in a file, nothing if it isn't there; None if it is damaged."""
    try:
        content = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _set_aside(file: Path) -> Path | None:
    """Copy a damaged file to where nothing will overwrite it."""
    if _content(file) is not None:
        return None
    now = datetime.now().astimezone()
    aside = file.with_name(f"{file.stem}.damaged-{now:%Y%m%d-%H%M%S-%f}{file.suffix}")
    with contextlib.ExitStack() as undo:
        undo.callback(aside.unlink, missing_ok=True)
        aside.touch(mode=PRIVATE_FILE, exist_ok=False)
        shutil.copyfile(file, aside)
        undo.pop_all()
    return aside
