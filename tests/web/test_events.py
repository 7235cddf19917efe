"""The event stream: what was missed, and then what happens, without gap and without repeat."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from contract.stores import purge
from fakes import STARTED_AT, FakeMark, FakeStreams
from hivemind_chatroom.room.model import (
    Address,
    Delivery,
    Ending,
    HubState,
    HubStatus,
    MemberId,
    Posting,
    Reply,
)
from hivemind_chatroom.web.events import AFRESH, BACKLOG_MAX, HAND_OVER, RECENT
from hivemind_chatroom.web.frames import frame
from web.browser import Browser, Json, error_of
from web.sse import Heard, listen
from web.stage import Stage

OPENING = ["hub", "members", "room"]
OWN_OPENING = [*OPENING, "you"]


@dataclass
class Server:
    """The server's part of a stream: it goes on where the response ends."""

    streams: FakeStreams
    taken: list[tuple[FakeMark, str | None]] = field(default_factory=list)

    def hand_over(self, mark: FakeMark, audience: str | None) -> None:
        self.taken.append((mark, audience))

    def open(
        self, browser: Browser, query: str = "", headers: dict[str, str] | None = None
    ) -> bytes:
        """Open a stream and return its beginning."""
        response = browser.request(
            "GET",
            f"/api/events{query}",
            headers,
            environ_overrides={HAND_OVER: self.hand_over},
        )
        assert response.status_code == 200
        return bytes(response.data)

    def rest(self) -> bytes:
        """Return what the stream opened last has been sent after its beginning."""
        mark, audience = self.taken[-1]
        return self.streams.heard_by(audience, mark)


@pytest.fixture
def server(stage: Stage) -> Server:
    return Server(stage.streams)


def opening(browser: Browser, query: str = "", headers: dict[str, str] | None = None) -> Heard:
    """Return the beginning of a stream, as far as the log goes."""
    return listen(browser.get(f"/api/events{query}", headers).data)


def heard(stage: Stage, browser: Browser | None = None) -> Heard:
    """Return all that was published for a browser's member, or for anybody."""
    audience = stage.member(browser).id if browser else None
    return listen(stage.streams.heard_by(audience))


def test_it_is_an_event_stream_that_nobody_keeps_back(passer_by: Browser) -> None:
    response = passer_by.get("/api/events")
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Accel-Buffering"] == "no"


def test_browsers_come_back_after_two_seconds(passer_by: Browser) -> None:
    assert opening(passer_by).retry_ms == 2_000


def test_the_server_is_told_from_where_and_for_whom_to_go_on(
    stage: Stage, server: Server, ana: Browser, passer_by: Browser
) -> None:
    server.open(ana)
    server.open(passer_by)
    mark = stage.streams.mark()
    assert server.taken == [(mark, stage.member(ana).id), (mark, None)]


