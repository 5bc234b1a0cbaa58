"""Sealing everything with the current key: in steps that are each stored whole, so that it can be killed and rerun."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from starrating.domain.access import EVERYWHERE
from starrating.domain.personal import Secret
from starrating.extensions import db
from starrating.models.objections import Objection, Objector
from starrating.models.privacy import PersonSecret
from starrating.services.audit import Subject, record
from starrating.services.objections.objectors import bound_to
from starrating.services.people.vault import KeyRing, key_ring
from starrating.services.transaction import rows_changed, transaction

STEP = 500


def waiting() -> int:
    """How many values are sealed with another key than the current one."""
    current = key_ring().current
    found = select(func.count()).select_from(PersonSecret).where(PersonSecret.key_id != current)
    others = select(func.count()).select_from(Objector).where(_behind(current))
    return (db.session.scalar(found) or 0) + (db.session.scalar(others) or 0)


def rotate(progress: Callable[[int], object] = lambda _done: None) -> int:
    """Seal again whatever another key sealed; how many values."""
    done = 0
    while True:
        step = _step() or _objector_step()
        if not step:
            return done
        done += step
        progress(step)


def _step() -> int:
    with transaction() as session:
        ring = key_ring()
        rows = session.execute(
            select(
                PersonSecret.id, PersonSecret.person_id, PersonSecret.field, PersonSecret.key_id, PersonSecret.sealed
            )
            .where(PersonSecret.key_id != ring.current)
            .order_by(PersonSecret.id)
            .limit(STEP)
            .with_for_update()
        ).all()
        changed = 0
        for key, person_id, field, key_id, text in rows:
            kind = Secret(field)
            sealed = ring.seal(person_id, kind, ring.unseal(person_id, kind, key_id, text))
            changed += rows_changed(
                session,
                update(PersonSecret).where(PersonSecret.id == key, PersonSecret.key_id == key_id)
                .values(key_id=sealed.key_id, sealed=sealed.text, digest=sealed.digest),
            )  # fmt: skip
        return _told(session, ring, changed)


def _objector_step() -> int:
    ring = key_ring()
    with transaction() as session:
        rows = session.execute(
            select(Objector.id, Objection.number, Objector.key_id, Objector.sealed)
            .join(Objection, Objection.id == Objector.objection_id)
            .where(_behind(ring.current))
            .order_by(Objector.id)
            .limit(STEP)
            .with_for_update(of=Objector)
        ).all()
        changed = 0
        for key, number, key_id, text in rows:
            bound = bound_to(number)
            sealed = ring.seal_text(bound, ring.unseal_text(bound, key_id, text))
            changed += rows_changed(
                session,
                update(Objector).where(Objector.id == key, Objector.key_id == key_id)
                .values(key_id=ring.current, sealed=sealed),
            )  # fmt: skip
        return _told(session, ring, changed)


def _behind(current: str) -> ColumnElement[bool]:
    """What of individuals another key sealed; what was forgotten needs none."""
    return and_(Objector.key_id != current, Objector.sealed != "")


def _told(session: Session, ring: KeyRing, changed: int) -> int:
    """The count of a step, which the trail says where it was any."""
    if changed:
        subject = Subject("personal_key", None, ring.current, EVERYWHERE)
        record(session, "personal_resealed", None, subject, values=changed)
    return changed
