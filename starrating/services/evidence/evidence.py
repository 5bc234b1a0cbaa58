"""Evidence as it is added, removed and opened: checked before it is kept, the file first and then its row.

A file without a row is an orphan that `flask sweep-evidence` takes away; a row without its file cannot come about. A
removed file keeps its row and its content, but for the content of what nobody with an account sent. Every change is one
event of the trail.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from starrating.domain.access import Act, may
from starrating.domain.evidence import Limits, Medium, Purpose
from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.cycles import Cycle
from starrating.models.divisions import Unit
from starrating.models.evidence import EvidenceFile
from starrating.queries.evidence import FileRow, file_of, held
from starrating.queries.identities import Identity
from starrating.queries.objections import objection
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.evidence.evidence_names import shown_name
from starrating.services.evidence.objection_rights import may_decide
from starrating.services.evidence.pictures import redrawn
from starrating.services.evidence.rights import Here, Slot, check_may_add, here, sees_file
from starrating.services.names import given_text
from starrating.services.storage import NotKept, StoreFull, StoreUnreachable, store
from starrating.services.transaction import rows_changed, transaction
from starrating.services.uploads import recognised

LONGEST_REASON = 500
security = logging.getLogger("starrating.security")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: as it will be stored, and for a picture the small one."""

    name: str
    medium: Medium
    content: bytes
    small: bytes = b""


def limits() -> Limits:
    """How much may be kept, by the settings."""
    config = current_app.config
    return Limits(config["EVIDENCE_FILE_BYTES"], config["EVIDENCE_FILES"], config["EVIDENCE_UNIT_BYTES"])


def add_evidence(slot: Slot, name: str, file: IO[bytes], by: Identity) -> int:
    """Keep a file that somebody sent for a slot; its key.

    Refused with `evidence.none` or `window.…` where the slot is not the person's or not open, with the code of what is
    wrong with the file, `.files` or `.unit_full` beyond the limits, `.no_room` or `.no_store` where it cannot be kept.
    """
    check_may_add(here(slot.cycle_id, slot.unit_id), slot, by.grants, now())
    sent = checked(name, file, limits().file_bytes)
    _check_limits(db.session(), slot, len(sent.content))
    stored, small = secrets.token_hex(16), secrets.token_hex(16) if sent.small else ""
    try:
        put({stored: sent.content, small: sent.small})
        with transaction() as session:
            return _add_row(session, slot, sent, (stored, small), by)
    except BaseException as fault:
        give_back(fault, [stored, small])
        raise


def remove_evidence(cycle_id: int, unit_id: int, file_id: int, reason: str, by: Identity) -> bool:
    """Take a file from the list; its row stays, and so does its content. Whoever may add there may remove there.

    Of a finding or an objection only his own, and what an individual attached to the objection that he may decide: its
    content is deleted for good, for it may be about somebody who never agreed to it. True where it is.
    """
    why = given_text(reason, LONGEST_REASON)
    with transaction() as session:
        about = _locked(session, cycle_id, unit_id)
        file = session.get(EvidenceFile, file_id)
        row = file_of(cycle_id, unit_id, file_id)
        if file is None or row is None or not sees_file(by.grants, about.place, row.purpose, row.objection_id):
            raise RuleError("evidence.none")
        slot = Slot(cycle_id, unit_id, row.indicator, row.purpose, row.spot_check_id, row.objection_id)
        check_may_add(about, slot, by.grants, now())
        if not _is_to_remove(file, about, by):
            raise RuleError("evidence.none")
        if file.removed_by != by.account_id:
            _store_removal(session, about, row, why, by)
    if row.by_id is None:
        _destroy(row)
    return row.by_id is None


def _store_removal(session: Session, about: Here, row: FileRow, why: str, by: Identity) -> None:
    """Within a transaction: that a file is removed, by whom and why, once."""
    if not why:
        raise RuleError("evidence.reason")
    done = rows_changed(
        session,
        update(EvidenceFile)
        .where(EvidenceFile.id == row.id, EvidenceFile.removed_at.is_(None))
        .values(removed_at=now(), removed_by=by.account_id, removed_reason=why),
    )
    if not done:
        raise RuleError("evidence.removed")
    act = "evidence_removed" if row.by_id is not None else "evidence_destroyed"
    subject = _subject(about, row.id, row.indicator, row.name)
    record(session, act, by.account_id, subject, year=about.cycle.year, sha256=row.sha256, reason=why)


def _destroy(row: FileRow) -> None:
    """Let go of a file whose row says already that it is no more; what cannot be let go of now is swept."""
    try:
        let_go(name for name in (row.stored, row.thumbnail) if name)
    except (StoreFull, StoreUnreachable) as left:
        security.warning("a removed file is left to be swept: %s", type(left).__name__)


def _is_to_remove(file: EvidenceFile, about: Here, by: Identity) -> bool:
    """True where a file is somebody's to remove, of those of a slot that he may fill."""
    if file.purpose not in (Purpose.SPOT_CHECK, Purpose.OBJECTION) or file.by == by.account_id:
        return True
    found = objection(file.objection_id or 0) if file.by is None else None
    return found is not None and may_decide(found, about, by)


