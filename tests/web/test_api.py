"""The visitor's API, route by route; each answer is held to openapi.json by the browser."""

from __future__ import annotations

import pytest

from fakes import FakeClock
from hivemind_chatroom.errors import StorageFullError
from hivemind_chatroom.room.delivery import ANSWER_DEADLINE_S
from hivemind_chatroom.room.limits import MEMBER_RATE, TEXT_MAX
from hivemind_chatroom.room.model import Draft, Reply
from hivemind_chatroom.room.ports import Appended
from web.browser import Browser, error_of
from web.stage import CODE, Stage

BIG = 10**29


def test_whoever_joins_is_told_who_they_are(passer_by: Browser) -> None:
    member = passer_by.join("Ana", lang="PT_pt", site_id="kitchen")
    assert (member["name"], member["lang"], member["site_id"]) == ("Ana", "pt-PT", "kitchen")
    assert member["present"] is False
    assert passer_by.get("/api/me").get_json() == {"member": member}


def test_what_is_left_out_is_the_rooms(passer_by: Browser) -> None:
    member = passer_by.join("Ana")
    assert (member["lang"], member["site_id"]) == ("en", "flask")


def test_to_join_again_under_the_same_name_is_to_be_the_same_member(ana: Browser) -> None:
    before, cookie = ana.get("/api/me").get_json()["member"], ana.cookie()
    assert ana.join("Ana") == before
    assert ana.cookie() == cookie


def test_to_join_again_under_another_name_is_to_be_called_that(ana: Browser) -> None:
    before = ana.get("/api/me").get_json()["member"]
    assert ana.join("Rita", lang="en") == {**before, "name": "Rita", "lang": "en"}
    assert [member["name"] for member in ana.get("/api/members").get_json()] == ["Rita"]


@pytest.mark.parametrize("name", ["", "  ", "HiveMind", "hіvemind", "a/b", "a" * 25, "\ud800"])
def test_a_name_that_cannot_be_one_is_refused(passer_by: Browser, name: str) -> None:
    assert error_of(passer_by.post("/api/join", {"name": name})) == (422, "name_invalid")
    assert passer_by.cookie() is None


@pytest.mark.parametrize("lang", ["xx-YY", "<script>", "und", "en\x00"])
def test_a_language_that_is_none_is_refused(passer_by: Browser, lang: str) -> None:
    response = passer_by.post("/api/join", {"name": "Ana", "lang": lang})
    assert error_of(response) == (422, "lang_invalid")


@pytest.mark.parametrize("site", ["a/b", "a" * 65, "a\x00", ".."])
def test_a_site_that_is_none_is_refused(passer_by: Browser, site: str) -> None:
    response = passer_by.post("/api/join", {"name": "Ana", "site_id": site})
    assert error_of(response) == (422, "site_invalid")


@pytest.mark.parametrize("name", ["Ana", "ANA", "Аna", "A\u200bna"])
def test_a_name_that_looks_taken_is_taken_and_another_is_offered(
    ana: Browser, passer_by: Browser, name: str
) -> None:
    assert ana.cookie()
    response = passer_by.post("/api/join", {"name": name})
    assert error_of(response) == (409, "name_taken")
    passer_by.join(response.get_json()["error"]["suggestion"])


def test_a_room_with_a_code_wants_it(closed_stage: Stage) -> None:
    browser = closed_stage.browser()
    assert error_of(browser.post("/api/join", {"name": "Ana"})) == (403, "code_wrong")
    wrong = {"name": "Ana", "code": "000000"}
    assert error_of(browser.post("/api/join", wrong)) == (403, "code_wrong")
    assert browser.join("Ana", code=CODE)["name"] == "Ana"


def test_who_is_in_needs_the_code_no_more(closed_stage: Stage) -> None:
    browser = closed_stage.browser()
    browser.join("Ana", code=CODE)
    assert browser.join("Rita")["name"] == "Rita"


def test_after_five_wrong_codes_one_waits(closed_stage: Stage, clock: FakeClock) -> None:
    browser = closed_stage.browser()
    for tries_left in (4, 3, 2, 1, 0):
        wrong = browser.post("/api/join", {"name": "Ana", "code": "000000"})
        assert wrong.get_json()["error"]["tries_left"] == tries_left
        assert wrong.headers.get("Retry-After") == (None if tries_left else "60")
    response = browser.post("/api/join", {"name": "Ana", "code": CODE})
    assert error_of(response) == (429, "too_many_tries")
    clock.advance(int(response.headers["Retry-After"]))
    browser.join("Ana", code=CODE)


