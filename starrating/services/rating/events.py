"""Events of a unit that its scheme asks about, recorded and withdrawn by the district, each with its reason."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.windows import Stage
from starrating.interchange.fields import needs_of
from starrating.models.cycles import Cycle
from starrating.models.events import EventRecord
from starrating.queries.cycles import CycleRow, cycle, schemes_of
from starrating.queries.identities import Identity
from starrating.queries.scores import SheetUnit, units_of
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text
from starrating.services.transaction import rows_changed, transaction
from starrating.services.years.scheme_texts import read_kept
from starrating.services.years.windows import require_open

LONGEST_REASON = 500
MOST = 999


def flags_of(cycle_id: int, kind: str) -> tuple[str, ...]:
    """The events that the scheme of a kind asks about, without their prefix."""
    kept = schemes_of(cycle_id).get(kind)
    return tuple(flag.removeprefix("flag.") for flag in needs_of(read_kept(kept.text).scheme).flags) if kept else ()


def record_event(cycle_id: int, unit_id: int, flag: str, count: int, reason: str, by: Identity) -> int:
    """Record that something happened `count` times; its key. The same event of the same person twice is one."""
    why = given_text(reason, LONGEST_REASON)
    with transaction() as session:
        row, unit = _here(session, cycle_id, unit_id, by)
        if flag not in flags_of(cycle_id, unit.kind):
            raise RuleError("event.unknown")
        if not 1 <= count <= MOST:
            raise RuleError("event.count", most=MOST)
        if not why:
            raise RuleError("event.reason")
        same = session.scalar(
            select(EventRecord.id).where(
                EventRecord.cycle_id == cycle_id, EventRecord.unit_id == unit_id, EventRecord.flag == flag,
                EventRecord.count == count, EventRecord.reason == why, EventRecord.by == by.account_id,
                EventRecord.withdrawn_at.is_(None),
            )
        )  # fmt: skip
        if same is not None:
            return int(same)
        return add_event(session, row, unit, flag=flag, count=count, why=why, by=by)


def add_event(
    session: Session, row: CycleRow, unit: SheetUnit, *, flag: str, count: int, why: str, by: Identity
) -> int:
    """The row of an event and its entry in the trail, within an act that has looked at everything; its key."""
    event = EventRecord(cycle_id=row.id, unit_id=unit.id, flag=flag, count=count, reason=why, by=by.account_id,
                        at=now(), withdrawn_reason="")  # fmt: skip
    session.add(event)
    session.flush()
    record(session, "event_recorded", by.account_id, _subject(row, unit, event.id, flag), year=row.year,
           count=count, reason=why)  # fmt: skip
    return event.id


def withdraw_event(cycle_id: int, unit_id: int, event_id: int, reason: str, by: Identity) -> None:
    """Take an event back; it stays on the list with who took it back and why."""
    why = given_text(reason, LONGEST_REASON)
    with transaction() as session:
        row, unit = _here(session, cycle_id, unit_id, by)
        event = session.get(EventRecord, event_id)
        if event is None or (event.cycle_id, event.unit_id) != (cycle_id, unit_id):
            raise RuleError("event.none")
        if event.withdrawn_at is not None and event.withdrawn_by == by.account_id:
            return
        if not why:
            raise RuleError("event.reason")
        take_back(session, row, unit, event, why=why, by=by)


def take_back(session: Session, row: CycleRow, unit: SheetUnit, event: EventRecord, *, why: str, by: Identity) -> None:
    """Withdraw an event that stands, within an act that has looked at everything, with its entry in the trail."""
    key, flag, count = event.id, event.flag, event.count
    done = rows_changed(
        session,
        update(EventRecord)
        .where(EventRecord.id == key, EventRecord.withdrawn_at.is_(None))
        .values(withdrawn_at=now(), withdrawn_by=by.account_id, withdrawn_reason=why),
    )
    if not done:
        raise RuleError("event.withdrawn")
    record(session, "event_withdrawn", by.account_id, _subject(row, unit, key, flag), year=row.year,
           count=count, reason=why)  # fmt: skip


def _here(session: Session, cycle_id: int, unit_id: int, by: Identity) -> tuple[CycleRow, SheetUnit]:
    """The year and the unit, held against other changes of events, while the year takes them."""
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update())
    row = cycle(cycle_id)
    unit = next(iter(units_of(row, {unit_id})), None) if row else None
    if row is None or unit is None or not may(by.grants, Act.RECORD_EVENTS, _place(row, unit)):
        raise RuleError("score.none")
    require_open(session, row, Stage.EVENTS, _place(row, unit))
    return row, unit


def _place(row: CycleRow, unit: SheetUnit) -> Place:
    return Place(row.municipality_id, row.district_id, unit.township_id, unit.id)


def _subject(row: CycleRow, unit: SheetUnit, event_id: int, flag: str) -> Subject:
    return Subject("event_record", event_id, f"{unit.name} {flag}", _place(row, unit))
