"""Somebody with a browser: what they do in the room, and what they see of it."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

DEADLINE_MS: Final = 10_000
"""How long anything on a page may take before a test fails, in milliseconds."""

POSTINGS: Final = "**/api/messages"

LOST: Final = "Failed to load resource"
"""What Chromium's console says of a request that came to nothing."""

NO_WORKERS: Final = "delete globalThis.SharedWorker"
"""A script that leaves a page as it is on Android, and offline when its browser shall be: in
Chromium, workers stay online."""


@dataclass(frozen=True, slots=True)
class Device:
    """What somebody holds in their hands."""

    width: int
    """CSS pixels."""
    height: int
    """CSS pixels."""
    has_touch: bool
    density: float = 1
    """Pixels for each CSS pixel."""


PHONE: Final = Device(390, 844, has_touch=True)
SMALL_PHONE: Final = Device(320, 568, has_touch=True)
DESKTOP: Final = Device(1366, 768, has_touch=False)


class Visitor:
    """One person with a browser of their own: its cookies, its storage and a page."""

    def __init__(
        self, browser: Browser, device: Device, *, lang: str = "en-US", runs_scripts: bool = True
    ) -> None:
        """Open an empty page.

        Args:
            browser: A running Chromium, of which each visitor gets a context.
            device: Its screen.
            lang: What the browser says its person speaks.
            runs_scripts: Whether it runs scripts at all.
        """
        self._context = browser.new_context(
            viewport={"width": device.width, "height": device.height},
            device_scale_factor=device.density,
            has_touch=device.has_touch,
            locale=lang,
            java_script_enabled=runs_scripts,
        )
        self._context.set_default_timeout(DEADLINE_MS)
        self._forgiven: tuple[str, ...] = ()
        self._troubles: list[str] = []
        self._context.on("console", self._note)
        self._context.on("weberror", lambda error: self._troubles.append(str(error.error)))
        self.page: Page = self._context.new_page()

    # --- what they do -----------------------------------------------------------

    def open(self, url: str) -> None:
        """Go to an address."""
        self.page.goto(url)

    def join(self, url: str, name: str) -> None:
        """Come in by the door under a name, in the language that the card proposes."""
        self.open(url)
        self.door.locator("[name=name]").fill(name)
        self.door.locator("[type=submit]").click()
        expect(self.composer).to_be_visible()

    def say(self, text: str, *, to: str = "") -> None:
        """Write a line and press Enter; `to` is the name of a choice, empty for the last one."""
        if to:
            self.page.get_by_label("To:").select_option(to)
        self.composer.fill(text)
        self.composer.press("Enter")

    def listen(self) -> None:
        """Wait until the stream is open, which it is some time after the door."""
        expect(self.hub_word).not_to_have_text(re.compile("…$"))

    def say_in_vain(self, text: str) -> None:
        """Write a line while no posting gets through, until it is said to be unsent."""
        self.listen()
        self.page.route(POSTINGS, lambda route: route.abort())
        self.say(text)
        expect(self.line(text)).to_contain_text("Not sent yet.")

    def delete(self, text: str) -> None:
        """Take back a line of their own."""
        line = self.line(text)
        line.hover()
        line.get_by_role("button", name="Delete this message").click()
        line.get_by_role("button", name="Delete", exact=True).click()

    def open_tab(self, url: str) -> Visitor:
        """Return themselves, looking at a page in another tab of the same browser."""
        tab = copy.copy(self)
        tab.page = self._context.new_page()
        tab.open(url)
        return tab

    def before_each_page(self, script: str) -> None:
        """Have every page of this browser run a script first."""
        self._context.add_init_script(script)

    def requests(self, part: str) -> list[str]:
        """Return what gets the address of each request from now on that has this in it."""
        addresses: list[str] = []

        def note(request: Request) -> None:
            if part in request.url:
                addresses.append(request.url)

        self.page.on("request", note)
        return addresses

    def forgive(self, *troubles: str) -> None:
        """Take it as it comes when the console says this: the test provokes it."""
        self._forgiven += troubles

    def close(self) -> None:
        """Close the browser; nobody knows this person any more."""
        self._context.close()

    # --- what they see ----------------------------------------------------------

    @property
    def door(self) -> Locator:
        """The card that lets them in."""
        return self.page.locator("#join")

    @property
    def composer(self) -> Locator:
        """Where they write."""
        return self.page.locator("#composer textarea")

    @property
    def lines(self) -> Locator:
        """Every line of the log."""
        return self.page.locator("#log > .line")

    @property
    def texts(self) -> Locator:
        """What each line says."""
        return self.page.locator("#log .text")

    def line(self, text: str) -> Locator:
        """Return the lines that say exactly this."""
        exactly = re.compile(rf"^{re.escape(text)}$")
        return self.lines.filter(has=self.page.locator(".text", has_text=exactly))

    def answers_to(self, name: str) -> Locator:
        """Return the lines that are labelled as the assistant's to somebody."""
        label = re.compile(rf"^\s*HiveMind\s+→\s*\S+\s+{re.escape(name)}\s*:")
        return self.lines.filter(has=self.page.locator(".line-head", has_text=label))

    @property
    def hub_word(self) -> Locator:
        """What stands beside the dot."""
        return self.page.locator("#hub")

    @property
    def banner(self) -> Locator:
        """What is said about the assistant."""
        return self.page.locator("#hub-banner")

    @property
    def troubles(self) -> list[str]:
        """What the console complained of, and was not forgiven."""
        return [
            trouble
            for trouble in self._troubles
            if not any(forgiven in trouble for forgiven in self._forgiven)
        ]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._troubles.append(message.text)