@pytest.mark.parametrize("code", ["000000", CODE])
def test_a_wrong_name_is_said_first_and_tells_nothing_of_the_code(
    closed_stage: Stage, code: str
) -> None:
    browser = closed_stage.browser()
    refused = browser.post("/api/join", {"name": "HiveMind", "code": code})
    assert error_of(refused) == (422, "name_invalid")
    wrong = browser.post("/api/join", {"name": "Ana", "code": "000000"})
    assert wrong.get_json()["error"]["tries_left"] == 4


@pytest.mark.parametrize(
    ("said", "kept"), [({}, "pt-PT"), ({"lang": ""}, "pt-PT"), ({"lang": "DE"}, "de")]
)
def test_a_text_may_be_in_another_language_than_its_authors(
    stage: Stage, ana: Browser, said: dict[str, str], kept: str
) -> None:
    body = {"client_id": "1", "text": "Guten Tag!", **said}
    assert ana.post("/api/messages", body).get_json()["lang"] == kept
    assert [utterance.lang for utterance in stage.room.utterances.waiting()] == [kept]


def test_a_text_in_no_language_is_refused(ana: Browser) -> None:
    body = {"client_id": "1", "text": "?", "lang": "xx-nonsense-"}
    assert error_of(ana.post("/api/messages", body)) == (422, "lang_invalid")
    assert ana.texts() == []


def test_another_device_of_hers_comes_in_by_the_code_that_ana_was_told(
    ana: Browser, passer_by: Browser
) -> None:
    invited = ana.post("/api/me/device-code", {})
    assert (invited.status_code, invited.get_json()["expires_in_s"]) == (201, 300)

    taken = passer_by.post("/api/join", {"name": "ana"}).get_json()["error"]
    assert (taken["code"], taken["name"]) == ("name_taken", "Ana")
    member = passer_by.join("ana", device_code=invited.get_json()["code"], lang="de")

    assert member == ana.get("/api/me").get_json()["member"]
    ana.say("A secret", to="assistant")
    assert passer_by.texts() == ["A secret"]
    assert passer_by.cookie() != ana.cookie()


def test_nobody_becomes_ana_by_saying_so(ana: Browser, bob: Browser, passer_by: Browser) -> None:
    bobs = bob.post("/api/me/device-code", {}).get_json()["code"]
    for code in ("000000", bobs):
        refused = passer_by.post("/api/join", {"name": "Ana", "device_code": code})
        assert error_of(refused) == (403, "device_code_wrong")
    assert passer_by.cookie() is None
    for _ in range(3):
        passer_by.post("/api/join", {"name": "Ana", "device_code": "000000"})
    pestering = passer_by.post("/api/join", {"name": "Ana", "device_code": "000000"})
    assert error_of(pestering) == (429, "too_many_tries")
    assert error_of(passer_by.post("/api/me/device-code", {})) == (401, "not_joined")
    assert ana.get("/api/me").status_code == 200


def test_who_is_in_stays_who_they_are_whatever_code_they_type(ana: Browser, bob: Browser) -> None:
    code = ana.post("/api/me/device-code", {}).get_json()["code"]
    assert bob.join("Ana", device_code=code)["name"] == "Bob"


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_nobody_is_nobody(passer_by: Browser, method: str) -> None:
    body: object = {} if method == "PATCH" else None
    assert error_of(passer_by.request(method, "/api/me", json=body)) == (401, "not_joined")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("Ana", "pt-PT", "kitchen")),
        ({"name": "Rita"}, ("Rita", "pt-PT", "kitchen")),
        ({"lang": "de"}, ("Ana", "de", "kitchen")),
        ({"site_id": "garden"}, ("Ana", "pt-PT", "garden")),
        ({"lang": "", "site_id": ""}, ("Ana", "en", "flask")),
        ({"color": 3, "id": "x", "present": True}, ("Ana", "pt-PT", "kitchen")),
    ],
)
def test_what_is_named_changes_and_the_rest_stays(
    ana: Browser, change: dict[str, object], expected: tuple[str, str, str]
) -> None:
    before = ana.get("/api/me").get_json()["member"]
    member = ana.patch("/api/me", change).get_json()["member"]
    assert (member["name"], member["lang"], member["site_id"]) == expected
    assert (member["id"], member["color"]) == (before["id"], before["color"])


def test_nobody_takes_anothers_name_by_a_change(ana: Browser, bob: Browser) -> None:
    assert ana.cookie()
    assert error_of(bob.patch("/api/me", {"name": "ana"})) == (409, "name_taken")
    assert bob.get("/api/me").get_json()["member"]["name"] == "Bob"


