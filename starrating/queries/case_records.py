"""Reading what was recorded since measures were carried out: of some cases, and of those that are not closed yet."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import Select, case, func, select

from starrating.domain.access import Place
from starrating.domain.case_records import taken_together
from starrating.domain.cases import OPEN, CaseMove, CaseState
from starrating.domain.scheme import Outcome
from starrating.extensions import db
from starrating.models.cases import CaseEvent, ConsequenceCase
from starrating.models.divisions import Unit
from starrating.queries.cases import DUE_ON
from starrating.queries.places import units_within

RECORDED = (CaseMove.CARRY_OUT, CaseMove.BALLOT)
"""The moves whose records hold until a case is closed; of several ballots the last."""


def records_of(case_ids: Collection[int]) -> Mapping[int, str]:
    """Case → the text of what was recorded since it was carried out; one that was not is left out."""
    if not case_ids:
        return {}
    rows = db.session.execute(
        select(CaseEvent.case_id, CaseEvent.move, CaseEvent.record)
        .where(CaseEvent.case_id.in_(case_ids), CaseEvent.move.in_(RECORDED))
        .order_by(CaseEvent.case_id, CaseEvent.version)
    )
    return _together((row[0], row[1], row[2]) for row in rows)


def records_open(places: Iterable[Place]) -> Mapping[int, str]:
    """The same of every measure that is carried out and not closed yet."""
    rows = db.session.execute(
        select(CaseEvent.case_id, CaseEvent.move, CaseEvent.record)
        .join(ConsequenceCase, ConsequenceCase.id == CaseEvent.case_id)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .where(
            units_within(places), ConsequenceCase.state == CaseState.CARRIED_OUT,
            ConsequenceCase.outcome == Outcome.MEASURE, CaseEvent.move.in_(RECORDED), CaseEvent.record != "{}",
        )
        .order_by(CaseEvent.case_id, CaseEvent.version)
    )  # fmt: skip
    return _together((row[0], row[1], row[2]) for row in rows)


def _together(rows: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """Case → its records as one."""
    found: dict[int, list[tuple[CaseMove, dict[str, str]]]] = {}
    for case_id, move, text in rows:
        found.setdefault(case_id, []).append((CaseMove(move), json.loads(text)))
    return {case_id: json.dumps(taken_together(said), ensure_ascii=False) for case_id, said in found.items()}


def waiting(places: Iterable[Place], by: date) -> tuple[int, date | None, int]:
    """How many open cases have their last day by a day, the nearest of those days, and how many wait for a review."""
    row = db.session.execute(asking_waiting(places, by)).one()
    return int(row[0]), row[1], int(row[2])


def asking_waiting(places: Iterable[Place], by: date) -> Select[int, date | None, int]:
    """The question for them."""
    near = case(((ConsequenceCase.state.in_(OPEN)) & (by >= DUE_ON), DUE_ON))
    return (
        select(func.count(near), func.min(near), func.count(ConsequenceCase.review_id))
        .select_from(ConsequenceCase)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .where(units_within(places))
    )
