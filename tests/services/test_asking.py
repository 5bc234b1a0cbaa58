"""Questions that are made once: the answers are those of the statements they stand for, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import Table, literal, select

from starrating.extensions import CONNECTION, db
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries import scores
from starrating.queries.asking import Question, among, ask, connection_of
from starrating.queries.scores import cells_of
from starrating.services.bulk import add_new, add_rows
from starrating.services.transaction import transaction
from tests.services import district

CELLS, VALUES = cast("Table", ScoreCell.__table__), cast("Table", ScoreValue.__table__)
CELL = ("cycle_id", "unit_id", "header", "version", "state", "value")
VALUE = ("cell_id", "version", "state", "value", "account_id", "at", "source", "reason")
ODD = [
    "A1",
    "a,b",
    '"',
    '""',
    "\\",
    '\\"',
    "{}",
    "{a,b}",
    "NULL",
    "null",
    "",
    " ",
    "'",
    "%s",
    "%(a)s",
    "甲、乙",
    "𠮷",
    "a\nb",
]
AT = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture
def year(app: Any, people: dict[str, int]) -> Any:
    """A year in which every odd header of one unit was entered once."""
    with app.app_context():
        key = district.opened(people)
        with transaction() as session:
            rows = [(key, people["first"], header, 1, "value", "1") for header in ODD]
            added = [cell for (cell,) in add_new(session, CELLS, CELL, rows, ("id",))]
            add_rows(
                session, VALUES, VALUE, [(one, 1, "value", "1", people["assessor"], AT, "entry", "") for one in added]
            )
        yield key


@pytest.mark.parametrize("wanted", [*([one] for one in ODD), ODD, []], ids=str)
def test_many_texts_are_those_that_were_given_whatever_they_hold(
    year: int, people: dict[str, int], wanted: list[str]
) -> None:
    found = cells_of(year, [people["first"], 10**6], wanted)
    assert sorted(header for _, header in found) == sorted(wanted)


def test_few_and_many_are_answered_alike(year: int, people: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    few = cells_of(year, [people["first"]], ODD)
    monkeypatch.setattr(scores, "FEW", 0)
    assert cells_of(year, [people["first"]], ODD) == few
    assert {one.at for one in few.values()} == {AT}, "instants come back with their zone"


def test_values_and_constants_of_a_statement_come_back_as_what_they_are(year: int, people: dict[str, int]) -> None:
    question = Question(
        select(literal(value=True), ScoreValue.at, ScoreValue.reason)
        .join(ScoreCell, ScoreCell.id == ScoreValue.cell_id)
        .where(ScoreCell.header == "A1", ScoreValue.source == "entry", among(ScoreCell.unit_id, "units"))
    )
    assert ask(question, units=[people["first"]]) == [(True, AT, "")]
    assert ask(question, units=[]) == []
    assert ask(question, units=[people["first"]])[0][0] is True


def test_what_the_transaction_added_is_found_and_its_connection_is_not_kept(year: int, people: dict[str, int]) -> None:
    with transaction() as session:
        session.add(
            ScoreCell(cycle_id=year, unit_id=people["first"], header="new", version=1, state="value", value="3")
        )
        assert connection_of(session) is session.connection()
        assert [one.entry.value for one in cells_of(year, [people["first"]], ["new"]).values()] == ["3"]
    assert CONNECTION not in db.session().info
    with pytest.raises(ZeroDivisionError), transaction():
        raise ZeroDivisionError
    assert CONNECTION not in db.session().info
