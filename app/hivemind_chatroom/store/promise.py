"""A result that is on its way from one thread to one other."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar, cast

_Result = TypeVar("_Result")


class Promise(Generic[_Result]):
    """What one thread will have made, for the one thread that waits for it.

    A `Future` lets any number of threads wait, through a condition with a lock for each of them. At
    a thousand posts a second that is a good part of what a post costs.
    """

    __slots__ = ("_failure", "_is_there", "_result")

    def __init__(self) -> None:
        """Promise something."""
        self._is_there = threading.Lock()
        self._is_there.acquire()
        self._result: _Result | None = None
        self._failure: Exception | None = None

    def keep(self, result: _Result) -> None:
        """Hand over what was promised."""
        self._result = result
        self._is_there.release()

    def fail(self, failure: Exception) -> None:
        """Say why there is nothing."""
        self._failure = failure
        self._is_there.release()

    def result(self) -> _Result:
        """Wait for what was promised; to be called once.

        Raises:
            Exception: What the other thread has failed with.
        """
        self._is_there.acquire()
        if self._failure is not None:
            raise self._failure
        return cast("_Result", self._result)
