"""Deciding an objection: what would change is rated and shown first; what is accepted is what was shown, or nothing.

The decision is worked out twice in the same way: to be shown, without storing anything, and to be accepted, under the
year's lock. The digest that was shown covers everything that the rating gives. An upheld objection changes the values
through their history, takes the year back to verification with the new run as its trial, and leaves the confirmation
of that trial to somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from starrating.domain.access import EVERYWHERE
from starrating.domain.faults import RuleError
from starrating.domain.objections import Step, find_move
from starrating.domain.verification import Review, Verdict
from starrating.domain.workflow import CycleState, CycleStep, takes_scores
from starrating.extensions import db
from starrating.models.events import EventRecord
from starrating.queries import objections as question
from starrating.queries.identities import Identity
from starrating.queries.inputs import Supposed, inputs_of
from starrating.queries.objections import ObjectionRow
from starrating.queries.publications import confirmed_of
from starrating.queries.ratings import RatingRow, all_ratings, latest_trials
from starrating.queries.scores import CellRow
from starrating.services.assessment.verification import Ground, store_verdict
from starrating.services.audit import record
from starrating.services.clock import now
from starrating.services.evidence.objection_rights import refuse_part
from starrating.services.evidence.rights import Here, here
from starrating.services.names import given_text, plain_text
from starrating.services.objections.objections import held, move, subject_of
from starrating.services.rating.events import take_back
from starrating.services.rating.trials import Worked, digest_of_worked, note_trials, rate_all, rows_of, store_trials
from starrating.services.scoring.scores import Source, read_sheet, store_changes
from starrating.services.scoring.sheets import Change, Sheet, changes_of, entries_of
from starrating.services.scoring.typed_scores import Typed
from starrating.services.transaction import transaction
from starrating.services.years.cycles import advance

LONGEST_REASONS = 1_000
LONGEST_CELL_REASON = 500
DECIDABLE = (CycleState.SCORING, CycleState.VERIFICATION, CycleState.DETERMINED, CycleState.NOTICE)
"""The states of a year in which a result can still be changed by the normal way."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides: the step, written reasons; to uphold, the cells as typed and the events to take back."""

    step: Step
    reasons: str
    cells: tuple[Typed, ...] = ()
    events: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What a unit has or would have."""

    level: str
    level_name: str
    total: str
    rank: int | None
    pool: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit whose star moves, or the unit itself, from what to what and why."""

    unit_id: int
    unit: str
    township: str
    before: Given
    after: Given

    @property
    def starred(self) -> bool:
        """True where the star itself moves."""
        return self.before.level != self.after.level


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a decision would come to: what changes, who moves, how many more in total or rank alone, the digest."""

    changes: tuple[dict[str, str], ...] = ()
    moved: tuple[Moved, ...] = ()
    shifted: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The changes of a decision as they would be stored, and what the rating is to suppose."""

    sheet: Sheet
    changes: tuple[Change, ...]
    events: tuple[EventRecord, ...]
    supposed: Supposed

    @property
    def told(self) -> tuple[dict[str, str], ...]:
        """What changes, for people and for the record."""
        cells = [{"header": one.typed.header, "name": self._name(one), "before": one.stood.shown,
                  "after": one.after.shown} for one in self.changes]  # fmt: skip
        return (*cells, *({"flag": one.flag, "before": str(one.count), "after": ""} for one in self.events))

    def _name(self, change: Change) -> str:
        task = self.sheet.task(change.typed.key)
        return task.node.name if task else ""


def weigh(objection_id: int, version: int, decision: Decision, by: Identity) -> Weighed:
    """What a decision would come to; nothing is stored. Raises what `decide` would, `CannotRate` too."""
    row = question.objection(objection_id)
    if row is None:
        raise RuleError("objection.none")
    about = here(row.cycle_id, row.unit_id)
    _check(row, about, version, decision, by)
    if decision.step is Step.REJECT:
        return Weighed()
    prepared = _prepared(db.session(), row, about, decision)
    return _weighed(about, prepared, rate_all(about.cycle, supposed=prepared.supposed))


def decide(objection_id: int, version: int, decision: Decision, digest: str, by: Identity) -> None:
    """Decide as it was shown: `objection.trial_changed` where that is no longer what would come of it.

    The same decision of the same person again has no further effect.
    """
    weighed, worked = Weighed(), list[Worked]()
    row = question.objection(objection_id)
    if row is None:
        raise RuleError("objection.none")
    if row.settled_by == by.account_id and row.trial_digest == digest and row.version == version + 1:
        return
    about = here(row.cycle_id, row.unit_id)
    _check(row, about, version, decision, by)
    if decision.step is not Step.REJECT:
        prepared = _prepared(db.session(), row, about, decision)
        worked = rate_all(about.cycle, supposed=prepared.supposed)
        weighed = _weighed(about, prepared, worked)
        if weighed.digest != digest:
            raise RuleError("objection.trial_changed")
    with transaction() as session:
        row, about = held(session, objection_id)
        _check(row, about, version, decision, by)
        if worked:
            _accept(session, row, about, decision, worked, by)
        move(session, row, version, decision.step, settled_by=by.account_id, settled_at=now(),
             reasons=given_text(decision.reasons, LONGEST_REASONS), trial_digest=weighed.digest,
             changes=_json(weighed.changes), moved=_json([asdict(one) for one in weighed.moved]))  # fmt: skip
        record(session, "objection_decided", by.account_id, subject_of(about, row.id, row.number),
               year=about.cycle.year, outcome=decision.step.value, digest=weighed.digest, changes=weighed.changes,
               moved=sum(one.starred for one in weighed.moved))  # fmt: skip


