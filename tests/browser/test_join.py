"""The door: who comes in, under which name, and who comes back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from browser.conftest import Arrive, OpenRoom
from browser.visitor import DESKTOP, PHONE, Visitor

REFUSED = "Failed to load resource"
"""What Chromium's console says of an answer that isn't 2xx."""


TARGET_MIN = 44
"""CSS pixels that a finger needs, each way."""

CODE = re.compile(r"^\d{3}\s\d{3}$")

TRANSPARENT = "rgba(0, 0, 0, 0)"

LEFT = "You left the room on another device or tab. Join again to come back."


@pytest.mark.parametrize(("lang", "proposed"), [("pt-BR", "pt-BR"), ("pt-AO", "pt-PT")])
def test_a_name_is_asked_for_and_the_browsers_language_proposed(
    open_room: OpenRoom, arrive: Arrive, lang: str, proposed: str
) -> None:
    ana = arrive(PHONE, lang=lang)
    ana.open(open_room().url)

    name = ana.door.locator("[name=name]")
    expect(name).to_be_focused()
    expect(name).to_have_value("")
    expect(ana.door.locator("[name=lang]")).to_have_value(proposed)
    expect(ana.door.locator("[name=code]")).to_be_hidden()


def test_the_addresss_language_counts_more_than_the_browsers(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE, lang="pt-PT")
    ana.open(f"{open_room().url}/chatroom/anon_user/kitchen/de")

    expect(ana.door.locator("[name=lang]")).to_have_value("de")


def test_name_language_and_site_survive_reloads(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE, lang="en-US")
    ana.join(f"{room.url}/chatroom/anon_user/kitchen/pt-PT", "Ana Lúcia")
    expect(ana.page).to_have_url(f"{room.url}/chatroom/Ana%20L%C3%BAcia/kitchen/pt-PT")
    ana.say("Hello")
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")

    for come_back in (ana.page.reload, lambda: ana.open(room.url)):
        come_back()
        expect(ana.composer).to_be_visible()
        ana.say("Hello again")
        expect(ana.page.locator(".line.mine[data-state=sent]").last).to_be_visible()

    assert [(each.name, each.lang, each.site_id) for each, _ in room.room.members()] == [
        ("Ana Lúcia", "pt-PT", "kitchen")
    ]
    expect(ana.page.locator(".line.mine")).to_have_count(3)


def test_a_name_that_is_taken_is_refused_with_one_that_is_free(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    arrive(PHONE).join(room.url, "Ana")
    other = arrive(DESKTOP)
    other.forgive(REFUSED)
    other.open(room.url)

    _knock(other, "ana")

    name = other.door.get_by_label("Your name")
    expect(name).to_have_accessible_description("Ana is already here. Are you Ana?")
    expect(name).to_be_focused()
    other.door.get_by_role("button", name="I'm another Ana: join as Ana 2").click()
    expect(other.composer).to_be_visible()
    assert [member.name for member, _ in room.room.members()] == ["Ana", "Ana 2"]


def test_whether_it_is_you_is_asked_by_two_buttons_of_which_one_stands_out(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    arrive(PHONE).join(room.url, "Ana")
    other = arrive(PHONE)
    other.forgive(REFUSED)
    other.open(room.url)
    join = other.page.get_by_role("button", name="Join", exact=True)

    _knock(other, "Ana")

    yes = other.door.get_by_role("button", name="Yes, on this device too")
    no = other.door.get_by_role("button", name="I'm another Ana: join as Ana 2")
    expect(join).to_be_hidden()  # it would ask the same again
    for button in (yes, no):
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= TARGET_MIN
    expect(no).not_to_have_css("border-top-color", TRANSPARENT)
    expect(yes).not_to_have_css("background-color", TRANSPARENT)
    expect(no).to_have_css("background-color", TRANSPARENT)
    other.door.get_by_label("Your name").press_sequentially("b")
    expect(join).to_be_visible()
    expect(yes).to_be_hidden()


def test_another_device_of_anas_comes_in_by_the_code_that_the_first_one_shows(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(code="482193")
    ana = arrive(PHONE, lang="pt-PT")
    ana.join(f"{room.url}/j/482193", "Ana")
    tablet = arrive(DESKTOP, lang="en-US")
    tablet.forgive(REFUSED)
    tablet.open(f"{room.url}/j/482193")

    _knock(tablet, "Ana")
    tablet.door.get_by_role("button", name="Yes, on this device too").click()
    typed = tablet.door.get_by_label("Code from your other device")
    expect(typed).to_be_focused()
    typed.fill("000000")
    tablet.page.get_by_role("button", name="Join").click()
    expect(typed).to_have_accessible_description(re.compile("not the code on your other device"))
    typed.fill(_device_code(ana))
    tablet.page.get_by_role("button", name="Join").click()

    expect(tablet.composer).to_be_visible()
    assert [(each.name, each.lang) for each, _ in room.room.members()] == [("Ana", "pt-PT")]
    expect(tablet.page.locator("html")).to_have_attribute("lang", "pt-PT")
    tablet.say("Olá")
    expect(ana.page.locator(".line.mine")).to_have_count(1)


def test_another_name_asks_for_no_code_of_another_device(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    arrive(PHONE).join(room.url, "Ana")
    other = arrive(DESKTOP)
    other.forgive(REFUSED)
    other.open(room.url)
    _knock(other, "Ana")
    other.door.get_by_role("button", name="Yes, on this device too").click()

    _knock(other, "Bob")

    expect(other.composer).to_be_visible()
    assert [member.name for member, _ in room.room.members()] == ["Ana", "Bob"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("!?", "Please pick a name of 1-24 letters."),
        ("W" * 25, "That name is too long. Please pick one of 1-24 letters."),
        ("Hive Mind", "That name would be taken for the room's own. Please pick another."),
    ],
)
def test_a_name_that_nobody_may_have_is_refused_with_the_reason(
    open_room: OpenRoom, arrive: Arrive, name: str, why: str
) -> None:
    ana = arrive(PHONE)
    ana.forgive(REFUSED)
    ana.open(open_room().url)

    _knock(ana, name)

    field = ana.door.get_by_label("Your name")
    expect(field).to_have_accessible_description(why)
    expect(field).to_have_value(name)
    expect(ana.door.get_by_role("button", name="another one")).to_be_hidden()


def test_who_guesses_codes_is_told_how_many_tries_are_left_and_has_to_wait(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.forgive(REFUSED)
    ana.page.clock.install()
    ana.open(open_room(code="482193").url)
    code, join = ana.door.get_by_label("Room code"), ana.page.get_by_role("button", name="Join")

    for left in ("4 tries", "3 tries", "2 tries", "1 try"):
        code.fill("111111")
        _knock(ana, "Ana")
        expect(code).to_have_accessible_description(f"That's not the room's code. {left} left.")
        code.fill("")
    code.fill("111111")
    _knock(ana, "Ana")

    expect(code).to_have_accessible_description(
        re.compile(r"Too many tries\. Wait (60|59) s, then")
    )
    expect(join).to_be_disabled()
    ana.page.clock.run_for(20_000)
    expect(code).to_have_accessible_description(re.compile(r"Wait (40|39|38) s, then"))
    ana.page.clock.run_for(40_000)
    expect(code).to_have_accessible_description("")
    code.fill("482193")
    join.click()  # the room's own clock has not moved
    expect(code).to_have_accessible_description(re.compile(r"Too many tries\. Wait \d+ s, then"))


def test_who_has_to_wait_may_think_of_another_name_and_try_at_once(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.forgive(REFUSED)
    ana.open(open_room(code="482193").url)
    code, join = ana.door.get_by_label("Room code"), ana.page.get_by_role("button", name="Join")
    wait = {"error": {"code": "too_many_tries", "message": ""}}
    ana.page.route(
        "**/api/join",
        lambda route: route.fulfill(status=429, json=wait, headers={"Retry-After": "60"}),
        times=1,
    )
    code.fill("482193")
    _knock(ana, "Ana")
    expect(code).to_have_accessible_description(re.compile("Too many tries"))
    expect(join).to_be_disabled()

    ana.door.get_by_label("Your name").fill("Bea")
    expect(code).to_have_accessible_description("")
    join.click()

    expect(ana.composer).to_be_visible()


def test_a_refusal_right_after_a_countdown_began_is_announced(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.forgive(REFUSED)
    ana.page.clock.install()
    ana.open(open_room(code="482193").url)
    wait = {"error": {"code": "too_many_tries", "message": ""}}
    ana.page.route(
        "**/api/join",
        lambda route: route.fulfill(status=429, json=wait, headers={"Retry-After": "60"}),
        times=1,
    )
    about = ana.door.locator("[data-about=code]")
    ana.door.get_by_label("Room code").fill("111111")
    ana.page.clock.pause_at(ana.page.evaluate("Date.now()") + 1_000)
    _knock(ana, "Ana")
    expect(about).to_contain_text("Too many tries")

    ana.door.get_by_label("Your name").fill("Bea")
    ana.door.locator("form").evaluate("form => form.requestSubmit()")
    expect(about).to_contain_text("That's not the room's code.")
    ana.page.clock.run_for(1_000)

    assert about.get_attribute("aria-live") is None


def test_an_old_invitation_says_so_and_lets_the_code_be_typed(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.forgive(REFUSED)
    ana.open(f"{open_room(code='482193').url}/j/111111")

    _knock(ana, "Ana")

    code = ana.door.get_by_label("Room code")
    expect(code).to_have_accessible_description(
        "This invitation is old. Scan the new QR, or type the code."
    )
    expect(code).to_be_focused()
    code.fill("482193")
    _knock(ana, "Ana")
    expect(ana.composer).to_be_visible()


def test_a_door_that_nobody_answers_says_so(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.forgive(REFUSED)
    ana.open(open_room().url)
    ana.page.route("**/api/join", lambda route: route.abort(), times=1)

    _knock(ana, "Ana")

    alert = ana.door.get_by_role("alert").filter(has_text="The room doesn't answer.")
    expect(alert).to_be_visible()
    _knock(ana, "Ana")
    expect(ana.composer).to_be_visible()


def test_a_browser_without_deadlines_is_told_and_not_left_alone(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.before_each_page("delete AbortSignal.timeout")
    ana.open(open_room().url)

    _knock(ana, "Ana")

    expect(
        ana.door.get_by_role("alert").filter(has_text="The room doesn't answer.")
    ).to_be_visible()
    expect(ana.page.get_by_role("button", name="Join")).to_be_enabled()


def two_and_the_name_of_one(
    open_room: OpenRoom, arrive: Arrive
) -> tuple[Visitor, Visitor, Locator]:
    """Return Ana and Bob in a room, and the field of Ana's settings that has her name."""
    room = open_room()
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.forgive(REFUSED)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    ana.page.get_by_role("button", name="Your settings").click()
    return ana, bob, ana.page.locator("#preferences").get_by_label("Your name")


