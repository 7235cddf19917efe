"""Whether all is well, as the host sees it: every trouble in words, with the next step."""

from __future__ import annotations

import copy
from typing import Any, Final

from playwright.sync_api import expect

from browser.dashboard import open_tab, press
from browser.household import CHECKS, failing, passed
from browser.program import Program
from browser.visitor import LOST, Visitor

TROUBLES: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "hub.unreachable": (
        {"hub": {"state": "unreachable", "reason": "hub.unreachable"}},
        "computer on and on the same network? I'll keep trying.",
        "Try now",
    ),
    "hub.denied": (
        {"hub": {"state": "not_allowed", "reason": "hub.denied", "command": "hivemind-core x 3"}},
        "hivemind-core x 3",
        "Copy",
    ),
    "hub.key_changed": (
        {"hub": {"state": "refused", "reason": "hub.key_changed"}},
        "Another hub answers",
        "Trust the new key",
    ),
    "identity.missing": (
        {"hub": {"state": "unconfigured", "reason": "identity.missing"}},
        "No hub is set up yet",
        "Set up",
    ),
    "hub.no_agent": (
        {"hub": {"state": "no_assistant", "reason": "hub.no_agent"}},
        "Is OVOS running there?",
        "Try now",
    ),
    "port.taken": (
        {"room": {"port": 8986}},
        "Port 8985 is used by another program. I moved the room to 8986",
        "Print sheet",
    ),
    "net.none": (
        {"lan": {"state": "none", "addresses": [], "name": None}},
        "This computer is on no network",
        "",
    ),
    "net.isolated": (
        {"lan": {"hints": [{"kind": "wifi", "name": "", "commands": []}]}},
        "not in one for guests",
        "",
    ),
    "net.vpn": (
        {"lan": {"hints": [{"kind": "vpn", "name": "wg0", "commands": []}]}},
        "This computer is in a VPN (wg0)",
        "",
    ),
    "net.firewall": (
        {"lan": {"hints": [{"kind": "firewall", "name": "ufw", "commands": ["sudo ufw allow 1"]}]}},
        "sudo ufw allow 1",
        "Copy",
    ),
    "net.off": ({"lan": {"state": "off", "name": None}}, "disallow-other-stacks", "Copy"),
    "net.disabled": (
        {"lan": {"state": "disabled", "name": None}},
        "is not announced",
        "Announce it",
    ),
    "net.nameless": ({"lan": {"state": "nameless", "name": None}}, "is not announced", ""),
    "net.renamed": (
        {"lan": {"name": "hivechat-1a2b.local", "wanted_name": "hivechat.local"}},
        "hivechat.local belongs to another computer; this room is hivechat-1a2b.local.",
        "",
    ),
    "net.gone": ({"lan": {"wanted_interface": "eth7"}}, "The network eth7", ""),
    "disk.full": ({"store": {"state": "full"}}, "The disk is full", ""),
    "disk.away": ({"store": {"state": "away"}}, "The database does not answer", ""),
    "set.aside": ({"store": {"set_aside": "/old/room.db"}}, "/old/room.db", ""),
    "memory": ({"store": {"state": "memory"}}, "Nothing is kept", ""),
}


def test_each_trouble_has_words_and_a_next_step(program: Program, host: Visitor) -> None:
    healthy = copy.deepcopy(program.status)
    item = host.page.locator(".health-item:not(.health-good)")
    for name, (status, words, next_step) in TROUBLES.items():
        program.tell(**status)
        expect(item).to_have_count(1)
        expect(item).to_contain_text(words)
        if next_step:
            button = item.get_by_role("button", name=next_step, exact=True)
            expect(button, name).to_be_visible()
        program.tell(**{part: healthy[part] for part in status})
        expect(item).to_have_count(0)


def test_a_hub_with_nothing_behind_it_is_not_called_well(program: Program, host: Visitor) -> None:
    program.tell(hub={"state": "no_assistant", "reason": "hub.no_agent"})
    expect(host.page.locator(".head")).to_contain_text("connected, but nothing answers")
    expect(host.page.locator(".head .dot-bad")).to_be_visible()
    health = host.page.locator(".card-health")
    program.checks = failing("answered", "hub.no_agent")
    press(health, "Try now")
    expect(health.get_by_role("button", name="Try now")).to_be_enabled()
    assert [path for _, path, _ in program.asked] == ["identity/test"]
    program.checks = [passed(name) for name in CHECKS]
    with host.page.expect_response("**/hub/reconnect"):
        press(health, "Try now")


def test_the_room_moves_back_to_its_port_after_one_question(
    program: Program, host: Visitor
) -> None:
    host.forgive(LOST)
    program.tell(room={"port": 8986})
    health = host.page.locator(".card-health")
    people = host.page.locator(".card-people").bounding_box()
    first = health.bounding_box()
    assert people is not None
    assert first is not None
    assert first["y"] < people["y"]
    program.refusals["port"] = (409, {"code": "port_taken", "message": "?"})
    press(health, "Use 8985 again")
    press(host.page.get_by_role("dialog"), "Use 8985")
    expect(host.page.locator(".toast")).to_have_text("Another program still uses that port.")
    del program.refusals["port"]
    press(health, "Use 8985 again")
    press(host.page.get_by_role("dialog"), "Use 8985")
    expect(host.page.locator(".toast")).to_have_text("The room moves back to 8985.")


def test_a_port_that_another_room_has_is_not_called_a_programs(
    program: Program, host: Visitor
) -> None:
    program.port["has_room"] = True
    program.tell(room={"port": 8986})
    health = host.page.locator(".card-health")
    expect(health).to_contain_text("Port 8985 is used by another room on this computer.")
    press(health, "Use 8985 again")
    expect(host.page.get_by_role("dialog")).to_contain_text("Close the other room first.")


def test_the_built_in_assistant_has_a_name_and_no_address(program: Program, host: Visitor) -> None:
    starting = {"state": "connecting", "builtin": True, "address": "127.0.0.1:36521"}
    program.tell(hub={**starting, "choice": "built-in"})
    expect(host.page.locator(".card-health")).to_contain_text("starting the built-in one…")
    expect(host.page.get_by_text("127.0.0.1")).to_have_count(0)


def test_what_is_wrong_comes_first_and_can_be_tried_again(program: Program, host: Visitor) -> None:
    program.tell(hub={"state": "unreachable", "reason": "hub.lost"})
    health = host.page.locator(".card-health")
    expect(health).to_be_in_viewport(ratio=1)
    people = host.page.locator(".card-people").bounding_box()
    first = health.bounding_box()
    assert people is not None
    assert first is not None
    assert first["y"] < people["y"]
    with host.page.expect_response("**/hub/reconnect"):
        press(health, "Try now")
    expect(host.page.locator(".head .dot-bad")).to_be_visible()
    assert program.bodies("hub/reconnect", 1) == [{}]
    press(health, "Change address")
    expect(host.page.get_by_role("heading", level=1)).to_have_text("Find your assistant")
    press(host.page, "Close")
    press(open_tab(host.page, "Settings"), "Set up again")
    expect(host.page.get_by_role("heading", level=1)).to_have_text("Welcome")
