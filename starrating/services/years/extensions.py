"""Extensions of a stage for a township, a unit or a department: asked for by one person, decided by another.

Every change is `UPDATE … WHERE state = …`, with the year held, so that an act that is being saved sees it or not. The
second person is another account, whatever either of them may do by then; the database refuses anything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from starrating.domain.access import ALLOWED, Act, Granted, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.windows import EXTENDED_STATES, Stage
from starrating.models.cycles import Cycle
from starrating.models.windows import ExtensionState, StageExtension
from starrating.queries.cycles import CycleRow, cycle
from starrating.queries.extensions import departments_of
from starrating.queries.identities import Identity
from starrating.queries.places import place_of_division, place_of_unit
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text
from starrating.services.transaction import rows_changed, transaction

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What an extension is asked for: a stage up to an instant, for a township or a unit, a department, or both."""

    stage: Stage
    ends: datetime | None
    township_id: int | None = None
    unit_id: int | None = None
    department: str = ""


def ask_extension(cycle_id: int, asked: Asked, reason: str, by: Identity) -> int:
    """Ask for an extension; its key. The same asked twice by one person while it waits is one.

    `extension.none` where the scope is not the person's to ask for, `.scope`, `.past` or `.reason` where it cannot be.
    """
    why = given_text(reason, LONGEST_REASON)
    with transaction() as session:
        row = _held(session, cycle_id)
        place = _place(row, asked)
        if not may_ask(by.grants, place, asked.department):
            raise RuleError("extension.none")
        if row.state not in EXTENDED_STATES.get(asked.stage, ()):
            raise RuleError("cycle.locked", state=row.state.value)
        if asked.ends is None or asked.ends <= now():
            raise RuleError("extension.past")
        if not why:
            raise RuleError("extension.reason")
        values = {"cycle_id": cycle_id, "stage": asked.stage.value, "township_id": asked.township_id,
                  "unit_id": asked.unit_id, "department": asked.department, "ends": asked.ends, "reason": why,
                  "state": ExtensionState.ASKED.value, "asked_by": by.account_id}  # fmt: skip
        same = session.scalar(select(StageExtension.id).filter_by(**values))
        if same is not None:
            return int(same)
        made = StageExtension(**values, asked_at=now(), decision="", withdrawn_reason="")
        session.add(made)
        session.flush()
        _tell(session, "extension_asked", by, row, made, why)
        return made.id


def approve_extension(cycle_id: int, extension_id: int, by: Identity) -> None:
    """Grant what another person asked for; approving it twice is one effect."""
    _decide(cycle_id, extension_id, ExtensionState.APPROVED, "", by)


def refuse_extension(cycle_id: int, extension_id: int, reason: str, by: Identity) -> None:
    """Refuse what another person asked for, with a reason."""
    why = given_text(reason, LONGEST_REASON)
    if not why:
        raise RuleError("extension.reason")
    _decide(cycle_id, extension_id, ExtensionState.REFUSED, why, by)


def withdraw_extension(cycle_id: int, extension_id: int, reason: str, by: Identity) -> None:
    """Take back what was asked for or granted, with a reason: by whoever asked, or by the district."""
    why = given_text(reason, LONGEST_REASON)
    with transaction() as session:
        row = _held(session, cycle_id)
        found = _existing(session, cycle_id, extension_id)
        if found.asked_by != by.account_id and not may(by.grants, Act.DECIDE_EXTENSION, row.place):
            raise RuleError("extension.none")
        if found.withdrawn_by == by.account_id:
            return
        if not why:
            raise RuleError("extension.reason")
        states = (ExtensionState.ASKED, ExtensionState.APPROVED)
        _move(session, found, states, state=ExtensionState.WITHDRAWN, withdrawn_by=by.account_id, withdrawn_at=now(),
              withdrawn_reason=why)  # fmt: skip
        _tell(session, "extension_withdrawn", by, row, found, why)


def may_ask(grants: Iterable[Granted], place: Place, department: str) -> bool:
    """True where somebody may ask for a scope: the district for any, everybody else for what is their own to do."""
    return any(
        Act.ASK_EXTENSION in ALLOWED[grant.role] and grant.place.covers(place) and grant.department in ("", department)
        for grant in grants
    )


def _decide(cycle_id: int, extension_id: int, state: ExtensionState, why: str, by: Identity) -> None:
    with transaction() as session:
        row = _held(session, cycle_id)
        if not may(by.grants, Act.DECIDE_EXTENSION, row.place):
            raise RuleError("extension.none")
        found = _existing(session, cycle_id, extension_id)
        if found.asked_by == by.account_id:
            raise RuleError("extension.own")
        if found.state == state and found.decided_by == by.account_id:
            return
        if state is ExtensionState.APPROVED and found.ends <= now():
            raise RuleError("extension.past")
        _move(session, found, (ExtensionState.ASKED,), state=state, decided_by=by.account_id, decided_at=now(),
              decision=why)  # fmt: skip
        _tell(session, f"extension_{state.value}", by, row, found, why)


def _held(session: Session, cycle_id: int) -> CycleRow:
    """The year, held against acts that are being saved under its calendar."""
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update())
    row = cycle(cycle_id)
    if row is None:
        raise RuleError("extension.none")
    return row


def _existing(session: Session, cycle_id: int, extension_id: int) -> StageExtension:
    found = session.get(StageExtension, extension_id)
    if found is None or found.cycle_id != cycle_id:
        raise RuleError("extension.none")
    return found


def _place(row: CycleRow, asked: Asked) -> Place:
    """Where the scope is; `extension.scope` where there is none in this district, or no department of that name."""
    place: Place | None = row.place
    if asked.unit_id is not None and asked.township_id is not None:
        place = None
    elif asked.unit_id is not None:
        place = place_of_unit(asked.unit_id)
    elif asked.township_id is not None:
        place = place_of_division(asked.township_id)
    known = not asked.department or asked.department in departments_of(row.id)
    named = asked.department or (place is not None and place.township is not None)
    if place is None or not row.place.covers(place) or not known or not named:
        raise RuleError("extension.scope")
    return place


def _move(session: Session, found: StageExtension, states: Iterable[ExtensionState], **values: Any) -> None:
    done = rows_changed(
        session,
        update(StageExtension)
        .where(StageExtension.id == found.id, StageExtension.state.in_([one.value for one in states]))
        .values(**values)
        .execution_options(synchronize_session=False),
    )
    if not done:
        raise RuleError("extension.changed")


def _tell(session: Session, act: str, by: Identity, row: CycleRow, one: StageExtension, why: str) -> None:
    place = Place(row.municipality_id, row.district_id, one.township_id, one.unit_id)
    subject = Subject("stage_extension", one.id, f"{row.district}{row.year}", place)
    record(session, act, by.account_id, subject, stage=one.stage, department=one.department,
           ends=one.ends.isoformat(), reason=why)  # fmt: skip
