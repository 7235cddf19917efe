"""What a connection tells in, what was found out: playbooks of calls at hubs, without any hub."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import (
    Arrived,
    BusMessage,
    Closed,
    FromConnection,
    Greeted,
    Opened,
    Outdated,
    Reached,
    Secured,
)
from hivemind_chatroom.hub.examination import (
    GREETING_DEADLINE_S,
    HELLO,
    PROOF_DEADLINE_S,
    Examination,
    Finding,
    Step,
)
from hivemind_chatroom.hub.reasons import Reason
from hivemind_chatroom.hub.translate import PROBE_TOPIC
from hivemind_chatroom.room.operating import CheckName, CheckState
from hub.fake_wire import UTTERANCE, permission

NETWORK = Closed(Fault.NETWORK)
REFUSED = Closed(code=1008)
SECURED = (Reached(), Opened(), Greeted(), Secured())
PERMITTED = (*SECURED, Arrived(permission(UTTERANCE)))


class Call:
    """An examination with what it has found out and wants sent."""

    def __init__(self, *events: FromConnection) -> None:
        self.examination = Examination("den", "Europe/Lisbon", 0.0)
        self.found: list[Finding] = []
        self.sent: list[BusMessage] = []
        self.take(*events)

    def take(self, *events: FromConnection) -> None:
        for event in events:
            self.keep(self.examination.take(event, 100.0))

    def hear_back(self, topic: str, data: dict[str, Any] | None = None, **context: Any) -> None:  # noqa: ANN401 - any JSON value
        """Have the hub answer hello."""
        message = BusMessage(topic, data or {}, {**self.sent[-1].context, **context})
        self.take(Arrived(message))

    def hear_nothing(self) -> None:
        self.keep(self.examination.lose_patience())

    def keep(self, steps: Iterable[Step]) -> None:
        for step in steps:
            (self.found if isinstance(step, Finding) else self.sent).append(step)  # type: ignore[arg-type]

    def states(self) -> str:
        """Return a letter for each check that has ended: ok, failed or skipped."""
        assert [each.name for each in self.found] == list(CheckName)[: len(self.found)]
        return "".join(each.state[0] for each in self.found)

    def due(self) -> float | None:
        return self.examination.due

    def reason(self) -> Reason:
        (failed,) = [each for each in self.found if each.state is CheckState.FAILED]
        return failed.reason


def test_all_is_well_step_by_step() -> None:
    call = Call(Reached(), Opened())
    assert call.states() == ""
    call.take(Greeted())
    assert call.states() == "oo"
    call.take(Secured())
    assert call.states() == "ooo"
    assert [message.topic for message in call.sent] == [PROBE_TOPIC]
    call.take(Arrived(permission(UTTERANCE)))
    assert call.states() == "oooo"
    assert call.sent[-1].topic == UTTERANCE
    assert call.sent[-1].data["utterances"] == [HELLO]
    assert call.sent[-1].context["session"]["site_id"] == "den"
    call.hear_back("speak", {"utterance": "Hi!"})
    assert call.states() == "ooooo"
    assert call.examination.is_over
    assert call.examination.client_id == "3"


@pytest.mark.parametrize(
    ("topic", "data"),
    [
        ("speak", {"utterance": "Hi!"}),
        ("ovos.utterance.speak", {"utterance": "Hi!"}),
        ("ovos.utterance.handled", {}),
        ("complete_intent_failure", {}),
        ("ovos.common_play.play", {"media": {"uri": "http://h/a.mp3"}}),
    ],
)
def test_whatever_the_assistant_makes_of_hello_it_is_there(
    topic: str, data: dict[str, Any]
) -> None:
    call = Call(*PERMITTED)
    call.hear_back(topic, data)
    assert call.states() == "ooooo"


def test_what_is_said_to_others_is_no_answer_to_us() -> None:
    call = Call(*PERMITTED)
    call.hear_back("speak", {"utterance": "Dinner!"}, corr="another")
    call.hear_back("speak", {"utterance": "Dinner!"}, corr=None)
    assert call.states() == "oooo"
    call.hear_nothing()
    assert (call.states(), call.reason()) == ("oooof", Reason.NO_AGENT)


def test_the_newer_name_of_asking_will_do() -> None:
    call = Call(*SECURED, Arrived(permission("ovos.utterance.handle")))
    assert call.sent[-1].topic == "ovos.utterance.handle"


def test_a_hub_that_does_not_say_what_it_allows_is_asked_all_the_same() -> None:
    call = Call(*SECURED)
    assert call.due() == 100.0 + PROOF_DEADLINE_S
    call.hear_nothing()
    assert call.states() == "oooo"
    assert call.sent[-1].topic == UTTERANCE
    assert call.due() is None
    call.hear_back("hive.policy.denied", {"denied_type": UTTERANCE})
    assert (call.states(), call.reason()) == ("oooof", Reason.DENIED)


@pytest.mark.parametrize(
    ("events", "states", "reason"),
    [
        ((Closed(Fault.NAME),), "fssss", Reason.NAME),
        ((NETWORK,), "fssss", Reason.UNREACHABLE),
        ((Reached(), NETWORK), "fssss", Reason.UNREACHABLE),
        ((Reached(), Closed(Fault.SILENT)), "fssss", Reason.SILENT),
        ((Reached(), Closed(Fault.TLS)), "fssss", Reason.TLS),
        ((Reached(), Closed(Fault.SCHEME)), "fssss", Reason.SCHEME),
        ((Reached(), Closed(Fault.NOT_WEBSOCKET)), "fssss", Reason.NOT_HIVEMIND),
        ((Reached(), Opened(), Closed(code=1000)), "fssss", Reason.NOT_HIVEMIND),
        ((Reached(), Opened(), REFUSED), "ofsss", Reason.KEY),
        ((Reached(), Opened(), Outdated()), "oofss", Reason.VERSION),
        ((Reached(), Opened(), Greeted(), Outdated()), "oofss", Reason.VERSION),
        ((Reached(), Opened(), Greeted(), REFUSED), "oofss", Reason.PASSWORD),
        (
            (Reached(), Opened(), Greeted(), Closed(handshake_failed=True)),
            "oofss",
            Reason.PASSWORD,
        ),
        (
            (Reached(), Opened(), Greeted(), Closed(hub_key_changed=True)),
            "oofss",
            Reason.KEY_CHANGED,
        ),
        ((Reached(), Opened(), Greeted(), NETWORK), "oofss", Reason.UNREACHABLE),
        ((*SECURED, REFUSED), "ooofs", Reason.PIN),
        ((*SECURED, Arrived(permission("speak"))), "ooofs", Reason.DENIED),
        ((*PERMITTED, NETWORK), "oooof", Reason.UNREACHABLE),
    ],
)
def test_each_way_to_fail_is_about_its_check(
    events: tuple[FromConnection, ...], states: str, reason: Reason
) -> None:
    call = Call(*events)
    assert (call.states(), call.reason()) == (states, reason)
    assert call.examination.is_over
    call.take(NETWORK)
    call.hear_nothing()
    assert call.states() == states


@pytest.mark.parametrize(
    ("events", "due", "states", "reason"),
    [
        ((), None, "fssss", Reason.UNREACHABLE),
        ((Reached(),), None, "fssss", Reason.SILENT),
        ((Reached(), Opened()), 100.0 + GREETING_DEADLINE_S, "fssss", Reason.NOT_HIVEMIND),
        ((Reached(), Opened(), Greeted()), None, "oofss", Reason.SILENT),
        (PERMITTED, None, "oooof", Reason.NO_AGENT),
    ],
)
def test_silence_is_about_the_check_that_was_due(
    events: tuple[FromConnection, ...], due: float | None, states: str, reason: Reason
) -> None:
    call = Call(*events)
    assert call.due() == due
    call.hear_nothing()
    assert (call.states(), call.reason()) == (states, reason)


def test_a_hub_with_nothing_behind_it_says_so() -> None:
    call = Call(*PERMITTED)
    call.hear_back("hive.policy.denied", {"denied_type": UTTERANCE, "code": "backend_unavailable"})
    assert (call.states(), call.reason()) == ("oooof", Reason.NO_AGENT)


def test_a_call_that_is_not_made_has_failed_in_one_check_alone() -> None:
    call = Call()
    call.keep(call.examination.refuse(Reason.WEAK_PASSWORD))
    assert (call.states(), call.reason()) == ("ssfss", Reason.WEAK_PASSWORD)
    assert call.examination.is_over
