"""The addresses of the room's page."""

from __future__ import annotations

import pytest

from hivemind_chatroom.room.model import Introduction
from hivemind_chatroom.web.addresses import DEFAULT, address_of, introduction_of, suggested_name
from web.stage import Stage


@pytest.mark.parametrize(
    ("introduction", "address"),
    [
        (DEFAULT, "/chatroom/anon_user/flask/en"),
        (Introduction("Ana", "pt-PT", "kitchen"), "/chatroom/Ana/kitchen/pt-PT"),
        (Introduction("A B", "en", "living room"), "/chatroom/A%20B/living%20room/en"),
        (Introduction("李", "zh", "flask"), "/chatroom/%E6%9D%8E/flask/zh"),
        (Introduction("a?b#c%", "en", "flask"), "/chatroom/a%3Fb%23c%25/flask/en"),
    ],
)
def test_an_address_is_upstreams(stage: Stage, introduction: Introduction, address: str) -> None:
    with stage.app.test_request_context():
        assert address_of(introduction) == address


def test_nobody_is_upstreams_anybody(stage: Stage) -> None:
    ana = stage.room.join(Introduction("Ana", "pt-PT", "kitchen")).member
    assert introduction_of(None) == DEFAULT
    assert introduction_of(ana) == Introduction("Ana", "pt-PT", "kitchen")


@pytest.mark.parametrize(
    ("name", "suggested"),
    [("Ana", "Ana"), (" Ana\u200b ", "Ana"), ("anon_user", ""), ("HiveMind", ""), ("", "")],
)
def test_only_a_name_that_one_may_have_is_suggested(name: str, suggested: str) -> None:
    assert suggested_name(name) == suggested
