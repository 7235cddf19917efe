"""The link's state: what happens goes in, what is to be done comes out, both values.

Nothing in here waits, sends, or looks at a clock. `advance` takes the state, an event and the time
and returns the next state with the commands for `link.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
from hivemind_chatroom.hub.diagnosis import Phase, diagnose
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
from hivemind_chatroom.hub.reasons import STATE_OF, Reason, command_for
from hivemind_chatroom.room.model import HubState

UTTERANCE_TOPICS = ("recognizer_loop:utterance", "ovos.utterance.handle")
"""The message types that ask something, the one that more hubs know first."""

CONNECT_DEADLINE_S = 15.0
"""How long an attempt may take until the websocket is open; the socket's own times are shorter."""

GREETING_DEADLINE_S = 5.0
"""How long an open websocket may say nothing before it is no hub."""

HANDSHAKE_DEADLINE_S = 20.0
"""How long the handshake may take: argon2 needs seconds on a small board."""

PROOF_DEADLINE_S = 3.0
"""How long the first probe may take; older hubs never answer one and are fine."""

PROBE_DEADLINE_S = 10.0
"""How long a hub that answers probes may leave one unanswered before the link counts as dead."""

IDLE_PROBE_S = 60.0
"""How long a silent link is left alone."""

DENIED_PROBE_S = 2.6
"""How often we ask whether we may ask now; hubs look into their database every 5 s at most."""

QUICK_RETRIES_S = (0.2, 1.0, 1.5)
"""The waits before a hub that does not answer is tried again; the last one repeats."""

SLOW_RETRIES_S = (10.0, 20.0, 30.0)
"""The waits before a hub that refuses us is tried again; the last one repeats."""

LOOK_AGAIN_S = 2.0
"""How often we look whether another hub is wanted: no file tells us when it changes."""

STEADY_S = 5.0
"""How long a link over which nobody has answered must stand to count as a good one."""

_AWAY = frozenset({Reason.UNREACHABLE, Reason.NAME, Reason.SILENT})
"""What a connection breaks with that stood before: then it is lost, whatever the next try says."""

_QUICK = _AWAY | {Reason.LOST, Reason.NOT_HIVEMIND}


_CONNECTING = Standing(HubState.CONNECTING)
_NO_ASSISTANT = Standing(HubState.NO_ASSISTANT, Reason.NO_AGENT)


@dataclass(frozen=True, slots=True)
class LinkState:
    """Everything the next decision depends on; times are seconds on the monotonic clock."""

    phase: Phase = Phase.STOPPED
    standing: Standing = _CONNECTING
    due: float | None = None
    """When time alone moves the link on."""
    retry_at: float = 0.0
    failures: int = 0
    """Attempts in a row that failed."""
    topic: str | None = None
    """What an utterance is sent as; None while nothing may be sent."""
    client_id: str = ""
    """Our number on the hub."""
    up_since: float = 0.0
    heard_at: float = 0.0
    """When the assistant last said something."""
    probe_due: float | None = None
    """When to probe again; None when the hub does not answer probes, or one is on its way."""
    probed_at: float | None = None
    """When the probe was sent that is not answered yet."""
    hub_answers_probes: bool = False


Advance = tuple[LinkState, tuple[Command, ...]]


def advance(link: LinkState, event: LinkEvent, now: float) -> Advance:
    """Return the state after an event, and what is to be done.

    Args:
        link: The state before.
        event: What happened.
        now: Seconds on the monotonic clock.
    """
    after, commands = _react(link, event, now)
    if after.standing != link.standing:
        commands = (*commands, Tell(after.standing))
    return after, commands


def _react(link: LinkState, event: LinkEvent, now: float) -> Advance:
    if link.phase is Phase.STOPPED:
        return _connect(link, now) if isinstance(event, Started) else (link, ())
    match event:
        case Stopped():
            result = LinkState(standing=link.standing), _leave(link)
        case TriedNow():
            after, commands = _connect(LinkState(client_id=link.client_id), now)
            result = after, (*_leave(link), *commands)
        case Unusable(reason):
            result = _fail(link, reason, now)
        case Closed() if link.phase is not Phase.WAITING:
            result = _fail(link, diagnose(event, link.phase), now)
        case Ticked() if link.due is not None and now >= link.due:
            result = _time_is_up(link, now)
        case _ if link.phase in {Phase.PROVING, Phase.UP}:
            result = _in_touch(link, event, now)
        case _:
            result = _shake_hands(link, event, now)
    return result


def _shake_hands(link: LinkState, event: LinkEvent, now: float) -> Advance:
    match event, link.phase:
        case Opened(), Phase.CONNECTING:
            return replace(link, phase=Phase.GREETING, due=now + GREETING_DEADLINE_S), ()
        case Greeted(), Phase.GREETING:
            return replace(link, phase=Phase.SECURING, due=now + HANDSHAKE_DEADLINE_S), ()
        case Outdated(), Phase.GREETING | Phase.SECURING:
            return _fail(link, Reason.VERSION, now)
        case Secured(), Phase.SECURING:
            due = now + PROOF_DEADLINE_S
            return replace(link, phase=Phase.PROVING, due=due, probed_at=now), (Probe(),)
        case _:
            return link, ()


