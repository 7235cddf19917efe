"""What somebody asks for themselves alone never leaves for anybody else's browser."""

from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import Arrive, OpenRoom, Wire
from browser.visitor import DESKTOP, PHONE
from hivemind_chatroom.room.model import Address, HubState, HubStatus, Reply
from hivemind_chatroom.room.operating import ExportFormat

SECRET = "surprise party"
ANSWER = "Balloons and a cake"


def test_a_private_question_is_in_nothing_that_another_is_sent(
    open_room: OpenRoom, arrive: Arrive, wire: Wire
) -> None:
    room = open_room()
    bobs_network = wire(room)
    ana, bob = arrive(PHONE), arrive(DESKTOP)
    ana.join(room.url, "Ana")
    url = f"http://127.0.0.1:{bobs_network.port}"
    bob.join(url, "Bob")
    hub = room.room.utterances
    room.room.hub_is(HubStatus(HubState.CONNECTED, room.room.hub.since))
    expect(ana.hub_word).to_have_text("Connected")

    ana.say(f"How do I plan a {SECRET}?", to="Only me")
    expect(ana.line(f"How do I plan a {SECRET}?")).to_have_attribute("data-state", "sent")
    (question,) = hub.waiting()
    assert hub.sending(question)
    hub.sent(question)
    room.room.receive(Reply(Address(corr=question.corr), ANSWER))
    expect(ana.line(ANSWER)).to_be_visible()
    ana.say("Dinner is ready", to="Only people")
    expect(bob.texts).to_have_text(["Dinner is ready"])

    bob.page.reload()
    expect(bob.texts).to_have_text(["Dinner is ready"])
    for words in (SECRET, "Balloons"):
        found = bob.page.request.get(f"{url}/api/messages?q={words}")
        assert found.json()["messages"] == []
    assert bob.page.request.get(f"{url}/messages").text().count(SECRET) == 0
    origin, _, token = room.operator_url.partition("/#k=")
    for kind in ExportFormat:
        files = bob.page.request.get(
            f"{origin}/api/export?format={kind}", headers={"X-Operator-Token": token}
        )
        assert "Dinner is ready" in files.text()
        assert not any(words in files.text() for words in (SECRET, ANSWER))
    bob.page.close()
    sent = b"".join(bytes(passage.from_server) for passage in bobs_network.passages)
    assert b"Dinner is ready" in sent
    for words in (SECRET, ANSWER):
        assert words.encode() not in sent
