"""What the room tells of itself to programs."""

from __future__ import annotations

from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.version import __version__
from web.browser import Browser
from web.stage import CODE, ROOM_ID, Stage


def test_it_tells_that_it_is_well_and_how_its_hub_stands(stage: Stage, passer_by: Browser) -> None:
    stage.room.hub_is(HubStatus(HubState.UNREACHABLE, stage.clock.now()))
    assert passer_by.get("/healthz").get_json() == {
        "app": "hivemind-chatroom",
        "id": ROOM_ID,
        "room": "HiveMind Chatroom",
        "version": __version__,
        "hub": "unreachable",
    }


def test_a_room_with_a_code_tells_it_too_but_not_the_code(closed_stage: Stage) -> None:
    response = closed_stage.browser().get("/healthz")
    assert response.status_code == 200
    assert CODE not in response.text
