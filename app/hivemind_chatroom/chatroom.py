"""The room as the commands have it: opened, opened again after a restore, and closed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from hivemind_chatroom.archive.staging import put_in_place
from hivemind_chatroom.errors import StorageFullError, traced
from hivemind_chatroom.hub.choice import assistant_of
from hivemind_chatroom.opening import Opening, Ports, Surroundings
from hivemind_chatroom.operation import places_of
from hivemind_chatroom.operator.ports import Login, Window
from hivemind_chatroom.paths import settings_file
from hivemind_chatroom.place import free_port_wanted
from hivemind_chatroom.room.room import Room
from hivemind_chatroom.settings import Origin, Settings
from hivemind_chatroom.terms import folder_of

_log = logging.getLogger(__name__)


class Chatroom:
    """One running room with everything it needs; several may live in one process."""

    def __init__(  # noqa: PLR0913 - by name; each is wanted by another of those who open rooms
        self,
        settings: Settings,
        *,
        origin: Origin | None = None,
        login: Login | None = None,
        window: Window | None = None,
        on_end: Callable[[], None] = lambda: None,
        on_watch: Callable[[bool], None] = lambda _: None,
    ) -> None:
        """Build every part and start none.

        Args:
            settings: All that is decided before the start.
            origin: Where that comes from, to be read anew after a restore; None for the settings
                file alone.
            login: Whether the program starts at login; None where nobody opens it on a desktop.
            window: What shows the operator's page; None: nothing of ours.
            on_end: Called when a room that was to start anew can't; it is closed then.
            on_watch: Told whether an operator's page hears of the room; returns at once.

        Raises:
            StartError: Its folder or its database can't be used; the kind says why.
        """
        self._around = Surroundings(
            origin=origin or Origin(settings_file()),
            login=login,
            window=window,
            start_anew=self.start_anew,
            return_to_port=self.return_to_port,
            on_watch=on_watch,
        )
        self._read = origin.settings if origin else lambda: settings
        self._on_end = on_end
        self._turning = threading.Lock()
        """Held while the room is started, stopped or opened anew."""
        self._is_over = False
        self.failure: Exception | None = None
        """Why the room could not be opened again."""
        self._again: threading.Thread | None = None
        """Opens the room again."""
        self._opening = Opening(self._restored(settings), self._around, Ports())

    def _restored(self, settings: Settings) -> Settings:
        """Put in place what a restore has left for this start, and return the settings it brings.

        The disk may refuse it: then the room opens as it was.
        """
        places = places_of(settings, folder_of(settings), self._around.origin.file)
        try:
            is_restored = places and put_in_place(places, self._around.clock.now())
        except StorageFullError as error:
            _log.error("a restored backup waits for another start: %s", error.code)
            return settings
        return self._read() if is_restored else settings

    @property
    def set_aside(self) -> Path | None:
        """Where a broken database was put when this room began a new one."""
        return self._opening.set_aside

    @property
    def name(self) -> str:
        """The room's name."""
        return self.room.settings.name

    @property
    def url(self) -> str:
        """Where this computer's own browser finds the room."""
        return self._opening.place.url

    @property
    def lan_url(self) -> str | None:
        """Where others on the network find the room; None without a network."""
        return self._opening.place.lan_url

    @property
    def public_url(self) -> str | None:
        """Where a proxy lets people in; None for nowhere."""
        return self._opening.place.public_url

    @property
    def operator_url(self) -> str:
        """The operator's page with the secret of this start in it; for eyes, and for no log."""
        return self._opening.operation.url

    @property
    def code(self) -> str:
        """The join code; empty while the room is open."""
        return self.room.settings.code

    @property
    def assistant(self) -> str:
        """Which assistant answers, in words for the operator."""
        return assistant_of(self._opening.hub.choice)

    @property
    def room(self) -> Room:
        """The room that is served."""
        return self._opening.room

    def start(self) -> None:
        """Serve the page first, then connect to the hub in the background.

        Raises:
            PortTakenError: The port that was asked for is busy, or all that may be tried are.
            HostInvalidError: The host is no address of this computer.
        """
        with self._turning:
            self._opening.start()

    def stop(self) -> None:
        """Close the room for good; port and data folder are free afterwards.

        One that was never started is closed too; a second stop does nothing.
        """
        self._is_over = True
        with self._turning:
            self._opening.stop()
        if self._again:
            self._again.join()

    def start_anew(self) -> None:
        """Close the room and open it again, with what a restore has left; returns at once.

        Its ports and the operator's token stay what they are.
        """
        self._turn_over(self._opening.gateway.port)

    def return_to_port(self) -> None:
        """Close the room and open it again at the port that it was to have; returns at once.

        Raises:
            StartError: Another program has it still; the room stays where it is.
        """
        self._turn_over(free_port_wanted(self._opening.settings))

    def _turn_over(self, port: int) -> None:
        self._again = threading.Thread(
            target=self._open_again, args=(port,), name="room-again", daemon=True
        )
        self._again.start()

    def _open_again(self, port: int) -> None:
        with self._turning:
            if self._is_over:
                return
            try:
                ports = Ports(port, self._opening.operation.port)
                self._opening.stop()
                self._opening = Opening(self._restored(self._read()), self._around, ports)
                self._opening.start()
            except Exception as error:  # noqa: BLE001 - on this thread nobody else would hear of it
                _log.error("the room can't be opened again: %s", traced(error))
                self.failure = error
                self._on_end()
