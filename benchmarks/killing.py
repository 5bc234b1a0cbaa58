"""A process that does an act and is ended by SIGKILL: after one of its statements, or at a moment from outside."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

FORKING = multiprocessing.get_context("fork")
WRITES = ("INSERT", "UPDATE", "DELETE")
REFUSED = "refused"
Doing = Callable[[], AbstractContextManager[Callable[[], None]]]
"""What makes an application, connected to a database of its own, and gives the act in it."""


@dataclass
class Course:
    """What a process said of its act: after how many statements it first wrote, and how many it was in the end."""

    first_write: int = 0
    statements: int = 0
    """The statements and the commits; 0 where the process was killed."""
    fault: str = ""
    seconds: float = 0.0

    @property
    def done(self) -> bool:
        """True where the act came to its end."""
        return bool(self.statements) and not self.fault

    @property
    def in_the_middle(self) -> bool:
        """True where it was killed after it had begun to write."""
        return bool(self.first_write) and not self.statements


@dataclass
class Act:
    """An act that was begun in a process of its own."""

    process: Any
    said: Connection
    course: Course = field(default_factory=Course)

    def kill(self) -> Course:
        """End it at once."""
        os.kill(self.process.pid, signal.SIGKILL)
        return self.wait()

    def wait(self) -> Course:
        """Wait for its end, whichever it is."""
        began = time.perf_counter()
        try:
            while True:
                match self.said.recv():
                    case ("writes", int(number)):
                        self.course.first_write = number
                    case ("ends", int(number), str(fault)):
                        self.course.statements, self.course.fault = number, fault
                        self.course.seconds = time.perf_counter() - began
        except EOFError:
            pass
        self.process.join()
        self.said.close()
        return self.course


def begin(doing: Doing, *, after: int | None = None, naive: bool = False) -> Act:
    """Begin an act; it is on its way when this returns, and ends itself after that many statements.

    With `naive` each statement is stored on its own, as without transactions.
    """
    mine, theirs = FORKING.Pipe()
    process = FORKING.Process(target=_work, args=(doing, theirs, after, naive))
    process.start()
    theirs.close()
    if mine.recv() != ("begins",):
        raise RuntimeError("the act did not begin")
    return Act(process, mine)


def _work(doing: Doing, tell: Connection, after: int | None, naive: bool) -> None:
    with doing() as act:
        counted = _count(tell, after, naive=naive)
        tell.send(("begins",))
        try:
            act()
            fault = ""
        except Exception as refusal:  # of ten at once nine may be refused
            fault = type(refusal).__name__
        tell.send(("ends", len(counted), fault))


def _count(tell: Connection, after: int | None, *, naive: bool) -> list[str]:
    """Count statements and commits from here on, say when the first one writes, and die after the one asked for."""
    from sqlalchemy import event

    from starrating.extensions import db

    counted: list[str] = []

    def count(what: str) -> None:
        counted.append(what)
        if what in WRITES and not any(one in WRITES for one in counted[:-1]):
            tell.send(("writes", len(counted)))
        if len(counted) == after:
            os.kill(os.getpid(), signal.SIGKILL)

    if naive:
        _store_each_statement(db.engine)

    @event.listens_for(db.engine, "after_cursor_execute")
    def _executed(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        count(statement.split(None, 1)[0].upper())

    @event.listens_for(db.session, "after_commit")
    def _committed(_session: Any) -> None:
        count("COMMIT")

    return counted


def _store_each_statement(engine: Any) -> None:
    """As a program without transactions: SQLite stores by itself outside one, PostgreSQL is told to."""
    from sqlalchemy import event

    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("COMMIT"))
        return

    @event.listens_for(engine, "after_cursor_execute")
    def _executed(_connection: Any, cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(WRITES):
            cursor.connection.commit()


def elsewhere(work: Callable[..., Any], *given: Any) -> Any:
    """What some work gives that is done in a process of its own; this one never connects to a database."""
    mine, theirs = FORKING.Pipe()
    process = FORKING.Process(target=lambda: theirs.send(work(*given)))
    process.start()
    theirs.close()
    try:
        return mine.recv()
    except EOFError:
        raise RuntimeError(f"{work.__name__} failed") from None
    finally:
        process.join()
        mine.close()
