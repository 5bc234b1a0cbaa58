"""Imports of scores: kept here from the upload to the confirmation, never trusted back from a browser; all or nothing.

What was read of a file waits under the account that sent it, for an hour. The confirmation names what its page showed;
if the scores moved on meanwhile it is refused and the page is shown anew. A cell that others changed since the file was
made is only overwritten where the person says so, seeing all three values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from starrating.domain.entry import NOT_APPLICABLE, NOTHING, Entry, EntryState
from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.interchange.foreign_tables import ForeignTable
from starrating.models.imports import ImportKind, ScoreImport
from starrating.models.waiting import ImportState
from starrating.queries.cycles import CycleRow, held_cycle
from starrating.queries.identities import Identity
from starrating.queries.scores import CellRow, SheetUnit, cells_of, standing_cells, units_of
from starrating.services.audit import Subject, record
from starrating.services.bulk import many_values
from starrating.services.clock import now
from starrating.services.names import plain_text
from starrating.services.scoring.import_content import Content, pack, pack_table, unpack
from starrating.services.scoring.scores import Source, bare_sheet_of, in_order, save_sheet
from starrating.services.scoring.sheet_cells import Proposed, same
from starrating.services.scoring.typed_scores import Key, Typed
from starrating.services.transaction import rows_changed, transaction

KEPT_FOR = timedelta(hours=1)
LONGEST_NAME = 120
KINDS = {Source.WORKBOOK: ImportKind.WORKBOOK, Source.IMPORT: ImportKind.TABLE}
SOURCES = {kind.value: source for source, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An import that waits for its confirmation."""

    id: int
    cycle_id: int
    source: Source
    name: str
    made_at: datetime
    expires_at: datetime
    digest: str
    content: Content

    @property
    def proposed(self) -> tuple[Proposed, ...]:
        """Its cells; `import.none` as long as nobody said which columns of its table they are."""
        if self.content.proposed is None:
            raise RuleError("import.none")
        return self.content.proposed


class Line(NamedTuple):
    """A cell of an import: what it said when the file was made, what stands now, what is to be saved."""

    unit: SheetUnit
    header: str
    base: str
    stands: CellRow | None
    mine: Entry
    typed: Typed

    @property
    def version(self) -> int:
        """The version that stands."""
        return self.stands.version if self.stands else 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a confirmation would do: cells that change, cells that others changed meanwhile, and a digest over both."""

    changes: tuple[Line, ...]
    conflicts: tuple[Line, ...]
    already: int
    digest: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last time that the same file was stored by the same person."""

    at: datetime
    changed: int


@many_values()
def keep(cycle: CycleRow, source: Source, name: str, data: bytes, proposed: Sequence[Proposed], by: Identity) -> int:
    """Keep what was read of a file until it is confirmed; an earlier one of the same person and year gives way."""
    with transaction() as session:
        key, subject, digest = _keep(session, cycle, source, (name, data), pack(proposed), by)
        record(session, "import_read", by.account_id, subject, year=cycle.year, cells=len(proposed), digest=digest)
        return key


def keep_table(cycle: CycleRow, name: str, data: bytes, table: ForeignTable, by: Identity) -> int:
    """Keep a foreign table until somebody says what its columns are, and then until its cells are confirmed."""
    with transaction() as session:
        kept = pack_table(Content(None, table))
        key, subject, digest = _keep(session, cycle, Source.IMPORT, (name, data), kept, by)
        record(session, "table_read", by.account_id, subject, year=cycle.year, rows=len(table.body), digest=digest)
        return key


def put_cells(cycle: CycleRow, found: Waiting, content: Content, by: Identity) -> None:
    """Put the cells of a table that waits beside it, in the place of those of an earlier choice of columns."""
    with transaction() as session:
        _change(session, cycle, found.id, by, {"content": pack_table(content)})
        record(session, "import_read", by.account_id, Subject("score_import", found.id, found.name, cycle.place),
               year=cycle.year, cells=len(content.proposed or ()), digest=found.digest)  # fmt: skip


