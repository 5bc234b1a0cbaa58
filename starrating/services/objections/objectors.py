"""Objections of individuals without an account: taken in on a public notice, signed, with the name and contact sealed.

They stand in the same register as all others. Who brought one is opened only for whoever may decide it, for a reason
and with an event on the trail, and is forgotten once the objection was settled long enough ago.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import current_app
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from starrating.domain.access import EVERYWHERE
from starrating.domain.faults import RuleError
from starrating.domain.masking import masked_contact, masked_name
from starrating.domain.objections import Channel
from starrating.domain.personal import holds_number
from starrating.domain.windows import Stage
from starrating.extensions import db
from starrating.models.cycles import Cycle
from starrating.models.divisions import Unit
from starrating.models.objections import Objection, Objector
from starrating.queries.cycles import cycle
from starrating.queries.identities import Identity
from starrating.queries.public_lists import PublicList
from starrating.queries.publications import NoticeHead, notice
from starrating.queries.scores import units_of
from starrating.queries.windows import calendar_of
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.evidence.evidence import let_go
from starrating.services.evidence.objection_rights import refuse_part
from starrating.services.evidence.rights import Here
from starrating.services.names import seen_text
from starrating.services.objections.objections import checked_matter, held, stored, subject_of
from starrating.services.objections.objector_files import (
    Sent,
    attached,
    forget_files,
    of_individuals,
    refuse_kept,
    refuse_unread,
    store_rows,
)
from starrating.services.people.personal import reason_to_see, refuse_old_sign_in
from starrating.services.people.vault import key_ring
from starrating.services.transaction import rows_changed, transaction
from starrating.services.working_days import today
from starrating.services.years.windows import refusal_of

LONGEST_NAME = 50
SHORTEST_CONTACT, LONGEST_CONTACT = 6, 100
SHORTEST_FORM, LONGEST_FORM = 16, 100
SHOWN_AGAIN = timedelta(minutes=10)
"""How long a form that is sent again shows its receipt again: a second click, a line that broke; not a stranger."""
NAMELESS = frozenset({"匿名", "无名", "无名氏", "不具名", "不署名", "不留名", "保密", "群众", "村民", "居民"})
STEP = 500


@dataclass(frozen=True, slots=True)
class Telling:
    """An individual's objection as it was typed; `form` is the random word of the form it was typed into."""

    unit: str
    grounds: str
    indicators: tuple[str, ...]
    name: str
    contact: str
    consents: bool
    form: str
    files: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What whoever objects takes away: number and code open the state."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Who brought an objection, clear."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many names and how many files of individuals."""

    names: int
    files: int


def takes_objections() -> bool:
    """True where names can be sealed; without a key nothing is taken in, for nothing is kept clear."""
    try:
        key_ring()
    except RuleError:
        return False
    return True


def object_to(notice_id: int, told: Telling) -> Receipt:
    """Take in an individual's objection to a result on public notice; the same form sent twice is one.

    Raises `objection.sealing` without a key, `objection.outside` outside the days of the notice, `objection.ceiling`
    where the list had too many today, and what is wrong with what was typed.
    """
    found = notice(notice_id)
    if found is None:
        raise RuleError("objection.none")
    if not takes_objections():
        raise RuleError("objection.sealing")
    head, listed, _ = found
    form_key, code = _form_key(notice_id, told.form), _code_of(listed, told)
    again = _before_files(head, code, told, form_key) if told.files else None
    if again is not None:
        return again
    with attached(told.files) as files, transaction() as session:
        # As for every objection the year is held whole: numbers follow one another, and the ceiling is one.
        session.execute(select(Cycle.id).where(Cycle.id == head.cycle_id).with_for_update())
        again = _sent_before(session, form_key)
        if again is not None:
            return again
        about, said, who = _checked(session, head, code, told)
        refuse_kept(session, head.cycle_id, head.kind, files)
        row = stored(session, about, today(), None, {**said, "channel": Channel.INDIVIDUAL, "raised_by": ""})
        _seal(session, row, who, form_key)
        record(session, "objection_received", None, subject_of(about, row.id, row.number), year=about.cycle.year,
               received_on=row.received_on.isoformat(), due_on=row.due_on.isoformat(),
               files=store_rows(session, row, files))  # fmt: skip
        return Receipt(row.number, row.code)


def _code_of(listed: PublicList, told: Telling) -> str:
    """The unit's code if the list has it, else empty."""
    return told.unit if any(unit.code == told.unit for unit in listed.units) else ""


def _before_files(head: NoticeHead, code: str, told: Telling, form_key: str) -> Receipt | None:
    """All that costs nothing, asked before a picture is drawn anew, and again where the year is held.

    The receipt of a form that was sent already; refused where the objection would be, or has no room for its files.
    """
    session = db.session()
    again = _sent_before(session, form_key)
    if again is None:
        _checked(session, head, code, told)
        refuse_unread(session, head.cycle_id, head.kind, told.files)
    return again


def _checked(session: Session, head: NoticeHead, code: str, told: Telling) -> tuple[Here, dict[str, Any], Opened]:
    """Where it is about, what is stored of it and who objects; refused with the first thing that is wrong."""
    about = _about(head, code)
    _refuse_many(session, head)
    said = checked_matter(about, told.grounds, told.indicators)
    return about, said, _signed(told, said["grounds"])


