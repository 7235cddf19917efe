"""Another program that speaks multicast DNS, with no line of ours: it says what it hears, and when.

`look` has it search anew, as somebody does who has just come; `resolve` tells where all are.
"""

from __future__ import annotations

import ipaddress
import json
import sys
import threading
import time

from zeroconf import (
    DNSAddress,
    IPVersion,
    RecordUpdate,
    RecordUpdateListener,
    ServiceBrowser,
    ServiceStateChange,
    Zeroconf,
)

TYPES = ["_http._tcp.local.", "_hivemind-chat._tcp.local."]
RESOLVES_WITHIN_MS = 10_000


def say(what: str, **more: object) -> None:
    """Tell one thing, and when it was."""
    line = json.dumps({"what": what, "at": time.monotonic(), **more})
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Ear(RecordUpdateListener):
    """Hears who says to be called what."""

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        for each in records:
            if isinstance(each.new, DNSAddress):
                address = str(ipaddress.ip_address(each.new.address))
                say("address", name=each.new.name, address=address, ttl=each.new.ttl)


class Listener:
    """Listens at one address."""

    def __init__(self, address: str, *, resolves: bool = False) -> None:
        self.resolves = resolves
        self.multicast = Zeroconf(interfaces=[address], ip_version=IPVersion.V4Only)
        self.names: dict[str, str] = {}
        self.multicast.add_listener(Ear(), None)
        self.browser = ServiceBrowser(self.multicast, TYPES, handlers=[self.hear])

    def hear(
        self,
        zeroconf: Zeroconf,
        service_type: str,
        name: str,
        state_change: ServiceStateChange,
    ) -> None:
        """Tell that a service has come, is another, or has gone."""
        if state_change is ServiceStateChange.Removed:
            self.names.pop(name, None)
        else:
            self.names[name] = service_type
        say(state_change.name.lower(), name=name, type=service_type)
        if self.resolves and state_change is ServiceStateChange.Added:
            info = zeroconf.get_service_info(service_type, name, RESOLVES_WITHIN_MS)
            say("resolved", name=name, addresses=info.parsed_addresses() if info else [])

    def resolve(self) -> None:
        """Tell where each service is that was heard of."""
        found = []
        for name, type_ in sorted(self.names.items()):
            info = self.multicast.get_service_info(type_, name, RESOLVES_WITHIN_MS)
            if info is not None:
                text = {k: v for k, v in info.decoded_properties.items() if v is not None}
                place = {"host": info.server, "port": info.port}
                addresses = info.parsed_addresses()
                found.append(
                    {"name": name, "type": type_, **place, "addresses": addresses, "text": text}
                )
        say("resolve", found=found)

    def close(self) -> None:
        """End it."""
        self.browser.cancel()
        self.multicast.close()


def main() -> None:
    """Do what is said, line by line."""
    listener = Listener(sys.argv[1])
    say("ready")
    for line in sys.stdin:
        if line.strip() == "resolve":
            threading.Thread(target=listener.resolve, daemon=True).start()
        elif line.strip() == "look":
            listener.close()
            say("look")
            listener = Listener(sys.argv[1], resolves=True)
    listener.close()


if __name__ == "__main__":
    main()
