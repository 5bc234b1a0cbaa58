"""Many rows at once: the same rows as one by one on both databases, whatever stands in them; the hash by hand."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, cast

import pytest
from sqlalchemy import Table, func, select
from sqlalchemy.exc import DBAPIError

from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.services import audit, bulk
from starrating.services.audit import Subject, record_each, verify_chain
from starrating.services.bulk import add_new, add_numbered, add_rows, change_rows
from starrating.services.transaction import transaction
from tests.services import district

ODD = [
    "",
    "'",
    '"',
    "\\",
    "\\N",
    "\\.",
    "a\tb",
    "一\n二",
    "\r",
    "{1,2}",
    "NULL",
    "%s",
    "?",
    ":a",
    "$1",
    "𠮷é",
    "\u202e",
]
CELLS, VALUES = cast("Table", ScoreCell.__table__), cast("Table", ScoreValue.__table__)
CELL = ("cycle_id", "unit_id", "header", "version", "state", "value")


@pytest.fixture
def year(app: Any, people: dict[str, int]) -> Any:
    """An open year without scores, in the application's context."""
    with app.app_context():
        yield district.opened(people)


@pytest.fixture
def unit(people: dict[str, int]) -> int:
    """One of its units."""
    return people["first"]


@pytest.mark.parametrize("streamed", [1, 10**9], ids=["as-a-stream", "in-statements"])
def test_rows_come_back_as_they_went_in(year: int, unit: int, streamed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "STREAMED", streamed)
    monkeypatch.setattr(bulk, "MOST_VALUES", 40)
    monkeypatch.setattr(bulk, "MOST_ROWS", 5)
    at = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC)
    with transaction() as session:
        given = [(year, unit, f"V{n}", 1, "value", "1") for n in range(len(ODD))]
        cells = {header: key for key, header in add_new(session, CELLS, CELL, given, ("id", "header"))}
        assert len(cells) == len(ODD)
        columns = ("cell_id", "version", "state", "value", "account_id", "at", "source", "reason")
        add_rows(session, VALUES, columns, [
            (cells[f"V{n}"], 1, "value", "1", None if n % 2 else 1, at, "entry", text) for n, text in enumerate(ODD)
        ])  # fmt: skip
    kept = db.session.execute(select(ScoreValue.reason, ScoreValue.by, ScoreValue.at).order_by(ScoreValue.cell_id))
    assert [tuple(row) for row in kept] == [(text, None if n % 2 else 1, at) for n, text in enumerate(ODD)]


def test_what_stands_already_is_left_out_and_not_told(year: int, unit: int) -> None:
    with transaction() as session:
        add_new(session, CELLS, CELL, [(year, unit, "V1", 1, "value", "1")], ("id",))
        both = [(year, unit, header, 1, "value", "2") for header in ("V1", "V2")]
        assert [row[1] for row in add_new(session, CELLS, CELL, both, ("id", "header"))] == ["V2"]
    assert db.session.scalars(select(ScoreCell.value).order_by(ScoreCell.header)).all() == ["1", "2"]