def _keep(
    session: Session, cycle: CycleRow, source: Source, file: tuple[str, bytes], content: bytes, by: Identity
) -> tuple[int, Subject, str]:
    """Add an import of a file (name, content) that waits; its key, how the trail calls it, and the file's digest."""
    shown, digest, at = plain_text(file[0], LONGEST_NAME), sha256(file[1]).hexdigest(), now()
    done = {"state": ImportState.DROPPED, "content": None}
    waiting = update(ScoreImport).where(ScoreImport.state == ImportState.WAITING)
    session.execute(waiting.where(ScoreImport.account_id == by.account_id, ScoreImport.cycle_id == cycle.id)
                    .values(done))  # fmt: skip
    session.execute(waiting.where(ScoreImport.expires_at <= at).values(done))
    row = ScoreImport(cycle_id=cycle.id, account_id=by.account_id, kind=KINDS[source], name=shown, digest=digest,
                      state=ImportState.WAITING, made_at=at, expires_at=at + KEPT_FOR, changed=0,
                      content=content)  # fmt: skip
    session.add(row)
    session.flush()
    return row.id, Subject("score_import", row.id, shown, cycle.place), digest


@many_values()
def waiting(cycle: CycleRow, import_id: int, by: Identity) -> Waiting:
    """An import of the person's own that still waits; `import.none` for anything else."""
    row = db.session.scalars(_own(cycle, import_id, by)).one_or_none()
    if row is None or row.content is None:
        raise RuleError("import.none")
    return Waiting(row.id, row.cycle_id, SOURCES[row.kind], row.name, row.made_at, row.expires_at, row.digest,
                   unpack(row.content))  # fmt: skip


def waiting_of(cycle: CycleRow, by: Identity) -> tuple[int, str, datetime] | None:
    """The key, name and end of the import of a year that waits for the person, if one does."""
    found = db.session.execute(
        select(ScoreImport.id, ScoreImport.name, ScoreImport.expires_at).where(
            ScoreImport.cycle_id == cycle.id, ScoreImport.account_id == by.account_id,
            ScoreImport.state == ImportState.WAITING, ScoreImport.expires_at > now(),
        ).order_by(ScoreImport.id.desc()).limit(1)
    ).first()  # fmt: skip
    return (found[0], found[1], found[2]) if found else None


def earlier(cycle: CycleRow, data: bytes, by: Identity) -> Earlier | None:
    """When the person last stored the very same file in this year."""
    return earlier_of(cycle, sha256(data).hexdigest(), by)


