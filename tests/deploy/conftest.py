"""Each of the proxies, with a room behind it, for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.front import Caddy, Front, Kind, Nginx, is_installed


@pytest.fixture(scope="module", params=[Nginx(), Caddy()], ids=lambda kind: kind.program)
def front(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    kind: Kind = request.param
    if not is_installed(kind):
        pytest.skip(f"this computer has no {kind.program}")
    with Front(kind, tmp_path_factory.mktemp(kind.program)) as running:
        yield running
