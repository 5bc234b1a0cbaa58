"""What the tables say of the units that are rated, of one year of a district or of a city's districts at once.

Every table is read in one statement whatever the number of districts; no scheme has a say in it yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from starrating.domain.inputs import Labels, labels_of
from starrating.domain.posts import Post, PostKind, leaders, whole_months
from starrating.extensions import db
from starrating.models.cycles import Cycle
from starrating.models.divisions import Division, Unit
from starrating.models.events import EventRecord
from starrating.models.people import Post as StoredPost
from starrating.models.ratings import Determination, Rating
from starrating.queries.cell_columns import columns_of
from starrating.queries.cycles import STANDING, CycleRow, rated_on


@dataclass(frozen=True, slots=True)
class UnitsRead:
    """The units of a district in the order of their codes, their fields as words, and the row of each by its key."""

    ids: tuple[int, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    fields: Mapping[str, Labels]
    row: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class EarlierLevel:
    """What a unit was given by a confirmed determination of an earlier year."""

    determination_id: int
    cycle_id: int
    confirmed_at: datetime
    year: int
    unit_id: int
    status: str
    level: str
    stars: int | None

    def by(self, known_to: int | datetime | None) -> bool:
        """True where it was confirmed by an instant, or before the determination of that key; None: by now."""
        if known_to is None:
            return True
        return self.confirmed_at <= known_to if isinstance(known_to, datetime) else self.determination_id < known_to


Facts = Mapping[str, Mapping[int, str]]
"""Header → unit → the word that a run knew: what the tables said of leaders and of the fields that its scheme reads."""


@dataclass(frozen=True, slots=True, eq=False)
class Stands:
    """What stands in the tables about a cycle's units of one kind."""

    cycle: CycleRow
    units: UnitsRead
    cells: Mapping[str, Labels]
    inapplicable: Mapping[str, list[int]]
    events: Sequence[tuple[int, str, int]]
    leaders: Mapping[str, Labels]
    earlier: Sequence[EarlierLevel]

    def known_by(self, facts: Facts) -> Stands:
        """The same with what a run knew in the place of what posts and units say now."""
        return self.saying({
            header: labels_of([own.get(unit) for unit in self.units.ids]) for header, own in facts.items()
        })  # fmt: skip

    def saying(self, words: Mapping[str, Labels]) -> Stands:
        """The same with those columns of leaders and fields."""
        own = {header: labels for header, labels in words.items() if header in self.leaders}
        fields = {header: labels for header, labels in words.items() if header in self.units.fields}
        units = replace(self.units, fields={**self.units.fields, **fields})
        return replace(self, leaders={**self.leaders, **own}, units=units)

    def confirmed_by(self, known_to: int | datetime | None) -> list[EarlierLevel]:
        """The levels of earlier years by the last determination of each that was confirmed by then."""
        known = [one for one in self.earlier if one.by(known_to)]
        last: dict[int, int] = {}
        for one in known:
            last[one.cycle_id] = max(last.get(one.cycle_id, 0), one.determination_id)
        return [one for one in known if one.determination_id == last[one.cycle_id]]


def what_stands(
    cycles: Sequence[CycleRow], kind: str, without_events: frozenset[int] = frozenset()
) -> dict[int, Stands]:
    """Cycle → what stands about its units of a kind; the cycles are of one year."""
    wanted = and_(Unit.district_id.in_([one.district_id for one in cycles]), Unit.kind == kind,
                  *(rated_on(day) for day in {one.cut_off for one in cycles}))  # fmt: skip
    units = _units(cycles, wanted)
    cells = columns_of({key: one.row for key, one in units.items()}, wanted)
    events, posts, earlier = _events(cycles, wanted, without_events), _posts(cycles, wanted), _earlier(cycles, wanted)
    return {
        one.id: Stands(
            one, units[one.id], *cells[one.id], events.get(one.id, ()),
            _leaders(posts.get(one.district_id, ()), units[one.id].ids, one.cut_off), earlier.get(one.district_id, ()),
        )
        for one in cycles
    }  # fmt: skip


