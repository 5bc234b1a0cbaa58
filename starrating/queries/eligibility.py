"""Reading eligibility checks: a district's items, checks with what they come to, what a department has to answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.candidates import CandidateState
from starrating.domain.eligibility import Answered, Outcome, Result, expires_on, outcome_of
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.divisions import Division, Unit
from starrating.models.elections import Candidate, Election
from starrating.models.eligibility import CheckAnswer, CheckItem, EligibilityCheck
from starrating.models.people import Person
from starrating.queries.pages import LAST, SIZE, Page, offset_of
from starrating.queries.places import units_within

ON_A_SCREEN = 30
"""People on a screen that is answered: with all fourteen items of each a form has no more fields than one may."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of a district."""

    id: int
    code: str
    name: str
    hard: bool
    look_back_years: int
    department: str
    valid_months: int


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check of a person for a post in a unit."""

    id: int
    person_id: int
    name: str
    unit_id: int
    unit: str
    township: str
    district: str
    place: Place
    kind: PostKind
    purpose: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One item of a check, with the department's answer where there is one."""

    id: int
    check_id: int
    item: ItemRow
    result: str
    checked_on: date | None
    note: str
    answerer: str

    @property
    def answered(self) -> Answered:
        """The answer as the rules know it."""
        result = Result(self.result) if self.result else None
        return Answered(self.item.hard, self.item.valid_months, result, self.checked_on)


@dataclass(frozen=True, slots=True)
class Summed:
    """A check with what its answers come to."""

    check: CheckRow
    answered: int
    asked: int
    outcome: Outcome
    expires: date | None


def items_of(district_id: int) -> tuple[ItemRow, ...]:
    """The items of a district that are in use, hard ones first, by code."""
    rows = db.session.execute(
        select(*_ITEM).where(CheckItem.district_id == district_id, CheckItem.retired_at.is_(None))
        .order_by(CheckItem.hard.desc(), CheckItem.code)
    )  # fmt: skip
    return tuple(ItemRow(*row) for row in rows)


def checks_page(places: Iterable[Place], *, waiting: bool | None, page: int = 1) -> Page[Summed]:
    """A page of the checks within the places, the latest first; those that wait for an answer, the others, or all."""
    wanted = [units_within(places)]
    unanswered = exists().where(CheckAnswer.check_id == EligibilityCheck.id, CheckAnswer.result == "")
    if waiting is not None:
        wanted.append(unanswered if waiting else ~unanswered)
    total = db.session.scalar(
        select(func.count()).select_from(EligibilityCheck).join(Unit, Unit.id == EligibilityCheck.unit_id)
        .where(*wanted)
    ) or 0  # fmt: skip
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    rows = _checks(wanted, SIZE, offset_of(number))
    return Page(summed(rows), number, total)


def check(check_id: int) -> CheckRow | None:
    """One check."""
    return next(iter(_checks([EligibilityCheck.id == check_id], 1, 0)), None)


def checks_of_person(person_id: int, places: Iterable[Place]) -> tuple[Summed, ...]:
    """The checks of a person within the places, the latest first."""
    return summed(_checks([EligibilityCheck.person_id == person_id, units_within(places)], SIZE, 0))


def all_checks(places: Iterable[Place]) -> tuple[Summed, ...]:
    """Every check within the places."""
    return summed(_checks([units_within(places)], None, 0))


def checks_by_id(check_ids: Collection[int]) -> dict[int, CheckRow]:
    """Key → check."""
    return {one.id: one for one in _checks([EligibilityCheck.id.in_(check_ids)], None, 0)}


def place_of_check(check_id: int) -> Place | None:
    """The unit of a check."""
    found = check(check_id)
    return found.place if found else None


def answers_of(check_ids: Collection[int]) -> dict[int, list[AnswerRow]]:
    """Check → its items with their answers, hard ones first."""
    found: dict[int, list[AnswerRow]] = {}
    for row in _answers([CheckAnswer.check_id.in_(check_ids)]):
        found.setdefault(row.check_id, []).append(row)
    return found


