"""Makes the README's screenshots from the running room: python tests/browser/screenshots.py."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, expect, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "app")]

from browser.conftest import CHROMIUM, CHROMIUM_FLAGS  # noqa: E402
from browser.visitor import DEADLINE_MS, Device, Visitor  # noqa: E402
from hivemind_chatroom.chatroom import Chatroom  # noqa: E402
from hivemind_chatroom.settings import HubChoice, Settings  # noqa: E402

FOLDER: Final = ROOT / "assets" / "screenshots"

LARGE_PHONE: Final = Device(430, 932, has_touch=True, density=2)
LAPTOP: Final = Device(1280, 720, has_touch=False, density=2)

TALK: Final = (
    ("Ana", "Que horas são?"),
    ("Bob", "What time is it?"),
    ("سارة", "كم الساعة الآن؟"),
    ("Ana", "Toca uma música"),
)
"""Who says what; each line is asked of the assistant too."""

LANGUAGES: Final = {"Ana": "pt-PT", "Bob": "en-US", "سارة": "ar"}


def make_screenshots(browser: Browser, url: str) -> None:
    """Let three people talk with the assistant, and take pictures of what two of them see."""
    with ExitStack() as leaving:
        people = {
            name: leaving.enter_context(closing(_visitor(browser, name))) for name in LANGUAGES
        }
        for name, visitor in people.items():
            visitor.join(url, name)
            expect(visitor.hub_word).to_have_attribute("data-state", "ok")
        for name, text in TALK:
            answers = people[name].answers_to(name)
            answered = answers.count()
            people[name].say(text)
            expect(answers.nth(answered)).to_be_visible()
        for name, file in (("Ana", "room-phone.png"), ("Bob", "room-desktop.png")):
            expect(people[name].lines.last).to_be_in_viewport(ratio=1)
            people[name].page.screenshot(path=FOLDER / file, animations="disabled")


def _visitor(browser: Browser, name: str) -> Visitor:
    return Visitor(browser, LAPTOP if name == "Bob" else LARGE_PHONE, lang=LANGUAGES[name])


def main() -> None:
    """Open a room with the built-in assistant for as long as the pictures take."""
    expect.set_options(timeout=DEADLINE_MS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        os.environ["XDG_CONFIG_HOME"] = folder  # Chromium writes there too
        settings = Settings(
            host="127.0.0.1",
            port=0,
            hub=HubChoice.BUILT_IN,
            data_dir=Path(folder) / "data",
            room_name="Family room",
        )
        chatroom = Chatroom(settings)
        chatroom.start()
        running.callback(chatroom.stop)
        playwright = running.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        make_screenshots(browser, chatroom.url)
        browser.close()


if __name__ == "__main__":
    main()
