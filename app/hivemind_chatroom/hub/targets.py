"""Which hub to connect to, asked anew at each attempt."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from hivemind_chatroom.errors import BuiltinHubError, IdentityMissingError
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.builtin.address import BuiltinAddress
from hivemind_chatroom.hub.builtin.child import BuiltinHub
from hivemind_chatroom.hub.identity import SITE_DEFAULT, identity_file, read_identity
from hivemind_chatroom.settings import HubChoice

_BUILTIN_FOLDER = "built-in-hub"
_BUILTIN_IDENTITY = "satellite/_identity.json"


@dataclass(frozen=True, slots=True)
class Target:
    """One hub and how we get in; its representation leaves the secrets out."""

    address: HubAddress
    access_key: str = field(repr=False)
    password: str = field(repr=False)
    identity_file: Path
    """Beside it the client keeps its keys and the hub's pinned one."""
    site_id: str = SITE_DEFAULT
    builtin: bool = False
    """It is the built-in hub, not the household's."""
    writing: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    """Held by whoever writes the identity file."""


class Targets(Protocol):
    """Where targets come from; `current` is called by the link's thread alone."""

    def current(self) -> Target:
        """Return the hub to connect to now.

        Raises:
            IdentityError: A hub is wanted and the identity can't be used.
            BuiltinHubError: The built-in hub did not come up.
        """
        ...

    def close(self) -> None:
        """End what was started for the targets, from any thread; a `current` under way fails."""
        ...


class FromIdentity:
    """The hub that the HiveMind identity file names."""

    def current(self) -> Target:
        """Read the file, so that another identity is taken up while the room runs.

        Raises:
            IdentityError: It is missing or broken.
        """
        file = identity_file()
        identity = read_identity(file)
        return Target(
            identity.address, identity.access_key, identity.password, file, identity.site_id
        )

    def close(self) -> None:
        """Do nothing: somebody else runs that hub."""


class FromBuiltin:
    """The built-in hub, started when it is first wanted and again whenever it has ended."""

    def __init__(self, folder: Path) -> None:
        """Keep the hub, and our own keys for it, in `folder`."""
        self._hub = BuiltinHub(folder)
        self._found: BuiltinAddress | None = None
        self._identity_file = folder / _BUILTIN_IDENTITY

    def current(self) -> Target:
        """Start the hub unless it runs.

        Raises:
            BuiltinHubError: It did not come up.
        """
        found = self._hub.start()
        if found != self._found:
            self._forget_pins()
            self._found = found
        address = HubAddress(found.host, found.port, tls=False)
        return Target(address, found.access_key, found.password, self._identity_file, builtin=True)

    def close(self) -> None:
        """End the hub."""
        self._hub.stop()

    def _forget_pins(self) -> None:
        """Trust the hub's new place: it is our own child, and ports come round again."""
        try:
            self._identity_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._identity_file.unlink(missing_ok=True)
        except OSError as error:
            raise BuiltinHubError("The built-in hub's folder can't be written.") from error


class ChosenTargets:
    """The hub of the operator's choice, which may change while the room runs; thread-safe."""

    def __init__(self, choice: HubChoice, identity: Targets, builtin: Targets) -> None:
        """Begin with a choice.

        Args:
            choice: What is wanted; with `none`, nobody asks for a target.
            identity: The household's hub.
            builtin: The built-in one, which runs for as long as it is wanted.
        """
        self._choice = choice
        self._identity = identity
        self._builtin = builtin
        self.writing = threading.Lock()
        """Held by whoever writes the identity file, which more than one does."""

    @property
    def choice(self) -> HubChoice:
        """What is wanted now."""
        return self._choice

    def choose(self, choice: HubChoice) -> None:
        """Want another hub from now on; a start of the built-in one that is under way fails."""
        self._choice = choice
        if choice not in {HubChoice.BUILT_IN, HubChoice.AUTO}:
            self._builtin.close()

    def current(self) -> Target:
        """Return the hub that is wanted now: the built-in one only by choice or for want of any.

        Raises:
            IdentityMissingError: There is no identity, and the choice is to have one.
            IdentityBrokenError: There is an identity and it can't be used: the household has a
                hub, and another assistant must not take its place unasked.
            BuiltinHubError: The built-in hub did not come up.
        """
        if self._choice is HubChoice.BUILT_IN:
            return self._builtin.current()
        try:
            target = replace(self._identity.current(), writing=self.writing)
        except IdentityMissingError:
            if self._choice is HubChoice.AUTO:
                return self._builtin.current()
            self._builtin.close()
            raise
        self._builtin.close()
        return target

    def close(self) -> None:
        """End both."""
        self._identity.close()
        self._builtin.close()


def choose_target(choice: HubChoice, folder: Path) -> ChosenTargets:
    """Return what the operator's choice of a hub means.

    Args:
        choice: What is wanted at the start.
        folder: The room's data folder.
    """
    return ChosenTargets(choice, FromIdentity(), FromBuiltin(folder / _BUILTIN_FOLDER))