def test_who_leaves_is_forgotten_by_the_room_and_by_the_browser(
    stage: Stage, ana: Browser, passer_by: Browser
) -> None:
    member, cookie = stage.member(ana), ana.cookie()
    response = ana.delete("/api/me")
    assert (response.status_code, ana.cookie()) == (204, None)
    assert stage.streams.closed == [member.id]
    assert passer_by.get("/api/members").get_json() == []
    ana.set_cookie(cookie or "")
    assert error_of(ana.get("/api/me")) == (401, "not_joined")
    passer_by.join("Ana")


def test_anybody_sees_who_is_here_in_the_order_of_arrival(
    stage: Stage, ana: Browser, bob: Browser, passer_by: Browser
) -> None:
    stage.room.set_present(stage.member(bob).id, present=True)
    members = passer_by.get("/api/members").get_json()
    assert [(each["name"], each["present"]) for each in members] == [("Ana", False), ("Bob", True)]
    assert ana.get("/api/members").get_json() == members


def test_nobodys_key_or_session_is_told(stage: Stage, ana: Browser, passer_by: Browser) -> None:
    said = passer_by.get("/api/members").text
    assert (ana.cookie() or "?") not in said
    assert stage.member(ana).session.id not in said


def test_what_is_said_is_kept_and_given_back(stage: Stage, ana: Browser) -> None:
    response = ana.post("/api/messages", {"client_id": "c1", "text": "olá"})
    assert response.status_code == 201
    assert response.get_json() == {
        "id": 1,
        "kind": "person",
        "author": {"id": stage.member(ana).id, "name": "Ana"},
        "to": None,
        "text": "olá",
        "lang": "pt-PT",
        "dir": "ltr",
        "private": False,
        "sent_at": "2026-03-14T15:09:26.000Z",
        "delivery": "queued",
        "in_reply_to": None,
        "expects_reply": False,
        "media": None,
        "client_id": "c1",
    }


def test_the_same_client_id_is_the_first_message(ana: Browser, bob: Browser) -> None:
    first = ana.post("/api/messages", {"client_id": "c1", "text": "one"})
    again = ana.post("/api/messages", {"client_id": "c1", "text": "two"})
    other = bob.post("/api/messages", {"client_id": "c1", "text": "three"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 201)
    assert again.get_json() == first.get_json()
    assert bob.texts() == ["one", "three"]


@pytest.mark.parametrize(
    ("to", "private", "delivery"),
    [
        ("everyone", False, "queued"),
        ("assistant", True, "queued"),
        ("people", False, None),
    ],
)
def test_whom_it_is_for_decides_who_sees_it_and_who_is_asked(
    ana: Browser, to: str, *, private: bool, delivery: str | None
) -> None:
    message = ana.say("olá", to)
    assert (message["private"], message["delivery"]) == (private, delivery)


def test_who_has_not_joined_says_nothing(passer_by: Browser) -> None:
    response = passer_by.post("/api/messages", {"client_id": "c1", "text": "hi"})
    assert error_of(response) == (401, "not_joined")
    assert passer_by.read() == []


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "\u0007"])
def test_there_must_be_something_to_say(ana: Browser, text: str) -> None:
    response = ana.post("/api/messages", {"client_id": "c1", "text": text})
    assert error_of(response) == (422, "text_empty")


def test_a_text_has_an_end(ana: Browser) -> None:
    assert ana.say("é" * TEXT_MAX, client_id="c1")["text"] == "é" * TEXT_MAX
    response = ana.post("/api/messages", {"client_id": "c2", "text": "é" * (TEXT_MAX + 1)})
    assert error_of(response) == (422, "text_too_long")


def test_half_a_character_becomes_the_sign_for_one(ana: Browser) -> None:
    response = ana.request(
        "POST",
        "/api/messages",
        {"Content-Type": "application/json"},
        data=rb'{"client_id": "c1", "text": "a\ud800b \ud83d\ude00"}',
    )
    assert response.get_json()["text"] == "a\ufffdb 😀"
    assert ana.texts() == ["a\ufffdb 😀"]


@pytest.mark.parametrize("client_id", ["", "a" * 65, "a\x00", "a\nb"])
def test_a_client_id_that_no_browser_makes_is_refused(ana: Browser, client_id: str) -> None:
    response = ana.post("/api/messages", {"client_id": client_id, "text": "hi"})
    assert error_of(response) == (400, "body_invalid")


