"""An invitation: scanned, a name, a tap, and one is in; and what the host has of it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect

from browser.conftest import LAN_NAME, Arrive, OpenProgram, OpenRoom
from browser.dashboard import WINDOW, press
from browser.household import FULL
from browser.visitor import DESKTOP, PHONE, Visitor
from hivemind_chatroom.chatroom import Chatroom
from hivemind_chatroom.room.tries import TRIES_MAX

CODE = "482193"
WRONG = "000000"
REFUSED = "Failed to load resource"
"""What Chromium's console says of an answer that isn't 2xx."""

A5_MM = (148, 210)
POINTS_PER_MM = 72 / 25.4
WHITE = 255
WITHIN_A5 = ViewportSize(width=469, height=703)
"""CSS pixels between the margins."""


def test_who_scans_the_code_needs_a_name_and_one_tap(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room(code=CODE)
    ana = arrive(PHONE)

    ana.open(f"{room.url.replace('127.0.0.1', LAN_NAME)}/j/{CODE}")
    expect(ana.door.locator("[name=name]")).to_be_focused()
    expect(ana.door.locator("[name=code]")).to_be_hidden()
    ana.page.keyboard.type("Ana")
    ana.door.locator("[type=submit]").tap()

    expect(ana.composer).to_be_visible()
    ana.say("Hello")
    expect(ana.line("Hello")).to_have_attribute("data-state", "sent")
    assert CODE not in ana.page.url


def invitation_of(room: Chatroom) -> str:
    """Return what the host's QR code has, for this computer."""
    return f"{room.url}/j/{room.room.door.invitation}"


def hidden_code(visitor: Visitor) -> Locator:
    return visitor.door.locator("[name=code]")


