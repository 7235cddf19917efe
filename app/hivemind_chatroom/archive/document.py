"""The log as one HTML page that needs nothing else, runs nothing and can be printed."""

from __future__ import annotations

import html

from hivemind_chatroom.archive.plain import plain
from hivemind_chatroom.room.model import Kind, Message

_BEGINNING = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{name}</title>
<style>
:root {{ color-scheme: light dark; --edge: #8a8f98; --quiet: #585d66; }}
@media (prefers-color-scheme: dark) {{ :root {{ --edge: #6d7480; --quiet: #a7adb8; }} }}
body {{ max-width: 46rem; margin: 1.5rem auto; padding-inline: 1rem;
  font: 1rem/1.5 system-ui, sans-serif; }}
h2 {{ margin-block: 2rem 0.5rem; border-block-end: 1px solid var(--edge); font-size: 1.125rem; }}
p {{ margin-block: 0.25rem; break-inside: avoid; white-space: pre-wrap; overflow-wrap: anywhere; }}
time {{ color: var(--quiet); font-variant-numeric: tabular-nums; }}
.assistant, .announcement, .media {{ border-inline-start: 0.1875rem solid var(--edge);
  padding-inline-start: 0.5rem; }}
@media print {{ body {{ margin: 0; font-size: 10pt; }} h2 {{ break-after: avoid; }} }}
</style>
</head>
<body>
<h1 dir="auto">{name}</h1>
"""


def beginning(room_name: str) -> str:
    """Return all that comes before the first day."""
    return _BEGINNING.format(name=_safe(room_name))


def day_heading(day: str) -> str:
    """Return what begins a day."""
    return f'<h2><time datetime="{day}">{day}</time></h2>\n'


def line(message: Message, time: str) -> str:
    """Return one message as a paragraph; nothing in it is markup of somebody's.

    Args:
        message: A public one.
        time: When it was said, as people read it.
    """
    draft = message.draft
    name = f"<b><bdi>{_safe(draft.author.name)}</bdi></b>"
    if draft.to:
        name += f" → <bdi>{_safe(draft.to.name)}</bdi>"
    said = f'<span dir="auto" lang="{_safe(draft.lang)}">{_safe(draft.text)}</span>'
    if draft.media:
        said += f" <code dir='ltr'>{_safe(draft.media.uri)}</code>"
    kind = "" if draft.kind is Kind.PERSON else f' class="{draft.kind}"'
    return f"<p{kind}><time>{time}</time> {name}: {said}</p>\n"


def end() -> str:
    """Return what closes the page."""
    return "</body>\n</html>\n"


def _safe(text: str) -> str:
    return html.escape(plain(text), quote=True)