def test_who_leaves_while_its_stream_opens_gets_none_of_its_own(
    stage: Stage, server: Server, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, mark = stage.member(ana), stage.streams.mark

    def mark_while_she_leaves() -> FakeMark:
        stage.room.leave(member)
        return mark()

    monkeypatch.setattr(stage.streams, "mark", mark_while_she_leaves)
    server.open(ana)
    assert server.taken == [(mark(), None)]


def test_who_may_not_read_gets_no_stream(closed_stage: Stage) -> None:
    server = Server(closed_stage.streams)
    response = closed_stage.browser().request(
        "GET", "/api/events", environ_overrides={HAND_OVER: server.hand_over}
    )
    assert error_of(response) == (401, "not_joined")
    assert server.taken == []


def test_a_stream_begins_with_the_hub_and_with_everybody(
    stage: Stage, ana: Browser, passer_by: Browser
) -> None:
    stage.room.set_present(stage.member(ana).id, present=True)
    status = HubStatus(
        HubState.NOT_ALLOWED, stage.clock.now(), "hub.denied", "hivemind-core allow-msg ..."
    )
    stage.room.hub_is(status)
    begin = opening(passer_by)
    assert begin.kinds == OPENING
    assert begin.of("hub") == [
        {
            "state": "not_allowed",
            "since": "2026-03-14T15:09:26.000Z",
            "reason": "hub.denied",
            "command": "hivemind-core allow-msg ...",
            "builtin": False,
        }
    ]
    everybody = passer_by.get("/api/members").get_json()
    assert begin.of("members") == [{"members": everybody, "gone": [], "complete": True}]
    assert everybody[0]["present"] is True


def test_without_a_place_to_go_on_from_it_begins_with_what_comes(ana: Browser) -> None:
    for text in ("one", "two"):
        ana.say(text)
    begin = opening(ana)
    assert begin.kinds == OWN_OPENING
    assert begin.last_id == "2"


@pytest.mark.parametrize(
    ("after", "missed"), [(0, ["1", "2", "3"]), (1, ["2", "3"]), (2, ["3"]), (3, [])]
)
def test_what_was_missed_comes_once_and_in_order(
    ana: Browser, after: int, missed: list[str]
) -> None:
    for text in ("1", "2", "3"):
        ana.say(text, "people")
    for begin in (
        opening(ana, f"?after={after}"),
        opening(ana, headers={"Last-Event-ID": str(after)}),
        opening(ana, "?after=0", {"Last-Event-ID": str(after)}),
    ):
        assert begin.texts == missed
        assert [event.last_id for event in begin.events if event.type == "message"] == missed
        assert begin.last_id == "3"
        assert "reset" not in begin.kinds


def test_a_missed_message_is_the_one_that_the_log_has(ana: Browser) -> None:
    ana.say("olá")
    assert opening(ana, "?after=0").of("message") == ana.read()


def test_between_the_mark_and_the_log_nothing_is_missed_and_nothing_comes_twice(
    stage: Stage, server: Server, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana.say("before", "people")
    member, mark = stage.member(ana), stage.streams.mark

    def mark_before_somebody_posts() -> FakeMark:
        taken = mark()
        stage.room.post(member, Posting("while the stream opens"))
        return taken

    monkeypatch.setattr(stage.streams, "mark", mark_before_somebody_posts)
    begin = server.open(ana, "?after=0")
    stage.room.post(member, Posting("after"))
    whole = listen(begin + server.rest())
    assert whole.texts == ["before", "while the stream opens", "after"]


@pytest.mark.parametrize("place", ["4", "999999999", "9" * 15, "9" * 40, "abc", "-1", "1.5", "٣"])
def test_a_place_that_does_not_exist_begins_anew(ana: Browser, place: str) -> None:
    for text in ("1", "2", "3"):
        ana.say(text, "people")
    begin = opening(ana, headers={"Last-Event-ID": place.encode().decode("latin-1")})
    assert begin.kinds == [*OWN_OPENING, "reset", "message", "message", "message"]
    assert begin.texts == ["1", "2", "3"]
    assert begin.last_id == "3"


def test_a_stream_says_where_now_begins(ana: Browser) -> None:
    ana.say("1", "people")
    ana.say("2", "people")

    begin = opening(ana, "?after=1")

    assert [room["newest"] for room in begin.of("room")] == [2]
    assert begin.texts == ["2"]


def test_a_place_in_another_history_begins_anew(stage: Stage, ana: Browser) -> None:
    ana.say("1", "people")
    [room] = opening(ana).of("room")
    assert room["history"] == stage.store.history

    same, other = f"?after=1&history={room['history']}", "?after=1&history=0123456789abcdef"

    assert opening(ana, same).kinds == OWN_OPENING
    assert opening(ana, same, {"Last-Event-ID": "1"}).kinds == OWN_OPENING
    for begin in (opening(ana, other), opening(ana, other, {"Last-Event-ID": "1"})):
        assert begin.kinds == [*OWN_OPENING, "reset", "message"]
    assert opening(ana, "?history=0123456789abcdef").kinds == OWN_OPENING


def test_a_parameter_that_does_not_exist_begins_anew(ana: Browser) -> None:
    ana.say("1", "people")
    assert opening(ana, "?after=7").kinds == [*OWN_OPENING, "reset", "message"]


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5"])
def test_a_parameter_that_is_no_number_is_refused(ana: Browser, after: str) -> None:
    assert error_of(ana.get(f"/api/events?after={after}")) == (400, "body_invalid")


def test_who_missed_too_much_begins_anew_with_the_newest(stage: Stage, ana: Browser) -> None:
    member = stage.member(ana)
    for number in range(1, BACKLOG_MAX + 2):
        stage.room.post(member, Posting(str(number)))
    assert len(opening(ana, "?after=1").texts) == BACKLOG_MAX
    begin = opening(ana, "?after=0")
    assert begin.kinds[: len(OWN_OPENING) + 1] == [*OWN_OPENING, "reset"]
    assert begin.of("reset") == [{"newest": BACKLOG_MAX + 1}]
    newest = range(BACKLOG_MAX + 2 - AFRESH, BACKLOG_MAX + 2)
    assert begin.texts == [str(number) for number in newest]


def test_who_missed_too_many_bytes_begins_anew_too(stage: Stage, ana: Browser) -> None:
    for number in range(100):
        stage.room.receive(Reply(Address(), f"{number} {'😀' * 9_000}"))
    begin = opening(ana, "?after=0")
    assert begin.kinds[: len(OWN_OPENING) + 1] == [*OWN_OPENING, "reset"]
    assert len(begin.texts) == AFRESH
    assert len(opening(ana, "?after=60").texts) == 40


def test_a_delivery_that_moved_on_meanwhile_is_told(stage: Stage, ana: Browser) -> None:
    ana.say("what time is it?")
    ana.say("hello", "people")
    address = stage.send_to_hub()
    assert opening(ana, "?after=2").of("update")[0]["delivery"] == "sent"
    stage.room.utterances.end(Ending(address, Delivery.ANSWERED))
    begin = opening(ana, "?after=2")
    assert [(each["id"], each["delivery"]) for each in begin.of("update")] == [(1, "answered")]
    assert begin.texts == []


def test_only_recent_deliveries_are_told(stage: Stage, ana: Browser) -> None:
    member = stage.member(ana)
    for number in range(RECENT + 10):
        stage.room.post(member, Posting(str(number)))
    assert len(opening(ana, f"?after={RECENT + 10}").of("update")) == RECENT


def test_a_thought_that_goes_on_is_told(stage: Stage, ana: Browser) -> None:
    ana.say("what time is it?")
    address = stage.send_to_hub()
    thinks = [{"message_id": 1, "on": True}]
    assert opening(ana, "?after=0").of("thinking") == thinks
    assert opening(ana, "?after=1").of("thinking") == thinks
    stage.room.utterances.end(Ending(address, Delivery.ANSWERED))
    assert opening(ana, "?after=0").of("thinking") == []


def test_a_message_is_told_to_all_with_its_number(
    stage: Stage, ana: Browser, passer_by: Browser
) -> None:
    ana.say("olá", client_id="c1")
    [message] = heard(stage).of("message")
    assert message == passer_by.read()[0]
    assert "client_id" not in message
    assert stage.streams.mark().last_id == 1


def test_each_event_is_encoded_once_for_all(stage: Stage, ana: Browser, bob: Browser) -> None:
    before = len(stage.streams.published)
    ana.say("olá", "people")
    assert bob.cookie()
    assert len(stage.streams.published) == before + 1


def test_an_utterance_is_followed_from_the_outbox_to_its_end(stage: Stage, ana: Browser) -> None:
    ana.say("what time is it?")
    address = stage.send_to_hub()
    stage.room.receive(Reply(address, "ten past three"))
    stage.room.utterances.end(Ending(address, Delivery.ANSWERED))
    told = heard(stage)
    assert [each["delivery"] for each in told.of("update")] == ["sending", "sent", "answered"]
    assert [each["on"] for each in told.of("thinking")] == [True, False]
    assert told.texts == ["what time is it?", "ten past three"]


def test_an_update_is_the_whole_message_as_it_stands(stage: Stage, ana: Browser) -> None:
    ana.say("what time is it?")
    stage.send_to_hub()
    message = {key: value for key, value in ana.read()[0].items() if key != "client_id"}
    assert heard(stage).of("update")[-1] == message


def test_who_comes_changes_goes_and_leaves_is_told(stage: Stage, passer_by: Browser) -> None:
    passer_by.join("Ana")
    member = stage.member(passer_by)
    stage.room.set_present(member.id, present=True)
    passer_by.patch("/api/me", {"name": "Rita"})
    stage.room.set_present(member.id, present=False)
    passer_by.delete("/api/me")
    told = heard(stage).of("members")
    assert [each["complete"] for each in told] == [False] * 5
    assert [(m["name"], m["present"]) for each in told for m in each["members"]] == [
        ("Ana", False),
        ("Ana", True),
        ("Rita", True),
        ("Rita", False),
    ]
    assert told[-1] == {"members": [], "gone": [member.id], "complete": False}


def test_who_leaves_on_one_device_is_told_so_on_all_before_their_streams_end(
    stage: Stage, ana: Browser, bob: Browser
) -> None:
    member, bobs = stage.member(ana), stage.member(bob)
    ana.delete("/api/me")
    heard = listen(stage.streams.heard_by(member.id))
    assert heard.kinds[-2:] == ["you", "members"]
    assert heard.of("you") == [{"state": "left", "until": None}]
    assert stage.streams.closed == [member.id]
    assert listen(stage.streams.heard_by(bobs.id)).of("you") == []


def test_the_device_that_shows_a_code_is_told_when_it_is_of_no_more_use(
    stage: Stage, ana: Browser, bob: Browser, passer_by: Browser
) -> None:
    def told(browser: Browser) -> list[Json]:
        heard = stage.streams.heard_by(stage.member(browser).id)
        return listen(heard).of("device_code")

    code = ana.post("/api/me/device-code", {}).get_json()["code"]
    passer_by.join("Ana", device_code=code)
    assert told(ana) == [{"state": "used"}]
    ana.post("/api/me/device-code", {})
    stranger = stage.browser()
    for _ in range(5):
        stranger.post("/api/join", {"name": "Ana", "device_code": "no digits"})
    assert told(ana) == [{"state": "used"}, {"state": "void"}]
    assert told(bob) == []


def test_the_streams_of_who_leaves_are_closed_after_the_news(stage: Stage, ana: Browser) -> None:
    member = stage.member(ana)
    ana.delete("/api/me")
    assert stage.streams.closed == [member.id]


def test_how_the_hub_stands_is_told(stage: Stage) -> None:
    stage.room.hub_is(HubStatus(HubState.UNREACHABLE, stage.clock.now(), "hub.lost"))
    assert [each["state"] for each in heard(stage).of("hub")] == ["connected", "unreachable"]


def test_nothing_of_a_private_question_is_in_anybody_elses_stream(
    stage: Stage, ana: Browser, bob: Browser
) -> None:
    ana.say("hush", "assistant", client_id="c1")
    address = stage.send_to_hub()
    stage.room.receive(Reply(address, "a secret"))
    stage.room.utterances.end(Ending(address, Delivery.ANSWERED))
    assert heard(stage, ana).texts == ["hush", "a secret"]
    assert heard(stage, ana).of("message")[0]["client_id"] == "c1"
    assert [each["on"] for each in heard(stage, ana).of("thinking")] == [True, False]
    for other in (heard(stage, bob), heard(stage), opening(bob, "?after=0")):
        assert set(other.kinds) <= set(OWN_OPENING)


def test_the_numbers_go_on_for_those_who_do_not_see_what_is_private(
    stage: Stage, ana: Browser, bob: Browser
) -> None:
    ana.say("hush", "assistant")
    assert stage.streams.mark().last_id == 1
    begin = opening(bob, "?after=0")
    assert (begin.texts, begin.last_id) == ([], "1")


def test_a_member_catches_up_on_what_is_private_to_it(
    stage: Stage, ana: Browser, bob: Browser
) -> None:
    ana.say("hush", "assistant")
    stage.answer("a secret")
    bob.say("hello", "people")
    assert opening(ana, "?after=0").texts == ["hush", "a secret", "hello"]
    assert opening(bob, "?after=0").texts == ["hello"]
    assert [each["id"] for each in opening(bob, "?after=3").of("update")] == []


def test_a_private_message_reaches_all_browsers_of_its_member_alone(
    stage: Stage, ana: Browser
) -> None:
    ana.say("hush", "assistant")
    audiences = {each.audience for each in stage.streams.published if b"hush" in each.chunk}
    assert audiences == {stage.member(ana).id}


@pytest.mark.parametrize(
    "text", ["one\ntwo\r\nthree\rfour", "data: x\n\nevent: y", "\u2028\u0085", "😀", "a\ud800"]
)
def test_no_text_ends_an_event(text: str) -> None:
    [event] = listen(frame("message", {"text": text}, 7)).events
    assert event.data["text"] == text.replace("\ud800", "?")
    assert (event.type, event.last_id) == ("message", "7")


def test_a_listener_never_fails_whatever_a_hub_says(stage: Stage) -> None:
    stage.room.receive(Reply(Address(user=MemberId("\ud800")), "a\ud800\n\nid: 9\n\n", lang="\x00"))
    assert heard(stage).texts == ["a\n\nid: 9"]
    assert heard(stage).last_id == "1"


def test_a_removed_message_is_told_to_whoever_could_see_it(
    stage: Stage, server: Server, ana: Browser, bob: Browser
) -> None:
    shown = ana.say("hello")["id"]
    private = ana.say("secret", to="assistant")["id"]
    server.open(bob)
    for number in (shown, private):
        ana.delete(f"/api/messages/{number}")
    assert listen(server.rest()).of("removed") == [{"ids": [shown]}]
    audience = stage.member(ana).id
    assert listen(stage.streams.heard_by(audience)).of("removed") == [
        {"ids": [shown]},
        {"ids": [private]},
    ]


def test_who_comes_back_is_told_what_was_removed_meanwhile(
    server: Server, ana: Browser, bob: Browser
) -> None:
    for text in ("one", "two", "three"):
        ana.say(text)
    ana.delete("/api/messages/2")
    assert listen(server.open(bob, "?after=3")).of("removed") == [{"ids": [2]}]
    assert listen(server.open(bob, "?after=1")).of("removed") == []


def test_who_comes_back_from_before_what_is_kept_begins_anew(
    stage: Stage, server: Server, ana: Browser, bob: Browser
) -> None:
    for text in ("one", "two", "three", "four"):
        ana.say(text)
    purge(stage.store, sent_before=STARTED_AT, most=2)
    assert "reset" in listen(server.open(bob, "?after=1")).kinds
    continued = listen(server.open(bob, "?after=2"))
    assert "reset" not in continued.kinds
    assert continued.texts == ["three", "four"]
