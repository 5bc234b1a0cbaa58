"""Rosters: read, kept until whoever sent one has seen what it would do, then stored whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from starrating.domain.access import Act, Place, may
from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.interchange.people_sheet import SheetRead
from starrating.interchange.roster_sheet import read_roster
from starrating.interchange.spreadsheets import read_spreadsheet
from starrating.models.divisions import Unit
from starrating.models.people import Person, Post
from starrating.models.rosters import RosterImport
from starrating.models.waiting import ImportState
from starrating.queries.identities import Identity
from starrating.queries.people import PostRow, posts_in
from starrating.queries.places import place_of_division
from starrating.queries.rosters import named_within, units_by_code, years_of_birth
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.names import plain_text
from starrating.services.people.roster_plan import Change, Known, Plan, plan_of
from starrating.services.people.roster_reading import RosterRow, read_rows
from starrating.services.sheet_rows import Words, Wrong
from starrating.services.transaction import changed_as_shown, transaction

KEPT = timedelta(hours=2)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A roster that waits, with its file."""

    id: int
    name: str
    content: bytes


def read_file(data: bytes, words: Words) -> tuple[SheetRead, list[RosterRow], list[Wrong]]:
    """The rows of a file, and everything that is wrong with its cells."""
    read = read_roster(read_spreadsheet(data))
    rows, wrong = read_rows(read.lines, words)
    return read, rows, wrong


def planned(division_id: int, rows: list[RosterRow], by: Identity) -> Plan:
    """What rows would do in a division, as it stands now."""
    return plan_of(rows, _known(_place(division_id, by), rows))


def keep(division_id: int, name: str, data: bytes, by: Identity) -> int:
    """Keep a roster until it is confirmed; an earlier one of the same person and division gives way."""
    with transaction() as session:
        place = _place(division_id, by)
        at = now()
        session.execute(
            delete(RosterImport).where(RosterImport.state == ImportState.WAITING, RosterImport.expires_at <= at)
        )
        session.execute(
            delete(RosterImport).where(
                RosterImport.state == ImportState.WAITING, RosterImport.account_id == by.account_id,
                RosterImport.division_id == division_id,
            )
        )  # fmt: skip
        row = RosterImport(
            division_id=division_id, account_id=by.account_id, name=plain_text(name, LONGEST_NAME) or "xlsx",
            digest=sha256(data).hexdigest(), state=ImportState.WAITING, made_at=at, expires_at=at + KEPT, changed=0,
            content=data,
        )  # fmt: skip
        session.add(row)
        session.flush()
        subject = Subject("roster_import", row.id, "任职名册", place)
        record(session, "roster_read", by.account_id, subject, digest=row.digest)
        return row.id


def waiting(division_id: int, import_id: int, by: Identity) -> Waiting:
    """A roster of the person's own that still waits; `roster.none` for anything else."""
    with transaction() as session:
        return _waiting(session, division_id, import_id, by)


def confirm(division_id: int, import_id: int, digest: str, words: Words, by: Identity) -> Plan:
    """Store a roster whole, if it still does what the page showed."""
    data = waiting(division_id, import_id, by).content
    _, rows, _ = read_file(data, words)
    with transaction() as session:
        _waiting(session, division_id, import_id, by)
        place = _place(division_id, by)
        codes = {row.code for row in rows}
        session.execute(select(Unit.id).where(Unit.code.in_(codes)).order_by(Unit.id).with_for_update())
        _lock_people(session, _known(place, rows))
        plan = plan_of(rows, _known(place, rows))
        if plan.wrong or plan.digest() != digest:
            raise RuleError("roster.changed")
        posts = _store(session, plan)
        _settle(session, import_id, ImportState.STORED, len(plan.changes))
        record(session, "roster_stored", by.account_id, Subject("roster_import", import_id, "任职名册", place),
               new=plan.count("new"), changed=plan.count("changed"), ended=plan.count("ended"),
               posts=posts)  # fmt: skip
        return plan