def to_answer(
    asked: Iterable[tuple[Place, str | None]], page: int, election_id: int | None = None
) -> tuple[Page[CheckRow], dict[int, list[AnswerRow]]]:
    """A page of the checks that wait at a place for its department (any, where None), with what they wait for.

    Of an election, only those of its candidates.
    """
    mine = CheckAnswer.id.in_(_waiting(asked))
    within: list[ColumnElement[bool]] = [EligibilityCheck.id.in_(select(CheckAnswer.check_id).where(mine))]
    if election_id is not None:
        within.append(exists().where(Candidate.election_id == election_id, _stands()))
    total = db.session.scalar(
        select(func.count()).select_from(EligibilityCheck).join(Unit, Unit.id == EligibilityCheck.unit_id)
        .where(*within)
    ) or 0  # fmt: skip
    number = min(max(page, 1), max(1, -(-total // ON_A_SCREEN)))
    rows = _checks(within, ON_A_SCREEN, (min(number, LAST) - 1) * ON_A_SCREEN)
    found: dict[int, list[AnswerRow]] = {}
    for row in _answers([CheckAnswer.check_id.in_([one.id for one in rows]), mine]):
        found.setdefault(row.check_id, []).append(row)
    return Page(rows, number, total, ON_A_SCREEN), found


def waiting_count(asked: Iterable[tuple[Place, str | None]]) -> int:
    """How many checks wait for an answer of those departments."""
    mine = select(CheckAnswer.check_id).where(CheckAnswer.id.in_(_waiting(asked)))
    return db.session.scalar(select(func.count()).select_from(mine.distinct().subquery())) or 0


def elections_to_answer(asked: Iterable[tuple[Place, str | None]]) -> dict[int, tuple[str, int]]:
    """Election → its name and how many checks of its candidates wait for whoever answers, the latest first."""
    rows = db.session.execute(
        select(Election.id, Election.name, func.count(EligibilityCheck.id.distinct()))
        .join(Candidate, Candidate.election_id == Election.id)
        .join(EligibilityCheck, _stands())
        .where(Election.taken_back_at.is_(None), EligibilityCheck.id.in_(
            select(CheckAnswer.check_id).where(CheckAnswer.id.in_(_waiting(asked)))))
        .group_by(Election.id, Election.name, Election.held_on).order_by(Election.held_on.desc(), Election.id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in rows}


def _waiting(asked: Iterable[tuple[Place, str | None]]) -> Select[int]:
    """The answers that wait at a place for its department."""
    theirs = [
        and_(units_within([place]), true() if department is None else CheckItem.department == department)
        for place, department in asked
    ]
    return (
        select(CheckAnswer.id)
        .join(CheckItem, CheckItem.id == CheckAnswer.item_id)
        .join(EligibilityCheck, EligibilityCheck.id == CheckAnswer.check_id)
        .join(Unit, Unit.id == EligibilityCheck.unit_id)
        .where(CheckAnswer.result == "", or_(false(), *theirs))
    )


def _stands() -> ColumnElement[bool]:
    """The condition that a check is about a candidate who stands: the person, the unit and the post."""
    return and_(
        EligibilityCheck.person_id == Candidate.person_id, EligibilityCheck.unit_id == Candidate.unit_id,
        EligibilityCheck.kind == Candidate.kind, Candidate.state == CandidateState.PUT_FORWARD,
    )  # fmt: skip


def summed(rows: Iterable[CheckRow]) -> tuple[Summed, ...]:
    """Checks with what their answers come to."""
    kept = tuple(rows)
    answers = answers_of([one.id for one in kept])
    found = []
    for one in kept:
        own = [row.answered for row in answers.get(one.id, ())]
        done = sum(row.result is not None for row in own)
        found.append(Summed(one, done, len(own), outcome_of(own), expires_on(own)))
    return tuple(found)


_ITEM = (
    CheckItem.id, CheckItem.code, CheckItem.name, CheckItem.hard, CheckItem.look_back_years, CheckItem.department,
    CheckItem.valid_months,
)  # fmt: skip


def _answers(wanted: list[ColumnElement[bool]]) -> list[AnswerRow]:
    rows = db.session.execute(
        select(CheckAnswer.id, CheckAnswer.check_id, *_ITEM, CheckAnswer.result, CheckAnswer.checked_on,
               CheckAnswer.note, func.coalesce(Account.display_name, ""))
        .join(CheckItem, CheckItem.id == CheckAnswer.item_id)
        .outerjoin(Account, Account.id == CheckAnswer.answered_by)
        .where(*wanted)
        .order_by(CheckAnswer.check_id, CheckItem.hard.desc(), CheckItem.code)
    )  # fmt: skip
    return [AnswerRow(row[0], row[1], ItemRow(*row[2:9]), *row[9:]) for row in map(tuple, rows)]


def _checks(wanted: list[ColumnElement[bool]], limit: int | None, offset: int) -> tuple[CheckRow, ...]:
    township, district = aliased(Division), aliased(Division)
    rows = db.session.execute(
        select(
            EligibilityCheck.id, Person.id, Person.name, Unit.id, Unit.name, township.name, district.name,
            district.parent_id, district.id, township.id, EligibilityCheck.kind, EligibilityCheck.purpose,
            EligibilityCheck.opened_at,
        )
        .join(Person, Person.id == EligibilityCheck.person_id)
        .join(Unit, Unit.id == EligibilityCheck.unit_id)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
        .where(*wanted)
        .order_by(EligibilityCheck.opened_at.desc(), EligibilityCheck.id.desc())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return tuple(_check(row) for row in rows)


def _check(row: Any) -> CheckRow:
    parts: tuple[Any, ...] = (*row[:7], Place(row[7], row[8], row[9], row[3]), PostKind(row[10]), *row[11:])
    return CheckRow(*parts)
