"""The hub part against a real hivemind-core over a real socket: what is asked and answered."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.hubs import UTTERANCE, RealHub
from e2e.rooms import LinkedRoom
from hivemind_chatroom.hub.place import local_timezone
from hivemind_chatroom.room.model import Delivery, Kind


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHub]:
    hub = RealHub(tmp_path_factory.mktemp("hub")).start(UTTERANCE)
    yield hub
    hub.stop()


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of one computer: a hub lets no other in under its access key."""
    return tmp_path_factory.mktemp("identity")


@pytest.fixture
def room(hub: RealHub, identity: Path) -> Iterator[LinkedRoom]:
    room = LinkedRoom(hub, identity)
    room.start()
    room.until_connected()
    yield room
    room.stop()


def test_a_question_is_answered_to_its_asker(room: LinkedRoom) -> None:
    question = room.ask(room.join("Ana", "pt-PT"), "olá")
    room.until_ended(question)
    (reply,) = room.watch.replies()
    assert room.delivery_of(question) is Delivery.ANSWERED
    assert (reply.draft.text, reply.draft.lang) == ("echo olá", "pt-PT")
    assert reply.draft.in_reply_to == question.id
    assert reply.draft.to == question.draft.author


def test_the_assistant_hears_who_where_when_and_in_which_language(
    room: LinkedRoom, hub: RealHub
) -> None:
    ana = room.join("Ana", "pt-PT")
    room.until_ended(room.ask(ana, "contexto"))
    context = next(asked["context"] for asked in hub.tell("heard") if asked["text"] == "contexto")
    session = context["session"]
    assert context["user"] == ana.id
    assert session["session_id"].endswith(f":{ana.session.id}")
    assert session["lang"] == "pt-PT"
    assert session["site_id"] == ana.site_id
    assert session["location"]["tz"] == local_timezone()
    assert (session["time_format"], session["date_format"]) == ("full", "DMY")
    assert "Ana" not in str(context)


def test_several_lines_of_one_answer_all_belong_to_it(room: LinkedRoom) -> None:
    question = room.ask(room.join("Ana"), "multi")
    room.until_ended(question)
    assert room.watch.texts() == ["first line", "second line"]
    assert {reply.draft.in_reply_to for reply in room.watch.replies()} == {question.id}


def test_a_question_back_waits_for_its_member(room: LinkedRoom) -> None:
    room.until_ended(room.ask(room.join("Ana"), "ask"))
    assert room.watch.replies()[0].draft.expects_reply


def test_what_the_assistant_does_not_understand_ends_as_unmatched(room: LinkedRoom) -> None:
    question = room.ask(room.join("Ana"), "unknown")
    room.until_ended(question)
    assert room.delivery_of(question) is Delivery.UNMATCHED


def test_what_is_called_off_ends(room: LinkedRoom) -> None:
    question = room.ask(room.join("Ana"), "cancel")
    room.until_ended(question)
    assert room.delivery_of(question) is Delivery.ANSWERED


@pytest.mark.parametrize(
    ("asked", "uri"), [("play", "http://127.0.0.1/hey.mp3"), ("tracks", "http://127.0.0.1/a.ogg")]
)
def test_a_play_request_comes_with_what_to_play(room: LinkedRoom, asked: str, uri: str) -> None:
    room.until_ended(room.ask(room.join("Ana"), asked))
    (reply,) = room.watch.replies()
    assert reply.draft.kind is Kind.MEDIA
    assert reply.draft.media
    assert reply.draft.media.uri == uri


def test_speech_under_the_new_name_is_heard(room: LinkedRoom) -> None:
    room.until_ended(room.ask(room.join("Ana"), "new name"))
    assert room.watch.texts() == ["said anew"]


def test_speech_under_both_names_is_heard_once(room: LinkedRoom) -> None:
    room.until_ended(room.ask(room.join("Ana"), "both names"))
    assert room.watch.texts() == ["said once"]


def test_an_announcement_is_for_everybody(room: LinkedRoom, hub: RealHub) -> None:
    hub.tell("announce", text="the tea is ready")
    room.until(lambda: room.watch.texts() == ["the tea is ready"])
    assert room.watch.replies()[0].draft.kind is Kind.ANNOUNCEMENT


@pytest.mark.skipif(os.name != "posix", reason="only POSIX files have modes")
def test_all_that_is_kept_for_a_hub_is_readable_by_its_user_alone(
    room: LinkedRoom, identity: Path
) -> None:
    kept = {file.name: stat.filemode(file.stat().st_mode) for file in identity.iterdir()}
    assert set(kept.values()) == {"-rw-------"}, (kept, room)


def test_what_the_assistant_wants_remembered_goes_out_again(room: LinkedRoom, hub: RealHub) -> None:
    ana, bob = room.join("Ana"), room.join("Bob")
    room.until_ended(room.ask(ana, "remember"))
    room.until_ended(room.ask(ana, "ana again"), room.ask(bob, "bob"))
    sessions = {asked["text"]: asked["context"]["session"] for asked in hub.tell("heard")}
    assert sessions["ana again"]["active_handlers"] == [
        {"skill_id": "game.test", "activated_at": 1.0}
    ]
    assert not sessions["bob"].get("active_handlers")


def test_the_hub_may_say_anything_and_the_link_stays_up(room: LinkedRoom, hub: RealHub) -> None:
    context = {"corr": [], "user": {}, "session": "garbage"}
    for data in ({"utterance": 5}, {"media": [1]}, {"tracks": {"a": None}}, {"allowed": 5}):
        for topic in ("speak", "ovos.common_play.play", "hive.policy.denied", "odd"):
            hub.tell("say", topic=topic, data=data, context=context)
    hub.tell("say", topic="speak", data={"utterance": "unharmed"}, context=context)
    room.until_ended(room.ask(room.join("Ana"), "fine?"))
    assert room.watch.texts() == ["unharmed", "echo fine?"]
    assert len(room.watch.statuses) == 2  # connecting, connected


def test_a_hub_that_prefers_the_binary_form_is_understood(own_hub: RealHub, tmp_path: Path) -> None:
    own_hub.kill()
    own_hub.configure(binarize=True)
    own_hub.start()
    room = LinkedRoom(own_hub, tmp_path)
    room.start()
    room.until_connected()
    question = room.ask(room.join("Ana"), "hello")
    room.until_ended(question)
    room.stop()
    assert room.delivery_of(question) is Delivery.ANSWERED


def test_a_hub_without_an_assistant_says_so_and_is_asked_again(
    room: LinkedRoom, hub: RealHub
) -> None:
    ana = room.join("Ana")
    hub.tell("backend", up=False)
    question = room.ask(ana, "anybody?")
    room.until_ended(question)
    assert room.delivery_of(question) is Delivery.UNANSWERED
    assert str(room.room.hub.reason) == "hub.no_agent"
    hub.tell("backend", up=True)
    again = room.ask(ana, "and now?")
    room.until_ended(again)
    assert room.delivery_of(again) is Delivery.ANSWERED
    room.until_connected()
