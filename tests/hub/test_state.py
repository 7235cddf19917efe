"""Playbooks of the link: what happens, and when, against what is done about it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hivemind_chatroom.hub.commands import (
    Command,
    Connect,
    Disconnect,
    Doubt,
    LookAgain,
    Probe,
    Standing,
    Tell,
)
from hivemind_chatroom.hub.diagnosis import Phase
from hivemind_chatroom.hub.dial import Fault
from hivemind_chatroom.hub.events import (
    Closed,
    Greeted,
    Heard,
    LinkEvent,
    Opened,
    Outdated,
    Permitted,
    Refused,
    Secured,
    Started,
    Stopped,
    Ticked,
    TriedNow,
    Unheard,
    Unusable,
)
from hivemind_chatroom.hub.reasons import Reason
from hivemind_chatroom.hub.state import (
    CONNECT_DEADLINE_S,
    DENIED_PROBE_S,
    GREETING_DEADLINE_S,
    HANDSHAKE_DEADLINE_S,
    IDLE_PROBE_S,
    LOOK_AGAIN_S,
    PROBE_DEADLINE_S,
    PROOF_DEADLINE_S,
    QUICK_RETRIES_S,
    SLOW_RETRIES_S,
    STEADY_S,
    LinkState,
    advance,
)
from hivemind_chatroom.room.model import HubState

UTTERANCE = "recognizer_loop:utterance"
NEW_UTTERANCE = "ovos.utterance.handle"
ALLOWED = Permitted(frozenset({UTTERANCE}), "3")
DENIED = Permitted(frozenset({"speak"}), "3")
NETWORK = Closed(Fault.NETWORK)
CONNECTED = Standing(HubState.CONNECTED)
ROUNDING_S = 1e-6
LOST = Standing(HubState.UNREACHABLE, Reason.LOST)
NO_AGENT = Standing(HubState.NO_ASSISTANT, Reason.NO_AGENT)


class Play:
    """Feeds events to the link's state and lets time pass."""

    def __init__(self) -> None:
        self.link = LinkState()
        self.now = 1_000.0

    def on(self, *events: LinkEvent) -> list[Command]:
        """Return what the events want done, the clock standing still."""
        commands: list[Command] = []
        for event in events:
            self.link, wanted = advance(self.link, event, self.now)
            commands += wanted
        return commands

    def after(self, seconds: float) -> list[Command]:
        """Let time pass, waking up whenever the link wants to, and return what was done."""
        end = self.now + seconds
        commands: list[Command] = []
        while self.link.due is not None and self.link.due <= end + ROUNDING_S:
            self.now = max(self.now, self.link.due)
            commands += self.on(Ticked())
        self.now = end
        return commands

    def up(self, permitted: Permitted = ALLOWED) -> list[Command]:
        """Connect, and come as far as the answer to the first probe."""
        return self.on(Started(), Opened(), Greeted(), Secured(), permitted)


@pytest.fixture
def play() -> Play:
    return Play()


def told(commands: list[Command]) -> list[Standing]:
    return [command.standing for command in commands if isinstance(command, Tell)]


def without_looking(commands: list[Command]) -> list[Command]:
    return [command for command in commands if command != LookAgain()]


def test_a_good_hub_is_connected_probed_and_told(play: Play) -> None:
    assert play.on(Started()) == [Connect()]
    assert play.on(Opened(), Greeted()) == []
    assert play.on(Secured()) == [Probe()]
    assert play.link.topic is None
    assert play.on(ALLOWED) == [Tell(CONNECTED)]
    assert play.link.topic == UTTERANCE


def test_nothing_may_be_sent_before_the_hub_has_answered_the_probe(play: Play) -> None:
    for event in (Started(), Opened(), Greeted(), Secured()):
        play.on(event)
        assert play.link.topic is None


def test_the_newer_topic_is_taken_where_only_that_one_is_allowed(play: Play) -> None:
    play.up(Permitted(frozenset({NEW_UTTERANCE}), "3"))
    assert play.link.topic == NEW_UTTERANCE


def test_the_older_topic_is_taken_where_both_are_allowed(play: Play) -> None:
    play.up(Permitted(frozenset({NEW_UTTERANCE, UTTERANCE}), "3"))
    assert play.link.topic == UTTERANCE


def test_an_older_hub_that_never_answers_the_probe_counts_as_connected(play: Play) -> None:
    play.on(Started(), Opened(), Greeted(), Secured())
    assert told(play.after(PROOF_DEADLINE_S)) == [CONNECTED]
    assert play.link.topic == UTTERANCE
    assert without_looking(play.after(10 * IDLE_PROBE_S)) == []


