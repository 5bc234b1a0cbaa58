"""A district's year: opened with its schemes, prepared, taken step by step; each change conditional, on the trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Indicator, Scheme
from starrating.domain.workflow import CycleState, CycleStep, Step, find_step
from starrating.models.cycles import Assignment, Cycle, CycleScheme, EarlierScheme
from starrating.models.divisions import UNIT_KINDS, Division
from starrating.models.ratings import Determination
from starrating.queries.cycles import (
    AssignmentRow,
    CycleRow,
    KeptScheme,
    assignments_of,
    cycle,
    earlier_schemes,
    schemes_of,
    unit_counts,
)
from starrating.schemes.reader import ReadScheme
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text, plain_text
from starrating.services.transaction import MOVED, rows_changed, transaction
from starrating.services.years.scheme_texts import read_kept

TOWNSHIPS = "乡镇街道"
"""The word of a scheme's `source` that gives an indicator to each township for its own units."""
BY_OTHERS = frozenset({CycleStep.CONFIRM_DETERMINATION, CycleStep.OPEN_NOTICE, CycleStep.PUBLISH})
"""Steps that belong to an act of their own, which does more than move the state."""


def open_cycle(district_id: int, year: int, schemes: Mapping[str, ReadScheme], by: int | None) -> int:
    """Open a year of a district as a draft with a scheme for each kind given; its leaves are assigned by `source`."""
    for kind, read in schemes.items():
        _check_scheme(kind, read.scheme, year)
    if not schemes:
        raise RuleError("cycle.no_scheme")
    with transaction() as session:
        district = session.get(Division, district_id)
        if district is None or district.level != "district":
            raise RuleError("cycle.no_district")
        name, parent = district.name, district.parent_id
        opened = Cycle(district_id=district_id, year=year, state=CycleState.DRAFT, version=1, created_at=now(),
                       created_by=by)  # fmt: skip
        session.add(opened)
        try:
            session.flush()
        except IntegrityError:
            raise RuleError("cycle.taken", district=name, year=year) from None
        for kind, read in sorted(schemes.items(), reverse=True):
            _store_scheme(session, opened.id, kind, read)
        subject = Subject("cycle", opened.id, f"{name}{year}", Place(parent, district_id))
        record(session, "cycle_opened", by, subject, year=year,
               schemes={kind: read.digest for kind, read in sorted(schemes.items())})  # fmt: skip
        return opened.id


def replace_scheme(cycle_id: int, kind: str, read: ReadScheme, version: int, by: int | None) -> None:
    """Put another scheme in place while the year is a draft; what it has in common keeps its assignments."""
    with transaction() as session:
        row = changed(session, cycle_id, version, CycleState.DRAFT)
        _check_scheme(kind, read.scheme, row.year)
        before = schemes_of(cycle_id).get(kind)
        kept = {code: one for (of, code), one in assignments_of(cycle_id).items() if of == kind}
        if before is not None:
            _keep_for_runs(session, cycle_id, before, read.digest)
        session.execute(delete(CycleScheme).where(CycleScheme.cycle_id == cycle_id, CycleScheme.kind == kind))
        session.execute(delete(Assignment).where(Assignment.cycle_id == cycle_id, Assignment.kind == kind))
        session.flush()
        _store_scheme(session, cycle_id, kind, read, {code: _chosen(one) for code, one in kept.items()})
        record(session, "scheme_replaced", by, subject_of(row), kind=kind, digest=read.digest,
               before=before.digest if before else "")  # fmt: skip


def assign(cycle_id: int, chosen: Mapping[tuple[str, str], str], version: int, by: int | None) -> int:
    """Give indicators to departments, or by the word 乡镇街道 to the townships; how many changed. Blank takes back."""
    with transaction() as session:
        row = changed(session, cycle_id, version, CycleState.DRAFT, CycleState.SCORING)
        known = {(kind, node.code) for kind, read in _read(cycle_id).items() for node in leaves_entered(read.scheme)}
        before = {key: _chosen(one) for key, one in assignments_of(cycle_id).items()}
        wanted = {key: given_text(text, 60) for key, text in chosen.items() if key in known}
        moved = {key: text for key, text in sorted(wanted.items()) if before.get(key, "") != text}
        for kind, code in moved:
            session.execute(
                delete(Assignment).where(
                    Assignment.cycle_id == cycle_id, Assignment.kind == kind, Assignment.indicator == code
                )
            )
        session.add_all(_assignment(cycle_id, *key, text) for key, text in moved.items() if text)
        if moved:
            record(session, "indicators_assigned", by, subject_of(row), count=len(moved),
                   changes=[[*key, before.get(key, ""), text] for key, text in moved.items()])  # fmt: skip
        return len(moved)


def take_step(cycle_id: int, step: CycleStep, version: int, by: int | None, reason: str = "") -> None:
    """Take a step of the table; determination, notice and publication are acts of their own and are refused here."""
    if step in BY_OTHERS:
        raise RuleError("cycle.own_act")
    with transaction() as session:
        row = advance(session, cycle_id, step, version, by, reason)
        if step is CycleStep.OPEN_SCORING:
            _check_ready(row)


