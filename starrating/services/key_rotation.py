"""Sealing everything with the current key: in steps that are each stored whole, so that it can be killed and rerun."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select, update

from starrating.domain.access import EVERYWHERE
from starrating.domain.personal import Secret
from starrating.extensions import db
from starrating.models.privacy import PersonSecret
from starrating.services.audit import Subject, record
from starrating.services.transaction import rows_changed, transaction
from starrating.services.vault import key_ring

STEP = 500


def waiting() -> int:
    """How many values are sealed with another key than the current one."""
    current = key_ring().current
    found = select(func.count()).select_from(PersonSecret).where(PersonSecret.key_id != current)
    return db.session.scalar(found) or 0


def rotate(progress: Callable[[int], object] = lambda _done: None) -> int:
    """Seal again whatever another key sealed; how many values."""
    done = 0
    while True:
        step = _step()
        if not step:
            return done
        done += step
        progress(step)


def _step() -> int:
    ring = key_ring()
    with transaction() as session:
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
        if changed:
            subject = Subject("personal_key", None, ring.current, EVERYWHERE)
            record(session, "personal_resealed", None, subject, values=changed)
        return changed
