"""The plain page: joining, writing and reading by forms alone."""

from __future__ import annotations

import html
import re

import pytest
from werkzeug.test import TestResponse

from hivemind_chatroom.room.limits import MEMBER_RATE
from hivemind_chatroom.room.model import Address, Media, Reply
from hivemind_chatroom.room.tries import TRIES_MAX
from hivemind_chatroom.web.plain import NEWEST
from web.browser import Browser
from web.stage import CODE, Stage


def send(browser: Browser, headers: dict[str, str] | None = None, /, **fields: str) -> TestResponse:
    """Send the plain page's form."""
    return browser.request("POST", "/plain", headers, data=fields)


def policy_of(response: TestResponse) -> str:
    return response.headers["Content-Security-Policy"]


def test_a_stranger_comes_in_and_what_they_write_is_posted(stage: Stage) -> None:
    oma = stage.browser()
    response = send(oma, name="Oma", lang="de", site_id="kitchen", message="Guten Morgen")
    assert (response.status_code, response.headers["Location"]) == (303, "/plain?sent=1")
    member = stage.member(oma)
    assert (member.name, member.lang, member.site_id) == ("Oma", "de", "kitchen")
    assert oma.texts() == ["Guten Morgen"]
    assert 'role="status">Gesendet' in oma.get("/plain?sent=1").text


def test_a_stranger_may_come_in_and_say_nothing_yet(stage: Stage) -> None:
    oma = stage.browser()
    assert send(oma, name="Oma").headers["Location"] == "/plain"
    assert stage.member(oma).name == "Oma"
    assert oma.read() == []


def test_a_member_writes_as_who_they_are(stage: Stage, ana: Browser) -> None:
    assert send(ana, message="olá").status_code == 303
    [message] = ana.read()
    assert message["author"]["id"] == stage.member(ana).id
    assert 'name="name"' not in ana.get("/plain").text


def test_the_form_has_what_the_address_says_and_names_languages_by_themselves(
    stage: Stage,
) -> None:
    page = stage.browser().get("/plain?name=Oma&lang=de&site_id=kitchen").text
    assert 'name="name" value="Oma"' in page
    assert '<option value="de" lang="de" selected>Deutsch</option>' in page
    assert 'name="site_id" value="kitchen"' in page
    assert 'name="code"' not in page


def test_the_code_of_an_invitation_is_led_to_the_form(closed_stage: Stage) -> None:
    browser = closed_stage.browser()
    found = re.search(r'content="0; url=([^"]+)"', browser.get(f"/j/{CODE}").text)
    assert found
    page = browser.get(found[1].replace("&amp;", "&")).text
    assert f'name="code" value="{CODE}"' in page
    assert "<iframe" not in page


def test_an_invitation_is_carried_and_not_shown(closed_stage: Stage) -> None:
    oma, invitation = closed_stage.browser(), closed_stage.room.door.invitation
    page = oma.get(f"/plain?code={invitation}").text
    assert f'<input type="hidden" name="code" value="{invitation}">' in page
    assert 'id="plain-code"' not in page
    assert send(oma, name="Oma", code=invitation).status_code == 303


def test_who_was_led_here_by_an_old_invitation_is_told_so_and_types_the_code(
    closed_stage: Stage,
) -> None:
    oma = closed_stage.browser()
    [refresh] = re.findall(r'content="0; url=([^"]+)"', oma.get("/j/an-old-one").text)
    page = oma.get(html.unescape(refresh)).text
    assert "This invitation is old. Scan the new QR, or type the code." in page
    assert 'id="plain-code" name="code" value=""' in page


def test_a_room_with_a_code_lets_in_who_has_it_and_shows_it_to_nobody_else(
    closed_stage: Stage,
) -> None:
    oma = closed_stage.browser()
    assert oma.get("/plain/messages").status_code == 401
    refused = send(oma, name="Oma", lang="de", code="000000", message="Huhu")
    assert refused.status_code == 403
    assert 'role="alert"' in refused.text
    assert 'value="Oma"' in refused.text
    assert "Huhu" in refused.text
    assert send(oma, name="Oma", code=CODE, message="Huhu").status_code == 303
    assert "Huhu" in oma.get("/plain/messages").text


