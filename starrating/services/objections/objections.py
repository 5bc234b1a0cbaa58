"""Objections as they come in, are taken up and withdrawn; each gets a receipt: a number, and a code nobody can guess.

A unit lodges its own within the days of the notice. The office enters what came on paper or by telephone; what counts
is the day on which it came in. Every step is conditional on the version that the page showed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from starrating.domain.access import Act, may
from starrating.domain.faults import RuleError
from starrating.domain.objections import OPEN, Channel, ObjectionState, Step, due_day, find_move
from starrating.domain.windows import Stage, first_instant
from starrating.domain.workflow import CycleState
from starrating.models.cycles import Cycle
from starrating.models.objections import Objection
from starrating.queries import objections as question
from starrating.queries.identities import Identity
from starrating.queries.objections import ObjectionRow
from starrating.queries.publications import Confirmed, confirmed_of
from starrating.queries.ratings import rating_of
from starrating.queries.windows import calendar_of
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.evidence.objection_rights import refuse_part
from starrating.services.evidence.rights import Here, here
from starrating.services.names import given_text, plain_text, seen_text
from starrating.services.scoring.tasks import Task, tasks_of
from starrating.services.transaction import changed_as_shown, transaction
from starrating.services.working_days import office_days, today
from starrating.services.years.windows import refusal_of

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What a code is made of: nothing that reads like something else. Eight of them are 39 bits."""
CODE = 8
SHORTEST, LONGEST = 10, 1_000
LONGEST_NAME = 100
LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Lodging:
    """An objection as it was typed; `raised_by` and `received_on` are the office's to fill in."""

    grounds: str
    indicators: tuple[str, ...] = ()
    channel: Channel = Channel.ONLINE
    raised_by: str = ""
    received_on: date | None = None


def indicators_of(about: Here) -> dict[str, Task]:
    """Code → the indicator of the unit's kind with who enters it: what an objection can be about."""
    return {task.node.code: task for task in tasks_of(about.cycle.id) if task.kind == about.unit.kind}


def lodge_objection(cycle_id: int, unit_id: int, typed: Lodging, by: Identity) -> int:
    """Take in an objection to a unit's result; its key. The same of the same person, still open, is one.

    Raises `objection.none` where the person may not, `window.…` outside the days of the notice, `objection.received`
    where the office names a day outside of them, `objection.grounds` where too little is said.
    """
    online = typed.channel is Channel.ONLINE
    with transaction() as session:
        # The year is held whole: numbers follow one another, and no publication passes an objection by.
        session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update())
        about = here(cycle_id, unit_id)
        if not may(by.grants, Act.LODGE_OBJECTIONS if online else Act.RECORD_OBJECTIONS, about.place):
            raise RuleError("objection.none")
        received = _received_on(about, typed)
        said = _checked(about, typed)
        same = session.scalar(
            select(Objection.id).where(
                Objection.cycle_id == cycle_id, Objection.unit_id == unit_id, Objection.lodged_by == by.account_id,
                Objection.state.in_(OPEN), *(getattr(Objection, name) == value for name, value in said.items()),
            )
        )  # fmt: skip
        if same is not None:
            return int(same)
        row = stored(session, about, received, by.account_id, said)
        record(session, "objection_lodged" if online else "objection_recorded", by.account_id,
               subject_of(about, row.id, row.number), year=about.cycle.year, channel=row.channel,
               received_on=received.isoformat(), due_on=row.due_on.isoformat())  # fmt: skip
        return row.id