def see_objector(objection_id: int, reason: str, by: Identity) -> Opened:
    """Who brought an objection, for whoever may decide it, for a reason; the trail says so before it is shown."""
    why = reason_to_see(reason)
    with transaction() as session:
        row, about = held(session, objection_id)
        refuse_part(row, about, by)
        refuse_old_sign_in(by)
        kept = session.scalar(select(Objector).where(Objector.objection_id == objection_id))
        if kept is None or not kept.sealed:
            raise RuleError("objection.none")
        told = json.loads(key_ring().unseal_text(bound_to(row.number), kept.key_id, kept.sealed))
        record(session, "objector_seen", by.account_id, subject_of(about, row.id, row.number), year=about.cycle.year,
               reason=why)  # fmt: skip
        return Opened(told["name"], told["contact"])


def objectors_due() -> Forgotten:
    """How much the next purge would forget."""
    settled = _settled_long_ago()
    sealed = select(func.count()).where(Objector.sealed != "", Objector.objection_id.in_(settled))
    files = len(db.session.execute(of_individuals(settled)).all())
    return Forgotten(int(db.session.scalar(sealed) or 0), files)


def forget_objectors() -> Forgotten:
    """Empty what is sealed of individuals whose objections were settled long enough ago, and delete what they attached.

    Can be run again. Contents leave the store after their rows: what is left by a power cut is swept as an orphan.
    """
    settled = _settled_long_ago()
    with transaction() as session:
        done = rows_changed(
            session,
            update(Objector).where(Objector.sealed != "", Objector.objection_id.in_(settled))
            .values(sealed="", key_id="", mask_name="", mask_contact="")
            .execution_options(synchronize_session=False),
        )  # fmt: skip
        files = len(session.execute(of_individuals(settled)).all())
        names = forget_files(session, settled)
        if done or files:
            record(session, "objectors_forgotten", None, Subject("objector", None, "", EVERYWHERE), count=done,
                   files=files)  # fmt: skip
    let_go(names)
    return Forgotten(done, files)


def _settled_long_ago() -> Select[int]:
    before = now() - timedelta(days=365 * int(current_app.config["OBJECTOR_YEARS"]))
    return select(Objection.id).where(Objection.settled_at < before)


def bound_to(number: str) -> str:
    """What a sealed name is bound to: the receipt's number, so that it opens in no other row."""
    return f"objection:{number}"


def _form_key(notice_id: int, form: str) -> str:
    if not SHORTEST_FORM <= len(form) <= LONGEST_FORM:
        raise RuleError("objection.form")
    return sha256(f"{notice_id}:{form}".encode("utf-8", "replace")).hexdigest()


def _sent_before(session: Session, form_key: str) -> Receipt | None:
    """The receipt of a form that was sent a moment ago; `objection.sent` where that is longer ago."""
    row = session.execute(
        select(Objection.number, Objection.code, Objection.lodged_at)
        .join(Objector, Objector.objection_id == Objection.id)
        .where(Objector.form_key == form_key)
    ).one_or_none()
    if row is None:
        return None
    if now() - row[2] > SHOWN_AGAIN:
        raise RuleError("objection.sent")
    return Receipt(row[0], row[1])


def _about(head: NoticeHead, code: str) -> Here:
    """The year and the unit of the list, at a time at which the notice is open for it."""
    row = cycle(head.cycle_id)
    if row is None or not head.open or refusal_of(calendar_of(row), Stage.OBJECTION, row.place, "", now()):
        raise RuleError("objection.outside")
    unit = next((one for one in units_of(row) if code and (one.code, one.kind) == (code, head.kind)), None)
    if unit is None:
        raise RuleError("objection.unit")
    return Here(row, unit)


def _refuse_many(session: Session, head: NoticeHead) -> None:
    """Refuse what is over the day's number for a list: a flood is the office's to look at, not the register's."""
    count = session.scalar(
        select(func.count())
        .select_from(Objection)
        .join(Unit, Unit.id == Objection.unit_id)
        .where(Objection.cycle_id == head.cycle_id, Unit.kind == head.kind, Objection.received_on == today(),
               Objection.channel == Channel.INDIVIDUAL)
    )  # fmt: skip
    if (count or 0) >= int(current_app.config["OBJECTIONS_A_DAY"]):
        raise RuleError("objection.ceiling")


def _signed(told: Telling, grounds: str) -> Opened:
    """Who objects, as it is sealed; refused where it is nobody, or where the grounds say it in the clear."""
    name, contact = seen_text(told.name), seen_text(told.contact)
    if name in NAMELESS or name.startswith("匿名"):
        raise RuleError("objection.anonymous")
    if not 2 <= len(name) <= LONGEST_NAME:
        raise RuleError("objection.name", longest=LONGEST_NAME)
    if not SHORTEST_CONTACT <= len(contact) <= LONGEST_CONTACT:
        raise RuleError("objection.contact", shortest=SHORTEST_CONTACT, longest=LONGEST_CONTACT)
    if name in grounds or contact in grounds or holds_number(grounds):
        raise RuleError("objection.private")
    if not told.consents:
        raise RuleError("objection.consent")
    return Opened(name, contact)


def _seal(session: Session, row: Objection, who: Opened, form_key: str) -> None:
    ring = key_ring()
    text = json.dumps({"name": who.name, "contact": who.contact}, ensure_ascii=False)
    session.add(Objector(objection_id=row.id, form_key=form_key, key_id=ring.current,
                         sealed=ring.seal_text(bound_to(row.number), text), mask_name=masked_name(who.name),
                         mask_contact=masked_contact(who.contact), stored_at=now()))  # fmt: skip
    session.flush()
