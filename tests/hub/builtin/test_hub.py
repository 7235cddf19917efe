from __future__ import annotations

import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import websocket
from ovos_bus_client.message import Message

from hivemind_chatroom.hub.builtin.child import BuiltinHub
from hivemind_chatroom.hub.builtin.hub import ALLOWED_TYPES
from hub.builtin.satellite import HANDLED, Satellite
from hub.builtin.talk import read_table

DELAYED_CONFIRMATION_S = 0.04


def times_in(zone: str) -> set[str]:
    """The time in a zone, and the one a minute ago in case that one was told."""
    now = datetime.now(UTC).astimezone(ZoneInfo(zone))
    return {f"{moment.hour}:{moment:%M}" for moment in (now, now - timedelta(minutes=1))}


def test_members_are_told_their_own_time_in_their_own_language(satellite: Satellite) -> None:
    lisbon = {"timezone": {"code": "Europe/Lisbon", "name": "Lisbon"}}
    portuguese = satellite.spoken(
        "Que horas são?", "pt", session_id="ana", location=lisbon, time_format="full"
    )
    kathmandu = {"tz": "Asia/Kathmandu"}
    spanish = satellite.spoken(
        "¿Qué hora es?", "es-ES", session_id="rui", location=kathmandu, time_format="full"
    )

    assert portuguese.removesuffix(".").split()[-1] in times_in("Europe/Lisbon")
    assert portuguese.startswith(("São ", "É "))
    assert spanish.removesuffix(".").split()[-1] in times_in("Asia/Kathmandu")
    assert spanish.startswith(("Son las", "Es la"))


def test_both_names_of_an_utterance_are_answered_once(satellite: Satellite) -> None:
    for topic in ALLOWED_TYPES:
        heard = satellite.ask("hello", topic=topic)
        assert [message.msg_type for message in heard] == ["speak", HANDLED]


def test_everything_that_answers_carries_the_context_of_the_question(satellite: Satellite) -> None:
    session: dict[str, Any] = {
        "session_id": "ana",
        "site_id": "kitchen",
        "location": {"tz": "Europe/Lisbon", "lat": 38.7, "lon": -9.1},
        "time_format": "half",
        "system_unit": "metric",
        "of our own": {"deep": [1, 2]},
    }

    heard = satellite.ask("play a tune", **session)

    assert [message.msg_type for message in heard] == ["speak", "ovos.common_play.play", HANDLED]
    assert len({message.context["corr"] for message in heard}) == 1
    for message in heard:
        assert message.context["user"] == "somebody"
        carried = message.context["session"]
        assert {name: carried.get(name) for name in session} == session


def test_a_spoken_line_looks_like_one_of_ovos(satellite: Satellite) -> None:
    said, _ = satellite.ask("hello", "de-AT", session_id="eva")

    assert said.data == {
        "utterance": read_table("de")["say"]["fallback"],
        "lang": "de-AT",
        "expect_response": False,
        "meta": {},
    }


def test_games_of_two_members_do_not_mix(satellite: Satellite) -> None:
    """Each halves the range until they have the number; their turns alternate."""
    ranges = {"ana": (1, 100), "rui": (1, 100)}
    for member in ranges:
        begin, _ = satellite.ask("let's play guess the number", session_id=member)
        assert begin.data["expect_response"]
    while ranges:
        for member, (low, high) in list(ranges.items()):
            guess = (low + high) // 2
            said = satellite.spoken(str(guess), session_id=member)
            match said.split():
                case ["Yes,", *_]:
                    del ranges[member]
                case [*_, "higher", "than", number]:
                    assert number == f"{guess}."
                    ranges[member] = (guess + 1, high)
                case [*_, "lower", "than", number]:
                    assert number == f"{guess}."
                    ranges[member] = (low, guess - 1)
                case _:
                    pytest.fail(said)
    assert not satellite.spoken("50", session_id="ana").startswith("My number")


def test_a_timer_is_announced_to_the_room_and_to_nobody_in_particular(satellite: Satellite) -> None:
    confirmed = satellite.spoken("Temporizador de 1 segundo", "pt-PT")

    over = satellite.hear()

    assert confirmed.startswith("O temporizador de 1 segundo já começou.")
    assert over.msg_type == "speak"
    assert over.data["utterance"] == "O temporizador de 1 segundo terminou."
    assert over.data["lang"] == "pt-PT"
    assert not {"corr", "user"} & set(over.context)
    assert over.context["session"]["session_id"] == "default"


def test_a_tune_is_a_play_request(satellite: Satellite) -> None:
    _, play, _ = satellite.ask("Play a tune")

    assert play.data["media"]["uri"] == "/static/tune.wav"
    assert play.data["media"]["title"] == "A little tune"
    assert play.data["media"]["artist"] == "The built-in assistant"


