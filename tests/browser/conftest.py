"""What the browser tests share: one Chromium, rooms that are closed, people who see no errors."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser.dashboard import WINDOW
from browser.first_steps import Wizard, look_at
from browser.household import FULL, LOG
from browser.program import Program
from browser.visitor import DEADLINE_MS, Device, Visitor
from faults.proxy import Proxy
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.settings import HubChoice, Settings

CHROMIUM: Final = "/usr/bin/chromium-headless-shell"
"""Debian's, without the windows and menus around the page, which cost as much as the pages do;
Playwright's own would be a download."""

LAN_NAME: Final = "room.local"
"""A name on the network, which browsers trust no more than any plain-http page."""

CHROMIUM_FLAGS: Final = (
    "--no-sandbox",  # containers and root have no user namespaces for it
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--host-resolver-rules=MAP {LAN_NAME} 127.0.0.1",
)

OpenRoom = Callable[..., Chatroom]
Arrive = Callable[..., Visitor]
OpenProgram = Callable[..., Program]
Wire = Callable[[Chatroom], Proxy]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Run one Chromium for all tests; each visitor gets a context of its own.

    It ends with the tests of this folder: while it runs, no test can have a loop of its own.
    """
    expect.set_options(timeout=DEADLINE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def closing() -> Iterator[contextlib.ExitStack]:
    """Close what the test has opened."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def open_room(closing: contextlib.ExitStack, tmp_path: Path) -> OpenRoom:
    """Return what opens rooms, without a hub unless told otherwise."""

    def open_one(**settings: Any) -> Chatroom:  # noqa: ANN401
        defaults: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": 0,
            "hub": HubChoice.NONE,
            "data_dir": tmp_path / "data",
            "room_name": "Family room",
            "hosts": (LAN_NAME,),
        }
        chatroom = Chatroom(Settings(**{**defaults, **settings}))
        chatroom.start()
        closing.callback(chatroom.stop)
        return chatroom

    return open_one


@pytest.fixture
def open_program(closing: contextlib.ExitStack) -> OpenProgram:
    """Return what starts make-believe programs for the operator's page."""

    def open_one(**status: Any) -> Program:  # noqa: ANN401
        program = Program(**status)
        program.start()
        closing.callback(program.stop)
        return program

    return open_one


@pytest.fixture
def arrive(browser: Browser, closing: contextlib.ExitStack) -> Arrive:
    """Return what lets people with browsers come; their consoles must stay clean."""

    def arrive_with(device: Device, **more: Any) -> Visitor:  # noqa: ANN401
        visitor = Visitor(browser, device, **more)
        closing.callback(visitor.close)
        closing.callback(_see_no_troubles, visitor)
        return visitor

    return arrive_with


@pytest.fixture
def wire(closing: contextlib.ExitStack) -> Wire:
    """Return what puts a network of its own between one visitor and a room."""

    def wire_to(room: Chatroom) -> Proxy:
        return closing.enter_context(Proxy(port_of(room)))

    return wire_to


def port_of(room: Chatroom) -> int:
    """Return the port that a room listens at."""
    return int(room.url.rpartition(":")[2])


def streams_of(room: Chatroom) -> int:
    """Return how many event streams a room has open."""
    return room._opening.streams.count()  # noqa: SLF001 - the program itself has no need to know


def _see_no_troubles(visitor: Visitor) -> None:
    assert visitor.troubles == []


@pytest.fixture
def program(open_program: OpenProgram) -> Program:
    """Start a program whose room has been used all day."""
    program = open_program(**FULL)
    program.log = LOG
    program.tell(store={"messages": len(LOG)})
    return program


@pytest.fixture
def host(program: Program, arrive: Arrive) -> Visitor:
    """Look at its dashboard."""
    visitor = arrive(WINDOW)
    visitor.open(program.url)
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Family room")
    return visitor


@pytest.fixture
def wizard(program: Program, arrive: Arrive) -> Wizard:
    """Look at the first steps of a program that nobody has set up yet."""
    return look_at(program, arrive)
