from __future__ import annotations

import pytest

from hivemind_chatroom.hub.media import (
    TITLE_MAX,
    URI_MAX,
    first_track,
    may_be_played,
    media_of,
)
from hivemind_chatroom.room.model import Media


@pytest.mark.parametrize(
    "uri",
    [
        "http://192.168.1.5/a.mp3",
        "https://example.org/a?b=c#d",
        "HTTPS://example.org/a",
        "http://[::1]:80/a",
        "/static/tones/beep.wav",
        "/static/beep.wav",
    ],
)
def test_what_a_browser_can_fetch_may_be_played(uri: str) -> None:
    assert may_be_played(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "/etc/passwd",
        "/api/me",
        "/static/../api/me",
        "/static/..",
        "/static/a/../../api",
        "/static//evil.example/a",
        "/static/a%2e%2e/b",
        "/static/",
        "/static/a?b",
        "//evil.example/static/a",
        "http://",
        "http:///a",
        "http:a",
        "https://[::1",
        "ftp://h/a",
        "spotify:track:1",
        "http\x00://h/a",
        "beep.wav",
    ],
)
def test_what_else_stands_there_may_not(uri: str) -> None:
    assert not may_be_played(uri)


@pytest.mark.parametrize(("playback", "kind"), [(1, "video"), (2, "audio"), (None, "audio")])
def test_a_video_is_told_from_sound(playback: object, kind: str) -> None:
    assert media_of({"uri": "http://h/a", "playback": playback}).kind == kind


def test_long_fields_are_cut() -> None:
    media = media_of({"uri": "u" * 9_999, "title": "t" * 9_999, "artist": "a" * 9_999})
    assert (len(media.uri), len(media.title), len(media.artist)) == (URI_MAX, TITLE_MAX, TITLE_MAX)


@pytest.mark.parametrize(
    ("tracks", "media"),
    [
        (["http://h/a"], Media("http://h/a")),
        ("http://h/a", Media("http://h/a")),
        ([["http://h/a", "audio/ogg"]], Media("http://h/a")),
        ([["http://h/a", "video/mp4"]], Media("http://h/a", kind="video")),
        ([["http://h/a", 5]], Media("http://h/a")),
        ([], Media("")),
        (None, Media("")),
        (5, Media("")),
        ([None], Media("")),
        ([[1, 2, 3]], Media("")),
        ({"a": 1}, Media("")),
    ],
)
def test_tracks_come_in_many_shapes(tracks: object, media: Media) -> None:
    assert first_track(tracks) == media
