"""What an attacker writes into a field, and what tells that a browser has obeyed."""

from __future__ import annotations

import contextlib
import time
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Dialog, Error, Request, Route

from browser.visitor import DEADLINE_MS, Visitor
from hivemind_chatroom.room.names import NAME_MAX

CANARY: Final = "canary.invalid"
"""A computer that nothing on a page may ever be asked of."""

_LOADS: Final = f"http://{CANARY}/x"

OF_MARKUP: Final = (
    "<script>ran()</script>",
    "<img src onerror=ran()>",
    "<svg onload=ran()>",
    "<svg><script>ran()</script></svg>",
    "<svg/onload=alert(1)>",
    "<iframe src='javascript:parent.ran()'></iframe>",
    '<iframe srcdoc="<script>parent.ran()</script>"></iframe>',
    "<details open ontoggle=ran()>",
    "<input autofocus onfocus=ran()>",
    "<video><source onerror=ran()></video>",
    "<style onload=ran()></style>",
    f"<style>@import '{_LOADS}'</style>",
    f"<link rel=stylesheet href={_LOADS}>",
    f"<img src={_LOADS}>",
    f"<meta http-equiv=refresh content='0;url={_LOADS}'>",
    f"<base href='http://{CANARY}/'><img src=x>",
    f"<object data={_LOADS}></object>",
    "<p style='animation:x 1s' onanimationstart=ran()><style>@keyframes x{}</style>",
    '<noscript><p title="</noscript><img src=x onerror=ran()>">',
)
"""Run wherever text becomes markup."""

OF_QUOTES: Final = {
    '" onpointerenter=ran() autofocus onfocus=ran() x="': '<i tabindex=0 title="{}">',
    '"><script>ran()</script>': '<i title="{}">',
    "'><img src=x onerror=ran()>": "<i title='{}'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=ran()>'>": (
        "<i title='{}'>"
    ),
    "</script><script>ran()</script>": "<script>x = '{}'</script>",
    "</title></textarea></style><svg onload=ran()>": "<title>{}</title>",
    "--><script>ran()</script><!--": "<!--{}-->",
    '";ran();"': '<script>x = "{}"</script>',
    "';ran();//": "<script>x = '{}'</script>",
    "\u2028ran()//": "<script>//{}</script>",
    "${ran()}{{ 7 * 7 }}": "<script>x = `{}`</script>",
}
"""Leave the quotes, or the element, that they were put into; with such a place."""

OF_ADDRESSES: Final = (
    "javascript:ran()",
    "JaVaScRiPt:ran()//http://",
    "\x01javascript:ran()",
    "java\tscript:ran()",
)
"""Run where they are followed."""

OF_MARKDOWN: Final = (
    "[press](javascript:ran())",
    "[press]: javascript:ran()\n\n[press]",
    "<javascript:ran()>",
    f"![picture]({_LOADS})",
)

PAYLOADS: Final = (*OF_MARKUP, *OF_QUOTES, *OF_ADDRESSES, *OF_MARKDOWN)

NAMES: Final = tuple(
    each for each in (*OF_MARKUP, *OF_QUOTES) if len(each) <= NAME_MAX and "/" not in each
)
"""Those that a name may be."""

_LISTEN: Final = """
addEventListener("securitypolicyviolation", (event) => stopped(event.violatedDirective));
"""

_STRANGE: Final = """
() => {
  const fine = /^(https?:|blob:|data:image[/]svg|#|[/.])/i;
  const own = (element) => element.matches("script[src], script#boot, script[type$=json]");
  return [...document.querySelectorAll("*")].filter((element) =>
    [...element.attributes].some(({ name, value }) =>
      name.startsWith("on") || name === "srcdoc" || name === "style" && /url|import/.test(value)
        || ["href", "src", "action", "data"].includes(name) && !fine.test(value))
    || element.matches("object, embed, base, meta[http-equiv], style")
    || element.matches("script") && !own(element)
  ).map((element) => element.outerHTML.slice(0, 200));
}
"""
"""Finds what no page of ours has: events in attributes, other addresses, things embedded."""


class Watch:
    """Whatever a visitor's browser does that only a payload could have had it do."""

    def __init__(self, visitor: Visitor) -> None:
        """Watch every page that this browser opens from now on."""
        self.visitor = visitor
        self.runs: list[str] = []
        """Calls of the marker, and dialogs."""
        self.requests: list[str] = []
        """To the canary."""
        self.stopped: list[str] = []
        """What the page's policy has stopped: something did become markup."""
        context = visitor.page.context
        context.expose_function("ran", lambda *_: self.runs.append("ran()"))
        context.expose_function("stopped", lambda what: self.stopped.append(str(what)))
        context.on("dialog", self._dismiss)
        context.on("request", self._note)
        context.route(f"**://{CANARY}/**", self._refuse)
        visitor.before_each_page(_LISTEN)

    def sees_nothing(self) -> None:
        """Fail when anything was run, asked for or stopped, or is in the page now."""
        strange = self.visitor.page.evaluate(_STRANGE)
        seen = [*self.runs, *self.requests, *self.stopped, *strange]
        assert not seen, seen

    def sees_something(self) -> None:
        """Wait until anything was run or asked for."""
        page = self.visitor.page
        by = time.monotonic() + DEADLINE_MS / 1_000
        while not (self.runs or self.requests):
            assert time.monotonic() < by
            with contextlib.suppress(Error):  # the page is left: that is what it waits for
                page.evaluate("() => new Promise(requestAnimationFrame)")

    def _dismiss(self, dialog: Dialog) -> None:
        self.runs.append(dialog.type)
        dialog.dismiss()

    def _note(self, request: Request) -> None:
        if urlsplit(request.url).hostname == CANARY:
            self.requests.append(request.url)

    def _refuse(self, route: Route) -> None:
        route.abort()


def poisoned(value: Any, payload: str, but: frozenset[str] = frozenset()) -> Any:  # noqa: ANN401
    """Return a value of JSON with a payload for every text in it.

    Args:
        value: What a program tells a page.
        payload: What stands where a text was.
        but: The names whose texts are one of a few words, or a time: by another one the page would
            break before it comes to what follows.
    """
    if isinstance(value, dict):
        return {
            name: part if name in but else poisoned(part, payload, but)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [poisoned(part, payload, but) for part in value]
    return payload if isinstance(value, str) else value


def texts_of(value: Any, but: frozenset[str] = frozenset()) -> int:  # noqa: ANN401
    """Return how many texts of a value are poisoned."""
    if isinstance(value, dict):
        return sum(texts_of(part, but) for name, part in value.items() if name not in but)
    if isinstance(value, list):
        return max((texts_of(part, but) for part in value), default=0)
    return isinstance(value, str)
