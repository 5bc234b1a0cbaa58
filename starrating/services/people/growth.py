"""The path of growth: set version by version; steps recorded with body and document, taken back, never erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.growth import MOST_STAGES, PathFault, Stage, latest, may_follow, read_path, written
from starrating.domain.terms import EARLIEST
from starrating.models.growth import GrowthPath, GrowthStep
from starrating.queries import growth as question
from starrating.queries.identities import Identity
from starrating.queries.places import place_of_division
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text, refuse_numbers
from starrating.services.people.people import held_person, person_subject
from starrating.services.transaction import rows_changed, transaction
from starrating.services.working_days import today

USUAL = Path(__file__).parents[2] / "growth_path.txt"
LONGEST, LONGEST_PATH = 100, 4_000


@dataclass(frozen=True, slots=True)
class TypedStep:
    """A step as typed."""

    stage: str
    taken_on: date | None
    body: str
    document: str


def usual_path() -> str:
    """A path to begin with; a city or district has its own."""
    return USUAL.read_text(encoding="utf-8").strip()


def set_path(division_id: int, version: int, text: str, by: Identity) -> None:
    """Set the path of a city or district, after the version that the page showed."""
    with transaction() as session:
        place = place_of_division(division_id)
        if place is None or not may(by.grants, Act.MANAGE_PEOPLE, place):
            raise RuleError("path.none")
        if place.level not in ("municipality", "district"):
            raise RuleError("path.none")
        if len(text) > LONGEST_PATH:
            raise RuleError("text.long", most=LONGEST_PATH)
        stages = _stages(text)
        for one in stages:
            given_text(one.name, LONGEST)
        of = select(func.max(GrowthPath.version)).where(GrowthPath.division_id == division_id)
        if (session.scalar(of) or 0) != version:
            raise RuleError("path.changed")
        row = GrowthPath(division_id=division_id, version=version + 1, text=written(stages), set_by=by.account_id,
                         set_at=now())  # fmt: skip
        session.add(row)
        try:
            session.flush()
        except IntegrityError:
            raise RuleError("path.changed") from None
        record(session, "growth_path_set", by.account_id, Subject("division", division_id, "培养路径", place),
               version=version + 1, stages=[one.code for one in stages])  # fmt: skip


def take_step(person_id: int, typed: TypedStep, by: Identity) -> int:
    """Record that somebody came to a stage to which theirs leads; the key."""
    body, document = _text(typed.body), _text(typed.document)
    with transaction() as session:
        _, place = held_person(session, person_id, by)
        path = question.path_for(place)
        if path is None or place.township is None:
            raise RuleError("step.no_path")
        steps = question.steps_of_person(person_id)
        at = latest(one.stepped for one in steps).get(person_id)
        first = at.day if at else EARLIEST
        if typed.taken_on is None or not first <= typed.taken_on <= today():
            raise RuleError("step.day", earliest=first, today=today())
        if not body:
            raise RuleError("step.body")
        if not may_follow(path.stages, at.code if at else None, typed.stage):
            raise RuleError("step.order", before=path.name_of(at.code) if at else "")
        row = GrowthStep(person_id=person_id, township_id=place.township, path_id=path.id, stage=typed.stage,
                         stage_name=path.name_of(typed.stage), taken_on=typed.taken_on, body=body, document=document,
                         recorded_by=by.account_id, recorded_at=now())  # fmt: skip
        session.add(row)
        session.flush()
        record(session, "growth_step_taken", by.account_id, person_subject(person_id, place), step=row.id,
               stage=row.stage_name, taken_on=typed.taken_on.isoformat(), document=document)  # fmt: skip
        return row.id


def take_back_step(step_id: int, reason: str, by: Identity) -> None:
    """Take back the last step of somebody, which was recorded wrongly, with the reason."""
    why = _text(reason)
    with transaction() as session:
        row = question.step(step_id)
        if row is None or not may(by.grants, Act.MANAGE_PEOPLE, row.place):
            raise RuleError("step.none")
        if not why:
            raise RuleError("step.reason")
        held_person(session, row.person_id, by)
        steps = question.steps_of_person(row.person_id)
        if not any(one.id == step_id for one in steps):
            raise RuleError("step.none")
        if steps[-1].id != step_id:
            raise RuleError("step.not_last")
        if not _gone(session, step_id, why):
            raise RuleError("step.none")
        record(session, "growth_step_taken_back", by.account_id, person_subject(row.person_id, _plain(row.place)),
               step=step_id, stage=row.stage_name, reason=why)  # fmt: skip


def _stages(text: str) -> tuple[Stage, ...]:
    """The stages of a text; refused with the first line that cannot be."""
    try:
        return read_path(text)
    except PathFault as fault:
        match fault.why:
            case "line":
                raise RuleError("path.line", line=fault.line) from None
            case "twice":
                raise RuleError("path.twice", line=fault.line, stage=fault.stage) from None
            case "after":
                raise RuleError("path.after", line=fault.line, stage=fault.stage) from None
        raise RuleError("path.count", most=MOST_STAGES) from None


def _gone(session: Session, step_id: int, why: str) -> int:
    return rows_changed(
        session,
        update(GrowthStep).where(GrowthStep.id == step_id, GrowthStep.taken_back_at.is_(None))
        .values(taken_back_at=now(), reason=why).execution_options(synchronize_session=False),
    )  # fmt: skip


def _plain(place: Place) -> Place:
    return Place(place.municipality, place.district, place.township)


def _text(value: str) -> str:
    text = given_text(value, LONGEST)
    refuse_numbers(text)
    return text