def test_a_hub_that_allows_nothing_is_told_with_the_command_and_asked_again(play: Play) -> None:
    command = f"hivemind-core allow-msg {UTTERANCE} 3"
    assert told(play.up(DENIED)) == [Standing(HubState.NOT_ALLOWED, Reason.DENIED, command)]
    assert play.link.topic is None
    assert without_looking(play.after(DENIED_PROBE_S)) == [Probe()]
    assert told(play.on(DENIED)) == []
    assert Probe() in play.after(DENIED_PROBE_S)
    assert play.on(ALLOWED) == [Tell(CONNECTED)]
    assert play.link.topic == UTTERANCE


def test_the_command_has_a_placeholder_where_our_number_is_not_known(play: Play) -> None:
    (standing,) = told(play.up(Permitted(frozenset(), "")))
    assert standing.command == f"hivemind-core allow-msg {UTTERANCE} <id>"


@pytest.mark.parametrize(
    ("events", "closed", "reason"),
    [
        ((), NETWORK, Reason.UNREACHABLE),
        ((), Closed(Fault.TLS), Reason.TLS),
        ((), Closed(Fault.NOT_WEBSOCKET), Reason.NOT_HIVEMIND),
        ((Opened(),), NETWORK, Reason.UNREACHABLE),
        ((Opened(),), Closed(code=1008), Reason.KEY),
        ((Opened(),), Closed(Fault.NETWORK, password_is_weak=True), Reason.WEAK_PASSWORD),
        ((Opened(),), Closed(code=1011, password_is_weak=True), Reason.WEAK_PASSWORD),
        ((Opened(),), Closed(code=1000), Reason.NOT_HIVEMIND),
        ((Opened(), Greeted()), NETWORK, Reason.UNREACHABLE),
        ((Opened(), Greeted()), Closed(code=1008), Reason.PASSWORD),
        ((Opened(), Greeted()), Closed(Fault.NETWORK, handshake_failed=True), Reason.PASSWORD),
        (
            (Opened(), Greeted()),
            Closed(Fault.NETWORK, handshake_failed=True, hub_key_changed=True),
            Reason.KEY_CHANGED,
        ),
        ((Opened(), Greeted(), Secured()), Closed(code=1008), Reason.PIN),
        ((Opened(), Greeted(), Secured()), NETWORK, Reason.UNREACHABLE),
    ],
)
def test_each_way_to_fail_has_its_reason(
    play: Play, events: tuple[LinkEvent, ...], closed: Closed, reason: Reason
) -> None:
    play.on(Started(), *events)
    commands = play.on(closed)
    assert commands[0] == Disconnect()
    assert [standing.reason for standing in told(commands)] == [reason]


@pytest.mark.parametrize(
    ("reason", "closed", "command"),
    [
        (Reason.KEY, Closed(code=1008), "hivemind-core list-clients"),
        (
            Reason.WEAK_PASSWORD,
            Closed(password_is_weak=True),
            f"hivemind-core add-client --allow {UTTERANCE}",
        ),
        (Reason.KEY_CHANGED, Closed(hub_key_changed=True), "hivemind-client forget-server"),
        (Reason.NOT_HIVEMIND, Closed(Fault.NOT_WEBSOCKET), ""),
    ],
)
def test_a_reason_brings_the_command_that_helps(
    play: Play, reason: Reason, closed: Closed, command: str
) -> None:
    play.on(Started(), Opened())
    (standing,) = told(play.on(closed))
    assert (standing.reason, standing.command) == (reason, command)


def test_a_hub_without_our_encryption_is_refused_by_us(play: Play) -> None:
    play.on(Started(), Opened(), Greeted())
    commands = play.on(Outdated())
    assert commands == [Disconnect(), Tell(Standing(HubState.REFUSED, Reason.VERSION))]


@pytest.mark.parametrize(
    ("events", "deadline_s", "reason"),
    [
        ((), CONNECT_DEADLINE_S, Reason.UNREACHABLE),
        ((Opened(),), GREETING_DEADLINE_S, Reason.NOT_HIVEMIND),
        ((Opened(), Greeted()), HANDSHAKE_DEADLINE_S, Reason.UNREACHABLE),
    ],
)
def test_silence_has_a_deadline_at_every_step(
    play: Play, events: tuple[LinkEvent, ...], deadline_s: float, reason: Reason
) -> None:
    play.on(Started(), *events)
    assert play.after(deadline_s - 0.1) == []
    commands = play.after(0.1)
    assert commands[0] == Disconnect()
    assert [standing.reason for standing in told(commands)] == [reason]


