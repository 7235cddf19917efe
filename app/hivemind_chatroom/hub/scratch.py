"""An identity to try a hub with, which is thrown away: nothing of the saved one is touched.

Two things of the saved one it does have. The hub remembers one Noise key for each access key, so
the trial shows the same one, or the hub would refuse this computer from then on; where there is
none yet, it is made where the saved identity will look for it. And the key of this hub, if it was
met before, so that another one is noticed. The cached secrets that came of an earlier password
stay behind: with one of those a wrong password would pass.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hivemind_chatroom.hub.events import Report
from hivemind_chatroom.hub.keys import make_noise_key, make_rsa_key
from hivemind_chatroom.hub.quiet import quiet_libraries
from hivemind_chatroom.hub.targets import Target
from hivemind_chatroom.hub.wire import HubWire

_PREFIX = "hivemind-chatroom-"
_FILE = "_identity.json"
_NOISE_KEY = "unnamed-node_noise.key"
_RSA_KEY = "unnamed-node.pem"
"""Where hivemind-bus-client keeps the keys of an identity that has no name."""

_RSA_BITS = 1024
"""Made in no time, and strong enough for what nobody ever sees: the library wants to have one."""


def dial_on_scratch(target: Target, report: Report) -> HubWire:
    """Return a wire to a hub on a scratch identity, which is gone when the wire has ended.

    Raises:
        OSError: There is no place for it.
    """
    folder = tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
    try:
        scratch = _copied(target, Path(folder.name))
    except BaseException:
        folder.cleanup()
        raise
    return HubWire(scratch, report, folder.cleanup)


def _copied(target: Target, folder: Path) -> Target:
    # Importing takes a third of a second, and is done for the call anyway.
    quiet_libraries()
    from hivemind_bus_client.exceptions import IdentityFileCorrupted  # noqa: PLC0415

    from hivemind_chatroom.hub.node import open_identity, pin_of  # noqa: PLC0415

    quiet_libraries()  # importing brought more loggers
    try:
        saved = open_identity(target.identity_file)
    except IdentityFileCorrupted:
        noise_key, pin = target.identity_file.with_name(_NOISE_KEY), None
    else:
        noise_key = Path(saved.noise_key)
        pin = saved.get_pinned_noise_key(pin_of(target.address))
    make_noise_key(noise_key)
    shutil.copyfile(noise_key, folder / _NOISE_KEY)
    make_rsa_key(folder / _RSA_KEY, _RSA_BITS)
    file = folder / _FILE
    file.write_text(json.dumps({"pinned_noise_keys": {pin_of(target.address): pin} if pin else {}}))
    return replace(target, identity_file=file)