def test_who_says_too_much_at_once_waits(slow_stage: Stage, clock: FakeClock) -> None:
    ana = slow_stage.browser()
    ana.join("Ana")
    for number in range(MEMBER_RATE.burst):
        ana.say(f"line {number}")
    response = ana.post("/api/messages", {"client_id": "c", "text": "one more"})
    assert error_of(response) == (429, "too_fast")
    clock.advance(int(response.headers["Retry-After"]))
    ana.say("one more")


def test_what_cannot_be_kept_is_not_acknowledged(
    stage: Stage, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Draft) -> Appended:
        raise StorageFullError("The disk is full.")

    monkeypatch.setattr(stage.store, "append", full)
    response = ana.post("/api/messages", {"client_id": "c1", "text": "hi"})
    assert error_of(response) == (507, "storage_full")
    assert ana.read() == []


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b'{"a": NaN}',
    b'{"a": 1e400}{',
    b"[" * 16_000,
    b'{"n": ' + b"1" * 10_000 + b"}",
    '{"name": "Ana"}'.encode("utf-16"),
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/join"), ("PATCH", "/api/me"), ("POST", "/api/messages")]
)
def test_what_is_no_json_object_is_refused(
    ana: Browser, method: str, path: str, body: bytes
) -> None:
    response = ana.request(method, path, {"Content-Type": "application/json"}, data=body)
    assert error_of(response) == (400, "body_invalid")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/join", {}),
        ("POST", "/api/join", {"name": None}),
        ("POST", "/api/join", {"name": 7}),
        ("POST", "/api/join", {"name": ["Ana"]}),
        ("POST", "/api/join", {"name": "Ana", "lang": 7}),
        ("POST", "/api/join", {"name": "Ana", "site_id": {}}),
        ("POST", "/api/join", {"name": "Ana", "code": 482193}),
        ("PATCH", "/api/me", {"name": False}),
        ("PATCH", "/api/me", {"lang": None}),
        ("POST", "/api/messages", {"text": "hi"}),
        ("POST", "/api/messages", {"client_id": "c1"}),
        ("POST", "/api/messages", {"client_id": 1, "text": "hi"}),
        ("POST", "/api/messages", {"client_id": "c1", "text": 1}),
        ("POST", "/api/messages", {"client_id": "c1", "text": "hi", "to": "bob"}),
        ("POST", "/api/messages", {"client_id": "c1", "text": "hi", "to": None}),
        ("POST", "/api/messages", {"client_id": "c1", "text": "hi", "to": ["people"]}),
    ],
)
def test_a_field_of_another_type_is_refused(
    ana: Browser, method: str, path: str, body: object
) -> None:
    assert error_of(ana.request(method, path, json=body)) == (400, "body_invalid")


def test_a_field_that_nobody_asks_for_is_ignored(ana: Browser) -> None:
    body = {"client_id": "c1", "text": "hi", "private": True, "author": {"id": "assistant"}}
    message = ana.post("/api/messages", body).get_json()
    assert (message["private"], message["author"]["name"]) == (False, "Ana")


@pytest.fixture
def ten(ana: Browser) -> Browser:
    for number in range(1, 11):
        ana.say(f"line {number}", "people")
    return ana


def ids(browser: Browser, query: str) -> list[int]:
    return [message["id"] for message in browser.read(query)]


@pytest.mark.parametrize(
    ("query", "expected", "more"),
    [
        ("", list(range(1, 11)), False),
        ("?limit=3", [8, 9, 10], True),
        ("?before=4", [1, 2, 3], False),
        ("?before=4&limit=2", [2, 3], True),
        ("?after=8", [9, 10], False),
        ("?after=0&limit=2", [1, 2], True),
        ("?after=2&before=5", [3, 4], False),
        ("?after=10", [], False),
        (f"?after={BIG}", [], False),
        (f"?before={BIG}&limit=1", [10], True),
        ("?before=0", [], False),
        ("?q=LINE%201", [1, 10], False),
        ("?q=line%20nowhere", [], False),
        ("?q=", list(range(1, 11)), False),
        ("?q=!!!", [], False),
        ("?q=%20", [], False),
    ],
)
def test_a_part_of_the_log_is_given_oldest_first(
    ten: Browser, query: str, expected: list[int], *, more: bool
) -> None:
    page = ten.get(f"/api/messages{query}").get_json()
    assert [message["id"] for message in page["messages"]] == expected
    assert page["more"] is more