@pytest.mark.parametrize("streamed", [1, 10**9], ids=["as-a-stream", "in-statements"])
def test_rows_with_keys_of_their_own_are_all_there_or_none(
    year: int, unit: int, streamed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys are told in the order of the rows, and are nobody else's; one row kept out takes all others with it."""
    monkeypatch.setattr(bulk, "STREAMED", streamed)
    monkeypatch.setattr(bulk, "MOST_VALUES", 21)
    monkeypatch.setattr(bulk, "MOST_ROWS", 3)
    monkeypatch.setattr(bulk, "FEW", 2)
    found = []
    with transaction() as session:
        for begin in (0, 10):
            given = [(year, unit, f"V{n}", 1, "value", str(n)) for n in range(begin, begin + 10)]
            found += list(add_numbered(session, CELLS, CELL, iter(given), 10) or ())
        both = [(year, unit, f"V{n}", 1, "value", "other") for n in range(19, 29)]
        assert add_numbered(session, CELLS, CELL, both, 10) is None
        found += [row[0] for row in add_new(session, CELLS, CELL, both[5:], ("id",))]
    stands = {row.id: row.header for row in db.session.execute(select(ScoreCell.id, ScoreCell.header))}
    assert [stands[key] for key in found] == [f"V{n}" for n in [*range(20), *range(24, 29)]]
    assert len(stands) == len(found) == 25


def test_a_change_counts_the_rows_it_applied_to(year: int, unit: int) -> None:
    with transaction() as session:
        given = [(year, unit, f"V{n}", 1, "value", "1") for n in range(7)]
        keys = sorted(row[0] for row in add_new(session, CELLS, CELL, given, ("id",)))
        statement = "UPDATE score_cell SET value = given.column2 FROM {given} WHERE score_cell.id = given.column1"
        wanted = [(key, f"n{key}") for key in keys[:5]] + [(0, "nobody")]
        assert change_rows(session, statement, CELLS, ("id", "value"), wanted) == 5
    rows = db.session.execute(select(ScoreCell.id, ScoreCell.value))
    stands = {row.id: row.value for row in rows}
    assert stands == {key: f"n{key}" if key in keys[:5] else "1" for key in keys}


def test_a_fault_among_many_rows_leaves_none_of_them_and_nothing_at_work(
    year: int, unit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the database refuses a row or the row cannot be made; the connection goes on with its own settings."""
    monkeypatch.setattr(bulk, "MOST_VALUES", 12)
    monkeypatch.setattr(bulk, "MOST_ROWS", 2)
    begun = threading.active_count()

    def rows(twice: int, fault: int) -> Iterator[tuple[Any, ...]]:
        for number in range(12):
            if number == fault:
                raise ZeroDivisionError
            yield year, unit, f"V{min(number, twice)}", 1, "value", "1"

    for wrong, kind in ((rows(7, 99), DBAPIError), (rows(99, 7), ZeroDivisionError)):
        with pytest.raises(kind), transaction() as session:
            add_rows(session, CELLS, CELL, wrong)
        assert threading.active_count() == begun
        assert db.session.scalar(select(func.count()).select_from(ScoreCell)) == 0
    with transaction() as session:
        add_rows(session, CELLS, CELL, rows(99, 99))
        if session.get_bind().dialect.name == "sqlite":
            room = session.connection().exec_driver_sql("PRAGMA cache_size").scalar_one()
            assert room == -2000, "what it has by itself"
    assert db.session.scalar(select(func.count()).select_from(ScoreCell)) == 12


def test_no_text_is_cut_to_the_length_of_its_column(year: int, unit: int) -> None:
    """PostgreSQL refuses what is too long, where a cast would have cut it without a word; SQLite has no lengths."""
    long = [(year, unit, "V1", 1, "value", "9" * 300)]
    if db.engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError, match="too long"), transaction() as session:
            add_new(session, CELLS, CELL, long, ("id",))
    else:
        with transaction() as session:
            add_new(session, CELLS, CELL, long, ("id",))
    lengths = db.session.scalars(select(func.length(ScoreCell.value))).all()
    assert lengths == ([] if db.engine.dialect.name == "postgresql" else [300])


def test_a_hash_is_that_of_the_list_in_json(app: Any) -> None:
    """Written by hand for speed, the bytes are those that `json` writes: the chains of earlier releases still hold."""
    del app
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    for text in ODD:
        said = (7, at, None, "score_saved", "score_cell", 12, text, 3, None, 5, audit.canonical({"a": text}), "0" * 64)
        plain = json.dumps([7, at.isoformat(timespec="microseconds"), *said[2:]], ensure_ascii=False,
                           separators=(",", ":"))  # fmt: skip
        event = AuditEvent(**dict(zip(audit.HASHED, said, strict=True)))
        assert audit.hash_of(event) == sha256(plain.encode()).hexdigest()


def test_facts_that_are_alike_are_written_as_all_others(app: Any) -> None:
    del app
    told = audit.alike("b%", "one", "z", more="100 %s", a={"y": 1, "x": "\0"})
    for text in (*ODD, "\0", "\ud800"):
        for value in (text, None, 1, True, Decimal("1.50")):
            facts = {"b%": text, "one": value, "z": 7, "more": "100 %s", "a": {"y": 1, "x": "\0"}}
            assert told(text, value, 7) == audit.canonical(facts)
    for names in (["b", "a"], ["a", "a"], ["a", "same"]):
        with pytest.raises(ValueError, match="a"):
            audit.alike(*names, same=1)


def test_many_events_are_one_chain_that_finds_a_change(year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    del year
    monkeypatch.setattr(bulk, "STREAMED", 3)
    before = verify_chain().events
    with transaction() as session:
        record_each(session, "score_saved", 1, [(Subject("score_cell", n, text), {"reason": text, "n": n})
                                                for n, text in enumerate(ODD)])  # fmt: skip
    report = verify_chain()
    assert (report.events, report.broken_at) == (before + len(ODD), None)
    labels = db.session.scalars(select(AuditEvent.subject_label).order_by(AuditEvent.sequence)).all()
    assert labels[before:] == ODD
