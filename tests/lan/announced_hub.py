"""A real hivemind-core, started as its own command does, but for an assistant that needs no OVOS.

What it announces is hivemind-presence's own doing.
"""

from __future__ import annotations

import dataclasses
import sys

from hivemind_core import service
from hivemind_ovos_agent_plugin import OVOSAgentProtocol
from ovos_utils.fakebus import FakeBus


@dataclasses.dataclass
class Agent(OVOSAgentProtocol):
    """Says nothing, on a bus of its own."""

    def __post_init__(self) -> None:
        self.bus = FakeBus()  # type: ignore[assignment] # it speaks like the other


if __name__ == "__main__":
    sys.stdout.write("starting\n")
    service.get_agent_protocol = lambda: (Agent, {})
    service.HiveMindService().run()
