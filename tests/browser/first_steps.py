"""The first steps of a room as somebody sees them who counts what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Locator, expect

from browser.program import Program
from browser.visitor import Device, Visitor

WINDOW: Final = Device(720, 640, has_touch=False)

COVERED: Final = """
(element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  return element.contains(over) || over?.contains(element) ? "" : (over?.outerHTML ?? "outside");
}
"""


class Wizard:
    """The wizard as somebody sees it who counts what they do."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.clicks = 0
        self.pastes = 0

    @property
    def heading(self) -> Locator:
        """The question of the step."""
        return self.page.get_by_role("heading", level=1)

    def button(self, name: str) -> Locator:
        """Return a button."""
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press a button."""
        self.button(name).click()
        self.clicks += 1

    def paste(self, text: str) -> None:
        """Paste into what has the focus, once a step that has just come has given it away."""
        expect(self.page.locator(":is(input, textarea):focus")).to_have_count(1)
        self.page.keyboard.insert_text(text)
        self.pastes += 1

    def covered(self, what: Locator) -> str:
        """Return what lies over the middle of something, empty when it is in view."""
        found: str = what.evaluate(COVERED)
        return found

    def go_to_connect(self) -> None:
        """Take the first two steps with a typed address."""
        self.press("Let's go")
        self.page.get_by_label("Address of the hub").fill("192.168.1.10")
        self.press("Next")
        expect(self.heading).to_have_text("Connect to your assistant")


def fresh(open_program: Callable[..., Program]) -> Program:
    """Start a program that nobody has set up yet."""
    program = open_program()
    program.forget_setup()
    return program


def look_at(program: Program, arrive: Callable[..., Visitor], lang: str = "en-US") -> Wizard:
    """Look at a program that was started, with a browser of one's own."""
    visitor = arrive(WINDOW, lang=lang)
    visitor.open(program.url)
    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    return Wizard(visitor)