def _in_touch(link: LinkState, event: LinkEvent, now: float) -> Advance:
    match event:
        case Permitted(topics, client_id):
            link = replace(link, probed_at=None, hub_answers_probes=True, client_id=client_id)
            return _up(link, topics, now), ()
        case Heard():
            standing = Standing(HubState.CONNECTED) if link.topic else link.standing
            due = now + IDLE_PROBE_S if link.topic and link.probe_due else link.probe_due
            return replace(link, heard_at=now, standing=standing, probe_due=due), ()
        case Refused(backend_is_away):
            link = replace(link, standing=_NO_ASSISTANT) if backend_is_away else link
            return _probe(link, now) if link.probed_at is None else (link, ())
        case Unheard(sent_at) if link.heard_at <= sent_at and link.topic:
            return replace(link, standing=_NO_ASSISTANT), ()
        case _:
            return link, ()


def _time_is_up(link: LinkState, now: float) -> Advance:
    match link.phase:
        case Phase.WAITING if now >= link.retry_at:
            return _connect(link, now)
        case Phase.WAITING:
            return replace(link, due=min(link.retry_at, now + LOOK_AGAIN_S)), (LookAgain(),)
        case Phase.GREETING:
            return _fail(link, Reason.NOT_HIVEMIND, now)
        case Phase.PROVING:
            return _up(replace(link, probed_at=None), None, now), ()
        case Phase.UP:
            return _look_after(link, now)
        case _:
            return _fail(link, Reason.UNREACHABLE, now)


def _look_after(link: LinkState, now: float) -> Advance:
    """Keep a standing link alive, and notice when it is not."""
    if link.probed_at is not None and now >= link.probed_at + PROBE_DEADLINE_S:
        if link.hub_answers_probes:
            return _fail(link, Reason.UNREACHABLE, now)
        link = replace(link, probed_at=None)
    if link.probe_due is not None and now >= link.probe_due:
        return _probe(link, now)
    return _until_next_look(link, now), (LookAgain(),)


def _until_next_look(link: LinkState, now: float) -> LinkState:
    dues = [now + LOOK_AGAIN_S]
    if link.probe_due is not None:
        dues.append(link.probe_due)
    if link.probed_at is not None:
        dues.append(link.probed_at + PROBE_DEADLINE_S)
    return replace(link, due=min(dues))


def _connect(link: LinkState, now: float) -> Advance:
    return replace(link, phase=Phase.CONNECTING, due=now + CONNECT_DEADLINE_S), (Connect(),)


def _probe(link: LinkState, now: float) -> Advance:
    return _until_next_look(replace(link, probed_at=now, probe_due=None), now), (Probe(),)


def _up(link: LinkState, topics: frozenset[str] | None, now: float) -> LinkState:
    allowed = UTTERANCE_TOPICS if topics is None else topics
    topic = next((topic for topic in UTTERANCE_TOPICS if topic in allowed), None)
    if topic is None:
        command = command_for(Reason.DENIED, UTTERANCE_TOPICS[0], link.client_id)
        standing = Standing(HubState.NOT_ALLOWED, Reason.DENIED, command)
        next_probe = now + DENIED_PROBE_S
    else:
        has_no_assistant = link.standing == _NO_ASSISTANT and link.phase is Phase.UP
        standing = _NO_ASSISTANT if has_no_assistant else Standing(HubState.CONNECTED)
        next_probe = now + IDLE_PROBE_S
    link = replace(
        link,
        phase=Phase.UP,
        standing=standing,
        topic=topic,
        probe_due=next_probe if link.hub_answers_probes else None,
        up_since=link.up_since if link.phase is Phase.UP else now,
    )
    return _until_next_look(link, now)


def _fail(link: LinkState, reason: Reason, now: float) -> Advance:
    was_up = link.phase is Phase.UP
    if reason in _AWAY and (was_up or link.standing.reason is Reason.LOST):
        reason = Reason.LOST
    was_good = was_up and (link.heard_at > link.up_since or now - link.up_since >= STEADY_S)
    failures = 0 if was_good else link.failures
    if STATE_OF[reason] is HubState.UNCONFIGURED:
        wait_s = LOOK_AGAIN_S
    else:
        waits = QUICK_RETRIES_S if reason in _QUICK else SLOW_RETRIES_S
        wait_s = waits[min(failures, len(waits) - 1)]
    command = command_for(reason, UTTERANCE_TOPICS[0], link.client_id)
    after = LinkState(
        phase=Phase.WAITING,
        standing=Standing(STATE_OF[reason], reason, command),
        due=now + min(wait_s, LOOK_AGAIN_S),
        retry_at=now + wait_s,
        failures=failures + 1,
        client_id=link.client_id,
    )
    return after, _leave(link)


def _leave(link: LinkState) -> tuple[Command, ...]:
    match link.phase:
        case Phase.STOPPED | Phase.WAITING:
            return ()
        case Phase.UP:
            return Disconnect(), Doubt()
        case _:
            return (Disconnect(),)
