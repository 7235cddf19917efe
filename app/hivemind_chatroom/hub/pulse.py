"""The pulse of a connection: how soon a hub that says nothing any more is taken for gone."""

from __future__ import annotations

from websocket import WebSocketApp

PING_INTERVAL_S = 4.0
PING_TIMEOUT_S = 2.0
"""In seconds; a hub that stopped in the middle of everything is noticed after both together."""


class PulsedApp(WebSocketApp):
    """The library's websocket, which a hub that is heard keeps alive like one that answers pings.

    By itself it goes by pongs alone, and these wait behind all that the hub has said before: so who
    says a lot, or is heard slowly, would be taken for gone.
    """

    def beat(self) -> None:
        """Run until the connection ends, and ping."""
        self.run_forever(ping_interval=PING_INTERVAL_S, ping_timeout=PING_TIMEOUT_S)

    def feel(self) -> None:
        """Note that the hub is there; whoever has heard anything of it says so."""
        # Not the time of day: a pong that was heard late is too late for the library.
        self.last_pong_tm = self.last_ping_tm
