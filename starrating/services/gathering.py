"""Group commit: acts that wait at the same time are stored in one transaction, and each is answered after its commit.

The disk makes sure of a few hundred transactions a second, one after the other, however much each of them holds. So
whoever comes first leads: it waits for its turn to write, takes along everybody who came meanwhile, stores them all,
and hands the lead on. Nobody is answered before the commit that holds its act. What fails together is done again by
each on its own, so that a fault stays the fault of one.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST = 64
"""How many acts are stored together."""
Given = TypeVar("Given")
Gave = TypeVar("Gave")


@dataclass(slots=True, eq=False)
class Member(Generic[Given, Gave]):
    """An act that waits: what it is about (no two of a group are about the same), and what became of it."""

    given: Given
    about: frozenset[Hashable]
    leads: bool = False
    gave: list[Gave] = field(default_factory=list)
    """Its answer, empty while it is not stored."""
    woken: threading.Lock = field(default_factory=threading.Lock)
    """Held until the act is answered, or is the first of those that wait."""


Taking = Callable[[], Sequence[Member[Given, Gave]]]
"""Who is to be stored now; asked as late as can be, so that more have come."""


class Gathering(Generic[Given, Gave]):
    """The acts of one kind that wait in a process.

    `together` stores the members that it takes and answers them once they are committed; one thread at a time calls it.
    `alone` does one act, for those that are not answered then.
    """

    def __init__(self, together: Callable[[Taking[Given, Gave]], None], alone: Callable[[Given], Gave]) -> None:
        self._together, self._alone = together, alone
        self._lock = threading.Lock()
        self._waiting: deque[Member[Given, Gave]] = deque()
        self._led = False

    def do(self, given: Given, about: frozenset[Hashable]) -> Gave:
        """Do an act with those that wait."""
        own: Member[Given, Gave] = Member(given, about)
        own.woken.acquire()
        with self._lock:
            self._waiting.append(own)
            own.leads, self._led = not self._led, True
        if not own.leads:
            own.woken.acquire()
        if own.leads:
            self._lead(own)
        return own.gave[0] if own.gave else self._alone(given)

    def _lead(self, own: Member[Given, Gave]) -> None:
        """Store the group that this thread's own act is the first of; then the next one leads."""
        group: list[Member[Given, Gave]] = []

        def take() -> Sequence[Member[Given, Gave]]:
            group.extend(self._take())
            return group

        try:
            self._together(take)
        except Exception:
            if len(group) < 2:
                raise
        finally:
            self._hand_on(own)
            for one in group:
                if one is not own:
                    one.woken.release()

    def _take(self) -> list[Member[Given, Gave]]:
        """The first that waits and those that are about something else, in the order in which they came."""
        taken: list[Member[Given, Gave]] = []
        left: deque[Member[Given, Gave]] = deque()
        about: set[Hashable] = set()
        with self._lock:
            for one in self._waiting:
                if len(taken) < MOST and about.isdisjoint(one.about):
                    taken.append(one)
                    about |= one.about
                else:
                    left.append(one)
            self._waiting = left
        return taken

    def _hand_on(self, own: Member[Given, Gave]) -> None:
        """Let the next one lead; whoever led waits no longer, even where it failed before it took anybody."""
        with self._lock:
            if own in self._waiting:
                self._waiting.remove(own)
            self._led = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].woken.release()
