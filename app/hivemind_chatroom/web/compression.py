"""Pages are sent compressed; what people say is not."""

from __future__ import annotations

import gzip
from typing import Final

from flask import Flask, Response, request

_LEVEL: Final = 6
"""The page is compressed for each who asks, and nine would take three times as long for 1 %."""

_WORTH_BYTES: Final = 1_000
"""What is smaller travels in one packet anyway."""


def install(app: Flask) -> None:
    """Compress the pages of `app`."""
    app.after_request(compressed)


def compressed(response: Response) -> Response:
    """Return a response compressed, if it is a page and the browser takes it.

    The length of something compressed can tell a secret in it to whoever may put words beside it
    and listens in (BREACH). A page holds none: the session is in a cookie that no page repeats, and
    the code of an invitation stands in the address it came by. JSON, which holds what people say
    in private, stays as it is.
    """
    is_page = (response.content_type or "").startswith("text/html")
    if not is_page or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    page = response.get_data()
    if len(page) >= _WORTH_BYTES and request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(page, _LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response
