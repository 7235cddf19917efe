"""How soon a room is found on a LAN of network namespaces, and known to have moved or gone."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.table import say, show
from lan.household import Listener, Room, Running, get
from lan.network import NETWORK, Lan, why_not

STARTS: Final = 10
LOOKS: Final = 10
MOVES: Final = 5
KILLS: Final = 3
CROWD: Final = 20


def finding() -> None:
    """Measure, and print the bars beside what was seen."""
    if reason := why_not():
        say(f"\nThe LAN: not measured, as {reason}")
        return
    with Lan() as lan:
        machine, nice, left = starts(lan)
        machine_of_program, nice_of_program = programs(lan)
        rows = [
            ("start to the machine name, process cold", "200", machine),
            ("start to the nice name", "1,500", nice),
            ("the program is served, to the machine name", "", machine_of_program),
            ("the program is served, to the nice name", "", nice_of_program),
            ("goodbye heard", "1,500", left),
            ("somebody new looks, first room resolved", "150", looks(lan)),
            ("another address, right by both names", "3,000", moves(lan)),
            ("kill -9 to gone from another room's list", "10,000", kills(lan)),
            (f"{CROWD} rooms of one name started together, all seen", "", [crowd(lan)]),
        ]
    show(
        "The LAN, in ms",
        ("what", "bar", "median", "largest", "rounds"),
        [
            (what, bar, ms(statistics.median(seen)), ms(max(seen)), f"{len(seen)}")
            for what, bar, seen in rows
        ],
    )


def starts(lan: Lan) -> tuple[list[float], list[float], list[float]]:
    """Start rooms one after the other, each in a process of its own, and end them in order."""
    machine, nice, left = [], [], []
    with lan.visit():
        host, ear = lan.host(), Listener(lan.host())
        for number in range(1, 1 + STARTS):
            room = Room(host, number)
            begun = room.go()
            machine.append(ear.hears(room.machine, host.address, begun) - begun)
            nice.append(ear.hears("hivechat.local", host.address, begun) - begun)
            ear.sees("added", room.id, begun)
            room.end()
            leaving = room.wait(lambda line: line["what"] == "leaving")["at"]
            left.append(ear.sees("removed", room.id, leaving) - leaving)
        ear.end()
    return machine, nice, left


def programs(lan: Lan) -> tuple[list[float], list[float]]:
    """Start the program one time after the other, and count from when its page was served."""
    machine, nice = [], []
    with lan.visit(), tempfile.TemporaryDirectory(prefix="chatroom-bench-") as folder:
        host, ear = lan.host(), Listener(lan.host())
        for number in range(STARTS):
            begun = time.monotonic()
            program = Running(host, Path(folder) / f"{number}")
            served = time.monotonic()
            room_id = json.loads(get(host, "http://127.0.0.1:8985/healthz"))["id"]
            name = f"hc-{room_id[:8]}.local"
            machine.append(ear.hears(name, host.address, begun) - served)
            nice.append(ear.hears("hivechat.local", host.address, begun) - served)
            program.stop()
        ear.end()
    return machine, nice


def looks(lan: Lan) -> list[float]:
    """Have somebody come and look for rooms who knows of none."""
    seen = []
    with lan.visit():
        room, ear = Room(lan.host(), 0xA), Listener(lan.host())
        room.go()
        room.until(state="ok")
        for _ in range(LOOKS):
            looked = ear.ask("look")["at"]
            found = ear.wait(
                lambda line: line["what"] == "resolved" and room.id in line["name"], after=looked
            )
            seen.append(found["at"] - looked)
        room.end()
        ear.end()
    return seen


def moves(lan: Lan) -> list[float]:
    """Give a room's computer another address, and another."""
    seen = []
    with lan.visit():
        host, ear = lan.host(), Listener(lan.host())
        room = Room(host, 0xB)
        room.go()
        room.until(state="ok")
        for number in range(MOVES):
            address = f"{NETWORK}.{240 + number}"
            moved = time.monotonic()
            host.move(address)
            names = (room.machine, "hivechat.local")
            seen.append(max(ear.hears(name, address, moved) for name in names) - moved)
            room.until(state="ok", addresses=[address], after=moved)
        room.end()
        ear.end()
    return seen


def kills(lan: Lan) -> list[float]:
    """Kill rooms that another one lists."""
    seen = []
    with lan.visit():
        room, host = Room(lan.host(), 0xC), lan.host()
        room.go()
        for number in range(0xD0, 0xD0 + KILLS):
            doomed = Room(host, number, "Attic", wanted=f"attic-{number}")
            begun = doomed.go()
            room.until_rooms(doomed.id, after=begun)
            killed = doomed.kill()
            seen.append(room.until_rooms(after=killed)["at"] - killed)
        room.end()
    return seen


def crowd(lan: Lan) -> float:
    """Start many rooms of one name at once; return when the last was seen, in seconds."""
    with lan.visit():
        ear = Listener(lan.host())
        rooms = [Room(lan.host(), 0xC00 + number) for number in range(CROWD)]
        begun = time.monotonic()
        for room in rooms:
            room.tell("go")
        seen = [ear.sees("added", f"hc-{room.id}", begun) for room in rooms]
        ear.end()
        for room in rooms:
            room.kill()
    return max(seen) - begun


def ms(seconds: float) -> str:
    """Return a time as words."""
    return f"{seconds * 1e3:,.0f}"
