"""What the durable store costs beside the one in memory, and what it does in large databases."""

from __future__ import annotations

import contextlib
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.filling import fill
from bench.posting import Crowd
from bench.table import show, spread
from contract.stores import draft, purge
from e2e.program import Program
from hivemind_chatroom.room.clock import SystemClock
from hivemind_chatroom.room.model import MessageId
from hivemind_chatroom.room.ports import Store
from hivemind_chatroom.store.memory import MemoryStore
from hivemind_chatroom.store.sqlite import SqliteStore

FLAGS: Final = ("--port", "0", "--hub", "none", "--rate-limit", "off")

CONNECTIONS = 32
POSTING_ROUNDS = 15
POSTING_S = 2.0

THREADS = (1, 8, 32)
APPENDS = 3_200
"""In each round, by all threads together."""
APPENDING_ROUNDS = 5

SIZES = (100, 100_000, 1_000_000)
QUICK_ROUNDS = 15
SLOW_ROUNDS = 3
PAGE = 50
FORGOTTEN = 10_000
"""Messages that retention forgets while somebody posts."""
PAUSE_S = 0.005
"""Between two posts of that somebody, in seconds."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def stores() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory(prefix="chatroom-bench-") as name:
        folder = Path(name)
        posting(folder)
        appending(folder)
        files = {size: folder / f"{size}.db" for size in SIZES}
        for size, file in files.items():
            fill(file, size)
        os.sync()  # or the disk is still writing them while they are measured
        storing(files)


def posting(folder: Path) -> None:
    """Compare posts over HTTP, durable and memory by turns, so that noise meets both alike."""
    stores = {"durable": (), "memory": ("--database", "memory:")}
    seen: dict[str, list[float]] = {name: [] for name in stores}
    with contextlib.ExitStack() as running:
        crowds = {}
        for name, more in stores.items():
            program = running.enter_context(Program(folder / name, *FLAGS, *more))
            crowds[name] = Crowd(program.url, CONNECTIONS)
            running.callback(crowds[name].close)
            crowds[name].posts_a_second(POSTING_S)  # warms up
        for turn in range(POSTING_ROUNDS):
            for name in stores if turn % 2 else reversed(stores):
                seen[name].append(crowds[name].posts_a_second(POSTING_S))
    ratio = statistics.median(
        durable / memory for durable, memory in zip(*seen.values(), strict=True)
    )
    show(
        f"Posts over HTTP, {CONNECTIONS} connections, {POSTING_ROUNDS} rounds of {POSTING_S:g} s",
        ("store", "posts/s, median", "smallest-largest", "of memory's"),
        [
            (name, f"{statistics.median(seen[name]):,.0f}", spread(seen[name]), share)
            for name, share in (("durable", f"{ratio:.0%}"), ("memory", "100%"))
        ],
    )


def appending(folder: Path) -> None:
    """Compare appends without HTTP."""
    rows = []
    for threads in THREADS:
        stores: dict[str, Store] = {
            "durable": SqliteStore(folder / f"append-{threads}.db", SystemClock()),
            "memory": MemoryStore(SystemClock()),
        }
        seen: dict[str, list[float]] = {name: [] for name in stores}
        for turn in range(APPENDING_ROUNDS):
            for name, store in stores.items():
                seen[name].append(appends_a_second(store, threads, turn))
        for name, store in stores.items():
            store.close()
            rows.append((f"{threads}", name, f"{statistics.median(seen[name]):,.0f}"))
    show("Appends without HTTP", ("threads", "store", "appends/s, median"), rows)


def appends_a_second(store: Store, threads: int, turn: int) -> float:
    """Append by so many threads, and return how many a second it were."""
    each = APPENDS // threads

    def append(thread: int) -> None:
        for number in range(each):
            mark = f"{turn}-{thread}-{number}"
            store.append(draft(f"This is line {mark}.", client_id=mark))

    everybody = [
        threading.Thread(target=append, args=(number,), name=f"append-{number}")
        for number in range(threads)
    ]
    begun = time.perf_counter()
    for one in everybody:
        one.start()
    for one in everybody:
        one.join()
    return each * threads / (time.perf_counter() - begun)


def storing(files: dict[int, Path]) -> None:
    """Compare what the store does in small and in large databases."""
    head = ("messages", "open", "page", "rare word", "common word", "remove", "purge", "wait")
    show(
        f"The store, in ms; purge forgets {FORGOTTEN:,}, wait is a post's longest meanwhile",
        head,
        [(f"{size:,}", *stored(file, size)) for size, file in files.items()],
    )


def stored(file: Path, size: int) -> list[str]:
    """Measure one database, in milliseconds."""
    opened = times(lambda: SqliteStore(file, SystemClock()).close(), SLOW_ROUNDS)
    store = SqliteStore(file, SystemClock())
    removed = iter(range(size // 2 + 1, size))
    cells = [
        milliseconds(opened),
        milliseconds(times(lambda: store.page(None, limit=PAGE), QUICK_ROUNDS)),
        milliseconds(times(lambda: store.page(None, words=f"{size // 2}"), QUICK_ROUNDS)),
        milliseconds(times(lambda: store.page(None, words="line"), SLOW_ROUNDS)),
        milliseconds(times(lambda: store.remove(MessageId(next(removed))), SLOW_ROUNDS)),
        *(purging(store) if size > FORGOTTEN else ("", "")),
    ]
    store.close()
    return cells


def purging(store: Store) -> tuple[str, str]:
    """Forget many messages while somebody posts."""
    is_over = threading.Event()
    waited: list[float] = []

    def post() -> None:
        while not is_over.is_set():
            waited.append(took_s(lambda: store.append(draft("hello"))))
            is_over.wait(PAUSE_S)

    poster = threading.Thread(target=post, name="poster")
    poster.start()
    most = store.last_id() - FORGOTTEN
    seconds = took_s(lambda: purge(store, sent_before=LONG_AGO, most=most))
    is_over.set()
    poster.join()
    return milliseconds([seconds]), milliseconds([max(waited)])


def times(action: Callable[[], object], rounds: int) -> list[float]:
    """Return how long each of some rounds took, in seconds."""
    return [took_s(action) for _ in range(rounds)]


def took_s(action: Callable[[], object]) -> float:
    """Return how long something took, in seconds."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def milliseconds(seconds: Sequence[float]) -> str:
    """Return the median as words."""
    return f"{statistics.median(seconds) * 1e3:,.1f}"
