"""Makes the pictures in assets/screenshots from running rooms: python tests/browser/screenshots.py.

Words after it are the names of the views to make; none makes all.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "app")]

from browser.conftest import CHROMIUM, CHROMIUM_FLAGS  # noqa: E402
from browser.host_views import HOST_VIEWS, picture_of  # noqa: E402
from browser.visitor import DEADLINE_MS, DESKTOP, PHONE, Device, Visitor  # noqa: E402
from e2e.guest import Guest  # noqa: E402
from hivemind_chatroom.chatroom import Chatroom  # noqa: E402
from hivemind_chatroom.room.model import (  # noqa: E402
    Address,
    Delivery,
    Ending,
    HubState,
    HubStatus,
    Media,
    Reply,
)
from hivemind_chatroom.settings import HubChoice, Settings  # noqa: E402

FOLDER: Final = ROOT / "assets" / "screenshots"
COLORS: Final = 256
"""In each picture: a third of the bytes, and no difference to see."""
CODE: Final = "482193"

TALK: Final = (
    ("Bob", "en-US", "What's the weather like tomorrow?", "Sunny tomorrow, with up to 21 degrees."),
    ("سارة", "ar", "ما هي عاصمة البرتغال؟", "عاصمة البرتغال هي لشبونة."),
    ("João", "pt-PT", "Que horas são?", "São oito e um quarto da noite."),
    (
        "Ana",
        "en-US",
        "How do I make pancakes?",
        "You need **three things**:\n\n1. 200 g of flour\n2. 2 eggs\n3. 400 ml of milk",
    ),
    ("Bob", "en-US", "Play some music", ""),
)
"""Who says what in which language, and what the assistant answers; nothing is something to play."""


@dataclass(frozen=True, slots=True)
class Look:
    """On what, and when, a view is looked at."""

    name: str
    device: Device
    scheme: Literal["light", "dark"]


LOOKS: Final = (
    Look("phone", PHONE, "light"),
    Look("phone-dark", PHONE, "dark"),
    Look("desktop", DESKTOP, "light"),
    Look("desktop-dark", DESKTOP, "dark"),
)
SHARP: Final = frozenset({"talk-phone", "talk-desktop"})
"""README shows them."""


class Scene:
    """One room, one person in front of it, and what happens before the picture is taken."""

    def __init__(self, chatroom: Chatroom, ana: Visitor, leaving: ExitStack) -> None:
        self.chatroom = chatroom
        self.ana = ana
        self.room = chatroom.room
        self._guests: dict[str, Guest] = {}
        self._leaving = leaving

    def enter(self) -> None:
        """Let Ana in, into a room with an assistant."""
        self.ana.open(self.chatroom.url)
        self.ana.door.locator("[name=name]").fill("Ana")
        self.ana.door.locator("[type=submit]").click()
        self.room.hub_is(HubStatus(HubState.CONNECTED, self.room.hub.since))
        expect(self.ana.page.locator("#hub")).to_have_attribute("data-state", "ok")

    def hear(self, name: str, lang: str, text: str, to: str = "everyone") -> None:
        """Have somebody say something."""
        if name == "Ana":
            box = self.ana.page.locator("#composer textarea")
            box.fill(text)
            box.press("Enter")
            expect(self.ana.line(text)).to_have_attribute("data-state", "sent")
            return
        if name not in self._guests:
            self._guests[name] = self._leaving.enter_context(Guest(self.chatroom.url))
            self._guests[name].join(name, lang)
        self._guests[name].says(text, to)

    def answer(self, text: str, lang: str, media: Media | None = None) -> None:
        """Have the assistant answer what was asked last."""
        for utterance in self.room.utterances.waiting():
            assert self.room.utterances.sending(utterance)
            self.room.utterances.sent(utterance)
            address = Address(corr=utterance.corr)
            self.room.receive(Reply(address, text, lang, media=media))
            self.room.utterances.end(Ending(address, Delivery.ANSWERED))

    def press(self, selector: str) -> None:
        """Press a button that this screen may show or need not."""
        found = self.ana.page.locator(selector)
        if found.is_visible():
            found.click()


def join(scene: Scene) -> None:
    """The card at the door."""
    scene.ana.open(scene.chatroom.url)
    expect(scene.ana.door.locator("[name=name]")).to_be_focused()


def refused(scene: Scene) -> None:
    """A name that somebody bears already."""
    scene.hear("Bob", "en-US", "Hello")
    join(scene)
    scene.ana.door.locator("[name=name]").fill("Bob")
    scene.ana.door.locator("[type=submit]").click()
    expect(scene.ana.door.locator("[data-about=name]")).not_to_be_empty()


def empty(scene: Scene) -> None:
    """A room in which nobody has said anything."""
    scene.enter()
    expect(scene.ana.page.locator(".empty")).to_be_visible()


def talk(scene: Scene) -> None:
    """People, languages, answers, something to play."""
    scene.enter()
    tune = Media(f"{scene.chatroom.url}/static/tune.wav", title="A tune", artist="HiveMind")
    for number, (name, lang, question, answer) in enumerate(TALK, start=1):
        scene.hear(name, lang, question)
        scene.answer(answer, lang, None if answer else tune)
        expect(scene.ana.lines).to_have_count(2 * number)
    expect(scene.ana.lines.last).to_be_in_viewport(ratio=1)


def people(scene: Scene) -> None:
    """Who is here."""
    talk(scene)
    scene.press("#people-button")


def settings(scene: Scene) -> None:
    """What somebody may choose."""
    talk(scene)
    scene.press("#preferences-button")
    expect(scene.ana.page.locator("#preferences-name")).to_have_value("Ana")


def search(scene: Scene) -> None:
    """What was said, found again."""
    talk(scene)
    scene.press("#search-button")
    scene.ana.page.locator("#search-words").fill("tomorrow")
    expect(scene.ana.page.locator("#search li")).to_have_count(2)


def simple(scene: Scene) -> None:
    """Large letters and three buttons."""
    talk(scene)
    scene.press("#preferences-button")
    scene.ana.page.locator("#simple").check()
    scene.ana.page.keyboard.press("Escape")


def waiting(scene: Scene) -> None:
    """A question on its way, and one without an answer."""
    scene.enter()
    scene.hear("Ana", "en-US", "What time is it?")
    (utterance,) = scene.room.utterances.waiting()
    assert scene.room.utterances.sending(utterance)
    scene.room.utterances.sent(utterance)
    scene.room.utterances.end(Ending(Address(corr=utterance.corr), Delivery.UNANSWERED))
    expect(scene.ana.page.get_by_role("button", name="Ask again")).to_be_visible()
    scene.hear("Ana", "en-US", "What day is it?")


def away(scene: Scene) -> None:
    """The hub is away; people go on."""
    talk(scene)
    status = HubStatus(HubState.UNREACHABLE, scene.room.hub.since, "hub.unreachable")
    scene.room.hub_is(status)
    expect(scene.ana.page.locator("#hub-banner")).to_be_visible()


def offline(scene: Scene) -> None:
    """The room itself is gone, with a line unsent."""
    talk(scene)
    scene.chatroom.stop()
    expect(scene.ana.page.locator("#offline-banner")).to_be_visible()
    scene.ana.page.locator("#composer textarea").fill("Is anybody there?")
    scene.ana.page.locator("#composer textarea").press("Enter")
    expect(scene.ana.line("Is anybody there?").locator(".outcome")).to_be_visible()


def long(scene: Scene) -> None:
    """The longest name and the longest word."""
    scene.enter()
    scene.hear("W" * 24, "de", "Donaudampfschifffahrtsgesellschaft" * 6)
    scene.answer("Rindfleischetikettierungsüberwachung" * 6, "de")
    expect(scene.ana.lines).to_have_count(2)
    scene.press("#people-button")


def plain(scene: Scene) -> None:
    """The page of a browser without scripts."""
    scene.room.hub_is(HubStatus(HubState.CONNECTED, scene.room.hub.since))
    for name, lang, question, answer in TALK[:3]:
        scene.hear(name, lang, question)
        scene.answer(answer, lang)
    page = scene.ana.page
    page.goto(f"{scene.chatroom.url}/plain?name=Ana")
    page.locator("[type=submit]").click()
    page.locator("#plain-message").fill("Good morning")
    page.locator("[type=submit]").click()
    expect(page.frame_locator("iframe").locator("li")).to_have_count(7)


@dataclass(frozen=True, slots=True)
class View:
    """Something to look at."""

    come_to: Callable[[Scene], None]
    lang: str = "en-US"
    code: str = "none"
    needs: str = ""
    """What the page must have, as a selector; without it there is no picture."""
    looks: tuple[Look, ...] = LOOKS


VIEWS: Final[dict[str, View]] = {
    "join": View(join, code=CODE),
    "refused": View(refused, looks=LOOKS[:2]),
    "empty": View(empty),
    "talk": View(talk),
    "people": View(people, looks=LOOKS[:2]),
    "settings": View(settings),
    "search": View(search, needs="#search"),
    "simple": View(simple, needs="#simple"),
    "waiting": View(waiting, looks=LOOKS[:2]),
    "away": View(away, looks=LOOKS[:3]),
    "offline": View(offline, looks=LOOKS[:3]),
    "long": View(long),
    "plain": View(plain, looks=LOOKS[:2]),
    "rtl-join": View(join, lang="ar", code=CODE, looks=LOOKS[:1]),
    "rtl-talk": View(talk, lang="ar"),
}
"""A view more is a line more."""


def take(browser: Browser, name: str, view: View, look: Look, folder: Path) -> None:
    """Open a room, come to a view of it, and keep the picture."""
    file = f"{name}-{look.name}"
    device = replace(look.device, density=2) if file in SHARP else look.device
    with ExitStack() as leaving:
        chatroom = Chatroom(
            Settings(
                host="127.0.0.1",
                port=0,
                hub=HubChoice.NONE,
                data_dir=folder / file,
                room_name="Family room",
                code=view.code,
            )
        )
        chatroom.start()
        leaving.callback(chatroom.stop)
        ana = leaving.enter_context(closing(Visitor(browser, device, lang=view.lang)))
        ana.page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
        ana.open(chatroom.url)
        if view.needs and not ana.page.locator(view.needs).count():
            print(f"{file}: there is no {view.needs} yet")  # noqa: T201 - a program for people
            return
        view.come_to(Scene(chatroom, ana, leaving))
        picture = ana.page.screenshot(animations="disabled", caret="hide")
    _keep(picture, FOLDER / f"{file}.png")


def take_host(browser: Browser, name: str) -> None:
    """Keep the pictures of something that the host looks at."""
    for scheme in HOST_VIEWS[name].schemes:
        file = name if scheme == "light" else f"{name}-dark"
        _keep(picture_of(browser, HOST_VIEWS[name], scheme), FOLDER / f"{file}.png")


def _keep(picture: bytes, file: Path) -> None:
    """Write a picture in its most frequent colours, exactly, and in the nearest of them."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    pixels = image.tobytes()
    found = Counter(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))
    palette = Image.new("P", (1, 1))
    palette.putpalette(b"".join(bytes(color) for color, _ in found.most_common(COLORS)))
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(file, optimize=True)


def main(names: list[str]) -> None:
    """Take the pictures of some views, or of all."""
    expect.set_options(timeout=DEADLINE_MS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["XDG_CONFIG_HOME"] = folder  # Chromium writes there too
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        for name in names or (*VIEWS, *HOST_VIEWS):
            if name in VIEWS:
                for look in VIEWS[name].looks:
                    take(browser, name, VIEWS[name], look, Path(folder))
            else:
                take_host(browser, name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