def test_the_name_can_be_changed_unless_somebody_has_it(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana, bob, name = two_and_the_name_of_one(open_room, arrive)

    name.fill("bob")
    name.press("Enter")
    expect(name).to_have_accessible_description(re.compile("^Bob is already here."))
    name.fill("Ana Lúcia")
    name.press("Enter")

    expect(ana.page.get_by_role("heading", name="You are Ana Lúcia")).to_be_visible()
    expect(ana.page).to_have_url(re.compile("/chatroom/Ana%20L%C3%BAcia/"))
    expect(bob.page.locator("#people li")).to_contain_text(["Ana Lúcia", "Bob"])
    ana.page.keyboard.press("Escape")
    ana.say("Hello")
    expect(bob.line("Hello").locator(".author")).to_have_text("Ana Lúcia")


def test_who_wants_a_name_that_somebody_has_is_offered_one_that_is_free(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana, _, name = two_and_the_name_of_one(open_room, arrive)
    name.fill("bob")
    name.press("Enter")

    offer = ana.page.get_by_role("button", name="Call me Bob 2")
    offer.press("Enter")

    expect(ana.page.get_by_role("heading", name="You are Bob 2")).to_be_visible()
    expect(name).to_have_value("Bob 2")
    expect(name).to_have_accessible_description("Saved.")
    expect(offer).to_have_count(0)
    expect(ana.page.get_by_role("button", name="Save")).to_be_focused()


def test_a_room_with_a_code_opens_to_the_right_one(open_room: OpenRoom, arrive: Arrive) -> None:
    ana = arrive(PHONE)
    ana.forgive(REFUSED)
    ana.open(open_room(code="482193").url)
    code = ana.door.get_by_label("Room code")

    code.fill("111111")
    _knock(ana, "Ana")
    expect(code).to_have_accessible_description(re.compile("That's not the room's code."))
    code.fill("482193")
    _knock(ana, "Ana")

    expect(ana.composer).to_be_visible()


def test_who_is_forgotten_stands_at_the_door_again(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")

    ana.page.get_by_role("button", name="Your settings").click()
    ana.page.get_by_text("Forget me on this device").click()
    ana.page.get_by_role("button", name="Forget me").click()

    expect(ana.door.get_by_label("Your name")).to_be_visible()
    expect(ana.door.get_by_text(LEFT)).to_have_count(0)
    assert room.room.members() == []


def test_who_leaves_on_one_device_is_told_so_on_the_other(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, tablet = arrive(PHONE), arrive(DESKTOP)
    ana.forgive(REFUSED)
    tablet.forgive(REFUSED)
    ana.join(room.url, "Ana")
    tablet.open(room.url)
    _knock(tablet, "Ana")
    tablet.door.get_by_role("button", name="Yes, on this device too").click()
    tablet.door.get_by_label("Code from your other device").fill(_device_code(ana))
    tablet.page.get_by_role("button", name="Join").click()
    expect(tablet.composer).to_be_visible()
    expect(ana.page.get_by_text("Your other device is in.")).to_be_visible()

    tablet.page.get_by_role("button", name="Your settings").click()
    tablet.page.get_by_text("Forget me on this device").click()
    tablet.page.get_by_role("button", name="Forget me").click()

    expect(ana.door.get_by_role("alert").filter(has_text=LEFT)).to_be_visible()
    ana.page.get_by_role("button", name="Join").click()
    expect(ana.composer).to_be_visible()
    ana.page.reload()
    expect(ana.composer).to_be_visible()


def test_whom_the_room_has_forgotten_is_asked_again_under_the_old_name(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.forgive(REFUSED)
    ana.join(room.url, "Ana")
    expect(ana.hub_word).to_have_text("No assistant here")  # the stream is open
    ((member, _),) = room.room.members()

    room.room.leave(member)

    expect(ana.door.get_by_role("alert").filter(has_text=LEFT)).to_be_visible()
    expect(ana.door.get_by_label("Your name")).to_have_value("Ana")


def test_the_language_can_be_changed_and_stays(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room()
    ana = arrive(PHONE)
    ana.join(room.url, "Ana")

    ana.page.get_by_role("button", name="Your settings").click()
    ana.page.get_by_label("Language").locator("visible=true").select_option("pt-PT")

    expect(ana.page).to_have_url(f"{room.url}/chatroom/Ana/flask/pt-PT")
    expect(ana.page.get_by_role("button", name="Enviar")).to_be_visible()
    expect(ana.hub_word).not_to_be_empty()
    ((member, _),) = room.room.members()
    assert member.lang == "pt-PT"


def test_what_is_to_be_typed_elsewhere_is_shown_to_nobody_later(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    ana = arrive(PHONE)
    ana.page.clock.install()
    ana.join(open_room().url, "Ana")
    shown = ana.page.locator("#other-device [role=status]")

    _device_code(ana)
    ana.page.clock.fast_forward(300_000)
    expect(shown).to_be_empty()

    ana.page.locator("#other-device summary").click()
    expect(shown).not_to_be_empty()
    ana.page.keyboard.press("Escape")
    expect(shown).to_be_empty()


def test_a_code_that_is_shown_is_not_said_to_be_used_because_an_earlier_one_was(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room()
    ana, tablet, bob = arrive(PHONE), arrive(DESKTOP), arrive(DESKTOP)
    tablet.forgive(REFUSED)
    ana.join(room.url, "Ana")
    bob.join(room.url, "Bob")
    other = ana.open_tab(ana.page.url)
    expect(other.hub_word).to_have_text("No assistant here")
    tablet.open(room.url)
    _knock(tablet, "Ana")
    tablet.door.get_by_role("button", name="Yes, on this device too").click()
    tablet.door.get_by_label("Code from your other device").fill(_device_code(ana))
    tablet.page.get_by_role("button", name="Join").click()
    expect(ana.page.get_by_text("Your other device is in.")).to_be_visible()
    ana.page.keyboard.press("Escape")
    _device_code(ana)

    with ana.page.expect_response("**/api/messages?*"):
        # The browser had put the page away, and its stream with it.
        ana.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    bob.say("Hello")
    expect(ana.line("Hello")).to_be_visible()

    expect(ana.page.locator("#other-device [role=status]")).to_have_text(CODE)


def _device_code(visitor: Visitor) -> str:
    """Read from a page what is to be typed on another device."""
    visitor.page.locator("#preferences-button").click()
    visitor.page.locator("#other-device summary").click()
    shown = visitor.page.locator("#other-device [role=status]")
    expect(shown).to_have_text(CODE)
    return shown.inner_text()


def _knock(visitor: Visitor, name: str) -> None:
    visitor.door.get_by_label("Your name").fill(name)
    visitor.page.get_by_role("button", name="Join").click()
