"""Reading evidence: the files of a unit in a year, how much of it there is, which stored names are in use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from starrating.domain.evidence import Medium, Purpose
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.divisions import Unit
from starrating.models.evidence import EvidenceFile

STEP = 2_000


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a unit; `spot_check_id`, `objection_id` are what it belongs to, `removed_at` empty while it stands."""

    id: int
    cycle_id: int
    unit_id: int
    indicator: str
    purpose: Purpose
    spot_check_id: int | None
    name: str
    medium: Medium
    size: int
    sha256: str
    stored: str
    thumbnail: str
    by: str
    at: datetime
    removed_at: datetime | None
    removed_by: str
    removed_reason: str
    by_id: int | None
    objection_id: int | None = None

    @property
    def destroyed(self) -> bool:
        """True where the content was deleted with the removal: what an individual attached to an objection."""
        return self.by_id is None and self.removed_at is not None


@dataclass(frozen=True, slots=True)
class Held:
    """How much a unit has in a year: files of one indicator for one purpose, bytes that stand, bytes ever brought."""

    files: int
    standing: int
    ever: int


def files_of(cycle_id: int, unit_id: int, purposes: Collection[Purpose]) -> tuple[FileRow, ...]:
    """The files of a unit for these purposes, removed ones too, by indicator in the order they came."""
    return _rows(
        EvidenceFile.cycle_id == cycle_id, EvidenceFile.unit_id == unit_id, EvidenceFile.purpose.in_(tuple(purposes))
    )


def files_of_finding(check_id: int) -> tuple[FileRow, ...]:
    """The files of a spot check, removed ones too, in the order they came."""
    return _rows(EvidenceFile.spot_check_id == check_id)


def files_of_objection(objection_id: int) -> tuple[FileRow, ...]:
    """The files of an objection, removed ones too, in the order they came."""
    return _rows(EvidenceFile.objection_id == objection_id)


def file_of(cycle_id: int, unit_id: int, file_id: int) -> FileRow | None:
    """One file of a unit."""
    found = _rows(EvidenceFile.id == file_id, EvidenceFile.cycle_id == cycle_id, EvidenceFile.unit_id == unit_id)
    return found[0] if found else None


def counts_of(cycle_id: int, township_id: int | None = None) -> dict[tuple[int, str], int]:
    """(unit, indicator) → how many files stand: what "evidence missing where required" looks at."""
    wanted = [EvidenceFile.cycle_id == cycle_id, EvidenceFile.removed_at.is_(None)]
    if township_id is not None:
        wanted.append(Unit.township_id == township_id)
    rows = db.session.execute(
        select(EvidenceFile.unit_id, EvidenceFile.indicator, func.count())
        .join(Unit, Unit.id == EvidenceFile.unit_id)
        .where(*wanted)
        .group_by(EvidenceFile.unit_id, EvidenceFile.indicator)
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}


def held(
    session: Session, cycle_id: int, unit_id: int, indicator: str, purpose: Purpose, *,
    spot_check_id: int | None = None, objection_id: int | None = None,
) -> Held:  # fmt: skip
    """What a unit has already, read in the session that adds to it; findings and objections have files of their own.

    What individuals attached to objections takes no room from the unit: it is bounded by itself.
    """
    stands = EvidenceFile.removed_at.is_(None)
    same = stands & (EvidenceFile.indicator == indicator) & (EvidenceFile.purpose == purpose)
    finding = EvidenceFile.spot_check_id
    same &= finding.is_(None) if spot_check_id is None else finding == spot_check_id
    same &= EvidenceFile.objection_id.is_not_distinct_from(objection_id)
    row = session.execute(
        select(
            func.coalesce(func.sum(case((same, 1), else_=0)), 0),
            func.coalesce(func.sum(case((stands, EvidenceFile.size), else_=0)), 0),
            func.coalesce(func.sum(EvidenceFile.size), 0),
        ).where(EvidenceFile.cycle_id == cycle_id, EvidenceFile.unit_id == unit_id, EvidenceFile.by.is_not(None))
    ).one()
    return Held(int(row[0]), int(row[1]), int(row[2]))


def stored_names() -> set[str]:
    """Every name in the store that a row speaks of, but of what was to be deleted with its removal."""
    kept = EvidenceFile.by.is_not(None) | EvidenceFile.removed_at.is_(None)
    rows = db.session.execute(select(EvidenceFile.stored, EvidenceFile.thumbnail).where(kept))
    return {name for row in rows for name in row if name}


def every_file() -> Iterator[FileRow]:
    """All files of all years in the order of their keys, read in steps."""
    last, found = 0, _rows(EvidenceFile.id > 0, limit=STEP)
    while found:
        yield from found
        last = max(row.id for row in found)
        found = _rows(EvidenceFile.id > last, limit=STEP)


def _rows(*wanted: ColumnElement[bool], limit: int | None = None) -> tuple[FileRow, ...]:
    sender, remover = aliased(Account), aliased(Account)
    order = (EvidenceFile.id,) if limit else (EvidenceFile.indicator, EvidenceFile.at, EvidenceFile.id)
    rows = db.session.execute(
        select(
            EvidenceFile.id, EvidenceFile.cycle_id, EvidenceFile.unit_id, EvidenceFile.indicator, EvidenceFile.purpose,
            EvidenceFile.spot_check_id, EvidenceFile.name, EvidenceFile.medium, EvidenceFile.size, EvidenceFile.sha256,
            EvidenceFile.stored, EvidenceFile.thumbnail, func.coalesce(sender.display_name, ""), EvidenceFile.at,
            EvidenceFile.removed_at, func.coalesce(remover.display_name, ""), EvidenceFile.removed_reason,
            EvidenceFile.by,
            EvidenceFile.objection_id,
        )
        .outerjoin(sender, sender.id == EvidenceFile.by)
        .outerjoin(remover, remover.id == EvidenceFile.removed_by)
        .where(*wanted)
        .order_by(*order)
        .limit(limit)
    )  # fmt: skip
    return tuple(_made(row) for row in rows)


def _made(row: Any) -> FileRow:
    values = list(row)
    values[4], values[7] = Purpose(values[4]), Medium(values[7])
    return FileRow(*values)
