"""How much of each fault there is: a little in every run, the whole of it in `make faults`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes that the short and the long form differ in."""

    kills: int
    """How often the room is killed."""

    kills_while_asking: int
    """How often a room that asks a hub is killed."""

    hub_restarts: int
    hub_restart_every_s: float
    hub_utterances: int
    """Asked while the hub is restarted."""

    listeners: int
    disconnects: int
    messages: int
    """Posted while the listeners lose their streams."""

    link_faults: int
    """How often each fault of the link is made."""

    troubled_s: float
    """How long two instances and their database are killed and frozen."""

    clock_rounds: int
    """How often the clock jumps there and back."""

    examples: int
    steps: int
    """Of the state machine: how many stories, and how long each may be."""

    body_bytes: int
    """The largest body that is sent."""
    flood_posts: int
    flood_names: int
    half_open: int
    """Clients that never finish a request."""
    slow_readers: int
    slow_messages: int
    """Posted while those don't read."""
    stops: int
    """How often the room is closed and opened again at its port."""

    openapi_cases: int
    """Asked by the room's own description."""
    is_by_chance: bool
    """Whether each run asks something else."""

    hub_message_bytes: int
    """Of the one message that a hostile hub sends."""
    hub_speaks: int
    """Of a hostile hub, as fast as it can."""


SHORT = Scale(
    kills=6,
    kills_while_asking=3,
    hub_restarts=2,
    hub_restart_every_s=1.5,
    hub_utterances=40,
    listeners=6,
    disconnects=20,
    messages=300,
    link_faults=1,
    troubled_s=12.0,
    clock_rounds=1,
    examples=25,
    steps=30,
    body_bytes=20_000_000,
    flood_posts=800,
    flood_names=2_000,
    half_open=400,
    slow_readers=12,
    slow_messages=1_600,
    stops=2,
    openapi_cases=200,
    is_by_chance=False,
    hub_message_bytes=8_000_000,
    hub_speaks=2_000,
)
"""A few seconds each: part of `make test`."""

LONG = Scale(
    kills=200,
    kills_while_asking=20,
    hub_restarts=24,
    hub_restart_every_s=5.0,
    hub_utterances=500,
    listeners=20,
    disconnects=200,
    messages=5_000,
    link_faults=3,
    troubled_s=180.0,
    clock_rounds=3,
    examples=500,
    steps=50,
    body_bytes=100_000_000,
    flood_posts=100_000,
    flood_names=100_000,
    half_open=3_000,
    slow_readers=200,
    slow_messages=20_000,
    stops=20,
    openapi_cases=2_000,
    is_by_chance=True,
    hub_message_bytes=1_000_000_000,
    hub_speaks=10_000,
)
"""The room's bars: `make faults`."""