def test_a_hub_that_is_away_is_tried_again_soon_and_told_once(play: Play) -> None:
    play.on(Started())
    for wait_s in (*QUICK_RETRIES_S, QUICK_RETRIES_S[-1]):
        play.on(NETWORK)
        assert without_looking(play.after(wait_s - 0.05)) == []
        assert without_looking(play.after(0.05)) == [Connect()]
    assert max(QUICK_RETRIES_S) <= 2.0


@pytest.mark.parametrize("fault", [Fault.NETWORK, Fault.NAME, Fault.SILENT])
def test_people_hear_of_a_lost_hub_once_however_often_it_is_tried(play: Play, fault: Fault) -> None:
    play.up()
    play.after(STEADY_S)
    assert play.on(NETWORK) == [Disconnect(), Doubt(), Tell(LOST)]
    for _ in range(5):
        commands = play.after(2.0)
        assert without_looking(commands) == [Connect()]
        assert play.on(Closed(fault)) == [Disconnect()]
    assert play.after(2.0)
    assert play.on(Opened(), Greeted(), Secured(), ALLOWED) == [Probe(), Tell(CONNECTED)]


def test_a_steady_link_that_breaks_is_tried_again_at_once(play: Play) -> None:
    play.up()
    play.after(STEADY_S)
    play.on(NETWORK)
    assert play.after(QUICK_RETRIES_S[0]) == [Connect()]


def test_a_link_over_which_somebody_answered_is_tried_again_at_once(play: Play) -> None:
    play.up()
    for _ in range(5):
        play.now += 0.1
        play.on(Heard(), NETWORK)
        assert play.after(QUICK_RETRIES_S[0]) == [Connect()]
        play.on(Opened(), Greeted(), Secured(), ALLOWED)


def test_a_link_that_breaks_again_and_again_is_not_hammered(play: Play) -> None:
    play.up()
    waits = []
    for _ in range(6):
        play.on(NETWORK)
        lost_at = play.now
        while Connect() not in play.after(0.1):
            pass
        waits.append(play.now - lost_at)
        play.on(Opened(), Greeted(), Secured(), ALLOWED)
    assert waits[-1] >= QUICK_RETRIES_S[-1]


def test_a_refusal_is_tried_again_slowly_and_another_identity_is_looked_for(play: Play) -> None:
    play.on(Started(), Opened())
    play.on(Closed(code=1008))
    commands = play.after(SLOW_RETRIES_S[0] - 0.1)
    assert set(commands) == {LookAgain()}
    assert len(commands) == int((SLOW_RETRIES_S[0] - 0.1) / LOOK_AGAIN_S)
    assert without_looking(play.after(0.1)) == [Connect()]


def test_another_identity_is_tried_at_once(play: Play) -> None:
    play.on(Started(), Opened(), Closed(code=1008))
    assert play.on(TriedNow()) == [Connect(), Tell(Standing(HubState.CONNECTING))]


def test_trying_now_gives_up_the_connection_that_stands(play: Play) -> None:
    play.up()
    commands = play.on(TriedNow())
    assert commands == [Disconnect(), Doubt(), Connect(), Tell(Standing(HubState.CONNECTING))]
    assert play.link.topic is None


@pytest.mark.parametrize("reason", [Reason.IDENTITY_MISSING, Reason.IDENTITY_BROKEN])
def test_without_an_identity_the_file_is_looked_at_again_and_again(
    play: Play, reason: Reason
) -> None:
    play.on(Started())
    standing = Standing(HubState.UNCONFIGURED, reason)
    assert told(play.on(Unusable(reason))) == [standing]
    for _ in range(3):
        assert play.after(LOOK_AGAIN_S) == [Connect()]
        assert told(play.on(Unusable(reason))) == []


def test_a_built_in_hub_that_fails_is_not_started_over_and_over(play: Play) -> None:
    play.on(Started())
    play.on(Unusable(Reason.BUILTIN))
    assert without_looking(play.after(SLOW_RETRIES_S[0] - 0.1)) == []


def test_a_quiet_link_is_probed_and_a_lively_one_is_not(play: Play) -> None:
    play.up()
    play.after(IDLE_PROBE_S - 1)
    play.on(Heard())
    assert Probe() not in play.after(IDLE_PROBE_S - 1)
    assert Probe() in play.after(1)


