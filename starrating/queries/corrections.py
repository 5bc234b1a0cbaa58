"""Reading corrected values: what each correction puts right, and what a year's inputs come to with all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.decisions import DecisionState
from starrating.domain.entry import Entry, EntryState
from starrating.extensions import db
from starrating.models.decisions import Decision, DecisionInput
from starrating.models.divisions import Division, Unit
from starrating.models.events import EventRecord
from starrating.models.publications import Publication
from starrating.models.ratings import Determination
from starrating.queries.inputs import Supposed

FLAG = "flag."
"""What the header of an event begins with."""


@dataclass(frozen=True, slots=True)
class CorrectedValue:
    """A value that a correction puts right, of which unit; texts as they are typed and shown."""

    unit_id: int
    code: str
    unit: str
    township: str
    header: str
    before: Entry
    after: Entry

    @property
    def key(self) -> tuple[int, str]:
        """Which value."""
        return self.unit_id, self.header


def values_of(decision_id: int) -> tuple[CorrectedValue, ...]:
    """What a correction puts right, by unit and header."""
    rows = db.session.execute(
        select(Unit.id, Unit.code, Unit.name, Division.name, DecisionInput.header, DecisionInput.state_before,
               DecisionInput.value_before, DecisionInput.state_after, DecisionInput.value_after)
        .join(Unit, Unit.id == DecisionInput.unit_id)
        .join(Division, Division.id == Unit.township_id)
        .where(DecisionInput.decision_id == decision_id)
        .order_by(Unit.code, DecisionInput.header)
    )  # fmt: skip
    return tuple(CorrectedValue(*row[:5], _entry(row[5], row[6]), _entry(row[7], row[8])) for row in rows)


def event_counts(cycle_id: int, unit_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """(unit, header) → how often an event was recorded and not taken back."""
    rows = db.session.execute(
        select(EventRecord.unit_id, EventRecord.flag, func.sum(EventRecord.count))
        .where(EventRecord.cycle_id == cycle_id, EventRecord.unit_id.in_(unit_ids), EventRecord.withdrawn_at.is_(None))
        .group_by(EventRecord.unit_id, EventRecord.flag)
    )
    return {(row[0], row[1] if row[1].startswith(FLAG) else f"{FLAG}{row[1]}"): int(row[2]) for row in rows}


def corrected(cycle_id: int, kind: str) -> Supposed:
    """What the corrections of a published list make of its inputs."""
    return supposed_of(((row[2], row[3]), _entry(row[4], row[5])) for row in _taken([cycle_id], kind))


def corrected_in(determinations: Mapping[int, int], kind: str) -> dict[int, Supposed]:
    """Determination → what the corrections up to it make of the inputs; given each with its cycle."""
    rows = _taken([*determinations.values()], kind) if determinations else ()
    return {
        key: supposed_of(((row[2], row[3]), _entry(row[4], row[5])) for row in rows
                         if row[0] == cycle_id and row[1] <= key)
        for key, cycle_id in determinations.items()
    }  # fmt: skip


def _taken(cycle_ids: Sequence[int], kind: str) -> Sequence[Any]:
    """Cycle, determination, unit, header, state and value of all that was put right, in the order of editions."""
    return db.session.execute(
        select(Decision.cycle_id, Publication.determination_id, DecisionInput.unit_id, DecisionInput.header,
               DecisionInput.state_after, DecisionInput.value_after)
        .join(Decision, Decision.id == DecisionInput.decision_id)
        .join(Publication, (Publication.cycle_id == Decision.cycle_id) & (Publication.kind == Decision.kind)
              & (Publication.edition == Decision.edition))
        .where(Decision.cycle_id.in_(cycle_ids), Decision.kind == kind, Decision.state == DecisionState.DECIDED)
        .order_by(Decision.edition, DecisionInput.id)
    ).all()  # fmt: skip


def first_like(determination_id: int) -> int:
    """The same of one."""
    return firsts_like([determination_id])[determination_id]


def firsts_like(determination_ids: Collection[int]) -> dict[int, int]:
    """Determination → the first confirmed one of its cycle and kind with the same inputs, or that published first.

    Decisions after it read nothing of earlier years anew.
    """
    own, other, edition = aliased(Determination), aliased(Determination), aliased(Publication)
    published = select(edition.determination_id).where(
        edition.cycle_id == own.cycle_id, edition.kind == own.kind, edition.edition == 1,
        select(Publication.id).where(Publication.determination_id == own.id).exists(),
    )  # fmt: skip
    rows = db.session.execute(
        select(own.id, func.min(other.id))
        .join(other, (other.cycle_id == own.cycle_id) & (other.kind == own.kind) & (other.state == "confirmed"))
        .where(own.id.in_(determination_ids), or_(other.input_digest == own.input_digest, other.id.in_(published)))
        .group_by(own.id)
    )
    return {**{key: key for key in determination_ids}, **{row[0]: row[1] for row in rows}}


def supposed_of(values: Iterable[tuple[tuple[int, str], Entry]], on: Supposed | None = None) -> Supposed:
    """Values by unit and header as inputs that are supposed, over others; the last one of a place counts."""
    cells = dict(on.cells) if on else {}
    counts = dict(on.counts) if on else {}
    for key, entry in values:
        if key[1].startswith(FLAG):
            counts[key] = int(entry.value or 0)
        else:
            cells[key] = entry
    return Supposed(cells, counts=counts)


def _entry(state: str, value: str) -> Entry:
    return Entry(EntryState(state), value)