def earlier_of(cycle: CycleRow, digest: str, by: Identity) -> Earlier | None:
    """When the person last stored the file with that digest in this year."""
    found = db.session.execute(
        select(ScoreImport.stored_at, ScoreImport.changed)
        .where(ScoreImport.cycle_id == cycle.id, ScoreImport.account_id == by.account_id,
               ScoreImport.digest == digest, ScoreImport.state == ImportState.STORED)
        .order_by(ScoreImport.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    return Earlier(found[0], found[1]) if found and found[0] else None


@many_values()
def preview(cycle: CycleRow, proposed: Sequence[Proposed]) -> Preview:
    """What a confirmation would do to the scores as they stand."""
    units = {one.id: one for one in units_of(cycle, {one.typed.unit_id for one in proposed})}
    stands = standing_cells(cycle.id, units, {one.typed.header for one in proposed})
    shown = _preview(units, stands, proposed)
    if not shown.conflicts:
        return shown
    theirs = cells_of(cycle.id, {one.unit.id for one in shown.conflicts}, {one.header for one in shown.conflicts})
    told = (one._replace(stands=theirs.get(one.typed.key, one.stands)) for one in shown.conflicts)
    return replace(shown, conflicts=tuple(told))


def _preview(units: Mapping[int, SheetUnit], cells: Mapping[Key, CellRow], proposed: Sequence[Proposed]) -> Preview:
    """The same over units and cells that were read, which do not say who entered them."""
    entries: dict[str, Entry] = {}
    changes, conflicts, already = list[Line](), list[Line](), 0
    for typed, base in proposed:
        unit_id, header, version, text, _ = typed
        stands, unit, mine = cells.get((unit_id, header)), units.get(unit_id), entries.get(text)
        if unit is None:
            raise RuleError("score.none")
        if mine is None:
            mine = entries[text] = _entry(text)
        if same(mine, stands.entry if stands else NOTHING):
            already += 1
            continue
        line = Line(unit, header, base, stands, mine, typed)
        ahead = version == (stands.version if stands else 0)
        (changes if ahead else conflicts).append(line)
    return Preview(tuple(changes), tuple(conflicts), already, _digest(changes, conflicts))


@many_values()
def confirm(cycle: CycleRow, import_id: int, digest: str, mine: Mapping[Key, int], by: Identity) -> int:
    """Store an import whole, and say how many cells it changed; `mine` are the conflicts in which the file prevails.

    `import.changed` where the scores are not what the page of that digest showed.
    """
    found = waiting(cycle, import_id, by)
    with transaction() as session:
        row = held_cycle(cycle.id)
        if row is None:
            raise RuleError("score.none")
        sheet = bare_sheet_of(row, [one.typed for one in found.proposed])
        shown = _preview(sheet.units, sheet.cells, found.proposed)
        if shown.digest != digest:
            raise RuleError("import.changed")
        prevailing = [line for line in shown.conflicts if mine.get(line.typed.key) == line.version]
        typed = [line.typed for line in shown.changes] + [
            Typed(line.typed.unit_id, line.header, line.version, line.typed.text, line.typed.reason)
            for line in prevailing
        ]
        _close(session, cycle, import_id, by, ImportState.STORED, len(typed))
        if typed:
            save_sheet(session, sheet, in_order(typed), by, found.source)
        record(session, "import_stored", by.account_id, Subject("score_import", import_id, found.name, cycle.place),
               year=cycle.year, cells=len(typed), left=len(shown.conflicts) - len(prevailing))  # fmt: skip
        return len(typed)


def drop(cycle: CycleRow, import_id: int, by: Identity) -> None:
    """Forget an import that waits."""
    found = waiting(cycle, import_id, by)
    with transaction() as session:
        _close(session, cycle, import_id, by, ImportState.DROPPED, 0)
        record(session, "import_dropped", by.account_id, Subject("score_import", import_id, found.name, cycle.place),
               year=cycle.year, cells=len(found.content.proposed or ()))  # fmt: skip


def _close(session: Session, cycle: CycleRow, import_id: int, by: Identity, state: ImportState, changed: int) -> None:
    """End the waiting, once: of two confirmations at a time only one goes on."""
    stored_at = now() if state is ImportState.STORED else None
    _change(
        session, cycle, import_id, by, {"state": state, "content": None, "changed": changed, "stored_at": stored_at}
    )


def _change(session: Session, cycle: CycleRow, import_id: int, by: Identity, values: dict[str, object]) -> None:
    """Change an import of the person's own that waits; `import.none` where it does no more."""
    done = rows_changed(session,
        update(ScoreImport)
        .where(ScoreImport.id == import_id, ScoreImport.cycle_id == cycle.id, ScoreImport.account_id == by.account_id,
               ScoreImport.state == ImportState.WAITING, ScoreImport.expires_at > now())
        .values(values)
    )  # fmt: skip
    if done != 1:
        raise RuleError("import.none")


def _own(cycle: CycleRow, import_id: int, by: Identity) -> Select[ScoreImport]:
    return select(ScoreImport).where(
        ScoreImport.id == import_id, ScoreImport.cycle_id == cycle.id, ScoreImport.account_id == by.account_id,
        ScoreImport.state == ImportState.WAITING, ScoreImport.expires_at > now(),
    )  # fmt: skip


def _entry(text: str) -> Entry:
    """The text of a proposed cell, which was read as an entry before, as one again."""
    if not text:
        return NOTHING
    return Entry(EntryState.NOT_APPLICABLE) if text == NOT_APPLICABLE else Entry(EntryState.VALUE, text)


def _digest(changes: Sequence[Line], conflicts: Sequence[Line]) -> str:
    """Over which cells change, from which versions, and which are in conflict."""
    against = [(*line.typed.key, line.version, line.typed.text) for line in conflicts]
    said = [line.typed[:4] for line in changes], against
    return sha256(repr(said).encode()).hexdigest()
