"""Reading for verification: a township's scores, how much is confirmed, what stands returned and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from starrating.domain.assessment import AssessmentState, Stage
from starrating.domain.entry import Entry, EntryState
from starrating.domain.verification import Review
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.assessments import Assessment, AssessmentCell, AssessmentValue
from starrating.models.cycles import Cycle
from starrating.models.divisions import Division, Unit
from starrating.models.scores import CellReview, ScoreCell, ScoreValue, ValueState
from starrating.queries.cycles import CycleRow, rated_on
from starrating.queries.scores import SheetUnit

_SUBMITTED = AssessmentState.SUBMITTED
_SAYS_THE_SAME = and_(
    AssessmentCell.cycle_id == ScoreCell.cycle_id, AssessmentCell.unit_id == ScoreCell.unit_id,
    AssessmentCell.header == ScoreCell.header, AssessmentCell.state == ScoreCell.state,
    AssessmentCell.value == ScoreCell.value,
)  # fmt: skip
_STANDS = and_(AssessmentValue.cell_id == AssessmentCell.id, AssessmentValue.version == AssessmentCell.version)


@dataclass(frozen=True, slots=True)
class ScoreSeen:
    """A score as verification looks at it."""

    version: int
    entry: Entry
    review: Review
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A score that was returned: of which unit, where, why, by whom."""

    cycle_id: int
    unit: SheetUnit
    header: str
    entry: Entry
    reason: str
    by: str
    at: datetime | None


def scores_seen(cycle_id: int, units: Iterable[int], headers: Iterable[str]) -> dict[tuple[int, str], ScoreSeen]:
    """(unit, header) → the score, for those that were ever touched."""
    rows = db.session.execute(
        select(ScoreCell.unit_id, ScoreCell.header, ScoreCell.version, ScoreCell.state, ScoreCell.value,
               ScoreCell.review, ScoreCell.review_reason)
        .where(ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id.in_(tuple(units)),
               ScoreCell.header.in_(tuple(headers)))
    )  # fmt: skip
    return {(row[0], row[1]): ScoreSeen(row[2], Entry(EntryState(row[3]), row[4]), Review(row[5]), row[6])
            for row in rows}  # fmt: skip


def review_counts(cycle: CycleRow) -> dict[int, dict[Review, int]]:
    """Township → what the district made of its scores → how many; blank cells count only where they were returned."""
    rows = db.session.execute(
        select(Unit.township_id, ScoreCell.review, func.count())
        .join(Unit, Unit.id == ScoreCell.unit_id)
        .where(ScoreCell.cycle_id == cycle.id, rated_on(cycle.cut_off),
               (ScoreCell.state != ValueState.BLANK) | (ScoreCell.review == Review.RETURNED))
        .group_by(Unit.township_id, ScoreCell.review)
    )  # fmt: skip
    found: dict[int, dict[Review, int]] = {}
    for township, review, count in rows:
        found.setdefault(township, {})[Review(review)] = int(count)
    return found


def review_total(cycle: CycleRow) -> dict[Review, int]:
    """What the district made of a year's scores → how many."""
    found: dict[Review, int] = dict.fromkeys(Review, 0)
    for counts in review_counts(cycle).values():
        for review, count in counts.items():
            found[review] += count
    return found


def returned_scores(cycles: Iterable[CycleRow]) -> tuple[ReturnedRow, ...]:
    """The scores that stand returned in these years, the latest first."""
    keys = [row.id for row in cycles]
    if not keys:
        return ()
    last = select(CellReview.cell_id, func.max(CellReview.id).label("last_id")).group_by(CellReview.cell_id).subquery()
    rows = db.session.execute(
        select(ScoreCell.cycle_id, Unit.id, Unit.code, Unit.name, Unit.kind, Unit.township_id, Division.name,
               ScoreCell.header, ScoreCell.state, ScoreCell.value, ScoreCell.review_reason,
               func.coalesce(Account.display_name, ""), CellReview.at)
        .join(Unit, Unit.id == ScoreCell.unit_id)
        .join(Division, Division.id == Unit.township_id)
        .join(Cycle, Cycle.id == ScoreCell.cycle_id)
        .outerjoin(last, last.c.cell_id == ScoreCell.id)
        .outerjoin(CellReview, and_(CellReview.id == last.c.last_id, CellReview.cell_id == ScoreCell.id))
        .outerjoin(Account, Account.id == CellReview.by)
        .where(ScoreCell.cycle_id.in_(keys), ScoreCell.review == Review.RETURNED,
               Cycle.state.in_(("scoring", "verification")))
        .order_by(CellReview.at.desc(), Unit.code, ScoreCell.header)
    )  # fmt: skip
    return tuple(
        ReturnedRow(row[0], SheetUnit(*row[1:7]), row[7], Entry(EntryState(row[8]), row[9]), row[10], row[11], row[12])
        for row in rows
    )


def last_reviewers(cells: Collection[int]) -> dict[int, int | None]:
    """Cell → the account of its latest review."""
    if not cells:
        return {}
    last = select(func.max(CellReview.id)).where(CellReview.cell_id.in_(sorted(cells))).group_by(CellReview.cell_id)
    rows = db.session.execute(select(CellReview.cell_id, CellReview.by).where(CellReview.id.in_(last)))
    return {row[0]: row[1] for row in rows}


def own_scores(cycle_id: int, account_id: int, codes: Mapping[tuple[int, str], str]) -> set[tuple[int, str]]:
    """Which of these scores stand as that account put them: entered, or said or handed in as the unit or its township.

    `codes` says of each (unit, header) whose indicator it is.
    """
    within = (ScoreCell.cycle_id == cycle_id, ScoreCell.unit_id.in_({unit for unit, _ in codes}),
              ScoreCell.header.in_({header for _, header in codes}))  # fmt: skip
    entered = (
        select(ScoreCell.unit_id, ScoreCell.header)
        .join(ScoreValue, and_(ScoreValue.cell_id == ScoreCell.id, ScoreValue.version == ScoreCell.version))
        .where(*within, ScoreValue.by == account_id)
    )
    handed = {(row[0], row[1]) for row in db.session.execute(
        select(Assessment.unit_id, Assessment.indicator)
        .where(Assessment.cycle_id == cycle_id, Assessment.by == account_id, Assessment.state == _SUBMITTED)
    )}  # fmt: skip
    said = (
        select(ScoreCell.unit_id, ScoreCell.header, AssessmentValue.by)
        .join(AssessmentCell, _SAYS_THE_SAME)
        .join(AssessmentValue, _STANDS)
        .where(*within, or_(
            AssessmentValue.by == account_id,
            and_(AssessmentCell.stage == Stage.SELF, AssessmentCell.unit_id.in_({unit for unit, _ in handed})),
        ))
    )  # fmt: skip
    found = {(unit, header) for unit, header in db.session.execute(entered)}
    for unit, header, by in db.session.execute(said):
        if by == account_id or (unit, codes.get((unit, header), "")) in handed:
            found.add((unit, header))
    return found & codes.keys()
