"""How a test finds its way about the host's dashboard."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Locator, Page

from browser.visitor import Device

WINDOW: Final = Device(1280, 800, has_touch=False)
"""The window as it opens."""


def open_tab(page: Page, name: str) -> Locator:
    """Go to a tab, and return what it shows."""
    page.get_by_role("tab", name=name).click()
    return page.get_by_role("tabpanel")


def press(place: Page | Locator, name: str) -> None:
    """Press a button."""
    place.get_by_role("button", name=name, exact=True).click()
