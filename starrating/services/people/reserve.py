"""The reserve list: put forward by the township or reviewed by it, confirmed by another of the district, ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.domain.reserve import REASONED, UNDECIDED, ReserveEnding, ReserveState, too_old
from starrating.domain.terms import EARLIEST
from starrating.models.people import Person
from starrating.models.reserve import ReserveEntry, ReserveRule
from starrating.queries import people as people_question
from starrating.queries import reserve as question
from starrating.queries.identities import Identity
from starrating.queries.people_scope import naming_places
from starrating.queries.places import place_of_division
from starrating.queries.reserve import EntryRow
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import given_text, refuse_numbers
from starrating.services.people.people import NewPerson, known_or_new, lock_unit
from starrating.services.transaction import changed_as_shown, transaction
from starrating.services.working_days import today

LONGEST = 100
MOST_LEAST, YOUNGEST_BOUND, OLDEST_BOUND = 20, 18, 80


def set_rule(district_id: int, version: int, least: int | None, oldest: int | None, by: Identity) -> None:
    """Set how many each unit of a district needs and the bound of age, after the version that the page showed."""
    with transaction() as session:
        place = place_of_division(district_id)
        if place is None or place.level != "district" or not may(by.grants, Act.MANAGE_PEOPLE, place):
            raise RuleError("reserve.none")
        bound = oldest is None or YOUNGEST_BOUND <= oldest <= OLDEST_BOUND
        if least is None or not 0 <= least <= MOST_LEAST or not bound:
            raise RuleError("reserve.rule", most=MOST_LEAST, youngest=YOUNGEST_BOUND, oldest=OLDEST_BOUND)
        of = select(func.max(ReserveRule.version)).where(ReserveRule.district_id == district_id)
        if (session.scalar(of) or 0) != version:
            raise RuleError("reserve.rule_changed")
        session.add(ReserveRule(district_id=district_id, version=version + 1, least=least, oldest=oldest,
                                set_by=by.account_id, set_at=now()))  # fmt: skip
        try:
            session.flush()
        except IntegrityError:
            raise RuleError("reserve.rule_changed") from None
        record(session, "reserve_rule_set", by.account_id, Subject("division", district_id, "后备力量", place),
               least=least, oldest=oldest)  # fmt: skip


def nominate(unit_id: int, kind: str, who: int | NewPerson, nominator: str, nominated_on: date | None,
             by: Identity) -> int:  # fmt: skip
    """Put somebody known or new forward for a unit's reserve list; the key of the entry.

    Whom the township itself puts forward it has agreed to: only the district's confirmation is still missing.
    """
    said = _text(nominator)
    with transaction() as session:
        place = lock_unit(session, unit_id, by, Act.PROPOSE_PEOPLE)
        if kind not in list(PostKind):
            raise RuleError("reserve.post")
        if not said:
            raise RuleError("reserve.nominator")
        if nominated_on is None or not EARLIEST <= nominated_on <= today():
            raise RuleError("reserve.day", earliest=EARLIEST, today=today())
        person_id = known_or_new(session, who, by, naming_places(by.grants, place))
        _refuse_unfit(session, person_id, unit_id, PostKind(kind), place)
        row = ReserveEntry(person_id=person_id, unit_id=unit_id, kind=kind, nominator=said, nominated_on=nominated_on,
                           nominated_by=by.account_id, nominated_at=now(), version=1, **_begun(place, by))  # fmt: skip
        session.add(row)
        session.flush()
        found = question.entry(row.id)
        record(session, "reserve_nominated", by.account_id,
               Subject("reserve_entry", row.id, found.unit if found else "", place), person=person_id,
               kind=kind)  # fmt: skip
        return row.id


def review(entry_id: int, version: int, by: Identity) -> None:
    """The township agrees to somebody who was put forward."""
    with transaction() as session:
        row = _held(entry_id, (Act.REVIEW_RESERVE,), by)
        _move(session, row, version, ReserveState.NOMINATED, state=ReserveState.REVIEWED, reviewed_by=by.account_id,
              reviewed_at=now())  # fmt: skip
        record(session, "reserve_reviewed", by.account_id, _subject(row), person=row.person_id)


def confirm(entry_id: int, version: int, by: Identity) -> None:
    """The district confirms, by somebody who neither put the person forward nor reviewed it."""
    with transaction() as session:
        row = _held(entry_id, (Act.MANAGE_PEOPLE,), by)
        if by.account_id in (row.nominated_by, row.reviewed_by):
            raise RuleError("reserve.own")
        _move(session, row, version, ReserveState.REVIEWED, state=ReserveState.CONFIRMED, confirmed_by=by.account_id,
              confirmed_at=now())  # fmt: skip
        record(session, "reserve_confirmed", by.account_id, _subject(row), person=row.person_id)


def end(entry_id: int, version: int, ending: str, ended_on: date | None, reason: str, by: Identity) -> None:
    """Take somebody off the list: appointed, withdrawn with a reason, or past the bound of age.

    The township may withdraw whom the district has not confirmed yet; everything else is the district's. Whom it does
    not agree to somebody else ends than who put them forward.
    """
    why = _text(reason)
    with transaction() as session:
        row = _held(entry_id, (Act.MANAGE_PEOPLE, Act.REVIEW_RESERVE), by)
        own = may(by.grants, Act.MANAGE_PEOPLE, row.place)
        if not own and (row.state not in UNDECIDED or ending != ReserveEnding.WITHDRAWN):
            raise RuleError("reserve.district")
        if ending == ReserveEnding.DECLINED and by.account_id in (row.nominated_by, row.reviewed_by):
            raise RuleError("reserve.own")
        _refuse_ending(row, ending, ended_on, why)
        _move(session, row, version, row.state, state=ReserveState.ENDED, ending=ending, ended_on=ended_on, reason=why)
        record(session, "reserve_ended", by.account_id, _subject(row), person=row.person_id, ending=ending,
               reason=why)  # fmt: skip


def _begun(place: Place, by: Identity) -> dict[str, Any]:
    """How far an entry is when it begins: the township agrees to whom it puts forward itself."""
    if may(by.grants, Act.MANAGE_PEOPLE, place):
        return {"state": ReserveState.NOMINATED}
    return {"state": ReserveState.REVIEWED, "reviewed_by": by.account_id, "reviewed_at": now()}


def _refuse_ending(row: EntryRow, ending: str, ended_on: date | None, why: str) -> None:
    if ending not in list(ReserveEnding):
        raise RuleError("reserve.ending")
    if ended_on is None or not row.nominated_on <= ended_on <= today():
        raise RuleError("reserve.day", earliest=row.nominated_on, today=today())
    if ending in REASONED and not why:
        raise RuleError("reserve.reason")
    if ending == ReserveEnding.DECLINED and row.state not in UNDECIDED:
        raise RuleError("reserve.decided")
    rule = question.rules_of([row.place.district or 0]).get(row.place.district or 0)
    if ending == ReserveEnding.TOO_OLD and not too_old(row.birth_year, rule.oldest if rule else None, ended_on):
        raise RuleError("reserve.not_old")


def _refuse_unfit(session: Session, person_id: int, unit_id: int, kind: PostKind, place: Place) -> None:
    """Refuse whoever is on the list of the unit already, holds the post, or is past the bound of age."""
    same = (ReserveEntry.person_id == person_id, ReserveEntry.unit_id == unit_id)
    if session.scalar(select(exists().where(*same, ReserveEntry.state != ReserveState.ENDED))):
        raise RuleError("reserve.twice")
    held = people_question.posts_of_person(person_id, [place])
    if any(one.kind is kind and one.unit_id == unit_id and one.ends_on is None for one in held):
        raise RuleError("reserve.in_post")
    rule = question.rules_of([place.district or 0]).get(place.district or 0)
    born = session.scalar(select(Person.birth_year).where(Person.id == person_id))
    if rule is not None and too_old(born, rule.oldest, today()):
        raise RuleError("reserve.too_old", oldest=rule.oldest)


def _held(entry_id: int, acts: Collection[Act], by: Identity) -> EntryRow:
    row = question.entry(entry_id)
    if row is None or not any(may(by.grants, act, row.place) for act in acts):
        raise RuleError("reserve.none")
    return row


def _move(session: Session, row: EntryRow, version: int, was: ReserveState, **values: Any) -> None:
    """Change an entry that still is in the state and as the page showed it."""
    as_shown = ReserveEntry.state == was, ReserveEntry.state != ReserveState.ENDED
    if not changed_as_shown(session, ReserveEntry, row.id, version, *as_shown, **values):
        raise RuleError("reserve.changed")


def _subject(row: EntryRow) -> Subject:
    return Subject("reserve_entry", row.id, row.unit, row.place)


def _text(value: str) -> str:
    text = given_text(value, LONGEST)
    refuse_numbers(text)
    return text
