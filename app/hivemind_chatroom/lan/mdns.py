"""Multicast DNS on the networks of this computer: the only file that touches python-zeroconf."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from zeroconf import (
    AddressResolverIPv4,
    DNSAddress,
    DNSService,
    Error,
    IPVersion,
    RecordUpdate,
    RecordUpdateListener,
    ServiceInfo,
    ServiceStateChange,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from hivemind_chatroom.lan.claims import HostSeen, Seen, ServiceSeen
from hivemind_chatroom.lan.service import Service

_PROBE_MS: Final = 700
"""How long a name is asked for before it is taken to be free; RFC 6762, 8.1 has three questions in
750 ms."""

_RESOLVE_MS: Final = 3_000
_NAMES_MAX: Final = 200
"""Services that are asked at a time where they are: of more, the first that has not said gives way,
so that nobody keeps others out with names that lead nowhere."""


class Mdns(RecordUpdateListener):
    """One responder and browser; made, used and closed on one running event loop."""

    def __init__(self, addresses: Sequence[str], on_seen: Callable[[Seen], None]) -> None:
        """Listen on the interfaces that have these IPv4 addresses.

        Args:
            addresses: One of each interface.
            on_seen: Told of what is announced, our own included; returns at once.

        Raises:
            OSError: The system refuses: with EADDRINUSE another program forbids sharing.
        """
        super().__init__()
        self._on_seen = on_seen
        self._async = AsyncZeroconf(interfaces=list(addresses), ip_version=IPVersion.V4Only)
        self._zeroconf = self._async.zeroconf
        self._zeroconf.async_add_listener(self, None)
        self._announcing: dict[str, asyncio.Future[None]] = {}
        """What is still being said of a service, three times in half a second."""
        self._resolving: dict[str, asyncio.Task[None]] = {}
        self._browsers: list[AsyncServiceBrowser] = []

    async def announce(self, service: Service) -> None:
        """Answer for a service from now on, or answer otherwise, and say so at once.

        Raises:
            OSError: It can't be said, such as a name that multicast DNS can't have.
        """
        with _refusals():
            info = _info_of(service)
            known = self._zeroconf.registry.async_get_info_name(info.key)
            if known is None:
                # "cooperating": the library's own probing takes 0.7 s and has no tie-break.
                said = self._zeroconf.async_register_service(info, cooperating_responders=True)
            else:
                said = self._zeroconf.async_update_service(info)
            self._hush(info.key)
            self._announcing[info.key] = asyncio.ensure_future(await said)

    async def withdraw(self, service: Service, *, is_lost: bool = False) -> None:
        """Answer for a service no longer.

        Args:
            service: As it was announced.
            is_lost: Somebody else has its names: a goodbye would be a goodbye to theirs.

        Raises:
            OSError: It can't be said.
        """
        with _refusals():
            info = _info_of(service)
            self._hush(info.key)
            known = self._zeroconf.registry.async_get_info_name(info.key)
            if known is None:
                return
            if is_lost:
                self._zeroconf.registry.async_remove(known)
            else:
                self._announcing[info.key] = asyncio.ensure_future(
                    await self._zeroconf.async_unregister_service(known)
                )

    async def addresses_of(self, host: str) -> frozenset[str]:
        """Ask the LAN for the addresses of a name; empty if nobody answers in 0.7 s.

        Raises:
            OSError: It can't be asked.
        """
        with _refusals():
            resolver = AddressResolverIPv4(f"{host}.")
            await resolver.async_request(self._zeroconf, _PROBE_MS)
            return frozenset(resolver.parsed_addresses())

    async def place_of(self, service: Service) -> tuple[str, int] | None:
        """Ask the LAN where a service of this name is; None if nobody answers in 0.7 s.

        Raises:
            OSError: It can't be asked.
        """
        with _refusals():
            info = AsyncServiceInfo(service.type, service.name)
            await info.async_request(self._zeroconf, _PROBE_MS)
            return (_bare(info.server), info.port or 0) if info.server else None

    def browse(
        self, type_: str, on_found: Callable[[Service], None], on_gone: Callable[[str], None]
    ) -> None:
        """Look for services from now on.

        Args:
            type_: With its domain and a final dot.
            on_found: Told of each with its addresses, again whenever it is another.
            on_gone: Told the name of each that takes its leave or isn't heard of any more.
        """

        def on_change(
            zeroconf: Zeroconf,  # noqa: ARG001 - named by the library
            service_type: str,
            name: str,
            state_change: ServiceStateChange,
        ) -> None:
            if state_change is ServiceStateChange.Removed:
                on_gone(name)
            else:
                self._resolve(service_type, name, on_found)

        self._browsers.append(AsyncServiceBrowser(self._zeroconf, type_, handlers=[on_change]))

    async def close(self, *, says_goodbye: bool) -> None:
        """End it.

        Args:
            says_goodbye: Whether others are told that the services are gone, which takes 0.3 s.
        """
        for key in tuple(self._announcing):
            self._hush(key)
        for resolving in tuple(self._resolving.values()):
            resolving.cancel()
        for browser in self._browsers:
            await browser.async_cancel()
        registry = self._zeroconf.registry
        if not says_goodbye:
            registry.async_remove(registry.async_get_service_infos())
        await self._async.async_close()

    def async_update_records(
        self, _zeroconf: Zeroconf, _now: float, records: list[RecordUpdate]
    ) -> None:
        """Tell what somebody has announced; the library calls this."""
        for each in records:
            record = each.new
            if isinstance(record, DNSAddress):
                address = str(ipaddress.ip_address(record.address))
                self._on_seen(HostSeen(_bare(record.key), address, is_goodbye=record.ttl == 0))
            elif isinstance(record, DNSService) and record.ttl:
                self._on_seen(ServiceSeen(record.key, _bare(record.server).lower(), record.port))

    def _hush(self, key: str) -> None:
        """Say no more of a service what isn't so any longer."""
        if announcing := self._announcing.pop(key, None):
            announcing.cancel()

    def _resolve(self, type_: str, name: str, on_found: Callable[[Service], None]) -> None:
        if known := self._resolving.pop(name, None):
            known.cancel()
        elif len(self._resolving) >= _NAMES_MAX:
            self._resolving.pop(next(iter(self._resolving))).cancel()
        task = asyncio.create_task(self._found(type_, name, on_found))
        self._resolving[name] = task
        task.add_done_callback(lambda done: self._forget(name, done))

    def _forget(self, name: str, done: asyncio.Task[None]) -> None:
        if self._resolving.get(name) is done:
            del self._resolving[name]

    async def _found(self, type_: str, name: str, on_found: Callable[[Service], None]) -> None:
        with contextlib.suppress(Error):  # anybody announces names that the library refuses
            info = AsyncServiceInfo(type_, name)
            if await info.async_request(self._zeroconf, _RESOLVE_MS) and info.port and info.server:
                on_found(_service_of(info, name.removesuffix(f".{type_}")))


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """Turn what only the library knows into what its callers do; its words have names in them."""
    try:
        yield
    except Error as error:
        raise OSError(f"multicast DNS refuses: {type(error).__name__}") from None


def _info_of(service: Service) -> ServiceInfo:
    return ServiceInfo(
        service.type,
        service.name,
        port=service.port,
        properties=dict(service.text),
        server=f"{service.host}.",
        parsed_addresses=list(service.addresses),
    )


def _service_of(info: ServiceInfo, label: str) -> Service:
    return Service(
        info.type,
        label,
        _bare(info.server or ""),
        info.port or 0,
        tuple(info.parsed_addresses()),
        {key.lower(): value for key, value in info.decoded_properties.items() if value is not None},
    )


def _bare(name: str) -> str:
    return name.removesuffix(".")
