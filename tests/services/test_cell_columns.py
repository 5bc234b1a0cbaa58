"""Cells read as columns say the same as cells read one by one, on both databases, whatever stands in them."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from starrating.domain.figures import plain
from starrating.domain.inputs import decimal, labels_of
from starrating.queries.cell_columns import columns_of, number_column
from tests.services import district

WORDS = ("0", "-0", "-0.00", "007.50", "12.5", "12.50", "100", "-3.1400", "9" * 60, "0." + "1" * 59, "9" * 61, "1e5",
         "１２", "+5", ".5", "5.", "是", '引"号\\', "a,b", "[1]", "null", "\x1f")  # fmt: skip


def test_numbers_are_read_as_fractions_would_be() -> None:
    draw = random.Random(20241122)
    for _ in range(200):
        words = [draw.choice((*WORDS, None)) for _ in range(draw.randrange(1, 30))]
        labels = labels_of(words)
        column, said = number_column(labels)
        values = [None if word is None else decimal(word) for word in words]
        assert [column.value(row) for row in range(len(words))] == values
        assert said == [word if value is None else plain(value) for word, value in zip(words, values, strict=True)]


def test_a_column_without_a_word_is_blank() -> None:
    column, said = number_column(labels_of([None, None]))
    assert [column.value(row) for row in (0, 1)] == [None, None] == said
    assert column.unit == Fraction(1)


def test_columns_hold_what_the_cells_hold(app: Any, people: dict[str, int], verified: int) -> None:
    from sqlalchemy import select, update

    from starrating.extensions import db
    from starrating.models.divisions import Unit
    from starrating.models.scores import ScoreCell
    from starrating.services.transaction import transaction

    draw = random.Random(1)
    with app.app_context():
        with transaction() as session:
            for key in session.scalars(select(ScoreCell.id).where(ScoreCell.cycle_id == verified)).all():
                state = draw.choice(("value", "value", "value", "blank", "not_applicable"))
                value = draw.choice(WORDS) if state == "value" else ""
                session.execute(update(ScoreCell).where(ScoreCell.id == key).values(state=state, value=value))
        wanted = Unit.kind == "village"
        keys = list(db.session.scalars(select(Unit.id).where(wanted).order_by(Unit.code.desc())))
        row = {key: place for place, key in enumerate(keys)}
        cells, away = columns_of({verified: row}, wanted)[verified]
        values: dict[str, list[str | None]] = {}
        marked: dict[str, list[int]] = {}
        for cell in db.session.scalars(select(ScoreCell).where(ScoreCell.cycle_id == verified)):
            if cell.unit_id in row and cell.state != "blank":
                values.setdefault(cell.header, [None] * len(keys))[row[cell.unit_id]] = cell.value or None
                if cell.state == "not_applicable":
                    marked.setdefault(cell.header, []).append(row[cell.unit_id])
        assert {header: [labels.name(at) for at in range(len(keys))] for header, labels in cells.items()} == values
        assert away == {header: sorted(rows) for header, rows in marked.items()}
        assert all(tuple(sorted(set(labels.names))) == labels.names for labels in cells.values())
        assert columns_of({verified: {}}, Unit.id == -1)[verified] == ({}, {})


@pytest.mark.parametrize("kind", ["village", "community"])
def test_the_digest_of_the_inputs_is_that_of_the_cells_one_by_one(
    app: Any, people: dict[str, int], verified: int, kind: str
) -> None:
    """What is read as columns, said again cell by cell with fractions, has the digest that is stored."""
    from hashlib import sha256

    from sqlalchemy import select

    from starrating.extensions import db
    from starrating.models.scores import ScoreCell
    from starrating.queries.cycles import cycle
    from starrating.queries.inputs import canonical_inputs, inputs_of
    from starrating.services.years.scheme_texts import read_demo

    with app.app_context():
        scheme = read_demo(district.SCHEMES[kind], 2024).scheme
        row = cycle(verified)
        assert row is not None
        known = inputs_of(row, kind, scheme)
        place = {key: at for at, key in enumerate(known.unit_ids)}
        said: dict[str, list[str | None]] = {}
        for cell in db.session.scalars(select(ScoreCell).where(ScoreCell.cycle_id == verified)):
            if cell.header in known.inputs.numbers and cell.unit_id in place:
                value = decimal(cell.value)
                assert value is not None
                said.setdefault(cell.header, [None] * len(place))[place[cell.unit_id]] = plain(value)
        for header, column in known.inputs.numbers.items():
            if header.startswith("flag."):
                said[header] = [str(column.value(at)) for at in range(len(place))]
        assert len(said) > 20
        text = canonical_inputs(known.inputs.units, said, known.inputs.words, known.inputs.history, scheme)
        assert sha256(text).hexdigest() == known.digest