def test_what_was_asked_in_private_is_not_said_again_to_all(satellite: Satellite) -> None:
    secret = satellite.spoken("Set a timer for 23 hours", private=True, session_id="mia")

    assert "23 hours" in secret
    assert "23" not in satellite.spoken("Say that again", session_id="mia")
    assert "23" not in satellite.spoken("How long is left?", session_id="mia")
    assert "23 hours" in satellite.spoken("How long is left?", private=True, session_id="mia")


def test_what_it_can_not_do_it_says_honestly(satellite: Satellite) -> None:
    said = satellite.spoken("Book me a flight to Mars", session_id="zoe")

    assert said.startswith("I am only a small assistant")


def test_what_it_can_not_do_it_says_once_and_ends_it_as_unmatched_from_then_on(
    satellite: Satellite,
) -> None:
    satellite.ask("Book me a flight to Mars", session_id="leo")

    heard = satellite.ask("And a hotel", session_id="leo")

    assert [message.msg_type for message in heard] == ["ovos.intent.unmatched", HANDLED]
    assert len({message.context["corr"] for message in heard}) == 1


def test_the_second_message_does_not_wait_for_the_first_to_be_confirmed(
    satellite: Satellite,
) -> None:
    """With Nagle's algorithm it mostly takes the 40 ms of a delayed confirmation."""
    gaps_s = []
    for _ in range(20):
        satellite.send(Message("recognizer_loop:utterance", {"utterances": ["hello"]}))
        satellite.hear()
        spoken = time.monotonic()
        assert satellite.hear().msg_type == HANDLED
        gaps_s.append(time.monotonic() - spoken)

    assert median(gaps_s) < DELAYED_CONFIRMATION_S


def test_other_messages_are_refused_with_what_is_allowed(satellite: Satellite) -> None:
    satellite.send(Message("chatroom.probe"))

    refused = satellite.hear()

    assert refused.msg_type == "hive.policy.denied"
    assert refused.data["data"]["allowed"] == list(ALLOWED_TYPES)


def test_nothing_that_was_said_is_written_down(satellite: Satellite, shared_folder: Path) -> None:
    satellite.ask("a-very-private-sentence")
    files = [path for path in shared_folder.rglob("*") if path.is_file()]

    assert files
    assert not [path for path in files if b"very-private" in path.read_bytes()]


def test_all_its_files_are_private(satellite: Satellite, shared_folder: Path) -> None:
    satellite.ask("hello")

    modes = {
        path.relative_to(shared_folder): path.stat().st_mode & 0o777
        for path in shared_folder.rglob("*")
    }
    assert {mode for path, mode in modes.items() if (shared_folder / path).is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if (shared_folder / path).is_file()} == {0o600}
    assert "HiveMindComs.pem" in {path.name for path in modes}


def test_websites_are_kept_out(hub: BuiltinHub) -> None:
    address = hub.start()

    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        websocket.create_connection(
            f"ws://{address.host}:{address.port}", origin="http://elsewhere.example", timeout=5
        )


def test_it_is_the_same_hub_after_a_restart(hub: BuiltinHub, tmp_path: Path) -> None:
    first = hub.start()
    with Satellite(first, tmp_path / "satellite") as satellite:
        satellite.ask("hello")
    hub.stop()

    second = hub.start()

    assert second == first
    with Satellite(second, tmp_path / "satellite") as satellite:
        assert satellite.spoken("thanks") == "You are welcome."


def test_a_satellite_with_a_new_identity_is_not_locked_out(hub: BuiltinHub, tmp_path: Path) -> None:
    with Satellite(hub.start(), tmp_path / "before") as satellite:
        satellite.ask("hello")
    hub.stop()

    with Satellite(hub.start(), tmp_path / "after") as satellite:
        assert satellite.spoken("thanks") == "You are welcome."


@pytest.mark.parametrize("name", ["clients.db", "_identity.json"])
def test_damaged_files_are_made_anew(
    hub: BuiltinHub, folder: Path, tmp_path: Path, name: str
) -> None:
    with Satellite(hub.start(), tmp_path / "satellite") as satellite:
        satellite.ask("hello")
    hub.stop()
    [damaged] = folder.rglob(name)
    for journal in folder.rglob(f"{name}-*"):
        journal.unlink()
    damaged.write_bytes(b"\0garbage")

    with Satellite(hub.start(), tmp_path / "satellite") as satellite:
        assert satellite.spoken("thanks") == "You are welcome."


def port_file(folder: Path) -> Path:
    """Where a hub reads which port it had."""
    state = folder / "state"
    state.mkdir(parents=True)
    return state / "port"


def test_a_port_that_was_taken_meanwhile_is_no_obstacle(hub: BuiltinHub, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        port_file(folder).write_text(str(taken))

        assert hub.start().port != taken


def test_a_damaged_port_is_no_obstacle(hub: BuiltinHub, folder: Path) -> None:
    port_file(folder).write_bytes(b"99999")

    assert hub.start().port