def _units(cycles: Sequence[CycleRow], wanted: ColumnElement[bool]) -> dict[int, UnitsRead]:
    found = db.session.execute(
        select(Unit.district_id, Unit.id, Unit.code, Unit.name, Unit.kind, Division.name, Unit.valid_from)
        .join(Division, Division.id == Unit.township_id)
        .where(wanted)
    )
    own = _by_first(found)
    return {
        one.id: _read(one, sorted(own.get(one.district_id, ()), key=lambda row: (row[1], row[5]))) for one in cycles
    }


def _read(cycle: CycleRow, rows: Sequence[Any]) -> UnitsRead:
    fields = {
        "kind": [row[3] for row in rows],
        "district": [cycle.district] * len(rows),
        "township": [row[4] for row in rows],
        "name": [row[2] for row in rows],
        "months": [str(whole_months(row[5], cycle.cut_off)) for row in rows],
    }
    return UnitsRead(
        tuple(row[0] for row in rows),
        tuple(row[1] for row in rows),
        tuple(row[2] for row in rows),
        {name: labels_of(words) for name, words in fields.items()},
        {row[0]: place for place, row in enumerate(rows)},
    )


def _events(
    cycles: Sequence[CycleRow], wanted: ColumnElement[bool], without: frozenset[int]
) -> dict[int, list[tuple[int, str, int]]]:
    """Cycle → how often each flag happened to a unit that it happened to."""
    rows = db.session.execute(
        select(EventRecord.cycle_id, EventRecord.unit_id, EventRecord.flag, func.sum(EventRecord.count))
        .join(Unit, Unit.id == EventRecord.unit_id)
        .where(EventRecord.cycle_id.in_([one.id for one in cycles]), EventRecord.withdrawn_at.is_(None), wanted,
               EventRecord.id.not_in(without))
        .group_by(EventRecord.cycle_id, EventRecord.unit_id, EventRecord.flag)
    )  # fmt: skip
    return {cycle: [(unit, flag, int(count)) for unit, flag, count in own] for cycle, own in _by_first(rows).items()}


def _posts(cycles: Sequence[CycleRow], wanted: ColumnElement[bool]) -> dict[int, list[Post]]:
    """District → the posts of its units that had begun on the cut-off day."""
    rows = db.session.execute(
        select(Unit.district_id, StoredPost.person_id, StoredPost.unit_id, StoredPost.kind, StoredPost.begins_on,
               StoredPost.ends_on)
        .join(Unit, Unit.id == StoredPost.unit_id)
        .where(wanted, StoredPost.begins_on <= max(one.cut_off for one in cycles))
    )  # fmt: skip
    own = _by_first(rows).items()
    return {key: [Post(row[0], row[1], PostKind(row[2]), row[3], row[4]) for row in found] for key, found in own}


def _leaders(posts: Iterable[Post], units: Sequence[int], day: date) -> dict[str, Labels]:
    """Dual role and months in post on the cut-off day; blank where the unit has no secretary."""
    found = leaders(posts, day)
    held = [found.get(unit) for unit in units]
    return {
        "leader.dual_role": labels_of([None if one is None else str(int(one.dual_role)) for one in held]),
        "leader.months": labels_of([None if one is None else str(one.months) for one in held]),
    }


def _earlier(cycles: Sequence[CycleRow], wanted: ColumnElement[bool]) -> dict[int, list[EarlierLevel]]:
    """District → what its units were given by every confirmed determination of an earlier year that stands."""
    rows = db.session.execute(
        select(Unit.district_id, Determination.id, Determination.cycle_id, Determination.confirmed_at, Cycle.year,
               Rating.unit_id, Rating.status, Rating.level, Rating.stars)
        .join(Determination, Determination.id == Rating.determination_id)
        .join(Cycle, Cycle.id == Determination.cycle_id)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(Determination.state == "confirmed", Cycle.state.in_(STANDING),
               Cycle.year < min(one.year for one in cycles), wanted)
    )  # fmt: skip
    return {district: [EarlierLevel(*row) for row in own] for district, own in _by_first(rows).items()}


def _by_first(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """Rows without their first column, by what stood there."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(tuple(row)[1:])
    return found
