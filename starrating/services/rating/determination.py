"""Determination: trial runs that are stored whole or not at all, and their confirmation by a second person.

What is confirmed is what was shown (the digest of everything the runs give goes with the form) and what the inputs
still say (they are read again under the cycle's lock); ten confirmations at once have one effect.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from starrating.domain.faults import RuleError
from starrating.domain.verification import Review
from starrating.domain.workflow import CycleState, CycleStep, takes_scores
from starrating.extensions import db
from starrating.models.cycles import Cycle
from starrating.models.ratings import Determination
from starrating.queries import ratings as question
from starrating.queries.content import content_digest
from starrating.queries.cycles import CycleRow, cycle, schemes_of, unit_counts
from starrating.queries.inputs import inputs_of
from starrating.queries.objections import has_upheld
from starrating.queries.spot_checks import undecided
from starrating.queries.verification import review_total
from starrating.services.clock import now
from starrating.services.rating.trials import Announce, CannotRate, UnitFault, note_trials, rate_all, store_trials
from starrating.services.transaction import rows_changed, transaction
from starrating.services.years.cycles import advance
from starrating.services.years.scheme_texts import read_kept

__all__ = ["CannotRate", "UnitFault", "check_inputs", "confirm_determination", "determine"]


def determine(cycle_id: int, by: int, *, announce: Announce = lambda _: None) -> tuple[int, ...]:
    """Rate a cycle's units and store a trial of each kind, villages first; the keys of the determinations.

    Raises `CannotRate` where values are missing or wrong, `RuleError` where the year is not being scored or verified.
    """
    row = _open_for_trials(cycle_id)
    worked = rate_all(row, announce)
    with transaction() as session:
        locked = _locked(session, cycle_id)
        if not takes_scores(CycleState(locked.state)):
            raise RuleError("determination.not_open", state=locked.state)
        ids = store_trials(session, row, worked, by)
        note_trials(session, row, worked, ids, by)
        return ids


def check_inputs(cycle_id: int) -> tuple[UnitFault, ...]:
    """What would keep a cycle's units from being rated; nothing is stored."""
    try:
        rate_all(_open_for_trials(cycle_id))
    except CannotRate as refused:
        return refused.faults
    return ()


def confirm_determination(cycle_id: int, digest: str, by: int) -> tuple[int, ...]:
    """Confirm the last trials as the year's determination: by a second person, as shown, on unchanged inputs.

    The same person confirming the same thing again has no further effect and is no fault.
    """
    with transaction() as session:
        locked = _locked(session, cycle_id)
        row = cycle(cycle_id)
        assert row is not None
        if _confirmed_already(cycle_id, digest, by):
            return tuple(one.id for one in question.standing(cycle_id))
        if locked.state != CycleState.VERIFICATION:
            raise RuleError("determination.not_verified", state=locked.state)
        returned = review_total(row)[Review.RETURNED]
        if returned:
            raise RuleError("determination.returned", count=returned)
        waiting = undecided(cycle_id, 1)[1]
        if waiting:
            raise RuleError("determination.findings", count=waiting)
        trials = question.latest_trials(cycle_id)
        _check_trials(row, trials, digest, by)
        at = now()
        for one in trials:
            done = rows_changed(
                session,
                update(Determination)
                .where(Determination.id == one.id, Determination.state == "trial")
                .values(state="confirmed", confirmed_by=by, confirmed_at=at),
            )
            if done != 1:
                raise RuleError("determination.changed")
        advance(session, cycle_id, CycleStep.CONFIRM_DETERMINATION, row.version, by,
                determinations=[one.id for one in trials], digest=digest)  # fmt: skip
        return tuple(one.id for one in trials)


def _open_for_trials(cycle_id: int) -> CycleRow:
    db.session.rollback()
    row = cycle(cycle_id)
    if row is None:
        raise RuleError("cycle.none")
    if not takes_scores(row.state):
        raise RuleError("determination.not_open", state=row.state.value)
    return row


def _locked(session: Session, cycle_id: int) -> Cycle:
    """The cycle, held until the transaction ends."""
    found = session.scalars(select(Cycle).where(Cycle.id == cycle_id).with_for_update()).one_or_none()
    if found is None:
        raise RuleError("cycle.none")
    return found


def _confirmed_already(cycle_id: int, digest: str, by: int) -> bool:
    standing = question.standing(cycle_id)
    return bool(standing) and all(one.confirmed_by == by for one in standing) and (
        content_digest(one.id for one in standing) == digest
    )  # fmt: skip


def _check_trials(row: CycleRow, trials: Sequence[question.DeterminationRow], digest: str, by: int) -> None:
    if not trials:
        raise RuleError("determination.none")
    if any(one.determined_by == by for one in trials):
        raise RuleError("determination.own")
    if has_upheld(by, row.id):
        raise RuleError("determination.decided_objection")
    if content_digest(one.id for one in trials) != digest:
        raise RuleError("determination.changed")
    kept = schemes_of(row.id)
    if {one.kind for one in trials} != set(unit_counts(row.district_id, row.cut_off)):
        raise RuleError("determination.inputs_changed")
    for one in trials:
        scheme = kept.get(one.kind)
        if scheme is None or scheme.digest != one.scheme_digest:
            raise RuleError("determination.inputs_changed")
        if inputs_of(row, one.kind, read_kept(scheme.text).scheme).digest != one.input_digest:
            raise RuleError("determination.inputs_changed")