def test_the_invitation_is_not_left_in_the_address_bar_and_survives_what_loads_the_page_anew(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(code=CODE)
    invitation = room.room.door.invitation
    ana = arrive(PHONE)
    ana.open(invitation_of(room))
    expect(ana.door.locator("[name=name]")).to_be_focused()
    assert ana.page.url == f"{room.url}/chatroom/anon_user/flask/en"

    ana.page.reload()
    expect(hidden_code(ana)).to_be_hidden()
    ana.door.locator("[name=name]").fill("Ana")
    ana.door.locator("[name=lang]").select_option("pt-PT")
    expect(ana.page.locator("html")).to_have_attribute("lang", "pt-PT")
    expect(ana.door.locator("[name=name]")).to_have_value("Ana")
    expect(hidden_code(ana)).to_be_hidden()
    assert invitation not in ana.page.url
    ana.door.locator("[type=submit]").tap()
    expect(ana.composer).to_be_visible()
    assert invitation not in ana.page.content()


def guess_until_locked_out(visitor: Visitor) -> None:
    """Type wrong codes at the door, as often as one may."""
    visitor.door.locator("[name=name]").fill("Ana")
    for _ in range(TRIES_MAX):
        hidden_code(visitor).fill(WRONG)
        with visitor.page.expect_response("**/api/join"):
            visitor.door.locator("[type=submit]").tap()


def test_who_guesses_codes_waits_and_may_scan_meanwhile(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(code=CODE)
    ana = arrive(PHONE)
    ana.forgive(REFUSED)
    ana.open(room.url)
    guess_until_locked_out(ana)
    expect(ana.door.get_by_text("Too many tries. Wait")).to_be_visible()
    expect(ana.door.locator("[type=submit]")).to_be_disabled()

    ana.join(invitation_of(room), "Ana")


def test_an_old_invitation_says_so_and_asks_for_the_code(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(code=CODE)
    ana, bob = arrive(PHONE), arrive(PHONE)
    bob.forgive(REFUSED)
    old = invitation_of(room)
    bob.open(old)
    room.room.change_settings(replace(room.room.settings, code="555555"))

    ana.open(old)
    expect(hidden_code(ana)).to_have_accessible_description(re.compile("This invitation is old"))
    expect(hidden_code(ana)).to_have_value("")
    hidden_code(ana).fill("555555")
    ana.door.locator("[name=name]").fill("Ana")
    ana.door.locator("[type=submit]").tap()
    expect(ana.composer).to_be_visible()

    bob.door.locator("[name=name]").fill("Bob")
    bob.door.locator("[type=submit]").tap()
    expect(hidden_code(bob)).to_have_accessible_description(re.compile("This invitation is old"))
    expect(hidden_code(bob)).to_have_value("")
    hidden_code(bob).fill("555555")
    bob.door.locator("[type=submit]").tap()
    expect(bob.composer).to_be_visible()


def seen_in(place: Page | Locator) -> str:
    """Return what a phone's camera reads of the QR code that is shown."""
    picture = Image.open(io.BytesIO(place.screenshot()))
    return " ".join(found.text for found in zxingcpp.read_barcodes(picture))


def test_a_new_code_is_in_all_windows_at_once(open_room: OpenRoom, arrive: Arrive) -> None:
    room = open_room(code=CODE, set_up=True)
    hosts = [arrive(WINDOW), arrive(WINDOW)]
    for host in hosts:
        host.open(room.operator_url)
        expect(host.page.locator(".ways .code")).to_have_text(CODE)
        expect(host.page.locator(".card-invite .qr")).to_be_visible()
    before = seen_in(hosts[1].page)
    assert before.endswith(f"/j/{room.room.door.invitation}")

    hosts[0].page.get_by_role("tab", name="Safety").click()
    with hosts[0].page.expect_response("**/invite/rotate"):
        press(hosts[0].page, "New code…")
        press(hosts[0].page, "Make a new code")

    other = hosts[1].page
    expect(other.locator(".ways .code")).to_have_text(room.room.settings.code)
    expect(other.locator(".sheet-code")).to_contain_text(room.room.settings.code)
    expect(other.locator(".card-invite .qr")).to_have_attribute("src", re.compile("svg"))
    assert seen_in(other).endswith(f"/j/{room.room.door.invitation}")
    assert seen_in(other) != before

    with other.expect_response("**/api/invite"):
        hosts[0].page.get_by_role("switch", name="Ask for a code").uncheck()
    expect(other.locator(".ways .code")).to_have_count(0)
    assert "/j/" not in seen_in(other)


def test_another_address_name_or_port_is_in_the_window_and_on_the_sheet_at_once(
    open_program: OpenProgram, arrive: Arrive
) -> None:
    program = open_program(**FULL)
    page = arrive(WINDOW).page
    page.goto(program.url)
    ways, sheet = page.locator(".ways"), page.locator(".sheet")
    expect(ways).to_contain_text("family.local:8985")

    program.tell(lan={"name": "hivechat-1a2b.local"})
    expect(ways).to_contain_text("hivechat-1a2b.local:8985")
    expect(sheet.locator(".sheet-other")).to_have_text("hivechat-1a2b.local:8985")

    with page.expect_response("**/api/invite"):
        moved = "http://192.168.1.40:8985"
        program.tell(room={"lan_url": moved}, lan={"addresses": ["192.168.1.40"]})
    expect(ways.locator(".address")).to_have_text("192.168.1.40:8985")
    expect(sheet.locator(".sheet-address")).to_have_text("192.168.1.40:8985")
    assert seen_in(page) == f"{moved}/j/{CODE}"

    there = {"port": 8986, "url": "http://127.0.0.1:8986", "lan_url": "http://192.168.1.40:8986"}
    with page.expect_response("**/api/invite"):
        program.tell(room=there)
    expect(ways.locator(".address")).to_have_text("192.168.1.40:8986")
    assert seen_in(page) == f"http://192.168.1.40:8986/j/{CODE}"


def test_behind_a_proxy_people_are_invited_to_the_proxy_wherever_they_are(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(code=CODE, set_up_step=4, public_url="https://chat.example.org")
    page = arrive(WINDOW).page
    page.goto(room.operator_url)
    expect(page.locator(".preview")).to_have_text("Phones find it at https://chat.example.org")
    press(page, "Next")
    expect(page.locator(".ways .address")).to_have_text("https://chat.example.org")
    expect(page.locator(".sheet-address")).to_have_text("https://chat.example.org")
    expect(page.locator(".sheet")).not_to_contain_text("Wi-Fi")
    assert seen_in(page) == f"https://chat.example.org/j/{room.room.door.invitation}"


def test_who_is_locked_out_is_told_of_beside_the_qr_code_and_let_try_again(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(code=CODE, set_up=True)
    host, ana = arrive(WINDOW), arrive(PHONE)
    ana.forgive(REFUSED)
    host.open(room.operator_url)
    ana.open(room.url)
    guess_until_locked_out(ana)
    card = host.page.locator(".card-now")
    expect(card.get_by_text("wrong codes")).to_be_visible()

    press(host.page.locator(".card-invite"), "Let them try again")

    expect(host.page.get_by_role("button", name="Let them try again")).to_have_count(0)
    ana.page.reload()
    ana.door.locator("[name=name]").fill("Ana")
    hidden_code(ana).fill(CODE)
    ana.door.locator("[type=submit]").tap()
    expect(ana.composer).to_be_visible()


def print_with_wifi(page: Page, name: str, password: str) -> None:
    """Press the button with a Wi-Fi filled in; what would be printed stays to be looked at."""
    page.evaluate("globalThis.print = () => { globalThis.printed = true; }")
    page.locator(".card-invite .fold summary").click()
    fields = page.locator(".card-invite .wifi input")
    fields.first.fill(name)
    fields.last.fill(password)
    page.locator(".card-invite .invitation-words > .row button").first.click()
    page.wait_for_function("globalThis.printed")


@pytest.mark.parametrize("lang", ["en-US", "ar"])
def test_a_sheet_leads_into_the_wi_fi_and_into_the_room(
    open_program: OpenProgram, arrive: Arrive, lang: str
) -> None:
    host = arrive(WINDOW, lang=lang)
    host.open(open_program(**FULL).url)
    expect(host.page.locator(".card-invite .qr")).to_be_visible()
    print_with_wifi(host.page, "Our home", "correct horse")

    expect(host.page.locator(".sheet .qr")).to_have_count(2)
    host.page.emulate_media(media="print", color_scheme="dark")
    wide, high = (mm * POINTS_PER_MM for mm in A5_MM)
    sheet = host.page.pdf(prefer_css_page_size=True, print_background=True)
    assert sheet.count(b"/Type /Page\n") == 1
    [box] = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    assert [float(side) for side in box] == pytest.approx([wide, high], abs=1)
    host.page.set_viewport_size(WITHIN_A5)
    looks: Image.Image = Image.open(io.BytesIO(host.page.screenshot(full_page=True)))
    assert {found.text for found in zxingcpp.read_barcodes(looks)} == {
        "WIFI:T:WPA;S:Our home;P:correct horse;;",
        f"http://192.168.1.23:8985/j/{CODE}",
    }
    assert looks.convert("L").getpixel((2, 2)) == WHITE


def test_the_longest_names_leave_the_sheet_one_page(
    open_program: OpenProgram, arrive: Arrive
) -> None:
    program = open_program(**FULL)
    program.settings["code"] = "9" * 12
    program.tell(
        room={"name": "W" * 64, "code": "9" * 12},
        lan={"name": f"{'x' * 50}-1a2b.local", "addresses": ["192.168.100.100"]},
    )
    page = arrive(WINDOW, lang="de-DE").page
    page.goto(program.url)
    expect(page.locator(".card-invite .qr")).to_be_visible()
    print_with_wifi(page, "W" * 32, "W" * 63)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_what_was_typed_of_the_wi_fi_is_nowhere_once_the_page_is_loaded_anew(
    open_room: OpenRoom, arrive: Arrive, tmp_path: Path
) -> None:
    room = open_room(code=CODE, set_up=True)
    host = arrive(DESKTOP)
    host.open(room.operator_url)
    print_with_wifi(host.page, "Our home", "correct horse")
    expect(host.page.locator(".sheet .qr")).to_have_count(2)
    host.open("about:blank")
    host.open(room.operator_url)
    expect(host.page.locator(".sheet .qr")).to_have_count(1)
    kept = host.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    files = (file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert not any(b"correct horse" in each for each in (kept.encode(), *files))
