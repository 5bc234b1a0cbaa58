"""Asking by a statement that was made once: what every request and every save asks is not built anew each time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Executable

from starrating.extensions import APART, db


def ask(statement: Executable, /, *rows: dict[str, Any], **values: Any) -> Any:
    """Run a statement with its values, or with several rows of them, in the transaction of this request.

    It is for statements that are constants of a module: they are compiled once, and rows come back as they are, without
    objects. Objects that the open transaction added are stored first, as `session.execute` does.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        session.flush()
    return session.connection().execute(statement, list(rows) or values)


def ask_apart(statement: Executable, /, **values: Any) -> Any:
    """The rows of one question that is asked before a request has a transaction; where it has one, within that.

    It costs one way to the database and back: no transaction is begun, and none is left open.
    """
    if db.session().in_transaction():
        return ask(statement, **values).all()
    engine = db.engine
    options: dict[str, Any] = {APART: True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "AUTOCOMMIT"
    with engine.connect().execution_options(**options) as connection:
        return connection.execute(statement, values).all()
