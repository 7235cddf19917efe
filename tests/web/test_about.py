"""What the room tells of itself and of its neighbours to whoever has not come in."""

from __future__ import annotations

from hivemind_chatroom.room.model import HubState, HubStatus
from hivemind_chatroom.room.operating import SeenRoom, SeenRooms
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


def test_strangers_too_are_told_of_the_other_rooms_of_the_lan(closed_stage: Stage) -> None:
    attic = SeenRoom("1a2b3c4d", "Attic", "http://192.168.1.30:8985/", needs_code=True)
    closed_stage.rooms = SeenRooms((attic,), is_searching=True)
    assert closed_stage.browser().get("/api/rooms").get_json() == {
        "rooms": [
            {
                "id": "1a2b3c4d",
                "name": "Attic",
                "url": "http://192.168.1.30:8985/",
                "needs_code": True,
            }
        ],
        "is_searching": True,
    }