def test_a_hub_that_stops_answering_probes_is_lost(play: Play) -> None:
    play.up()
    play.after(IDLE_PROBE_S)
    assert play.link.probed_at is not None
    commands = play.after(PROBE_DEADLINE_S + LOOK_AGAIN_S)
    assert [command for command in commands if command == Doubt()] == [Doubt()]
    assert told(commands) == [LOST]


def test_a_refused_utterance_has_the_permissions_asked_for_once(play: Play) -> None:
    play.up()
    assert play.on(Refused(backend_is_away=False)) == [Probe()]
    assert play.on(Refused(backend_is_away=False)) == []
    assert [standing.reason for standing in told(play.on(DENIED))] == [Reason.DENIED]


def test_a_refusal_of_one_utterance_alone_changes_nothing(play: Play) -> None:
    play.up()
    play.on(Refused(backend_is_away=False))
    assert play.on(ALLOWED) == []


def test_a_hub_without_an_assistant_is_told_and_still_asked(play: Play) -> None:
    play.up()
    assert play.on(Refused(backend_is_away=True)) == [Probe(), Tell(NO_AGENT)]
    assert told(play.on(ALLOWED)) == []
    assert play.link.topic == UTTERANCE
    assert play.on(Heard()) == [Tell(CONNECTED)]


def test_an_utterance_that_nobody_answers_shows_that_there_is_no_assistant(play: Play) -> None:
    play.up()
    sent_at = play.now
    play.after(30)
    assert told(play.on(Unheard(sent_at))) == [NO_AGENT]


def test_one_unanswered_utterance_among_answered_ones_shows_nothing(play: Play) -> None:
    play.up()
    sent_at = play.now
    play.after(10)
    play.on(Heard())
    play.after(20)
    assert told(play.on(Unheard(sent_at))) == []


def test_stopping_gives_up_the_connection_and_tells_nobody(play: Play) -> None:
    play.up()
    assert play.on(Stopped()) == [Disconnect(), Doubt()]
    assert play.after(1_000) == []


def test_what_a_dead_connection_says_does_not_matter(play: Play) -> None:
    play.up()
    play.on(NETWORK)
    waiting = play.link
    for event in (NETWORK, Opened(), Greeted(), Secured(), ALLOWED, Heard(), Outdated()):
        assert play.on(event) == []
    assert play.link == waiting


EVENTS = st.one_of(
    st.sampled_from(
        [
            Started(),
            Stopped(),
            TriedNow(),
            Opened(),
            Greeted(),
            Secured(),
            Outdated(),
            ALLOWED,
            DENIED,
            Permitted(None, ""),
            Refused(backend_is_away=True),
            Refused(backend_is_away=False),
            Heard(),
            Unheard(0.0),
            Ticked(),
        ]
    ),
    st.builds(
        Closed,
        fault=st.sampled_from([None, *Fault]),
        code=st.sampled_from([None, 1000, 1008, 1011]),
        hub_key_changed=st.booleans(),
        handshake_failed=st.booleans(),
        password_is_weak=st.booleans(),
    ),
    st.builds(
        Unusable,
        reason=st.sampled_from([Reason.IDENTITY_MISSING, Reason.IDENTITY_BROKEN, Reason.BUILTIN]),
    ),
)


@settings(deadline=None)
@given(st.lists(st.tuples(EVENTS, st.floats(0, 20)), max_size=25))
def test_whatever_happens_the_link_never_ends_in_a_dead_end(
    happenings: list[tuple[LinkEvent, float]],
) -> None:
    play = Play()
    play.on(Started())
    for event, seconds in happenings:
        play.on(event)
        play.after(seconds)
        link = play.link
        assert (link.topic is not None) <= (link.phase is Phase.UP)
        assert (link.due is None) == (link.phase is Phase.STOPPED)
        assert link.due is None or link.due > play.now - ROUNDING_S
    if play.link.phase is not Phase.STOPPED:
        play.on(NETWORK)
        steps = int(SLOW_RETRIES_S[-1] / 0.1)
        assert any(Connect() in play.after(0.1) for _ in range(steps + 1))
        play.on(Opened(), Greeted(), Secured(), ALLOWED)
        assert play.link.phase is Phase.UP


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=40))
def test_what_was_on_its_way_is_in_doubt_exactly_when_a_link_that_could_send_is_left(
    events: list[LinkEvent],
) -> None:
    play = Play()
    play.on(Started())
    for event in events:
        was_up = play.link.phase is Phase.UP
        commands = play.on(event)
        leaves = was_up and play.link.phase is not Phase.UP
        assert (Doubt() in commands) == leaves
