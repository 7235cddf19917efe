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

    clock_rounds: int
    """How often the clock jumps there and back."""

    examples: int
    steps: int
    """Of the state machine: how many stories, and how long each may be."""


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
    clock_rounds=1,
    examples=25,
    steps=30,
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
    clock_rounds=3,
    examples=500,
    steps=50,
)
"""The room's bars: `make faults`."""
