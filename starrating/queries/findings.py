"""Reading what doubts are looked for in: all values of a year as columns, and the doubts that were put aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from starrating.domain.assessment import AssessmentState, Stage
from starrating.domain.verification import Review
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.assessments import AssessmentCell
from starrating.models.cycles import Cycle, CycleScheme
from starrating.models.divisions import Unit
from starrating.models.findings import PutAside
from starrating.models.scores import ScoreCell, ValueState
from starrating.queries.assessments import assessments_of
from starrating.queries.cycles import CycleRow, rated_on


@dataclass(frozen=True, slots=True)
class PutAsideRow:
    """A doubt that was put aside: by whom, when, why."""

    digest: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Values:
    """Header → unit → text, of cells that hold a value; and header → units that said not applicable."""

    texts: dict[str, dict[int, str]]
    away: dict[str, set[int]]


def values_of(cycle: CycleRow, kind: str, headers: Collection[str]) -> Values:
    """Every value of the units of a kind in a year."""
    rows = db.session.execute(
        select(ScoreCell.header, ScoreCell.unit_id, ScoreCell.state, ScoreCell.value)
        .join(Unit, Unit.id == ScoreCell.unit_id)
        .where(ScoreCell.cycle_id == cycle.id, ScoreCell.state != ValueState.BLANK, Unit.kind == kind,
               ScoreCell.header.in_(tuple(headers)), rated_on(cycle.cut_off))
    )  # fmt: skip
    found = Values(defaultdict(dict), defaultdict(set))
    for header, unit, state, text in rows:
        if state == ValueState.VALUE:
            found.texts[header][unit] = text
        else:
            found.away[header].add(unit)
    return found


@dataclass(frozen=True, slots=True)
class YearBefore:
    """The same district's year before: kind → the text of its scheme; 0 and nothing where there was none."""

    cycle_id: int
    schemes: Mapping[str, str]


def year_before(cycle: CycleRow) -> YearBefore:
    """The year before and what it was rated by."""
    rows = db.session.execute(
        select(Cycle.id, CycleScheme.kind, CycleScheme.text)
        .join(CycleScheme, CycleScheme.cycle_id == Cycle.id)
        .where(Cycle.district_id == cycle.district_id, Cycle.year == cycle.year - 1)
    ).all()
    return YearBefore(rows[0][0] if rows else 0, {kind: text for _, kind, text in rows})


def values_in(cycle_id: int, kind: str, headers: Collection[str]) -> dict[str, dict[int, str]]:
    """Header → unit → text, of the units that are of a kind now, in another year."""
    rows = db.session.execute(
        select(ScoreCell.header, ScoreCell.unit_id, ScoreCell.value)
        .join(Unit, Unit.id == ScoreCell.unit_id)
        .where(ScoreCell.cycle_id == cycle_id, Unit.kind == kind, ScoreCell.state == ValueState.VALUE,
               ScoreCell.header.in_(tuple(headers)))
    )  # fmt: skip
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for header, unit, text in rows:
        found[header][unit] = text
    return found


@dataclass(frozen=True, slots=True)
class Verified:
    """Header → unit → text, of what townships made of self-assessments and of the confirmed scores of the same."""

    reviewed: dict[str, dict[int, str]]
    confirmed: dict[str, dict[int, str]]


def verified_reviews(cycle: CycleRow, kind: str, codes: Mapping[str, str]) -> Verified:
    """The reviewed values of a kind whose score the district confirmed; `codes` says whose indicator a header is."""
    rows = db.session.execute(
        select(AssessmentCell.header, AssessmentCell.unit_id, AssessmentCell.value, ScoreCell.value)
        .join(Unit, Unit.id == AssessmentCell.unit_id)
        .join(ScoreCell, and_(ScoreCell.cycle_id == AssessmentCell.cycle_id,
                              ScoreCell.unit_id == AssessmentCell.unit_id, ScoreCell.header == AssessmentCell.header))
        .where(AssessmentCell.cycle_id == cycle.id, AssessmentCell.stage == Stage.TOWNSHIP,
               AssessmentCell.state == ValueState.VALUE, ScoreCell.state == ValueState.VALUE,
               ScoreCell.review == Review.CONFIRMED, Unit.kind == kind, AssessmentCell.header.in_(tuple(codes)),
               rated_on(cycle.cut_off))
    ).all()  # fmt: skip
    stands = assessments_of(cycle.id, {row[1] for row in rows}) if rows else {}
    found = Verified(defaultdict(dict), defaultdict(dict))
    for header, unit, reviewed, confirmed in rows:
        about = stands.get((unit, codes[header]))
        if about is not None and about.state is AssessmentState.REVIEWED:
            found.reviewed[header][unit], found.confirmed[header][unit] = reviewed, confirmed
    return found


def put_aside(cycle_id: int) -> dict[str, PutAsideRow]:
    """Digest → the doubt that was put aside in a year."""
    rows = db.session.execute(
        select(PutAside.digest, PutAside.reason, func.coalesce(Account.display_name, ""), PutAside.at)
        .outerjoin(Account, Account.id == PutAside.by)
        .where(PutAside.cycle_id == cycle_id)
    )
    return {row[0]: PutAsideRow(*row) for row in rows}
