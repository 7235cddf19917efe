"""What a request says, asked for by name and type; what is no text or no number is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from hivemind_chatroom.errors import BodyInvalidError
from hivemind_chatroom.room.text import encodable

NUMBER_MAX: Final = 2**53 - 1
"""The highest number that JSON keeps exact everywhere (RFC 8259, section 6); none of ours comes
near it, and a higher one means it."""

_Choice = TypeVar("_Choice", bound=StrEnum)

_NUMBER: Final = re.compile(r"[0-9]{1,30}")


def number(raw: str | None, name: str, *, least: int = 0, most: int | None = None) -> int | None:
    """Read a whole number from a query; None when it isn't there.

    Args:
        raw: The parameter as it came.
        name: What it is called, for the error.
        least: The lowest that is taken.
        most: The highest that is taken; None takes any, and keeps it below `NUMBER_MAX`.

    Raises:
        BodyInvalidError: It is no number, or out of bounds.
    """
    if raw is None:
        return None
    if not _NUMBER.fullmatch(raw):
        raise BodyInvalidError(f"{name} is a whole number.")
    value = min(int(raw), NUMBER_MAX)
    if value < least or (most is not None and value > most):
        bounds = f"from {least} to {most}" if most is not None else f"from {least} up"
        raise BodyInvalidError(f"{name} is a whole number {bounds}.")
    return value


class Fields:
    """The members of a JSON object; those that nobody asks for are ignored."""

    def __init__(self, values: Mapping[str, object]) -> None:
        """Read from `values`."""
        self._values = values

    @classmethod
    def of(cls, body: bytes) -> Fields:
        """Read a request's body.

        Raises:
            BodyInvalidError: It is no JSON object in UTF-8.
        """
        try:
            values = _DECODE(body.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise BodyInvalidError("The body must be JSON, encoded in UTF-8.") from error
        if not isinstance(values, dict):
            raise BodyInvalidError("The body must be a JSON object.")
        return cls(values)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text.

        Args:
            name: The field.
            default: What a missing one means; None: it must be there.

        Raises:
            BodyInvalidError: It is missing, or no text.
        """
        value = self._values.get(name, default)
        if name not in self._values and default is None:
            raise BodyInvalidError(f"{name} is missing.")
        if not isinstance(value, str):
            raise BodyInvalidError(f"{name} is a text.")
        return encodable(value)

    def choice(self, name: str, default: _Choice) -> _Choice:
        """Return one of the values of an enumeration, `default` when the field is missing.

        Raises:
            BodyInvalidError: It is none of them.
        """
        choices = type(default)
        try:
            return choices(self.text(name, default))
        except ValueError as error:
            raise BodyInvalidError(f"{name} is one of {', '.join(choices)}.") from error


def _refuse_constant(name: str) -> object:
    """Refuse NaN and Infinity, which Python reads and JSON has not."""
    raise ValueError(name)


_DECODE: Final = json.JSONDecoder(parse_constant=_refuse_constant).decode
"""As `json.loads`, which makes a decoder each time."""