def _check(row: ObjectionRow, about: Here, version: int, decision: Decision, by: Identity) -> None:
    """Everything that is wrong before anything is worked out."""
    refuse_part(row, about, by)
    if find_move(decision.step, row.state) is None:
        raise RuleError("objection.no_move")
    if row.version != version:
        raise RuleError("objection.changed")
    if not given_text(decision.reasons, LONGEST_REASONS):
        raise RuleError("objection.reasons")
    if decision.step is not Step.REJECT and about.cycle.state not in DECIDABLE:
        raise RuleError("objection.not_now", state=about.cycle.state)


def _prepared(session: Session, row: ObjectionRow, about: Here, decision: Decision) -> _Prepared:
    """What a decision changes, read as it stands; refused where it changes nothing or somebody else was there first."""
    sheet = read_sheet(session, row.cycle_id, decision.cells)
    if any(one.unit_id != row.unit_id or sheet.task(one.key) is None for one in decision.cells):
        raise RuleError("objection.none")
    changes, conflicts = changes_of(sheet, decision.cells, entries_of(sheet, decision.cells))
    if conflicts:
        raise RuleError("objection.trial_changed")
    events = tuple(session.scalars(
        select(EventRecord)
        .where(EventRecord.id.in_(decision.events), EventRecord.cycle_id == row.cycle_id,
               EventRecord.unit_id == row.unit_id, EventRecord.withdrawn_at.is_(None))
        .order_by(EventRecord.id)
    ))  # fmt: skip
    if len(events) != len(set(decision.events)):
        raise RuleError("objection.trial_changed")
    if not changes and not events:
        raise RuleError("objection.no_change")
    cells = {one.typed.key: one.after for one in changes}
    return _Prepared(sheet, tuple(changes), events, Supposed(cells, frozenset(one.id for one in events)))


def _weighed(about: Here, prepared: _Prepared, worked: Sequence[Worked]) -> Weighed:
    """Who moves against what was shown last: the notice, or the trial that an earlier objection led to."""
    stood = _stood(about)
    moved, shifted = [], 0
    for one in worked:
        for unit_id, name, after in zip(one.known.unit_ids, one.known.names, rows_of(one, 0), strict=True):
            before = stood.get(unit_id)
            if before is None:
                continue
            pair = Moved(unit_id, name, before.township, _given(before), _would_be(after))
            if pair.starred or unit_id == about.unit.id:
                moved.append(pair)
            elif (pair.before.total, pair.before.rank) != (pair.after.total, pair.after.rank):
                shifted += 1
    moved.sort(key=lambda pair: (pair.unit_id != about.unit.id, pair.after.rank or 0, pair.unit_id))
    return Weighed(prepared.told, tuple(moved), shifted, digest_of_worked(worked))


def _stood(about: Here) -> Mapping[int, RatingRow]:
    """Unit → what it has by the last run that people saw: the standing determination, or a later trial."""
    cycle_id = about.cycle.id
    trials = latest_trials(cycle_id) if takes_scores(about.cycle.state) else ()
    ids = [one.id for one in trials] or [one.determination_id for one in confirmed_of(cycle_id).values()]
    return {one.unit_id: one for one in all_ratings(ids, [EVERYWHERE])}


def _given(row: RatingRow) -> Given:
    return Given(row.level, row.level_name, row.total, row.rank, row.pool, row.reasons)


def _would_be(row: Mapping[str, object]) -> Given:
    rank = row["rank"]
    return Given(str(row["level"]), str(row["level_name"]), str(row["total"]), rank if isinstance(rank, int) else None,
                 str(row["pool"]), tuple(json.loads(str(row["reasons"]))))  # fmt: skip


def _accept(
    session: Session, row: ObjectionRow, about: Here, decision: Decision, worked: Sequence[Worked], by: Identity
) -> None:
    """Store what was shown, if nothing that the rating reads has moved: values, events, the step back, the trial."""
    prepared = _prepared(session, row, about, decision)
    for one in worked:
        if inputs_of(about.cycle, one.kind, one.rating.scheme, prepared.supposed).digest != one.known.digest:
            raise RuleError("objection.trial_changed")
    why = plain_text(f"{row.number} {decision.reasons}", LONGEST_CELL_REASON)
    locked = [one.before for one in prepared.changes if one.before and one.before.review is Review.CONFIRMED]
    ground = Ground(about.cycle, prepared.sheet.units, prepared.sheet.cells)
    store_verdict(session, ground, Verdict.REOPEN, locked, why, by)
    changes = [one._replace(before=_reopened(one.before), reason=why) for one in prepared.changes]
    store_changes(session, prepared.sheet, changes, by.account_id, Source.OBJECTION)
    for event in prepared.events:
        take_back(session, about.cycle, about.unit, event, why=why, by=by)
    if not takes_scores(about.cycle.state):
        advance(session, row.cycle_id, CycleStep.RETURN_TO_VERIFICATION, None, by.account_id, why)
    ids = store_trials(session, about.cycle, worked, by.account_id)
    note_trials(session, about.cycle, worked, ids, by.account_id)


def _reopened(cell: CellRow | None) -> CellRow | None:
    """A cell as it stands once its confirmation was taken back."""
    return cell._replace(review=Review.OPEN) if cell and cell.review is Review.CONFIRMED else cell


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
