"""A year whose values are all in the history, for tests that compare its runs: entries, trials, whom a value moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, literal, select, update

from starrating.queries.between import Given, RunMade, given_by, runs_of
from starrating.queries.cycles import CycleRow, cycle, schemes_of
from starrating.queries.inputs import known_of
from starrating.queries.stands import what_stands
from starrating.services.clock import now
from starrating.services.rating.comparing import Compared, UnitCompared, compare
from starrating.services.rating.determination import determine
from starrating.services.years.scheme_texts import read_kept

VALUE = ("cell_id", "version", "state", "value", "at", "source", "reason")


@dataclass
class Year:
    """The year that the tests compare runs of, with a clock that never stands still."""

    app: Any
    id: int
    people: dict[str, int]
    clock: Any

    @property
    def row(self) -> CycleRow:
        with self.app.app_context():
            found = cycle(self.id)
        assert found is not None
        return found

    def later(self) -> None:
        self.clock.advance(minutes=7)

    def run(self) -> RunMade:
        """A trial; the villages' run."""
        self.later()
        with self.app.app_context():
            determine(self.id, self.people["wang"])
            self.later()
            return runs_of(self.id, "village", 1)[0]

    def write(self, unit: int, header: str, state: str, value: str, reason: str = "") -> None:
        """An entry as every save stores it: the version counted up, the value added to the history."""
        from starrating.models.scores import ScoreCell, ScoreValue
        from starrating.services.transaction import transaction

        self.later()
        at = (ScoreCell.cycle_id == self.id, ScoreCell.unit_id == unit, ScoreCell.header == header)
        with self.app.app_context(), transaction() as session:
            cell = session.execute(select(ScoreCell.id, ScoreCell.version).where(*at)).one()
            session.execute(update(ScoreCell).where(*at).values(version=cell.version + 1, state=state, value=value))
            row = {"cell_id": cell.id, "version": cell.version + 1, "state": state, "value": value, "at": now(),
                   "by": self.people["assessor"], "source": "grid", "reason": reason}  # fmt: skip
            session.execute(insert(ScoreValue), [row])

    def compared(self, first: RunMade, second: RunMade | None) -> Compared:
        """The comparison of the villages' runs, on what is stored now."""
        with self.app.app_context():
            found = compare(self.row, "village", first, second)
        assert found is not None
        return found

    def given(self, run: RunMade) -> dict[int, Given]:
        """What a run gave, by unit."""
        with self.app.app_context():
            return given_by([run.id])[run.id]

    def cells(self) -> list[tuple[int, str, str]]:
        """Unit, header and value of the villages' cells."""
        from starrating.extensions import db
        from starrating.models.divisions import Unit
        from starrating.models.scores import ScoreCell

        with self.app.app_context():
            found = db.session.execute(
                select(ScoreCell.unit_id, ScoreCell.header, ScoreCell.value)
                .join(Unit, Unit.id == ScoreCell.unit_id)
                .where(ScoreCell.cycle_id == self.id, Unit.kind == "village", ScoreCell.state == "value")
                .order_by(ScoreCell.unit_id, ScoreCell.header)
            ).all()
        return [(row[0], row[1], row[2]) for row in found]


@pytest.fixture
def loaded(app: Any, people: dict[str, int], verified: int, clock: Any) -> Year:
    """A verified year whose values were loaded without a history."""
    return Year(app, verified, people, clock)


@pytest.fixture
def scored(loaded: Year) -> Year:
    """The same with its first values in the history, as those of the demonstration and of every entry are."""
    from starrating.models.scores import ScoreCell, ScoreValue
    from starrating.services.transaction import transaction

    with loaded.app.app_context(), transaction() as session:
        first = select(ScoreCell.id, ScoreCell.version, ScoreCell.state, ScoreCell.value,
                       literal(now() - timedelta(days=1), ScoreValue.at.type), literal("import"), literal("")
                       ).where(ScoreCell.cycle_id == loaded.id)  # fmt: skip
        session.execute(insert(ScoreValue).from_select(list(VALUE), first))
    return loaded


def the_one(found: Compared, unit: int) -> UnitCompared:
    return next(one for one in found.units if one.unit.id == unit)


def swapping(year: Year, first: RunMade) -> tuple[int, str, str]:
    """A unit, header and value of another unit that would give the unit another level and move others too."""
    before = {unit: one.level for unit, one in year.given(first).items()}
    cells = year.cells()
    kept = {(unit, header): value for unit, header, value in cells}
    for unit, header, value in cells:
        if before[unit] not in ("four", "three"):
            continue
        for other in sorted({kept[one, same] for one, same in kept if same == header} - {value}):
            moved = would_move(year, unit, header, other)
            if unit in moved and len(moved) > 1:
                return unit, header, other
    raise AssertionError("nobody can be moved by one value")


def would_move(year: Year, unit: int, header: str, value: str) -> set[int]:
    """Who would have another level with that value there, by the plain engine."""
    from starrating.domain.entry import Entry, EntryState
    from starrating.domain.rating import rate
    from starrating.queries.inputs import Supposed

    cell = {(unit, header): Entry(EntryState.VALUE, value)}
    with year.app.app_context():
        scheme = read_kept(schemes_of(year.id)["village"].text).scheme
        stands = what_stands([year.row], "village")[year.row.id]
        known = [known_of(stands, scheme, supposed) for supposed in (Supposed(), Supposed(cell))]
    was, now_ = (rate(scheme, one.inputs).level.tolist() for one in known)
    return {unit for unit, one, other in zip(known[0].unit_ids, was, now_, strict=True) if one != other}
