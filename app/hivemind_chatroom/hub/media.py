"""Play requests: what the assistant wants played, and which of it a browser may be given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from hivemind_chatroom.hub.text import clean
from hivemind_chatroom.room.model import Media

URI_MAX = 2_000
"""Characters in an address of something to play."""

TITLE_MAX = 200
"""Characters in a title or an artist."""

_PLAYBACK_VIDEO = 1
"""OVOS Common Play's number of a video (`PlaybackType.VIDEO`)."""

_PAIR = 2
"""The length of a track that brings its MIME type."""

_OUR_FILE = re.compile(r"/static/(?:[\w-][\w.-]*/)*[\w-][\w.-]*", re.ASCII)


def media_of(entry: Mapping[str, Any]) -> Media:
    """Read one entry of OVOS Common Play; every field may be missing or of another type."""
    return Media(
        uri=clean(entry.get("uri"), URI_MAX),
        title=clean(entry.get("title"), TITLE_MAX),
        artist=clean(entry.get("artist"), TITLE_MAX),
        kind="video" if entry.get("playback") == _PLAYBACK_VIDEO else "audio",
    )


def first_track(tracks: object) -> Media:
    """Read the audio service's tracks: an address, or a list of addresses or of address and type.

    Only the first is taken: the room plays nothing by itself, so it keeps no playlist either.
    """
    track = tracks[0] if isinstance(tracks, list) and tracks else tracks
    address, mime = track if isinstance(track, list) and len(track) == _PAIR else (track, "")
    is_video = isinstance(mime, str) and mime.startswith("video/")
    return Media(clean(address, URI_MAX), kind="video" if is_video else "audio")


def may_be_played(uri: str) -> bool:
    """Tell whether a browser may be given this address: http, https, or a file that we serve."""
    if _OUR_FILE.fullmatch(uri):
        return True
    try:
        parts = urlsplit(uri)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
