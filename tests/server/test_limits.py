"""The limits of a listener follow from how many sockets its clients may have."""

from __future__ import annotations

import pytest

from hivemind_chatroom.server.limits import Limits, StreamLimits, fitted


def test_where_there_are_enough_sockets_all_limits_stay() -> None:
    limits = Limits()
    assert fitted(15_000, limits, StreamLimits()) == (limits, StreamLimits())
    few = StreamLimits(streams=50)
    assert fitted(2_050, limits, few) == (limits, few)


@pytest.mark.parametrize("sockets", [12, 40, 152, 880])
def test_where_there_are_few_all_clients_together_have_no_more(sockets: int) -> None:
    limits, streams = fitted(sockets, Limits(), StreamLimits())
    assert limits.connections + streams.streams <= sockets
    assert 2 * limits.connections == pytest.approx(streams.streams, abs=2)


def test_one_address_has_half_of_what_there_is_and_no_more_than_before() -> None:
    limits, streams = fitted(120, Limits(), StreamLimits())
    assert (limits.connections, limits.connections_per_address) == (40, 20)
    assert (streams.streams, streams.streams_per_address) == (80, 40)
    limits, streams = fitted(9_000, Limits(), StreamLimits())
    assert limits.connections_per_address == Limits().connections_per_address
    assert streams.streams_per_address == StreamLimits().streams_per_address


def test_somebody_is_served_even_by_one_socket() -> None:
    limits, streams = fitted(1, Limits(), StreamLimits())
    assert limits.connections == limits.connections_per_address == 1
    assert streams.streams == streams.streams_per_address == 1
