"""Eligibility checks: opened for a person or for everybody in post, answered by departments, once an item."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Granted, Place, Role, may
from starrating.domain.eligibility import Purpose, Result
from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.models.divisions import Division, Unit
from starrating.models.eligibility import CheckAnswer, CheckItem, EligibilityCheck
from starrating.queries import eligibility as question
from starrating.queries.checks_due import in_post
from starrating.queries.identities import Identity
from starrating.queries.places import place_of_division
from starrating.services.audit import Subject, record, record_each
from starrating.services.clock import now
from starrating.services.names import given_text, refuse_numbers
from starrating.services.people.people import known_person, lock_unit
from starrating.services.transaction import rows_changed, transaction
from starrating.services.working_days import today

USUAL = Path(__file__).parents[2] / "eligibility_items.csv"
LONGEST_NOTE = 500
MOST_OPENED = 3_000


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as typed."""

    code: str
    name: str
    hard: bool
    look_back_years: int
    department: str
    valid_months: int


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """What a department typed about one item of one check."""

    answer_id: int
    result: str
    checked_on: date | None
    note: str


def usual_items() -> list[NewItem]:
    """Nine that exclude and five that warn, to begin with; a district has its own."""
    with USUAL.open(encoding="utf-8", newline="") as file:
        return [
            NewItem(row["code"], row["name"], row["hard"] == "1", int(row["look_back_years"]), row["department"],
                    int(row["valid_months"]))
            for row in csv.DictReader(file)
        ]  # fmt: skip


def add_items(district_id: int, items: Iterable[NewItem], by: Identity) -> int:
    """Put items in use in a district; one whose code is there already is left. How many are new."""
    with transaction() as session:
        place = _district(district_id, by)
        known = set(session.scalars(select(CheckItem.code).where(CheckItem.district_id == district_id)))
        new = [one for one in items if one.code not in known]
        for one in new:
            _check_item(one)
            session.add(CheckItem(district_id=district_id, code=one.code, name=one.name, hard=one.hard,
                                  look_back_years=one.look_back_years, department=one.department,
                                  valid_months=one.valid_months))  # fmt: skip
        if new:
            record(session, "check_items_added", by.account_id, Subject("division", district_id, "任职资格联审", place),
                   codes=[one.code for one in new])  # fmt: skip
        return len(new)


def retire_item(district_id: int, item_id: int, by: Identity) -> None:
    """Ask for an item no more; what was answered stays."""
    with transaction() as session:
        place = _district(district_id, by)
        gone = rows_changed(
            session,
            update(CheckItem).where(CheckItem.id == item_id, CheckItem.district_id == district_id,
                                    CheckItem.retired_at.is_(None)).values(retired_at=now()),
        )  # fmt: skip
        if gone:
            record(session, "check_item_retired", by.account_id,
                   Subject("division", district_id, "任职资格联审", place), item=item_id)  # fmt: skip


def open_check(unit_id: int, kind: PostKind, person_id: int, purpose: Purpose, by: Identity) -> int:
    """Ask all departments about a person for a post; its key. One that still waits for the same is not opened twice."""
    with transaction() as session:
        place = lock_unit(session, unit_id, by)
        known_person(session, person_id, by)
        same = _waiting(session, unit_id, kind, person_id)
        if same is not None:
            return same
        made = open_checks(session, [(unit_id, kind, person_id)], purpose, place.district or 0, by)
        unit = session.scalar(select(Unit.name).where(Unit.id == unit_id))
        record(session, "check_opened", by.account_id, Subject("eligibility_check", made[0], f"{unit}", place),
               person=person_id, kind=kind, purpose=purpose)  # fmt: skip
        return made[0]


def open_in_post(division_id: int, by: Identity) -> int:
    """Ask again about everybody in post whose last check waits for nobody and is not good for long; how many."""
    with transaction() as session:
        place = place_of_division(division_id)
        if place is None or place.district is None or not may(by.grants, Act.MANAGE_PEOPLE, place):
            raise RuleError("check.none")
        # Two clicks on PostgreSQL: the second waits here and finds that nothing is due.
        session.execute(select(Division.id).where(Division.id == place.district).with_for_update())
        if not question.items_of(place.district):
            raise RuleError("check.no_items")
        wanted = in_post([place], today()).due[:MOST_OPENED]
        made = open_checks(session, wanted, Purpose.IN_POST, place.district, by) if wanted else []
        if made:
            record(session, "checks_opened", by.account_id, Subject("division", division_id, "任职资格联审", place),
                   count=len(made))  # fmt: skip
        return len(made)


