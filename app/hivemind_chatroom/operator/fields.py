"""What a request says, asked for by name and type; what is of another type is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from flask import request

from hivemind_chatroom.errors import BodyInvalidError

_NUMBER_DIGITS: Final = 15
"""Digits of a number in a query; more than any number of ours has."""


class Fields:
    """The members of a JSON object; those that nobody asks for are ignored."""

    def __init__(self, values: Mapping[str, object]) -> None:
        """Read from `values`."""
        self.values = values

    @classmethod
    def of_request(cls) -> Fields:
        """Read the body of the request; an empty one is an empty object.

        Raises:
            BodyInvalidError: It is no JSON object in UTF-8.
        """
        try:
            values = json.loads(request.get_data().decode("utf-8") or "{}")
        except (ValueError, RecursionError) as error:
            raise BodyInvalidError("The body must be JSON, encoded in UTF-8.") from error
        if not isinstance(values, dict):
            raise BodyInvalidError("The body must be a JSON object.")
        return cls(values)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; one that isn't there is `default`, if there is one.

        Raises:
            BodyInvalidError: It is missing, or no text.
        """
        value = self.values.get(name, default)
        if not isinstance(value, str):
            raise BodyInvalidError(f"{name} is a text.")
        return value.encode("utf-8", "replace").decode("utf-8")

    def number(self, name: str, *, least: int, most: int) -> int | None:
        """Return a whole number; None if it is missing or null.

        Raises:
            BodyInvalidError: It is no whole number, or out of bounds.
        """
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise BodyInvalidError(f"{name} is a whole number from {least} to {most}.")
        return value

    def switch(self, name: str) -> bool:
        """Return whether something is on.

        Raises:
            BodyInvalidError: It is missing, or neither true nor false.
        """
        value = self.values.get(name)
        if not isinstance(value, bool):
            raise BodyInvalidError(f"{name} is true or false.")
        return value


def number_in_query(name: str, *, most: int | None = None) -> int | None:
    """Return a whole number of the query; None when it isn't there.

    Raises:
        BodyInvalidError: It is no number, or larger than `most`.
    """
    raw = request.args.get(name)
    if raw is None:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= _NUMBER_DIGITS):
        raise BodyInvalidError(f"{name} is a whole number.")
    if most is not None and not 0 < int(raw) <= most:
        raise BodyInvalidError(f"{name} is a whole number from 1 to {most}.")
    return int(raw)
