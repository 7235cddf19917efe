"""The corpus of scripts in every field of the host's page: it is shown, and none of it is run."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import expect

from browser.conftest import Arrive, OpenProgram, OpenRoom
from browser.dashboard import WINDOW, open_tab, press
from browser.first_steps import Wizard, fresh
from browser.household import CHECKS, FULL, LOG, PRINT_OUT, happening, message, passed
from browser.payloads import NAMES, PAYLOADS, Watch, poisoned, texts_of
from browser.program import Program
from browser.visitor import LOST
from hivemind_chatroom.room.model import HubState, HubStatus, Introduction, Posting
from hivemind_chatroom.settings import MEMORY

TABS: Final = ("Home", "People", "History", "Safety", "Settings", "Help")

WORDS: Final = frozenset(
    {"at", "kind", "until", "muted_until", "last_seen", "last_visitor_at", "sent_at"}
    | {"since", "started_at", "state", "choice", "check", "color", "id", "member_id", "present"}
)
"""What the program tells that is one of a few words, a time, or an id."""

HUB: Final = {"name": "Den", "host": "192.168.1.10", "port": 5678, "tls": False}
HINT: Final = {"kind": "vpn", "name": "wg0", "commands": ["sudo"]}
INTERFACE: Final = {"name": "wlan0", "addresses": ["192.168.1.23"], "is_pinned": False}
UNDO: Final = {"id": "u", "kind": "mute", "member_id": "m9", "name": "Bob", "until": "2999-01-01"}

LISTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "members": ("", FULL["members"][0]),
    "now": ("", happening("joined", "Ana", detail="detail")),
    "undo": ("", UNDO),
    "lan.hints": ("hints", HINT),
    "lan.interfaces": ("interfaces", INTERFACE),
}
"""What there may be many of at once: each payload is one of them."""


@pytest.fixture
def watch(program: Program, arrive: Arrive) -> Watch:
    """Watch the browser of somebody who looks at a program."""
    visitor = arrive(WINDOW)
    watch = Watch(visitor)
    visitor.open(program.url)
    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    return watch


def each_of(like: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one like this for each payload, with it in all its texts."""
    return [
        {**poisoned(like, payload, WORDS), **({"id": f"p{number}"} if "id" in like else {})}
        for number, payload in enumerate(PAYLOADS)
    ]


def told(fields: int) -> None:
    """Say what a test has tried, for who runs it with -rP."""
    print(f"{fields} fields x {len(PAYLOADS)} payloads: 0 run")  # noqa: T201 - the docs' figure


def test_what_the_room_has_many_of_is_not_run(program: Program, watch: Watch) -> None:
    lan = {kind: each_of(like) for place, (kind, like) in LISTS.items() if place.startswith("lan.")}
    program.log = [
        {**poisoned(each, payload, WORDS), "id": number * len(LOG) + place, "dir": payload}
        for number, payload in enumerate(PAYLOADS)
        for place, each in enumerate(
            [*LOG, message(5, "Ana", "?", media={"uri": "u", "title": "t"})]
        )
    ]
    for place, (kind, like) in LISTS.items():
        if not kind:
            program.tell(**{place: each_of(like)})
    program.tell(lan=lan, store={"messages": len(program.log)})
    page = watch.visitor.page
    for tab in TABS:
        open_tab(page, tab)
        watch.sees_nothing()
    open_tab(page, "People")
    expect(page.get_by_role("tabpanel")).to_contain_text(PAYLOADS[0])
    open_tab(page, "History")
    expect(page.get_by_role("tabpanel")).to_contain_text(PAYLOADS[0])
    watch.sees_nothing()
    told(sum(texts_of(like, WORDS) for _, like in LISTS.values()) + texts_of(program.log, WORDS))


def test_what_there_is_one_of_is_not_run(program: Program, watch: Watch) -> None:
    page = watch.visitor.page
    fields = {part: program.status[part] for part in ("app", "room", "hub", "lan", "store")}
    program.status["hub"]["state"] = "refused"
    program.status["store"]["set_aside"] = "/old/room.db"
    program.status["room"]["public_url"] = "http://a.example/"
    program.settings |= poisoned(program.settings, PAYLOADS[0])
    for tab in TABS:
        open_tab(page, tab)
        for payload in PAYLOADS:
            poison = poisoned(fields, payload, WORDS)
            program.identity = poisoned(program.identity, payload)
            program.tell(**poison)
            expect(page.get_by_role("heading", level=1)).to_have_text(payload, use_inner_text=False)
        watch.sees_nothing()
    told(texts_of(fields, WORDS) + texts_of(program.settings) + texts_of(program.identity))