def open_checks(
    session: Session, wanted: Sequence[tuple[int, PostKind, int]], purpose: Purpose, district_id: int, by: Identity
) -> list[int]:
    """Within a transaction: a check for each (unit, post, person), with an empty answer for each item in use."""
    items = question.items_of(district_id)
    if not items:
        raise RuleError("check.no_items")
    at, made = now(), []
    for unit_id, kind, person_id in wanted:
        row = EligibilityCheck(unit_id=unit_id, kind=kind, person_id=person_id, purpose=purpose,
                               opened_by=by.account_id, opened_at=at)  # fmt: skip
        session.add(row)
        made.append(row)
    session.flush()
    session.execute(
        insert(CheckAnswer), [{"check_id": row.id, "item_id": item.id} for row in made for item in items]
    )  # fmt: skip
    return [row.id for row in made]


def answer(typed: Sequence[TypedAnswer], by: Identity) -> int:
    """Store what a department answers for a list of people, all of it or nothing; how many."""
    with transaction() as session:
        rows = {row[0]: row for row in _asked(session, [one.answer_id for one in typed])}
        done = []
        for one in typed:
            found = rows.get(one.answer_id)
            if found is None:
                raise RuleError("check.none")
            _, check_id, code, department, row = found
            place = row.place
            if not may_answer(by.grants, department, place):
                raise RuleError("check.none")
            _store_answer(session, one, by)
            facts = {"check": check_id, "item": code, "result": one.result}
            done.append((Subject("eligibility_check", check_id, row.unit, place), facts))
        if done:
            record_each(session, "check_answered", by.account_id, done)
        return len(done)


def may_answer(grants: Iterable[Granted], department: str, place: Place) -> bool:
    """True for an assessor of the department in the district, and for the district's administrators on its behalf."""
    return any(
        grant.place.covers(place)
        and (grant.department == department if grant.role is Role.DISTRICT_ASSESSOR
             else may([grant], Act.ANSWER_CHECKS, place))
        for grant in grants
    )  # fmt: skip


def _store_answer(session: Session, one: TypedAnswer, by: Identity) -> None:
    note = given_text(one.note, LONGEST_NOTE)
    if one.result not in list(Result):
        raise RuleError("check.result")
    if one.checked_on is None or one.checked_on > today():
        raise RuleError("check.day")
    if one.result == Result.FOUND and not note:
        raise RuleError("check.note")
    refuse_numbers(note)
    done = rows_changed(
        session,
        update(CheckAnswer).where(CheckAnswer.id == one.answer_id, CheckAnswer.result == "")
        .values(result=one.result, checked_on=one.checked_on, note=note, answered_by=by.account_id, answered_at=now())
        .execution_options(synchronize_session=False),
    )  # fmt: skip
    if not done:
        raise RuleError("check.answered")


def _asked(session: Session, answer_ids: list[int]) -> list[tuple[int, int, str, str, question.CheckRow]]:
    rows = session.execute(
        select(CheckAnswer.id, CheckAnswer.check_id, CheckItem.code, CheckItem.department)
        .join(CheckItem, CheckItem.id == CheckAnswer.item_id)
        .where(CheckAnswer.id.in_(answer_ids))
    ).all()
    checks = question.checks_by_id({row[1] for row in rows})
    return [(row[0], row[1], row[2], row[3], checks[row[1]]) for row in rows]


def _waiting(session: Session, unit_id: int, kind: PostKind, person_id: int) -> int | None:
    """A check of the same that waits for an answer still."""
    unanswered = exists().where(CheckAnswer.check_id == EligibilityCheck.id, CheckAnswer.result == "")
    return session.scalar(
        select(EligibilityCheck.id).where(
            EligibilityCheck.unit_id == unit_id, EligibilityCheck.kind == kind,
            EligibilityCheck.person_id == person_id, unanswered,
        ).limit(1)
    )  # fmt: skip


def _district(district_id: int, by: Identity) -> Place:
    place = place_of_division(district_id)
    if place is None or place.level != "district" or not may(by.grants, Act.MANAGE_PEOPLE, place):
        raise RuleError("check.none")
    return place


def _check_item(one: NewItem) -> None:
    told = given_text(one.name, 120) and given_text(one.department, 60) and given_text(one.code, 20)
    if not told or not 0 <= one.look_back_years <= 50 or not 1 <= one.valid_months <= 60:
        raise RuleError("check.item")
