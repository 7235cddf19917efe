"""The assistant's Markdown: what becomes of it, and what never does."""

from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hivemind_chatroom.web.markdown import Markdown
from web.browser import Browser
from web.stage import Stage

READERS = 8

LINK = 'rel="noopener noreferrer nofollow"'

ALLOWED = {"p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}

ATTRIBUTES = {"ol": {"start"}, "a": {"href", "rel"}}
"""What docs/http-api.md promises, and the links' rel."""

HOSTILE = (
    "<script>alert(1)</script> **b**",
    "<img src=x onerror=alert(1)> **b**",
    "**<svg onload=alert(1)>**",
    "<a href='javascript:alert(1)'>x</a> *b*",
    "[x](javascript:alert(1)) *b*",
    "[x](JaVaScRiPt:alert(1)) *b*",
    "[x](&#106;avascript:alert(1)) *b*",
    "[x](java\tscript:alert(1)) *b*",
    "[x](&#x6A;avascript&colon;alert(1)) *b*",
    "[x](data:text/html;base64,PHNjcmlwdD4=) *b*",
    "[x](vbscript:x) [y](file:///etc/passwd) [z](about:blank)",
    "![x](javascript:alert(1)) *b*",
    "![x](data:image/png;base64,AAAA)",
    '![x" onerror="alert(1)](http://a.b/c.png)',
    '[x](http://a.b "t\\" onmouseover=\\"alert(1)")',
    "<javascript:alert(1)> *b*",
    "[x]: javascript:alert(1)\n\n[x] *b*",
    "```<script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```",
    '```" onload="alert(1)\nx\n```',
    "`</code><script>alert(1)</script>`",
    "</p></div></article><script>alert(1)</script>\n\n# x",
    "<!-- --!><script>alert(1)</script> --> *b*",
    "<style>*{display:none}</style> *b*",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe> *b*",
    "<form action=http://evil.example><button>x</button></form> *b*",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)> *b*",
    "\x00<scr\x00ipt>alert(1)</script> *b*",
    "&lt;script&gt;alert(1)&lt;/script&gt; *b*",
)

SWELLING = {
    "brackets": "[" * 6_000,
    "brackets in pairs": "[" * 3_000 + "]" * 3_000,
    "links": "[a](" * 1_500,
    "images": "![" * 3_000,
    "stars": "*a " * 2_000,
    "stars and lines": "a**b_c" * 1_000,
    "strikes": "~~a" * 2_000,
    "ticks": "".join("`" * size + " " for size in range(1, 108)),
    "quotes": ">" * 6_000,
    "quotes in quotes": "\n".join(">" * depth + "a" for depth in range(108)),
    "items": "- a\n" * 1_500,
    "items in items": "\n".join("  " * depth + "- a" for depth in range(75)),
    "numbers": "1. " * 2_000,
    "references": "[a]: http://" + "x" * 1_000 + "\n\n" + "[a]" * 1_600,
    "addresses": "<http://a>" * 600,
    "entities": "&quot;" * 1_000,
}


SIGN = st.sampled_from(
    ["", " ", "\n", "\n\n", "*", "**", "_", "`", "- ", "1. ", "> ", "# ", "    "]
)

MARKDOWN_OF_ALL = Markdown()


