"""The last few results that take long and never change, kept in the process that made them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Memory(Generic[_T]):
    """At most so many results by key; the one longest unasked for goes first."""

    def __init__(self, most: int) -> None:
        self._lock, self._held, self._most = Lock(), OrderedDict[Hashable, _T](), most

    def get(self, key: Hashable) -> _T | None:
        """What is kept under a key."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Hashable, result: _T) -> None:
        """Keep a result."""
        with self._lock:
            self._held[key] = result
            while len(self._held) > self._most:
                self._held.popitem(last=False)
