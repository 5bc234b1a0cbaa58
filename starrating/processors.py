"""On which processors a worker of the server runs: its threads share one interpreter, so they stay together.

One thread of a process runs Python at a time. Where the others wait on another processor, each change of threads wakes
that one and finds its cache cold; a save of a cell changes threads six times. So the workers share the processors out
among themselves (`gunicorn.conf.py`): with as many workers as processors each has one to itself. What is at work
without the interpreter — a child process, a second thread that waits for the database — may run `anywhere`.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

_WHOLE: set[int] = set()
"""What this process was given to run on before it was kept to its share; empty where it never was."""


def shares(processors: Collection[int], workers: int) -> list[frozenset[int]]:
    """The processors shared out among so many workers; where there are more workers, several have the same one."""
    ordered = sorted(processors)
    count = max(1, min(workers, len(ordered)))
    return [frozenset(ordered[first::count]) for first in range(count)]


def share_for(workers: int, taken: Collection[frozenset[int]]) -> frozenset[int]:
    """The share of a new worker: one that the fewest of those at work have; none where they cannot be kept to one."""
    if not hasattr(os, "sched_setaffinity"):
        return frozenset()
    return min(shares(os.sched_getaffinity(0), workers), key=list(taken).count)


def keep_to(share: Collection[int]) -> None:
    """Keep the calling thread, and all that it begins, to these processors; a system that refuses is left as it is."""
    if share:
        with suppress(OSError):
            _WHOLE.update(os.sched_getaffinity(0))
            os.sched_setaffinity(0, share)


@contextmanager
def anywhere() -> Iterator[None]:
    """Let the calling thread run on all that its process was given; what it begins in the block keeps that."""
    if not _WHOLE:
        yield
        return
    own = os.sched_getaffinity(0)
    with suppress(OSError):
        os.sched_setaffinity(0, _WHOLE)
    try:
        yield
    finally:
        with suppress(OSError):
            os.sched_setaffinity(0, own)
