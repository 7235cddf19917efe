"""A TCP proxy on loopback that records what passes, cuts, delays and swallows it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Self

_HOST = "127.0.0.1"
_CHUNK = 65_536


@dataclass
class Passage:
    """One connection through the proxy: the bytes of each side, in order."""

    from_client: bytearray = field(default_factory=bytearray)
    from_server: bytearray = field(default_factory=bytearray)


class Proxy:
    """Passes connections on to one port of loopback, on a thread of its own.

    The attributes may be set at any time: `delay_s` holds each chunk back by so many seconds,
    `is_black_hole` swallows everything from now on, in both directions.
    """

    def __init__(self, to_port: int) -> None:
        self.delay_s = 0.0
        self.is_black_hole = False
        self.passages: list[Passage] = []
        self.port = 0
        self._to_port = to_port
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._listens = threading.Event()
        self._ended = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self._listens.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def cut(self) -> None:
        """Reset every open connection, and return once it is done."""
        self._call(self._cut)

    def _call(self, work: Callable[[], None]) -> None:
        done = threading.Event()

        def run() -> None:
            work()
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait()

    def _cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._accept, _HOST, 0)
        self.port = server.sockets[0].getsockname()[1]
        self._listens.set()
        await self._ended.wait()
        server.close()
        self._cut()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            to_reader, to_writer = await asyncio.open_connection(_HOST, self._to_port)
        except OSError:
            writer.transport.abort()
            return
        passage = Passage()
        self.passages.append(passage)
        ways: list[Coroutine[Any, Any, None]] = [
            self._pass(reader, to_writer, passage.from_client),
            self._pass(to_reader, writer, passage.from_server),
        ]
        self._open |= {writer, to_writer}
        try:
            await asyncio.gather(*ways)
        finally:
            self._open -= {writer, to_writer}
            for each in (writer, to_writer):
                each.transport.abort()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, record: bytearray
    ) -> None:
        try:
            while chunk := await reader.read(_CHUNK):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if self.is_black_hole:
                    continue
                record += chunk
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass
        if not self.is_black_hole:
            writer.close()
