"""The pictures of docs/performance.md, and its table of slopes, from what runs have kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.graphs import Graph, growth, kept
from bench.native import BUILT
from bench.picture import picture
from bench.table import say, show

RUNS: Final = BUILT
"""Where each part keeps what it has measured, in a file of its name."""
PICTURES: Final = Path(__file__).parents[2] / "assets" / "performance"


def draw() -> None:
    """Draw all that was kept, and print how each curve grows."""
    graphs = kept(RUNS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for graph in graphs:
        file = PICTURES / f"{graph.name}.svg"
        file.write_text(picture(graph), "utf-8")
        say(f"{file.relative_to(PICTURES.parents[1])}")
    tell(graphs)


def tell(graphs: Sequence[Graph]) -> None:
    """Print how each curve grows."""
    head = ("what", "of", "over", "from", "to", "slope")
    show("Growth: N counts what it is over", head, growth(graphs))
