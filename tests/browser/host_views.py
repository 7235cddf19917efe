"""What the operator's window shows, to make pictures of: steps, tabs, an empty room, trouble."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Final, Literal

from playwright.sync_api import Browser, Page, expect

from browser.household import FULL, LOG, PRINT_OUT, failing
from browser.program import Program
from browser.visitor import Device, Visitor

WINDOW: Final = Device(1280, 800, has_touch=False)
WIZARD: Final = Device(720, 640, has_touch=False)

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Scene:
    """A program, and its page."""

    program: Program
    page: Page


ComeTo = Callable[[Scene], None]


@dataclass(frozen=True, slots=True)
class HostView:
    """Something that the host looks at."""

    come_to: ComeTo
    device: Device = WINDOW
    lang: str = "en-US"
    is_set_up: bool = True
    is_used: bool = True
    """Whether people have been in the room all day."""
    schemes: tuple[Scheme, ...] = ("light", "dark")


def _next(page: Page) -> None:
    page.locator(".step-buttons [class=button]").click()


def hello(scene: Scene) -> None:
    """The first step."""
    expect(scene.page.locator(".hello")).to_be_visible()


def assistant(scene: Scene) -> None:
    """The second step, with a hub that announces itself."""
    hub = {"name": "Living room", "host": "192.168.1.10", "port": 5678, "tls": False}
    scene.program.hubs["hubs"] = [hub]
    _next(scene.page)
    expect(scene.page.get_by_label("Living room")).to_be_checked()


def connect(scene: Scene) -> None:
    """The third step, with a hub that has not allowed enough."""
    assistant(scene)
    command = "hivemind-core allow-msg recognizer_loop:utterance 3"
    scene.program.checks = failing("allowed", "hub.denied", command)
    _next(scene.page)
    scene.page.locator("#paste").fill(PRINT_OUT)
    _next(scene.page)
    expect(scene.page.locator(".check-failed")).to_be_in_viewport()


def room(scene: Scene) -> None:
    """The fourth step."""
    _next(scene.page)
    scene.page.locator(".step-buttons .button-quiet").click()
    expect(scene.page.locator("#room-name")).to_be_visible()


def invite(scene: Scene) -> None:
    """The last step."""
    room(scene)
    _next(scene.page)
    expect(scene.page.locator(".invitation .qr")).to_be_visible()


def home(scene: Scene) -> None:
    """Everything at a glance."""
    expect(scene.page.locator(".card-invite .qr")).to_be_visible()


def trouble(scene: Scene) -> None:
    """A hub that refuses, a disk that is full, a port that was taken."""
    command = "hivemind-core allow-msg recognizer_loop:utterance 3"
    scene.program.tell(
        hub={"state": "not_allowed", "reason": "hub.denied", "command": command},
        room={"port": 8986},
        store={"state": "full"},
    )
    expect(scene.page.locator(".health-bad")).to_have_count(2)


def moved(scene: Scene) -> None:
    """A room on another port than the usual one, and the question about the way back."""
    scene.program.tell(room={"port": 8986})
    scene.page.get_by_role("button", name="Use 8985 again").click()
    expect(scene.page.get_by_role("dialog")).to_be_visible()


def silent(scene: Scene) -> None:
    """A hub with nothing behind it that answers, and somebody who is muted meanwhile."""
    scene.program.tell(hub={"state": "no_assistant", "reason": "hub.no_agent"})
    expect(scene.page.locator(".health-bad")).to_have_count(1)
    person = scene.page.locator(".person").first
    person.get_by_role("button").click()
    person.locator(".person-actions button").first.click()
    expect(scene.page.locator(".toast")).to_be_visible()


def sheet(scene: Scene) -> None:
    """What is printed."""
    home(scene)
    scene.page.emulate_media(media="print")


def tab(name: str) -> ComeTo:
    """Return the way to a tab."""

    def open_tab(scene: Scene) -> None:
        scene.page.locator(f"#tab-{name}").click()
        expect(scene.page.get_by_role("tabpanel").locator("h2").first).to_be_visible()

    return open_tab


def history(scene: Scene) -> None:
    """What was said."""
    scene.page.locator("#tab-history").click()
    expect(scene.page.locator(".log-line")).to_have_count(len(LOG))


HOST_VIEWS: Final[dict[str, HostView]] = {
    "host-1-hello": HostView(hello, WIZARD, is_set_up=False),
    "host-2-assistant": HostView(assistant, WIZARD, is_set_up=False),
    "host-3-connect": HostView(connect, WIZARD, is_set_up=False),
    "host-4-room": HostView(room, WIZARD, is_set_up=False),
    "host-5-invite": HostView(invite, WIZARD, is_set_up=False),
    "host-home": HostView(home),
    "host-empty": HostView(home, is_used=False, schemes=("light",)),
    "host-trouble": HostView(trouble),
    "host-moved": HostView(moved, schemes=("light",)),
    "host-silent": HostView(silent, schemes=("dark",)),
    "host-people": HostView(tab("people"), schemes=("light",)),
    "host-history": HostView(history, schemes=("light",)),
    "host-safety": HostView(tab("safety"), schemes=("light",)),
    "host-settings": HostView(tab("settings"), schemes=("light",)),
    "host-help": HostView(tab("help"), schemes=("light",)),
    "host-sheet": HostView(sheet, Device(470, 700, has_touch=False), schemes=("light",)),
    "rtl-host-connect": HostView(connect, WIZARD, lang="ar", is_set_up=False, schemes=("light",)),
    "rtl-host-invite": HostView(invite, WIZARD, lang="ar", is_set_up=False, schemes=("light",)),
    "rtl-host-home": HostView(home, lang="ar", schemes=("light",)),
}
"""A view more is a line more."""


def picture_of(browser: Browser, view: HostView, scheme: Scheme) -> bytes:
    """Start a program, come to a view of it, and return the picture."""
    with ExitStack() as leaving:
        program = Program(**FULL if view.is_used else {})
        program.start()
        leaving.callback(program.stop)
        program.log = LOG if view.is_used else []
        program.tell(store={"messages": len(program.log)})
        if not view.is_set_up:
            program.forget_setup()
        host = leaving.enter_context(closing(Visitor(browser, view.device, lang=view.lang)))
        host.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        host.open(program.url)
        view.come_to(Scene(program, host.page))
        return host.page.screenshot(animations="disabled", caret="hide")
