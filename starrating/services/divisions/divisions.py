"""The import of a city's divisions and units: the whole file or nothing, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from starrating.domain.access import Place
from starrating.models.divisions import Division, Unit
from starrating.services.audit import Subject, record
from starrating.services.divisions.rows import DivisionLine, ImportRefused, RowFault
from starrating.services.transaction import transaction

CHUNK = 500
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed."""

    divisions_added: int = 0
    divisions_renamed: int = 0
    units_added: int = 0
    units_renamed: int = 0

    @property
    def nothing(self) -> bool:
        """True where the file was already there."""
        return self == Imported()


def import_divisions(
    rows: tuple[DivisionLine, ...], valid_from: date, by: int | None, *, progress: Progress = lambda _: None
) -> Imported:
    """Store the rows of a file that are new and the names that changed; units that are not in it are left alone.

    A unit's kind is only filled at first: it can be corrected here and a later import must not undo that.
    """
    with transaction() as session:
        keys, places, added, renamed = _store_divisions(session, rows, progress)
        units_added, units_renamed = _store_units(session, rows, keys, places, valid_from, progress)
        done = Imported(added, renamed, units_added, units_renamed)
        if not done.nothing:
            root = next(row for row in rows if row.level == "municipality")
            subject = Subject("division", keys[root.code], root.name, Place(keys[root.code]))
            record(session, "units_imported", by, subject, divisions_added=added, divisions_renamed=renamed,
                   units_added=units_added, units_renamed=units_renamed)  # fmt: skip
        return done


def _store_divisions(
    session: Session, rows: tuple[DivisionLine, ...], progress: Progress
) -> tuple[dict[str, int], dict[str, str], int, int]:
    """Code → key of every division of the file, code → parent's code, how many are new and renamed."""
    stored = {row.code: row for row in session.scalars(select(Division).order_by(Division.code))}
    parents: dict[str, str] = {}
    added = renamed = 0
    faults: list[RowFault] = []
    for row in rows:
        if row.level == "unit":
            continue
        known = stored.get(row.code)
        parent = stored.get(row.parent)
        if known is None:
            known = Division(code=row.code, name=row.name, level=row.level, kind=row.kind,
                             parent_id=parent.id if parent else None)  # fmt: skip
            session.add(known)
            session.flush()
            stored[row.code] = known
            added += 1
        elif known.level != row.level or known.parent_id != (parent.id if parent else None):
            faults.append(RowFault(row.line, "row.moved", {"code": row.code}))
        elif known.name != row.name:
            known.name = row.name
            renamed += 1
        parents[row.code] = row.parent
        progress(1)
    if faults:
        raise ImportRefused(faults)
    return {code: division.id for code, division in stored.items()}, parents, added, renamed


def _store_units(
    session: Session, rows: tuple[DivisionLine, ...], keys: Mapping[str, int], parents: Mapping[str, str],
    valid_from: date, progress: Progress,
) -> tuple[int, int]:  # fmt: skip
    known = {
        row.code: row for row in session.execute(
            select(Unit.id, Unit.code, Unit.name, Unit.township_id).where(Unit.valid_to.is_(None))
        )
    }  # fmt: skip
    new: list[dict[str, Any]] = []
    added = renamed = 0
    faults: list[RowFault] = []
    for row in rows:
        if row.level != "unit":
            continue
        there = known.get(row.code)
        if there is None:
            new.append(_unit_values(row, keys, parents, valid_from))
            added += 1
        elif there.township_id != keys[row.parent]:
            faults.append(RowFault(row.line, "row.moved", {"code": row.code}))
        elif there.name != row.name:
            session.execute(update(Unit).where(Unit.id == there.id).values(name=row.name))
            renamed += 1
        if len(new) == CHUNK:
            session.execute(insert(Unit), new)
            new = []
        progress(1)
    if new:
        session.execute(insert(Unit), new)
    if faults:
        raise ImportRefused(faults)
    return added, renamed


def _unit_values(
    row: DivisionLine, keys: Mapping[str, int], parents: Mapping[str, str], valid_from: date
) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.unit_kind,
        "township_id": keys[row.parent],
        "district_id": keys[parents[row.parent]],
        "rated": row.rated,
        "valid_from": valid_from,
    }
