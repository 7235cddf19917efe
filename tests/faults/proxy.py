"""A TCP proxy on loopback that records what passes, cuts, delays, swallows and halves it."""

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
    is_half: bool = False
    """The server's side is gone, and nobody has told the client."""


@dataclass(frozen=True)
class _Ends:
    """What both sides of a passage are written to by."""

    passage: Passage
    to_client: asyncio.StreamWriter
    to_server: asyncio.StreamWriter

    def abort(self) -> None:
        for writer in (self.to_client, self.to_server):
            writer.transport.abort()

    def halve(self) -> None:
        self.passage.is_half = True
        self.to_server.transport.abort()


class Proxy:
    """Passes connections on to one port of loopback, on a thread of its own.

    The attributes may be set at any time: `delay_s` holds each chunk back by so many seconds,
    `is_black_hole` swallows everything from now on, in both directions, `is_one_way` what the
    server says.
    """

    def __init__(self, to_port: int) -> None:
        self.delay_s = 0.0
        self.is_black_hole = False
        self.is_one_way = False
        self.passages: list[Passage] = []
        self.port = 0
        self._to_port = to_port
        self._open: list[_Ends] = []
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

    def halve(self) -> None:
        """Leave every open connection half open: the server's side ends, the client's goes mute."""
        self._call(self._halve)

    def _call(self, work: Callable[[], None]) -> None:
        done = threading.Event()

        def run() -> None:
            work()
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait()

    def _cut(self) -> None:
        for ends in self._open:
            ends.abort()

    def _halve(self) -> None:
        for ends in self._open:
            ends.halve()

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
        ends = _Ends(passage, writer, to_writer)
        ways: list[Coroutine[Any, Any, None]] = [
            self._pass_on_words(reader, ends),
            self._pass_on_answers(to_reader, ends),
        ]
        self._open.append(ends)
        try:
            await asyncio.gather(*ways)
        finally:
            self._open.remove(ends)
            ends.abort()

    async def _pass_on_words(self, reader: asyncio.StreamReader, ends: _Ends) -> None:
        passage = ends.passage
        await self._pass(
            reader,
            ends.to_server,
            passage.from_client,
            swallows=lambda: self.is_black_hole or passage.is_half,
        )

    async def _pass_on_answers(self, reader: asyncio.StreamReader, ends: _Ends) -> None:
        passage = ends.passage
        await self._pass(
            reader,
            ends.to_client,
            passage.from_server,
            swallows=lambda: self.is_black_hole or self.is_one_way or passage.is_half,
        )

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        record: bytearray,
        *,
        swallows: Callable[[], bool],
    ) -> None:
        try:
            while chunk := await reader.read(_CHUNK):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if swallows():
                    continue
                record += chunk
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass
        if not swallows():
            writer.close()
