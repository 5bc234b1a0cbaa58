"""The only commit: a user act is one transaction, which is stored whole or not at all; nothing is retried silently."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Delete, Update, update
from sqlalchemy.orm import Session

from starrating.extensions import CONNECTION, WRITING, db
from starrating.services.turns import turn

_MARK = "starrating_transaction"
MOVED = "starrating_moved"
"""What a session's `info` holds while its transaction has counted up the version of a year that is not stored yet."""


class TransactionMisused(RuntimeError):
    """A transaction within a transaction, or changes made outside one: a fault of the program."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Run the block in one writing transaction and commit at its end.

    What was read before is forgotten first, so that the act decides on what stands now; on SQLite the write lock is
    taken at the start, in turn. Rows must therefore be read inside the block.
    """
    session = db.session()
    if session.info.get(_MARK):
        raise TransactionMisused("a transaction within a transaction")
    if session.new or session.dirty or session.deleted:
        raise TransactionMisused("changes made outside a transaction")
    session.rollback()
    session.expunge_all()
    with turn(db.engine.url):
        session.info[_MARK] = True
        try:
            session.info[CONNECTION] = session.connection(execution_options={WRITING: True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(_MARK, None)
            session.info.pop(MOVED, None)
            session.info.pop(CONNECTION, None)


def rows_changed(session: Session, statement: Update | Delete) -> int:
    """How many rows a conditional statement changed: 0 where none is any more as its WHERE says."""
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def changed_as_shown(
    session: Session, table: type[Any], key: int, version: int, *still: ColumnElement[bool], **values: Any
) -> bool:
    """Change the row that still is as a page showed it and count its version up; False where somebody was faster.

    `still` is what else has to hold for it.
    """
    found = update(table).where(table.id == key, table.version == version, *still)
    changed = found.values(version=version + 1, **values).execution_options(synchronize_session=False)
    return rows_changed(session, changed) == 1
