"""The assistant's Markdown on the page: what it looks like, and what can't come in by it."""

from __future__ import annotations

import json
from typing import Final

from playwright.sync_api import Route, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, SMALL_PHONE, Visitor
from hivemind_chatroom.room.model import Address, Reply

RECIPE: Final = """# Pancakes

3. Mix *200 g* flour, see https://a.example/b_c.
4. Rest `https://no.example`

```
fry = "a line of code that is longer than any phone is wide, so it scrolls"
```

> The [first](https://c.example/d) is the **cook's**.
"""

RUN: Final = "document.title='run'"

HOSTILE: Final = (
    f'<p onclick="{RUN}" style=color:red>a<img src=x onerror="{RUN}"><b>b</b>'
    f'<a href="javascript:{RUN}">c</a></p><script>{RUN}</script><svg onload="{RUN}"></svg>'
    "<style>#log{display:none}</style>"
    "<form action=http://evil.example><button>d</button></form><ol start=2><li id=log>e</ol>"
)


def test_markdown_is_shown_and_its_signs_are_not(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = open_room(), arrive(SMALL_PHONE)
    ana.join(room.url, "Ana")
    ana.say("# I *write* `so`")
    expect(ana.lines).to_have_attribute("data-state", "sent")
    room.room.receive(Reply(Address(), RECIPE))

    for _ in range(2):
        expect(ana.texts.first).to_have_text("# I *write* `so`")
        text = ana.texts.last
        expect(text.locator("p > strong").first).to_have_text("Pancakes")
        expect(text.locator("ol > li > em")).to_have_text("200 g")
        expect(text.locator("ol")).to_have_js_property("start", 3)
        expect(text.locator("blockquote strong")).to_have_text("cook's")
        links = text.locator("a")
        expect(links).to_have_text(["https://a.example/b_c", "first"])
        for link in links.all():
            expect(link).to_have_attribute("target", "_blank")
            expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
        ana.page.reload()


def test_code_scrolls_and_the_page_does_not(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = open_room(), arrive(SMALL_PHONE)
    ana.join(room.url, "Ana")
    room.room.receive(Reply(Address(), RECIPE))

    code = ana.page.locator("pre")
    expect(code).to_have_attribute("tabindex", "0")
    assert code.evaluate("code => code.scrollWidth > code.clientWidth")
    wider = "element => element.scrollWidth > element.clientWidth"
    for part in ("html", "#scroller", ".text"):
        assert not ana.page.locator(part).first.evaluate(wider)


def test_no_letter_of_an_answer_is_large(open_room: OpenRoom, arrive: Arrive) -> None:
    room, ana = open_room(), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    room.room.receive(Reply(Address(), RECIPE))
    expect(ana.lines).to_have_count(1)

    size = "all => all.map((each) => parseFloat(getComputedStyle(each).fontSize))"
    sizes = ana.page.eval_on_selector_all("#log .text, #log .text *", size)
    assert max(sizes) <= 16 * 1.1


def test_nothing_strange_comes_in_should_the_room_let_it_pass(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room, ana = open_room(), arrive(DESKTOP)
    ana.forgive("Content Security Policy")  # which stands behind both fences
    ana.join(room.url, "Ana")
    room.room.receive(Reply(Address(), "Hello"))
    expect(ana.lines).to_have_count(1)

    _let_the_room_send(ana, HOSTILE)
    ana.page.reload()

    expect(ana.texts.first).to_contain_text("a")
    html = ana.texts.first.evaluate("text => text.innerHTML")
    assert html.startswith("<p>ab<span>c</span></p>")
    assert html.endswith('<ol start="2"><li>e</li></ol>')
    expect(ana.texts.first.locator("script, style, svg, img, form, button, a, b")).to_have_count(0)
    expect(ana.page).to_have_title("Family room")


def _let_the_room_send(visitor: Visitor, html: str) -> None:
    def answer(route: Route) -> None:
        response = route.fetch()
        page = response.json()
        for message in page["messages"]:
            message["html"] = html
        route.fulfill(response=response, body=json.dumps(page))

    visitor.page.route("**/api/messages?**", answer)
