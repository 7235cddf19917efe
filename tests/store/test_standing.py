"""What the stores of this computer tell of its disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.stores import open_store
from fakes import FakeClock


@pytest.mark.parametrize(("kind", "has_a_disk"), [("memory", False), ("sqlite", True)])
def test_what_is_free_is_told_by_who_writes_on_this_computers_disk(
    tmp_path: Path, kind: str, *, has_a_disk: bool
) -> None:
    store = open_store(kind, tmp_path, FakeClock())
    free_bytes = store.standing().free_bytes
    store.close()
    assert (free_bytes is not None and free_bytes > 0) == has_a_disk