def drop(division_id: int, import_id: int, by: Identity) -> None:
    """Forget a roster that waits, with everything it holds of people."""
    with transaction() as session:
        _waiting(session, division_id, import_id, by)
        _settle(session, import_id, ImportState.DROPPED, 0)
        place = _place(division_id, by)
        record(session, "roster_dropped", by.account_id, Subject("roster_import", import_id, "任职名册", place))


def _lock_people(session: Session, known: Known) -> None:
    """Within a transaction: let nobody change the people of a plan until the commit."""
    session.execute(select(Person.id).where(Person.id.in_(known.people)).order_by(Person.id).with_for_update())


def _store(session: Session, plan: Plan) -> list[dict[str, Any]]:
    """Within a transaction that holds units and people: do everything of a plan; what the trail says of each post.

    People stand there by their keys, what was completed about them by the names of its fields.
    """
    people: dict[tuple[int, str], int] = {}
    told = []
    for one in plan.changes:
        if one.person_id is not None and one.person:
            session.execute(
                update(Person).where(Person.id == one.person_id).values(version=Person.version + 1, **one.person)
            )
        person_id, post_id = one.person_id, one.post_id
        if one.sort == "new":
            person_id = _whose(session, one, people)
            post = Post(unit_id=one.unit_id, kind=one.kind, version=1, person_id=person_id, **one.values)
            session.add(post)
            session.flush()
            post_id = post.id
        elif one.values and not changed_as_shown(session, Post, one.post_id or 0, one.version, **one.values):
            raise RuleError("roster.changed")
        fields = sorted(name for name, value in (one.values | one.person).items() if value and name != "name")
        told.append({"sort": one.sort, "unit": one.unit_id, "kind": one.kind, "post": post_id, "person": person_id,
                     "fields": fields})  # fmt: skip
    return told


def _whose(session: Session, one: Change, people: dict[tuple[int, str], int]) -> int:
    """Whose a new post is; somebody new with one name in one unit is one person, also with two posts."""
    if one.person_id is not None:
        return one.person_id
    key = (one.unit_id, one.name)
    if key not in people:
        row = Person(version=1, **one.person)
        session.add(row)
        session.flush()
        people[key] = row.id
    return people[key]


def _settle(session: Session, import_id: int, state: ImportState, changed: int) -> None:
    values = {"state": state, "content": None, "changed": changed, "stored_at": now()}
    session.execute(update(RosterImport).where(RosterImport.id == import_id).values(**values))


def _waiting(session: Session, division_id: int, import_id: int, by: Identity) -> Waiting:
    row = session.scalars(
        select(RosterImport).where(
            RosterImport.id == import_id, RosterImport.division_id == division_id,
            RosterImport.account_id == by.account_id, RosterImport.state == ImportState.WAITING,
            RosterImport.expires_at > now(),
        ).with_for_update()
    ).one_or_none()  # fmt: skip
    if row is None or row.content is None:
        raise RuleError("roster.none")
    return Waiting(row.id, row.name, row.content)


def _place(division_id: int, by: Identity) -> Place:
    place = place_of_division(division_id)
    if place is None or not may(by.grants, Act.MANAGE_PEOPLE, place):
        raise RuleError("roster.none")
    return place


def _known(place: Place, rows: list[RosterRow]) -> Known:
    codes = {row.code for row in rows}
    units = {code: unit for code, unit in units_by_code([place]).items() if code in codes}
    ids = [key for key, _ in units.values()]
    posts: dict[int, list[PostRow]] = {}
    for post in posts_in(ids):
        posts.setdefault(post.unit_id, []).append(post)
    # People are looked for in the whole district: somebody may come from another township.
    named = named_within({row.name for row in rows}, [Place(place.municipality, place.district)])
    numbers = {post.person_id for found in named.values() for post in found}
    return Known(units, posts, named, years_of_birth(ids, numbers))


def template_rows(place: Place, posts: dict[PostKind, str], masked: dict[tuple[int, PostKind], str]) -> list[list[str]]:
    """A row for each post of each unit of a place, to be filled."""
    return [
        [code, name, word, masked.get((key, kind), "")]
        for code, (key, name) in units_by_code([place]).items() for kind, word in posts.items()
    ]  # fmt: skip
