"""Whose turn it is to write: on SQLite, which takes one writer at a time, and of the groups of saves on PostgreSQL.

SQLite lets waiting writers try again after ever longer pauses, so that under load some wait for seconds while others
pass them. Here they queue: the threads of a process for a lock, one of each process for the lock of a file beside the
database, which the kernel gives back when a process dies. It only decides who goes first. That two never write at once
is SQLite's own promise, which holds for whoever does not queue too.

On PostgreSQL the groups of several processes queue before they take along who waits, since they would queue at the end
of the trail anyway: those that came meanwhile go with them.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, BigInteger, bindparam, func, select

from starrating.extensions import db
from starrating.queries.asking import Question, ask

GROUPS = 7_827_002
"""PostgreSQL's advisory lock of those who store groups; it is taken before all others, and by nobody else."""
SECONDS = 10
"""As long as SQLite itself is asked to wait; whoever waited longer leaves the decision to it."""


_HOLD = Question(select(func.pg_advisory_xact_lock(bindparam("lock", type_=BigInteger))))


@dataclass(slots=True)
class _Queue:
    """The writers of this process on one database; `file` is None where there can be none beside it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    file: int | None = None


_QUEUES: dict[tuple[int, str], _Queue] = {}
_MAKING = threading.Lock()


@contextlib.contextmanager
def turn(url: URL) -> Iterator[None]:
    """Wait for the turn to write, on SQLite; elsewhere and in memory there is nothing to wait for."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        yield
        return
    queue = _queue(str(url.database))
    if not queue.lock.acquire(timeout=SECONDS):
        yield
        return
    try:
        if queue.file is not None:
            fcntl.flock(queue.file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if queue.file is not None:
                fcntl.flock(queue.file, fcntl.LOCK_UN)
    finally:
        queue.lock.release()


def hold(lock: int) -> None:
    """Wait for an advisory lock of PostgreSQL and hold it until the open transaction ends; SQLite has one writer."""
    if db.engine.dialect.name == "postgresql":
        ask(_HOLD, lock=lock)


def _queue(database: str) -> _Queue:
    """The queue of a database in this process: a fork has its own, for it would share the lock of an open file."""
    key = os.getpid(), database
    found = _QUEUES.get(key)
    if found is not None:
        return found
    with _MAKING:
        if key not in _QUEUES:
            _QUEUES[key] = _Queue(file=_file(database))
        return _QUEUES[key]


def _file(database: str) -> int | None:
    """The file beside the database whose lock is the turn."""
    beside = Path(database).resolve()
    with contextlib.suppress(OSError):
        return os.open(beside.with_name(f"{beside.name}-turn"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return None