def test_wrong_codes_are_counted_as_everywhere(closed_stage: Stage) -> None:
    oma = closed_stage.browser()
    for _ in range(TRIES_MAX):
        send(oma, name="Oma", code="000000")
    response = send(oma, name="Oma", code=CODE)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 1


@pytest.mark.parametrize(("name", "status"), [("HiveMind", 422), ("Ana", 409), ("...", 422)])
def test_a_name_that_cannot_be_ones_own_comes_back_with_the_reason(
    stage: Stage, ana: Browser, name: str, status: int
) -> None:
    response = send(stage.browser(), name=name, lang="de", message="<b>Huhu")
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert 'role="alert"' in response.text
    assert 'lang="de" dir="ltr"' in response.text
    assert "&lt;b&gt;Huhu" in response.text
    assert ana.read() == []


def test_what_is_too_long_is_kept_for_being_shortened_by_who_is_in_by_then(stage: Stage) -> None:
    oma = stage.browser()
    response = send(oma, name="Oma", message="a" * 1001)
    assert response.status_code == 422
    assert "a" * 1001 in response.text
    assert stage.member(oma).name == "Oma"


def test_who_writes_too_fast_is_told_when_to_go_on(slow_stage: Stage) -> None:
    oma = slow_stage.browser()
    for number in range(MEMBER_RATE.burst):
        assert send(oma, name="Oma", message=f"line {number}").status_code == 303
    response = send(oma, message="one more")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    assert "one more" in response.text


def test_another_sites_form_is_refused(ana: Browser) -> None:
    for origin in ("http://evil.example", "null"):
        assert send(ana, {"Origin": origin}, message="open the door").status_code == 403
    assert ana.read() == []


def test_only_the_frame_may_be_in_a_frame_and_only_the_page_may_have_one(
    stage: Stage, closed_stage: Stage
) -> None:
    page = policy_of(stage.browser().get("/plain"))
    frame = policy_of(stage.browser().get("/plain/messages"))
    assert ("frame-src 'self'" in page, "frame-ancestors 'none'" in page) == (True, True)
    assert ("frame-src" in frame, "frame-ancestors 'self'" in frame) == (False, True)
    refused = closed_stage.browser().get("/plain/messages")
    assert policy_of(refused) == frame, "or the browser would say nothing of the reason"


def test_the_frame_has_the_newest_that_its_reader_may_see(
    stage: Stage, ana: Browser, bob: Browser
) -> None:
    ana.say("hush", "assistant")
    stage.answer("a *secret*")
    for number in range(NEWEST - 1):
        bob.say(f"line {number}", "people")
    page = ana.get("/plain/messages").text
    assert "hush" not in page, "older than the newest"
    assert "a *secret*" in page
    assert "Só tu" in page
    assert page.index(f"line {NEWEST - 2}") < page.index("line 0")
    assert "secret" not in bob.get("/plain/messages").text


def test_the_frame_looks_again_by_itself_and_says_who_spoke_when_and_in_which_language(
    stage: Stage,
) -> None:
    noor = stage.browser()
    noor.join("نور", lang="ar")
    noor.say("كم الساعة؟ <b>")
    stage.answer("الثالثة")
    page = stage.browser().get("/plain/messages").text
    assert '<meta http-equiv="refresh" content="10">' in page
    assert '<p class="text" lang="ar" dir="rtl">كم الساعة؟ &lt;b&gt;</p>' in page
    assert '<span class="sr">to</span> <bdi>نور</bdi>' in page
    assert re.search(r'<time datetime="[^"]+Z">\d\d:\d\d</time>', page)


def test_what_is_to_play_is_a_link_only_where_that_leads_anywhere(stage: Stage) -> None:
    for address in ("http://radio.example/hey.mp3", "javascript:alert(1)", "file:///hey.mp3"):
        stage.room.receive(Reply(Address(), "", media=Media(address, "Hey")))
    page = stage.browser().get("/plain/messages").text
    assert re.findall(r'<a href="([^"]+)"', page) == ["http://radio.example/hey.mp3"]