def advance(session: Session, cycle_id: int, step: CycleStep, version: int | None, by: int | None, reason: str = "",
            **facts: object) -> CycleRow:  # fmt: skip
    """Within a transaction: move the cycle by a step, conditionally on state and version, and leave it on the trail.

    For the acts that do more than move the state; they call it last but for what must follow it. `version` None trusts
    the state alone.
    """
    before = _existing(cycle_id)
    row = find_step(step, before.state)
    if row is None:
        raise RuleError("cycle.no_step", state=before.state.value, step=step.value)
    reason = given_text(reason, 500)
    if row.needs_reason and not reason:
        raise RuleError("cycle.reason")
    _move(session, cycle_id, row, before.version if version is None else version)
    record(session, "cycle_step", by, subject_of(before), step=step.value, source=row.source.value,
           target=row.target.value, reason=reason, **facts)  # fmt: skip
    return before


def changed(session: Session, cycle_id: int, version: int, *states: CycleState) -> CycleRow:
    """Within a transaction: the cycle with its version counted up, refused where it moved on meanwhile."""
    before = _existing(cycle_id)
    if before.state not in states:
        raise RuleError("cycle.locked", state=before.state.value)
    done = rows_changed(
        session,
        update(Cycle)
        .where(Cycle.id == cycle_id, Cycle.version == version, Cycle.state.in_(states))
        .values(version=Cycle.version + 1),
    )
    if done != 1:
        raise RuleError("cycle.changed")
    session.info[MOVED] = True
    return before


def subject_of(row: CycleRow) -> Subject:
    """A cycle as the trail names it."""
    return Subject("cycle", row.id, f"{row.district}{row.year}", row.place)


def leaves_entered(scheme: Scheme) -> Iterator[Indicator]:
    """The leaves whose values somebody enters: those not taken from another subject."""
    return (node for node in scheme.leaves() if node.leaf is not None and node.leaf.of is None)


def locked_cycle(session: Session, cycle_id: int) -> CycleRow:
    """The cycle, held against everybody else who would take a step, as it stands then."""
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update())
    row = cycle(cycle_id)
    if row is None:
        raise RuleError("cycle.none")
    return row


def hold_chain(session: Session, district_id: int) -> None:
    """Hold a district's chain until the transaction ends: two of its years published at once follow one another."""
    session.execute(select(Division.id).where(Division.id == district_id).with_for_update())


def _move(session: Session, cycle_id: int, row: Step, version: int) -> None:
    done = rows_changed(
        session,
        update(Cycle)
        .where(Cycle.id == cycle_id, Cycle.state == row.source, Cycle.version == version)
        .values(state=row.target, version=Cycle.version + 1),
    )
    if done != 1:
        raise RuleError("cycle.changed")
    session.info[MOVED] = True


def _existing(cycle_id: int) -> CycleRow:
    found = cycle(cycle_id)
    if found is None:
        raise RuleError("cycle.none")
    return found


def _check_scheme(kind: str, scheme: Scheme, year: int) -> None:
    if kind not in UNIT_KINDS or (scheme.applies_to and kind not in scheme.applies_to):
        raise RuleError("cycle.scheme_kind", title=scheme.title)
    if scheme.year != year:
        raise RuleError("cycle.scheme_year", title=scheme.title, written=scheme.year, year=year)


def _check_ready(row: CycleRow) -> None:
    """A year is open for scores once every kind has a scheme and every indicator somebody who enters it."""
    kept, assigned = _read(row.id), assignments_of(row.id)
    if set(unit_counts(row.district_id, row.cut_off)) - set(kept):
        raise RuleError("cycle.kind_without_scheme")
    left = [node.code for kind, read in kept.items() for node in leaves_entered(read.scheme)
            if (kind, node.code) not in assigned]  # fmt: skip
    if left:
        raise RuleError("cycle.unassigned", count=len(left), codes=tuple(left[:8]))


def _read(cycle_id: int) -> dict[str, ReadScheme]:
    return {kind: read_kept(kept.text) for kind, kept in schemes_of(cycle_id).items()}


def _keep_for_runs(session: Session, cycle_id: int, before: KeptScheme, digest: str) -> None:
    """Keep a scheme that is replaced where a run was made by it, once: the run is read by its own rules."""
    own = (Determination.cycle_id == cycle_id) & (Determination.kind == before.kind)
    used = select(Determination.id).where(own, Determination.scheme_digest == before.digest).limit(1)
    if before.digest == digest or before in earlier_schemes(cycle_id, before.kind) or session.scalar(used) is None:
        return
    session.add(EarlierScheme(cycle_id=cycle_id, kind=before.kind, title=before.title, digest=before.digest,
                              text=before.text))  # fmt: skip


def _store_scheme(
    session: Session, cycle_id: int, kind: str, read: ReadScheme, kept: Mapping[str, str] | None = None
) -> None:
    scheme = read.scheme
    session.add(CycleScheme(cycle_id=cycle_id, kind=kind, title=scheme.title, digest=read.digest, text=read.text))
    for node in leaves_entered(scheme):
        given = (kept or {}).get(node.code) or plain_text(node.source, 60)
        if given:
            session.add(_assignment(cycle_id, kind, node.code, given))
    session.flush()


def _assignment(cycle_id: int, kind: str, indicator: str, given: str) -> Assignment:
    townships = given == TOWNSHIPS
    return Assignment(cycle_id=cycle_id, kind=kind, indicator=indicator, by_township=townships,
                      department="" if townships else given)  # fmt: skip


def _chosen(one: AssignmentRow) -> str:
    return TOWNSHIPS if one.by_township else one.department
