"""The page in the languages of its readers, from the left, from the right, and in none at all."""

from __future__ import annotations

import json
from gettext import NullTranslations
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, SMALL_PHONE, Device, Visitor
from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.web import app
from hivemind_chatroom.web.catalogues import FOLDER, Catalogue, Catalogues
from hivemind_chatroom.web.languages import KnownLanguages

REFUSED: Final = "Failed to load resource"
"""What Chromium's console says of an answer that isn't 2xx."""

PSEUDO: Final = "qps"
"""A tag for private use (ISO 639-2) that stands for a language of brackets and long words."""

UNWRAPPED: Final = """() => {
  const own = "bdi, time, code, script, style, noscript, select[id$=lang], .text, .disc";
  const words = (text) => {
    let left = text, before;
    do { before = left; left = left.replace(/\\u27e6[^\\u27e6\\u27e7]*\\u27e7/g, ""); }
    while (left !== before);
    return left.replace(/qps/gi, "").trim();
  };
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element instanceof HTMLTemplateElement) look(element.content);
      for (const name of ["aria-label", "placeholder", "alt"]) {
        const said = words(element.getAttribute(name) ?? "");
        if (said && element.localName !== "audio") found.push(`${name}: ${said}`);
      }
      const says = [...element.childNodes].some(({ nodeType }) => nodeType === Node.TEXT_NODE);
      if (!says || element.closest(own)) continue;
      const copy = element.cloneNode(true);
      for (const inner of copy.querySelectorAll(own)) inner.remove();
      const said = words(copy.textContent);
      const isInside = element.parentElement?.textContent.includes("\\u27e6");
      if (/\\p{L}/u.test(said) && !isInside) found.push(said);
    }
  };
  look(document.body);
  return found;
}"""
"""What is said on the page and in its templates outside of brackets, but for people's own words."""

CUT_OFF: Final = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.checkVisibility() && !element.closest(".sr, svg"))
  .filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    const { overflowX } = getComputedStyle(element);
    let scrolls = false;
    for (let above = element.parentElement; above; above = above.parentElement) {
      scrolls ||= getComputedStyle(above).overflowX === "auto";
    }
    const isOutside = !scrolls && (left < -0.5 || right > innerWidth + 0.5);
    const isUnseen = getComputedStyle(element).clipPath !== "none";
    const isClipped = !isUnseen && ["hidden", "clip"].includes(overflowX) && element.clientWidth > 0
      && element.scrollWidth > element.clientWidth + 1;
    return isOutside || isClipped;
  })
  .map((element) => `${element.localName}.${element.className}: ${element.textContent}`)"""
"""What reaches over the edge of the screen, or of what it stands in."""


def pseudo(sentence: str) -> str:
    """Return a sentence half as long again, in brackets."""
    return f"⟦{sentence}{' ooh' * (len(sentence) // 10 + 1)}⟧"


class PseudoTranslations(NullTranslations):
    """Translates whatever it is given."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)


class PseudoCatalogues(Catalogues):
    """The room's catalogues and one more."""

    def __init__(self, folder: Path, known: KnownLanguages) -> None:
        super().__init__(folder, known)
        file = FOLDER / "de" / "LC_MESSAGES" / "chatroom.json"
        said = {
            sentence: {"other": pseudo(sentence)} if isinstance(own, dict) else pseudo(sentence)
            for sentence, own in json.loads(file.read_text("utf-8")).items()
        }
        self._catalogues[PSEUDO] = Catalogue(PSEUDO, "ltr", PseudoTranslations(), said)


@pytest.mark.parametrize("device", [PHONE, DESKTOP])
def test_arabic_is_read_from_the_right(open_room: OpenRoom, arrive: Arrive, device: Device) -> None:
    room = open_room()
    sara, bob = arrive(device, lang="ar"), arrive(DESKTOP)
    sara.open(room.url)
    expect(sara.page.locator("html[lang=ar][dir=rtl]")).to_be_attached()
    expect(sara.door.get_by_label("اسمك")).to_be_focused()

    sara.join(room.url, "سارة")
    bob.join(room.url, "Bob")
    sara.say("مرحبا")
    sara.say("How are you?")
    bob.say("Hello")

    expect(sara.page.locator("#people-button .sr")).to_have_text("شخصان هنا")
    theirs, own = sara.line("Hello").locator(".text"), sara.line("مرحبا").locator(".text")
    expect(theirs).to_have_css("direction", "ltr")
    expect(own).to_have_css("direction", "rtl")
    expect(sara.line("How are you?").locator(".text")).to_have_css("direction", "ltr")
    assert _left_of(own) < _left_of(theirs)
    assert _left_of(sara.page.locator(".send")) < _left_of(sara.page.locator(".to-whom select"))
    assert _left_of(bob.line("مرحبا").locator(".text")) < _left_of(
        bob.line("Hello").locator(".text")
    )
    assert sara.page.evaluate(CUT_OFF) == []