class Elements(HTMLParser):
    """What a piece of HTML holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Sunny** and *warm*", "<p><strong>Sunny</strong> and <em>warm</em></p>"),
        ("~~Rain~~", "<p><s>Rain</s></p>"),
        ("one **two**\nthree", "<p>one <strong>two</strong><br>\nthree</p>"),
        ("- milk\n- eggs", "<ul>\n<li>milk</li>\n<li>eggs</li>\n</ul>"),
        ("3. milk\n4. eggs", '<ol start="3">\n<li>milk</li>\n<li>eggs</li>\n</ol>'),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("```py\na = 1\n```", "<pre><code>a = 1\n</code></pre>"),
        ("one\n\n---\n\ntwo", "<p>one</p>\n<hr>\n<p>two</p>"),
        ("[OVOS](https://a.b/c_d_e)", f'<p><a href="https://a.b/c_d_e" {LINK}>OVOS</a></p>'),
        ("<https://a.b>", f'<p><a href="https://a.b" {LINK}>https://a.b</a></p>'),
        ("2 \\* 3", "<p>2 * 3</p>"),
        ("Fish &amp; chips", "<p>Fish &amp; chips</p>"),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert Markdown().html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "It is 20:14.",
        "21.5 °C, 40 % - and sunny & mild",
        "Two lines\nof speech\n\nand a third",
        "2 * 3 * 4 = 24",
        "snake_case_name #1 <3",
        "    indented by accident",
        "<b>not Markdown</b>",
        "[1] see below",
        "@Ana - yes",
        "",
        " \n ",
        "ما الطقس؟ 21°",
    ],
)
def test_what_says_the_same_has_no_html(text: str) -> None:
    assert Markdown().html(text) is None


def test_a_heading_is_a_strong_paragraph() -> None:
    html = Markdown().html("# Cake *today*\n\nMix.\n\nServe\n---")
    strong = "<p><strong>Cake <em>today</em></strong></p>"
    assert html == f"{strong}\n<p>Mix.</p>\n<p><strong>Serve</strong></p>"


@pytest.mark.parametrize(
    ("text", "said"), [("![a map]({})", "a map"), ("![]({})", "{}"), ("[]({})", "{}")]
)
def test_an_image_is_a_link_to_it(text: str, said: str) -> None:
    address = "https://a.b/c.png"
    html = Markdown().html(text.format(address))
    assert html == f'<p><a href="{address}" {LINK}>{said.format(address)}</a></p>'


def test_an_exclamation_mark_before_an_address_stays() -> None:
    html = Markdown().html("Look!<http://a.b>")
    assert html == f'<p>Look!<a href="http://a.b" {LINK}>http://a.b</a></p>'


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_but_the_known_elements_comes_out(text: str) -> None:
    _see_harmless(Markdown().html(text))


@given(st.text(alphabet="<>&\"'`*_~[]()!#:;=/\\\n\t -abjavscript123", max_size=80))
def test_nothing_else_comes_out_of_anything(text: str) -> None:
    _see_harmless(MARKDOWN_OF_ALL.html(text))


@given(st.lists(st.tuples(SIGN, SIGN)))
def test_no_word_is_lost(signs: list[tuple[str, str]]) -> None:
    words = [f"w{number}w" for number in range(len(signs))]
    parts = zip(signs, words, strict=True)
    html = MARKDOWN_OF_ALL.html("".join(a + b + word for (a, b), word in parts))
    assert html is None or re.findall(r"w\d+w", Elements(html).text) == words


@pytest.mark.parametrize("text", SWELLING.values(), ids=SWELLING.keys())
def test_what_swells_is_bounded(text: str) -> None:
    html = Markdown().html(text)
    assert html is None or len(html) <= 30_000
    _see_harmless(html)


def test_a_text_of_endless_length_is_not_looked_at() -> None:
    assert Markdown().html("**b** " * 1_000) is not None
    assert Markdown().html("**b** " * 1_001) is None


def test_what_the_parser_would_leave_out_stays_as_written() -> None:
    assert Markdown().html("> " * 8 + "**deep**") is not None
    assert Markdown().html("> " * 40 + "**deep**") is None


def test_a_text_is_read_once_for_many_readers(
    stage: Stage, ana: Browser, bob: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    parse = MarkdownIt.parse

    def noted(self: MarkdownIt, src: str) -> object:
        read.append(src)
        return parse(self, src)

    monkeypatch.setattr(MarkdownIt, "parse", noted)
    ana.post("/api/messages", {"client_id": "1", "text": "Pancakes?"})
    stage.answer("**Yes**")
    for reader in (ana, bob, ana):
        listing = reader.get("/api/messages").get_json()["messages"]
        assert listing[-1]["html"] == "<p><strong>Yes</strong></p>"
    assert read == ["**Yes**"]


def test_the_stream_has_it_too(stage: Stage, ana: Browser) -> None:
    ana.post("/api/messages", {"client_id": "1", "text": "Pancakes?"})
    stage.answer("- *Yes*")
    told = b"".join(each.chunk for each in stage.streams.published)
    assert json.dumps("<ul>\n<li><em>Yes</em></li>\n</ul>").encode() in told


def test_many_threads_may_ask_a_new_one_at_once() -> None:
    start = threading.Barrier(READERS)

    def ask(markdown: Markdown, number: int) -> str | None:
        start.wait()
        return markdown.html(f"**{number}**")

    with ThreadPoolExecutor(READERS) as readers:
        for _ in range(20):
            markdown = Markdown()
            asked = [readers.submit(ask, markdown, number) for number in range(READERS)]
            for number, answer in enumerate(asked):
                assert answer.result() == f"<p><strong>{number}</strong></p>"


def _see_harmless(html: str | None) -> None:
    for tag, attributes in Elements(html or "").found:
        assert tag in ALLOWED
        assert attributes.keys() <= ATTRIBUTES.get(tag, set())
        assert (attributes.get("href") or "http:").startswith(("http:", "https:"))
