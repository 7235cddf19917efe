"""The operator's desk: the hub as it is chosen, tested and looked after in the window."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from hivemind_chatroom.errors import (
    HubElsewhereError,
    IdentityError,
    IdentityMissingError,
    StorageFullError,
)
from hivemind_chatroom.hub.address import HubAddress
from hivemind_chatroom.hub.completing import complete
from hivemind_chatroom.hub.identity import HubIdentity, identity_file, read_identity
from hivemind_chatroom.hub.leased import leased
from hivemind_chatroom.hub.link import HubLink
from hivemind_chatroom.hub.masking import masked
from hivemind_chatroom.hub.password import is_weak
from hivemind_chatroom.hub.paste import find_identity
from hivemind_chatroom.hub.probe import probe
from hivemind_chatroom.hub.saving import forget_hub_key, save_identity
from hivemind_chatroom.hub.targets import ChosenTargets, Target
from hivemind_chatroom.hub.wire import HubWire
from hivemind_chatroom.room.leading import Lead, SoleLead
from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.room.operating import (
    Check,
    Credentials,
    FoundIdentity,
    KeptIdentity,
    SeenHubs,
)
from hivemind_chatroom.room.ports import Clock
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.settings import HubChoice


class HubDesk:
    """Keeps the room linked to the hub of the operator's choice; safe to call from any thread."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that a desk is about
        self,
        room: Room,
        targets: ChosenTargets,
        clock: Clock,
        on_news: Callable[[], None] = lambda: None,
        hubs: Callable[[], SeenHubs] = SeenHubs,
        lead: Lead | None = None,
    ) -> None:
        """Connect to nothing yet; unless none is wanted, the room knows that a hub is.

        Args:
            room: Whose utterances go out.
            targets: Hold the choice.
            clock: Both clocks.
            on_news: Called when something here is another; returns at once.
            hubs: Returns those that announce themselves on the LAN; quick.
            lead: Says whether this instance may use the link; None where the room has no other.
        """
        self._room = room
        self._targets = targets
        self._clock = clock
        self._on_news = on_news
        self._hubs = hubs
        self._lead = lead or SoleLead()
        self._lock = threading.Lock()
        self._is_running = False
        self._is_stopped = False
        self._link: HubLink | None = None
        self._last_link: HubLink | None = None
        self._tell_that_one_is_wanted()

    def start(self) -> None:
        """Begin to connect, if a hub is wanted; returns at once."""
        with self._lock:
            if self._is_stopped or self._is_running:
                return
            self._is_running = True
            if self.choice is not HubChoice.NONE:
                self._link = self._begun_link()
            elif self._room.hub.state is not HubState.OFF:  # another instance had one
                self._room.hub_is(HubStatus(HubState.OFF, self._clock.now()))
        self._on_news()

    def stand_down(self) -> None:
        """Close the connection, until the next start; what was on its way is in doubt."""
        with self._lock:
            self._is_running = False
            link, self._link = self._link, None
            self._last_link = link or self._last_link
        if link:
            link.stop()
        self._on_news()

    @property
    def is_at_rest(self) -> bool:
        """Whether the connection that was closed last writes nothing any more."""
        return self._last_link is None or self._last_link.is_over

    def stop(self) -> None:
        """Close the connection for good, and end the built-in hub."""
        with self._lock:
            self._is_stopped = True
        self.stand_down()
        self._targets.close()

    def follow(self, status: HubStatus | None) -> None:
        """Tell people how the hub stands, as another instance says, unless this one is linked.

        Args:
            status: None while nobody knows.
        """
        with self._lock:
            if self._is_running or self._is_stopped:
                return
            if status is None:
                self._tell_that_one_is_wanted()
            elif status != self._room.hub:
                self._room.hub_is(status)

    # --- the standing -------------------------------------------------------------------------

    @property
    def choice(self) -> HubChoice:
        """Which hub is wanted now."""
        return self._targets.choice

    @property
    def address(self) -> str:
        """The hub that is wanted now, as `host:port`; empty when that isn't known."""
        target = self._target
        return f"{target.address.url_host}:{target.address.port}" if target else ""

    @property
    def latency_ms(self) -> float | None:
        """How long the hub last took to answer, in milliseconds; None while not connected."""
        latency_s = self._link.latency_s if self._link else None
        return None if latency_s is None else latency_s * 1_000

    @property
    def _target(self) -> Target | None:
        return self._link.target if self._link else None

    # --- the identity -------------------------------------------------------------------------

    def parse(self, text: str) -> FoundIdentity:
        """Find an identity in anything a hub has printed; text that has none finds nothing."""
        found = find_identity(text)
        address = found.address
        return FoundIdentity(
            masked(found.key),
            masked(found.password),
            address.host if address else "",
            address.port if address and found.has_port else None,
            tls=bool(address and address.tls),
            site_id=found.site_id,
            is_weak=bool(found.password) and is_weak(found.password),
        )

    def test(self, credentials: Credentials) -> Iterator[Check]:
        """Call a hub and yield every check as it ends, five in their order, within 8 s.

        Nothing is saved, and the room's own connection stays as it is.

        Raises:
            IdentityIncompleteError: No key, password or host is known; raised at once.
        """
        found = find_identity(credentials.text)
        identity = complete(credentials, found, _saved())
        target = Target(
            identity.address,
            identity.access_key,
            identity.password,
            identity_file(),
            identity.site_id,
        )
        return probe(target, found.client_id)

    def identity(self) -> KeptIdentity:
        """Tell what is saved."""
        file = identity_file()
        try:
            saved = read_identity(file)
        except IdentityMissingError:
            return KeptIdentity(is_set=False, file=str(file))
        except IdentityError as error:
            return KeptIdentity(is_set=False, file=str(file), broken=f"{error}")
        return KeptIdentity(
            is_set=True,
            file=str(file),
            host=saved.address.host,
            port=saved.address.port,
            tls=saved.address.tls,
            site_id=saved.site_id,
            key=masked(saved.access_key),
            password=masked(saved.password),
        )

    def save(self, credentials: Credentials) -> None:
        """Keep an identity as `hivemind-client set-identity` does, and use its hub from now on.

        Raises:
            IdentityIncompleteError: No key, password or host is known.
            StorageFullError: It could not be written; nothing has changed.
        """
        identity = complete(credentials, find_identity(credentials.text), _saved())
        try:
            save_identity(identity_file(), identity, self._targets.writing)
        except OSError as error:
            raise StorageFullError("The identity could not be written.") from error
        self._choose(HubChoice.AUTO if self.choice is HubChoice.AUTO else HubChoice.IDENTITY)

    # --- the connection -----------------------------------------------------------------------

    def use_built_in(self) -> None:
        """Use the built-in assistant from now on."""
        self._choose(HubChoice.BUILT_IN)

    def use_identity(self) -> None:
        """Use the saved identity's hub from now on, also when none is saved yet."""
        self._choose(HubChoice.IDENTITY)

    def reconnect(self) -> None:
        """Try now, whatever the next attempt was to wait for.

        Raises:
            HubElsewhereError: Another instance of the room is linked to the hub.
            StorageAwayError: Nobody knows which one is.
        """
        if link := self._link:
            link.reconnect()
        elif not self._is_running and (place := self._lead.leader()):
            raise HubElsewhereError(place)

    def trust_new_key(self, credentials: Credentials | None = None) -> None:
        """Forget the key that a hub had when it was first met, and try now.

        Args:
            credentials: Those of the hub; None for the one that is wanted now.

        Raises:
            IdentityIncompleteError: No key, password or host is known.
            StorageFullError: The identity could not be written.
            HubElsewhereError: Another instance of the room is linked to the hub.
        """
        if credentials is not None:
            found = find_identity(credentials.text)
            self._forget_key(identity_file(), complete(credentials, found, _saved()).address)
        elif target := self._target:
            self._forget_key(target.identity_file, target.address)
        if credentials is None or self._is_running:
            self.reconnect()

    def hubs(self) -> SeenHubs:
        """Tell which hubs announce themselves on the LAN."""
        return self._hubs()

    def _forget_key(self, file: Path, address: HubAddress) -> None:
        try:
            forget_hub_key(file, address, self._targets.writing)
        except OSError as error:
            raise StorageFullError("The identity could not be written.") from error

    def _choose(self, choice: HubChoice) -> None:
        self._targets.choose(choice)
        with self._lock:
            if self._is_stopped:
                return
            if self._link:
                self._link.reconnect()
            elif self._is_running:
                self._link = self._begun_link()
        self._on_news()

    def _begun_link(self) -> HubLink:
        dial = leased(HubWire, self._lead.is_sure)
        link = HubLink(self._room, self._targets, self._clock, dial, self._on_news)
        link.start()
        return link

    def _tell_that_one_is_wanted(self) -> None:
        if self.choice is not HubChoice.NONE:
            self._room.hub_is(HubStatus(HubState.CONNECTING, self._clock.now()))


def _saved() -> HubIdentity | None:
    try:
        return read_identity(identity_file())
    except IdentityError:
        return None
