"""Where the built-in hub listens and how its one satellite gets in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class BuiltinAddress:
    """What the child tells its parent once, over the pipe between them and nowhere else."""

    host: str
    port: int
    access_key: str = field(repr=False)
    password: str = field(repr=False)

    def to_line(self) -> bytes:
        """Write it as one line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> BuiltinAddress:
        """Read what `to_line` wrote.

        Raises:
            ValueError: The line is something else.
        """
        fields = json.loads(line)
        try:
            return cls(**fields)
        except TypeError as error:
            raise ValueError("the line is no address") from error