def stored(session: Session, about: Here, received: date, lodged_by: int | None, said: Mapping[str, Any]) -> Objection:
    """Within a transaction that holds the year: the objection, with the next number, a code and its last day."""
    confirmed = _confirmed(about)
    row = Objection(
        cycle_id=about.cycle.id, unit_id=about.unit.id, determination_id=confirmed.determination_id, version=1,
        number=_next_number(session, about, confirmed), code=_new_code(), state=ObjectionState.LODGED,
        lodged_by=lodged_by, lodged_at=now(), received_on=received,
        due_on=due_day(received, current_app.config["OBJECTION_DAYS"], office_days()), reasons="", changes="[]",
        moved="[]", trial_digest="", **said,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def take_up(objection_id: int, version: int, by: Identity) -> None:
    """Begin to look into an objection, by somebody who may decide it; the receipt says so from then on."""
    with transaction() as session:
        row, about = held(session, objection_id)
        refuse_part(row, about, by)
        if row.state is ObjectionState.IN_HAND and row.taken_by == by.account_id:
            return
        move(session, row, version, Step.TAKE_UP, taken_by=by.account_id, taken_at=now())
        record(session, "objection_taken_up", by.account_id, subject_of(about, row.id, row.number),
               year=about.cycle.year)  # fmt: skip


def withdraw(objection_id: int, version: int, reason: str, by: Identity) -> None:
    """Take an objection back: the unit its own, the office one that it entered, when whoever brought it asks so."""
    why = given_text(reason, LONGEST_REASON)
    with transaction() as session:
        row, about = held(session, objection_id)
        online = row.channel is Channel.ONLINE
        if not may(by.grants, Act.LODGE_OBJECTIONS if online else Act.RECORD_OBJECTIONS, about.place):
            raise RuleError("objection.none")
        if row.state is ObjectionState.WITHDRAWN and row.settled_by == by.account_id:
            return
        if not why:
            raise RuleError("objection.withdraw_reason")
        move(session, row, version, Step.WITHDRAW, settled_by=by.account_id, settled_at=now(), reasons=why)
        record(session, "objection_withdrawn", by.account_id, subject_of(about, row.id, row.number),
               year=about.cycle.year, reason=why)  # fmt: skip


def by_receipt(number: str, code: str) -> ObjectionRow | None:
    """The objection of a receipt; None where number and code do not belong together, whichever of them is wrong."""
    row = question.objection_by_number(plain_text(number, 40).upper())
    given = plain_text(code, 20).upper().replace(" ", "").encode()
    return row if compare_digest(row.code.encode() if row else b"-" * CODE, given) else None


def held(session: Session, objection_id: int) -> tuple[ObjectionRow, Here]:
    """Within a transaction: an objection and its year, kept from changing until the commit."""
    cycle_id = session.scalar(select(Objection.cycle_id).where(Objection.id == objection_id))
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update())
    session.execute(select(Objection.id).where(Objection.id == objection_id).with_for_update())
    row = question.objection(objection_id)
    if row is None:
        raise RuleError("objection.none")
    return row, here(row.cycle_id, row.unit_id)


def move(session: Session, row: ObjectionRow, version: int, step: Step, **values: Any) -> None:
    """Within a transaction: one step of the table, if the objection still is as the page showed it."""
    allowed = find_move(step, row.state)
    if allowed is None:
        raise RuleError("objection.no_move")
    as_shown = Objection.state == row.state
    if not changed_as_shown(session, Objection, row.id, version, as_shown, state=allowed.target, **values):
        raise RuleError("objection.changed")


def subject_of(about: Here, objection_id: int, number: str) -> Subject:
    """An objection as the trail names it."""
    return Subject("objection", objection_id, f"{about.unit.name} {number}", about.place)


def _received_on(about: Here, typed: Lodging) -> date:
    """The day on which it came in, refused where that is outside the days of the notice."""
    calendar, at = calendar_of(about.cycle), now()
    if typed.channel is Channel.ONLINE:
        late = refusal_of(calendar, Stage.OBJECTION, about.place, "", at)
        if late is not None:
            raise late
        return today()
    day = typed.received_on
    if about.cycle.state is not CycleState.NOTICE:
        raise RuleError("window.not_now", stage=Stage.OBJECTION, state=about.cycle.state)
    if day is None or day > today() or not calendar.is_open(Stage.OBJECTION, about.place, "", first_instant(day)):
        window = calendar.window(Stage.OBJECTION)
        raise RuleError("objection.received", opens=window.opens, closes=window.closes)
    return day


def _checked(about: Here, typed: Lodging) -> dict[str, Any]:
    """What is stored of what was typed; refused with the first thing that is wrong."""
    said = checked_matter(about, typed.grounds, typed.indicators)
    raised_by = "" if typed.channel is Channel.ONLINE else given_text(typed.raised_by, LONGEST_NAME)
    if typed.channel is not Channel.ONLINE and not raised_by:
        raise RuleError("objection.raised_by")
    return {**said, "channel": typed.channel, "raised_by": raised_by}


def checked_matter(about: Here, typed: str, indicators: Collection[str]) -> dict[str, Any]:
    """What an objection is about and why, as it is stored; refused with the first thing that is wrong."""
    grounds = seen_text(typed)
    if not SHORTEST <= len(grounds) <= LONGEST:
        raise RuleError("objection.grounds", shortest=SHORTEST, longest=LONGEST, count=len(grounds))
    known = indicators_of(about)
    if set(indicators) - set(known):
        raise RuleError("objection.indicator")
    chosen = [code for code in known if code in indicators]
    return {"grounds": grounds, "indicators": json.dumps(chosen, ensure_ascii=False)}


def _confirmed(about: Here) -> Confirmed:
    """The determination that the notice shows; a unit that is not in it has no result to object to."""
    found = confirmed_of(about.cycle.id).get(about.unit.kind)
    if found is None or rating_of(found.determination_id, about.unit.id) is None:
        raise RuleError("objection.none")
    return found


def _next_number(session: Session, about: Here, confirmed: Confirmed) -> str:
    """The next number of the year: year, district, how many there were and one."""
    count = session.scalar(select(func.count()).select_from(Objection).where(Objection.cycle_id == about.cycle.id))
    return f"{about.cycle.year}-{confirmed.district_code[:6]}-{(count or 0) + 1:04d}"


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE))