def open_evidence(
    cycle_id: int, unit_id: int, file_id: int, by: Identity, *, small: bool = False
) -> tuple[FileRow, bytes]:
    """A file with its content, or its small picture, if the person may see it and it is still what was kept.

    A removed file opens for whoever may read the trail, but for one that was deleted with its removal. One that was
    changed in the store is refused (`evidence.damaged`), which goes to the security log and, once, into the trail.
    """
    about = here(cycle_id, unit_id)
    row = file_of(cycle_id, unit_id, file_id)
    if row is None or row.destroyed or (small and not row.thumbnail):
        raise RuleError("evidence.none")
    if not sees_file(by.grants, about.place, row.purpose, row.objection_id):
        raise RuleError("evidence.none")
    if row.removed_at is not None and not may(by.grants, Act.VIEW_AUDIT, about.place):
        raise RuleError("evidence.none")
    content = _read(row.thumbnail if small else row.stored)
    if content is None or not (small or sha256(content).hexdigest() == row.sha256):
        _alarm(about, row, by)
        raise RuleError("evidence.damaged", name=row.name)
    return row, content


def content_if_whole(row: FileRow) -> bytes | None:
    """What was kept of a file, None where the store has it no more or in another form."""
    content = _read(row.stored)
    return content if content is not None and sha256(content).hexdigest() == row.sha256 else None


def checked(name: str, file: IO[bytes], most: int) -> Checked:
    """What was sent, if it may be kept: not too large, of a kind by its content, pictures drawn anew."""
    size = file.seek(0, 2)
    if size > most:
        raise RuleError("evidence.large", most=most // 1024**2)
    medium = recognised(file, size)
    shown = shown_name(name, medium)
    if medium.is_picture:
        picture = redrawn(file, medium)
        return Checked(shown, medium, picture.whole, picture.small)
    file.seek(0)
    return Checked(shown, medium, file.read())


def _check_limits(session: Session, slot: Slot, size: int) -> None:
    bounds = limits()
    found = held(session, slot.cycle_id, slot.unit_id, slot.indicator, slot.purpose,
                 spot_check_id=slot.spot_check_id, objection_id=slot.objection_id)  # fmt: skip
    if found.files >= bounds.files:
        raise RuleError("evidence.files", most=bounds.files)
    if found.standing + size > bounds.unit_bytes or found.ever + size > bounds.unit_bytes_ever:
        raise RuleError("evidence.unit_full", most=bounds.unit_bytes // 1024**2)


def put(contents: dict[str, bytes]) -> None:
    """Keep contents in the store under their names; refused where there is no room or no store."""
    try:
        for name, content in contents.items():
            if name:
                store().put(name, content)
    except StoreFull as fault:
        raise RuleError("evidence.no_room") from fault
    except StoreUnreachable as fault:
        raise RuleError("evidence.no_store") from fault


def _read(name: str) -> bytes | None:
    try:
        return store().read(name)
    except NotKept:
        return None
    except (StoreFull, StoreUnreachable) as fault:
        raise RuleError("evidence.no_store") from fault


def _add_row(session: Session, slot: Slot, sent: Checked, names: tuple[str, str], by: Identity) -> int:
    """The row of a file that is kept already; rights, time and limits are looked at again, with the unit held."""
    about = _locked(session, slot.cycle_id, slot.unit_id)
    check_may_add(about, slot, by.grants, now())
    _check_limits(session, slot, len(sent.content))
    file = EvidenceFile(
        cycle_id=slot.cycle_id, unit_id=slot.unit_id, indicator=slot.indicator, purpose=slot.purpose,
        spot_check_id=slot.spot_check_id, objection_id=slot.objection_id, name=sent.name, medium=sent.medium,
        size=len(sent.content),
        sha256=sha256(sent.content).hexdigest(), stored=names[0], thumbnail=names[1], by=by.account_id, at=now(),
        removed_reason="",
    )  # fmt: skip
    session.add(file)
    session.flush()
    subject = _subject(about, file.id, slot.indicator, sent.name)
    record(session, "evidence_added", by.account_id, subject, year=about.cycle.year, purpose=slot.purpose.value,
           size=file.size, sha256=file.sha256)  # fmt: skip
    return file.id


def _locked(session: Session, cycle_id: int, unit_id: int) -> Here:
    """The year, kept from moving on, and the unit, kept from getting more evidence meanwhile."""
    session.execute(select(Cycle.id).where(Cycle.id == cycle_id).with_for_update(read=True))
    session.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))
    return here(cycle_id, unit_id)


def _subject(about: Here, file_id: int, indicator: str, name: str) -> Subject:
    label = " ".join(part for part in (about.unit.name, indicator, name) if part)
    return Subject("evidence_file", file_id, label, about.place)


def give_back(fault: BaseException | None, names: Iterable[str]) -> None:
    """Let go of what was put for rows that are not there; where that cannot be known it is left to be swept."""
    if isinstance(fault, DBAPIError) and fault.connection_invalidated:
        return
    kept = [name for name in names if name]
    if not kept:
        return
    try:
        if db.session.scalar(select(EvidenceFile.id).where(EvidenceFile.stored.in_(kept)).limit(1)) is None:
            let_go(kept)
    except (SQLAlchemyError, StoreFull, StoreUnreachable) as left:
        security.warning("an orphan is left to be swept: %s", type(left).__name__)


def let_go(names: Iterable[str]) -> None:
    """Take files out of the store; one that is not there is no fault."""
    for name in names:
        store().remove(name)


def _alarm(about: Here, row: FileRow, by: Identity) -> None:
    """Say loudly that a file is not what was kept; the trail says it once."""
    security.error("evidence %s is missing or was changed in the store", row.id)
    with transaction() as session:
        told = select(AuditEvent.sequence).where(
            AuditEvent.act == "evidence_damaged", AuditEvent.subject_kind == "evidence_file",
            AuditEvent.subject_id == row.id,
        )  # fmt: skip
        if session.scalar(told) is None:
            subject = _subject(about, row.id, row.indicator, row.name)
            record(session, "evidence_damaged", by.account_id, subject, year=about.cycle.year, sha256=row.sha256)