@pytest.mark.parametrize(
    "query",
    [
        "?limit=0",
        "?limit=101",
        "?limit=-1",
        "?limit=ten",
        "?limit=",
        "?limit=1.5",
        "?before=-1",
        "?before=x",
        "?after=1e3",
        "?after=+1",
        "?after=%D9%A1",
        "?after=0x1",
        f"?after={'1' * 31}",
    ],
)
def test_a_parameter_that_is_no_such_number_is_refused(passer_by: Browser, query: str) -> None:
    assert error_of(passer_by.get(f"/api/messages{query}")) == (400, "body_invalid")


@pytest.mark.parametrize("query", ["?q=%00", "?q=%ff%fe", "?q=%ed%a0%80", f"?q={'a' * 5000}"])
def test_any_search_is_a_search(ten: Browser, query: str) -> None:
    assert ten.get(f"/api/messages{query}").status_code == 200


def test_who_has_not_joined_may_read_an_open_room(ten: Browser, passer_by: Browser) -> None:
    assert ten.cookie()
    assert len(passer_by.read()) == 10


def test_only_the_author_is_told_the_client_id(
    ana: Browser, bob: Browser, passer_by: Browser
) -> None:
    ana.say("hi", client_id="c1")
    assert [message["client_id"] for message in ana.read()] == ["c1"]
    assert ["client_id" in message for message in (*bob.read(), *passer_by.read())] == [False] * 2


def test_an_answer_says_whom_it_answers(stage: Stage, ana: Browser, bob: Browser) -> None:
    question = ana.say("que horas são?")
    stage.answer("três e dez")
    [_, answer] = bob.read()
    assert answer["kind"] == "assistant"
    assert answer["author"] == {"id": "assistant", "name": "HiveMind"}
    assert answer["to"] == question["author"]
    assert answer["in_reply_to"] == question["id"]


def test_what_is_private_is_in_nobody_elses_log(
    stage: Stage, ana: Browser, bob: Browser, passer_by: Browser
) -> None:
    ana.say("hush", "assistant")
    stage.answer("a secret")
    assert ana.texts() == ["hush", "a secret"]
    for other in (bob, passer_by):
        for query in ("", "?q=secret", "?q=hush", "?after=0", "?before=9", "?limit=100"):
            assert other.texts(query) == []


def test_text_in_arabic_goes_from_right_to_left(stage: Stage) -> None:
    browser = stage.browser()
    browser.join("سارة", lang="ar")
    assert browser.say("مرحبا")["dir"] == "rtl"


def test_what_a_careless_hub_says_can_be_read(stage: Stage, passer_by: Browser) -> None:
    stage.room.receive(Reply(stage.send_to_hub(), "a\ud800b\x00c", lang="\ud800"))
    assert passer_by.texts() == ["abc"]


def unanswered(stage: Stage, browser: Browser, text: str = "what time is it?") -> int:
    """Let a browser ask what the hub does not answer in time; return the message's number."""
    number = browser.say(text)["id"]
    stage.send_to_hub()
    stage.clock.advance(ANSWER_DEADLINE_S)
    stage.room.utterances.settle_overdue()
    assert isinstance(number, int)
    return number


def test_what_got_no_answer_is_asked_again(stage: Stage, ana: Browser) -> None:
    number = unanswered(stage, ana)
    answer = ana.post(f"/api/messages/{number}/ask-again", {})
    assert answer.status_code == 200
    assert (answer.get_json()["id"], answer.get_json()["delivery"]) == (number, "queued")
    stage.answer("noon")
    assert next(message["delivery"] for message in ana.read()) == "sent"


def test_what_has_an_answer_or_waits_is_not_asked_again(ana: Browser) -> None:
    number = ana.say("what time is it?")["id"]
    again = ana.post(f"/api/messages/{number}/ask-again", {})
    assert error_of(again) == (409, "not_askable")


def test_a_message_of_ones_own_is_removed(ana: Browser, bob: Browser) -> None:
    number = ana.say("oops")["id"]
    answer = ana.delete(f"/api/messages/{number}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert (ana.texts(), bob.texts("?q=oops")) == ([], [])
    assert error_of(ana.delete(f"/api/messages/{number}")) == (404, "not_found")


def test_nobody_touches_the_messages_of_others(
    stage: Stage, ana: Browser, bob: Browser, passer_by: Browser
) -> None:
    number = unanswered(stage, ana)
    for path in (f"/api/messages/{number}", f"/api/messages/{10**30}"):
        assert error_of(bob.delete(path)) == (404, "not_found")
        assert error_of(bob.post(f"{path}/ask-again", {})) == (404, "not_found")
        assert error_of(passer_by.delete(path)) == (401, "not_joined")
        assert error_of(passer_by.post(f"{path}/ask-again", {})) == (401, "not_joined")
    assert bob.texts() == ["what time is it?"]
