"""Who leads: one of the room's instances at a time holds the seat, and with it the hub's link."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

import psycopg

from hivemind_chatroom.errors import DatabaseAwayError, traced
from hivemind_chatroom.room.leading import Duties, NotReadyError
from hivemind_chatroom.room.model import HubStatus
from hivemind_chatroom.store.postgres import seat
from hivemind_chatroom.store.postgres.connecting import Connection, place_of
from hivemind_chatroom.store.postgres.connections import Connections
from hivemind_chatroom.store.postgres.exclusion import stay
from hivemind_chatroom.store.postgres.failures import name_of
from hivemind_chatroom.store.postgres.waking import Waking

_log = logging.getLogger(__name__)

RENEW_S: Final = 1.0
"""How often who leads gives a sign of life, and the others look whether they may, in seconds."""

LEASE_S: Final = 3.0
"""How long after its last sign of life who leads still sends, in seconds.

Less than `seat.STALLED_S`, by whose end another may lead.
"""

_STOP_S: Final = 6.0
"""How long a stop waits for the thread, which ends the link first, in seconds."""


class PostgresLead:
    """One instance's part in who leads: the token that its writes carry, and a thread.

    A store leads as soon as it is opened if nobody else does. The thread keeps the lead, or waits
    for it, from `start` on.
    """

    def __init__(
        self, connections: Connections, address: str, on_taken: Callable[[], None] = lambda: None
    ) -> None:
        """Lead if nobody else does.

        Args:
            connections: Make the connection that the lead hangs on.
            address: Where they lead to.
            on_taken: Called each time the lead is taken, before anything is done by it.

        Raises:
            DatabaseAwayError: The database does not answer, or does not let us in.
            DatabaseInUseError: Somebody is alone with it.
        """
        self._connections = connections
        self._address = address
        self._on_taken = on_taken
        self._connection: Connection | None = None
        self._token: int | None = None
        self._renewed_at_s = 0.0
        self._is_on_duty = False
        self._duties = Duties(lambda: None, lambda: None)
        self._untold: deque[HubStatus] = deque(maxlen=1)
        """What the others have not been told yet: the latest counts, whoever says it meanwhile."""
        self._waking = Waking()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub-lead", daemon=True)
        try:
            self._stand(self._reached())
        except psycopg.OperationalError as error:
            self.close()
            raise DatabaseAwayError(place_of(address), name_of(error)) from error
        except BaseException:
            self.close()
            raise

    @property
    def token(self) -> int | None:
        """What the outbox is written under; None while another instance leads."""
        return self._token

    def start(self, duties: Duties) -> None:
        """Keep the lead, or wait for it, from now on; returns at once."""
        self._duties = duties
        self._thread.start()

    def stop(self) -> None:
        """End the duties, and leave the lead to others at once; a second stop does nothing."""
        self._is_stopping.set()
        self._waking.wake()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def close(self) -> None:
        """Let go of the connection; `stop` came before if there was a `start`."""
        self._is_stopping.set()
        if not self._thread.is_alive():
            self._leave()
            self._waking.close()

    def is_sure(self) -> bool:
        """Tell whether this instance leads, and nobody else can do so already; never waits."""
        return self._is_on_duty and _now_s() - self._renewed_at_s < LEASE_S

    def doubt(self) -> None:
        """Have the thread look at once whether the lead is lost; never waits."""
        self._waking.wake()

    def tell(self, status: HubStatus) -> None:
        """Have the others know how the hub stands, if this instance leads; never waits."""
        self._untold.append(status)
        self._waking.wake()

    def told(self) -> HubStatus | None:
        """Return how the hub stands, as whoever leads has told; None where nobody has."""
        with self._connections.lent() as connection:
            return seat.told(connection)

    def leader(self) -> str:
        """Return the computer of who leads, or led last; empty where nobody ever has."""
        with self._connections.lent() as connection:
            return seat.place_of_leader(connection)

    # --- the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            try:
                self._turn(self._connection or self._reached())
            except psycopg.Error as error:
                _log.warning("the lead can't be kept or waited for: %s", name_of(error))
                self._leave()
            except NotReadyError:
                _log.warning("this instance can't lead yet: its last link has not ended")
                self._leave()
            except Exception as error:  # noqa: BLE001 - a thread's loop: another may lead meanwhile
                _log.error("the lead stumbled: %s", traced(error))
                self._leave()
            self._waking.rest(self._connection, RENEW_S)
        self._leave()

    def _turn(self, connection: Connection) -> None:
        if self._token is None:
            self._stand(connection)
        elif not self._renews(connection, self._token):
            _log.warning("another instance may lead by now")
            self._leave()
        if self._token is None:
            return
        if not self._is_on_duty:
            self._untold.clear()
            self._is_on_duty = True
            _log.info("this instance leads")
            self._duties.begin()
        self._tell_others(connection, self._token)

    def _reached(self) -> Connection:
        connection = self._connections.own(answer_s=LEASE_S)
        self._connection = connection
        seat.prepare(connection, self._waking.wake)
        stay(connection, self._address)
        return connection

    def _stand(self, connection: Connection) -> None:
        taken_at_s = _now_s()
        self._token = seat.take(connection, self._connections.instance)
        if self._token is None:
            if seat.end_stalled(connection):
                _log.warning("the instance that led gave no sign of life; its connection is ended")
                self._waking.wake()
            return
        self._renewed_at_s = taken_at_s
        self._on_taken()

    def _renews(self, connection: Connection, token: int) -> bool:
        begun_at_s = _now_s()
        if self._is_on_duty and not self.is_sure():
            return False  # what was put back meanwhile waits for a link that begins anew
        if not seat.renew(connection, token):
            return False
        self._renewed_at_s = begun_at_s
        return True

    def _tell_others(self, connection: Connection, token: int) -> None:
        if self._untold:
            seat.tell(connection, token, self._untold.popleft())

    def _leave(self) -> None:
        """End the duties first, then let another lead, however they end."""
        try:
            if self._is_on_duty:
                self._is_on_duty = False
                _log.info("this instance leads no longer")
                self._duties.end()
        except Exception as error:  # noqa: BLE001 - a thread's loop: another may lead all the same
            _log.error("what who leads does ended badly: %s", traced(error))
        finally:
            self._let_go()

    def _let_go(self) -> None:
        token, self._token = self._token, None
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if token is not None:
            with contextlib.suppress(psycopg.Error):  # it is let go of with the connection
                seat.leave(connection)
        connection.close()


def _now_s() -> float:
    """Return seconds on a clock that goes on while the computer sleeps, where there is one."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
