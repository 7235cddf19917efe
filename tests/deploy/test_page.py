"""The page itself, over HTTPS and through a proxy, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect, sync_playwright

from browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from browser.visitor import DEADLINE_MS, DESKTOP, PHONE, Visitor
from deploy.front import CODE, Front
from hivemind_chatroom.web.visitors import COOKIE

TRUSTING = "--ignore-certificate-errors"
"""The certificate is the test's own; a flag, as the page's worker asks too."""


def test_two_people_talk_through_the_proxy_and_no_console_complains(front: Front) -> None:
    expect.set_options(timeout=DEADLINE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, TRUSTING]
        )
        ana, bob = Visitor(chromium, PHONE), Visitor(chromium, DESKTOP)
        for visitor, name in ((ana, "Ana"), (bob, "Bob")):
            visitor.join(f"{front.site.url}/j/{CODE}", name)
        ana.say("good morning")
        expect(bob.page.get_by_text("good morning")).to_be_visible()
        [cookie] = [each for each in ana.page.context.cookies() if each["name"] == COOKIE]
        assert cookie["secure"]
        expect(ana.page).to_have_url(re.compile("^https://"))
        assert ana.troubles + bob.troubles == []
        chromium.close()