def test_a_link_says_the_language_and_the_door_changes_it(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(code="482193")
    ana = arrive(PHONE, lang="de")
    ana.forgive(REFUSED)
    ana.open(f"{room.url}/?lang=fr")
    expect(ana.door.get_by_label("Langue")).to_have_value("fr")

    ana.door.get_by_label("Ton nom").fill("Ana")
    ana.door.get_by_label("Code du salon").fill("111111")
    ana.door.get_by_label("Langue").select_option("es")

    expect(ana.door.get_by_label("Idioma")).to_have_value("es")
    expect(ana.door.get_by_label("Tu nombre")).to_have_value("Ana")
    code = ana.door.get_by_label("Código de la sala")
    expect(code).to_have_value("111111")
    ana.door.get_by_role("button", name="Entrar").click()
    refusal = "Ese no es el código de la sala. Quedan 4 intentos."
    expect(code).to_have_accessible_description(refusal)

    code.fill("482193")
    ana.door.get_by_role("button", name="Entrar").click()
    expect(ana.page.get_by_placeholder("Di o pregunta algo…")).to_be_visible()
    ((member, _),) = room.room.members()
    assert member.lang == "es"


def test_the_room_changes_its_language_with_its_reader(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.join(open_room().url, "Ana")

    ana.page.get_by_role("button", name="Your settings").click()
    ana.page.get_by_label("Language").locator("visible=true").select_option("pt-BR")

    expect(ana.page.locator("html[lang=pt-PT]")).to_be_attached()
    expect(ana.hub_word).to_have_text("Sem assistente aqui")
    ana.page.get_by_role("button", name="As tuas definições").click()
    expect(ana.page.locator("#preferences-lang")).to_have_value("pt-BR")


def test_a_language_that_the_page_does_not_speak_is_the_assistants_alone(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    room.room.hub_is(HubStatus(HubState.CONNECTED, room.room.hub.since))
    ana = arrive(PHONE)
    ana.open(room.url)
    hint = "This page stays in English. The assistant is asked in Italiano."
    expect(ana.page.get_by_text(hint)).to_have_count(0)

    ana.door.get_by_label("Language").select_option("it")
    expect(ana.door.get_by_text(hint)).to_be_visible()
    ana.door.get_by_label("Your name").fill("Ana")
    ana.door.get_by_role("button", name="Join").click()

    expect(ana.composer).to_be_visible()
    ana.page.get_by_role("button", name="Your settings").click()
    expect(ana.page.locator("#preferences").get_by_text(hint)).to_be_visible()
    ana.page.locator("#preferences-lang").select_option("de")
    expect(ana.page.locator("html[lang=de]")).to_be_attached()
    expect(ana.page.get_by_text("Italiano").locator("visible=true")).to_have_count(0)


def test_every_sentence_is_translated_and_has_room(
    open_room: OpenRoom, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "Catalogues", PseudoCatalogues)
    room = open_room(code="482193")
    ana = arrive(SMALL_PHONE)
    ana.open(f"{room.url}/?lang={PSEUDO}")
    _see_all_in_brackets(ana)

    ana.door.locator("[name=code]").fill("482193")
    ana.door.locator("[name=name]").fill("Ana")
    ana.door.locator("[type=submit]").click()
    expect(ana.hub_word).to_contain_text("⟦")
    ana.say("Hello")
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    _see_all_in_brackets(ana)
    for button in ("people", "preferences"):
        ana.page.locator(f"#{button}-button").click()
        _see_all_in_brackets(ana)


def _see_all_in_brackets(visitor: Visitor) -> None:
    expect(visitor.page.locator(f"html[lang={PSEUDO}]")).to_be_attached()
    assert visitor.page.evaluate(UNWRAPPED) == []
    assert visitor.page.evaluate(CUT_OFF) == []


def _left_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["x"]