def test_what_is_found_on_the_network_and_said_by_a_hub_is_not_run(
    open_program: OpenProgram, arrive: Arrive
) -> None:
    program = fresh(open_program)
    program.hubs["hubs"] = each_of(HUB)
    visitor = arrive(WINDOW)
    watch = Watch(visitor)
    visitor.open(program.url)
    visitor.page.get_by_role("button", name="Let's go").click()
    expect(visitor.page.get_by_label(PAYLOADS[0]).first).to_be_visible()
    watch.sees_nothing()
    told(texts_of(HUB))


@pytest.mark.parametrize("check", ["reached", "answered"])
def test_what_a_check_says_is_not_run(
    open_program: OpenProgram, arrive: Arrive, check: str
) -> None:
    program = fresh(open_program)
    visitor = arrive(WINDOW)
    watch, wizard = Watch(visitor), Wizard(visitor)
    visitor.open(program.url)
    wizard.go_to_connect()
    program.found = {"host": PAYLOADS[1], "site_id": PAYLOADS[1]}
    wizard.paste(PRINT_OUT)
    for payload in PAYLOADS:
        said = {"code": payload, "text": payload, "command": payload, "address": payload}
        program.checks = [
            *(passed(name) for name in CHECKS[: CHECKS.index(check)]),
            {**passed(check), **said, "state": "failed"},
        ]
        with wizard.page.expect_response("**/identity/test"):
            wizard.button("Test").or_(wizard.button("Test again")).click()
        expect(wizard.page.locator(".check-failed")).to_have_count(1)
    watch.sees_nothing()
    told(4)


def test_what_is_looked_for_typed_and_chosen_is_not_run(program: Program, watch: Watch) -> None:
    watch.visitor.forgive(LOST)
    page = watch.visitor.page
    panel = open_tab(page, "History")
    for payload in PAYLOADS:
        with page.expect_response("**/api/messages?**"):
            panel.get_by_role("searchbox").fill(payload)
    panel = open_tab(page, "Settings")
    for payload in PAYLOADS:
        error = {"code": payload, "message": payload, "setting": "room_name"}
        program.refusals["settings"] = (422, error)
        panel.get_by_label("Name of the room").fill(payload)
        with page.expect_response("**/api/settings"):
            panel.get_by_label("Name of the room").press("Enter")
    watch.sees_nothing()
    told(4)


def test_the_names_of_backups_are_not_run(watch: Watch) -> None:
    page = watch.visitor.page
    panel = open_tab(page, "Help")
    for payload in PAYLOADS:
        name = payload.replace("/", "")
        with page.expect_file_chooser() as chooser:
            press(panel, "Restore from a backup…")
        chooser.value.set_files({"name": name, "mimeType": "application/zip", "buffer": b"PK"})
        expect(page.get_by_role("dialog")).to_be_visible()
        press(page.get_by_role("dialog"), "Cancel")
    watch.sees_nothing()
    told(1)


def test_what_is_said_in_a_real_room_is_not_run_where_its_host_looks(
    open_room: OpenRoom, arrive: Arrive
) -> None:
    room = open_room(database=MEMORY, rate_limit=False, set_up=True, room_name=PAYLOADS[0])
    for name in NAMES:
        member = room.room.join(Introduction(name, "en")).member
        for number, payload in enumerate(PAYLOADS):
            room.room.post(member, Posting(payload, f"{member.id} {number}"))
    command = f"hivemind-core {PAYLOADS[0]}"
    status = HubStatus(HubState.NOT_ALLOWED, room.room.hub.since, "hub.denied", command)
    room.room.hub_is(status)
    visitor = arrive(WINDOW)
    watch = Watch(visitor)
    visitor.open(room.operator_url)
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(PAYLOADS[0])
    for tab in TABS:
        open_tab(visitor.page, tab)
        watch.sees_nothing()
    panel = open_tab(visitor.page, "History")
    expect(panel.locator(".log-line").first).to_contain_text("ran()")
    watch.sees_nothing()
    told(4)
