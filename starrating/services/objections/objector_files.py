"""Files that an individual attaches to an objection: checked and drawn anew as all evidence, few, and forgotten.

Whether there is room for them is asked before any of them is looked into, which costs something, and again for what is
to be kept, with the store held.
They bear no name of their own, for a name may say whose they are; nobody with an account sent them. They lie in the
store before the objection is taken in, and are let go of again where it is not.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any

from flask import current_app
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from starrating.domain.evidence import Purpose
from starrating.domain.faults import RuleError
from starrating.models.divisions import Unit
from starrating.models.evidence import EvidenceFile
from starrating.models.objections import Objection
from starrating.services.clock import now
from starrating.services.evidence.evidence import Checked, checked, give_back, put
from starrating.services.turns import hold
from starrating.services.working_days import today

MEGABYTE = 1024**2
STORE_LOCK = 7_827_004
"""PostgreSQL's advisory lock that keeps files of two lists from taking the last room at once."""
security = logging.getLogger("starrating.security")
Sent = tuple[str, IO[bytes]]
"""The name that a browser gave a file, and what it sent."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that lies in the store, under which names."""

    file: Checked
    stored: str
    small: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many files of how many megabytes go with an objection, how many megabytes a list takes in a day, and how
    many lie in the store at once, of all lists and years."""

    files: int
    megabytes: int
    day: int
    store: int


def bounds() -> Bounds:
    """The bounds by the settings."""
    config = current_app.config
    return Bounds(
        config["OBJECTOR_FILES"], config["OBJECTOR_FILE_MB"], config["OBJECTOR_DAY_MB"], config["OBJECTOR_STORE_MB"]
    )


@contextmanager
def attached(sent: Sequence[Sent]) -> Iterator[tuple[Attached, ...]]:
    """The files checked and in the store; whatever no row speaks of afterwards is let go of again."""
    most = bounds().megabytes * MEGABYTE
    files = [checked(name, file, most) for name, file in sent]
    found = tuple(Attached(one, secrets.token_hex(16), secrets.token_hex(16) if one.small else "") for one in files)
    names = [name for one in found for name in (one.stored, one.small)]
    try:
        put({one.stored: one.file.content for one in found} | {one.small: one.file.small for one in found})
        yield found
    except BaseException as fault:
        give_back(fault, names)
        raise
    give_back(None, names)


def store_rows(session: Session, row: Objection, files: Sequence[Attached]) -> list[dict[str, Any]]:
    """The rows of the files of an objection that is being taken in; what the trail says of them."""
    for number, one in enumerate(files, 1):
        medium = one.file.medium
        session.add(EvidenceFile(
            cycle_id=row.cycle_id, unit_id=row.unit_id, indicator="", purpose=Purpose.OBJECTION, objection_id=row.id,
            name=f"材料{number}.{medium.value}", medium=medium, size=len(one.file.content),
            sha256=sha256(one.file.content).hexdigest(), stored=one.stored, thumbnail=one.small, by=None, at=now(),
            removed_reason="",
        ))  # fmt: skip
    session.flush()
    return [{"sha256": sha256(one.file.content).hexdigest(), "size": len(one.file.content)} for one in files]


def refuse_unread(session: Session, cycle_id: int, kind: str, sent: Sequence[Sent]) -> None:
    """Refuse files by their number and size alone, before any is looked into: too many, too large, or no room."""
    most, sizes = bounds(), [file.seek(0, 2) for _, file in sent]
    if len(sizes) > most.files:
        raise RuleError("objection.files", most=most.files)
    if max(sizes) > most.megabytes * MEGABYTE:
        raise RuleError("evidence.large", most=most.megabytes)
    _refuse_much(session, cycle_id, kind, sum(sizes))


def refuse_kept(session: Session, cycle_id: int, kind: str, files: Sequence[Attached]) -> None:
    """Within a transaction that holds the year: refuse what there is no room for, with the store held as well."""
    if files:
        hold(STORE_LOCK)
        _refuse_much(session, cycle_id, kind, sum(len(one.file.content) for one in files))


def _refuse_much(session: Session, cycle_id: int, kind: str, size: int) -> None:
    """Refuse what is over the megabytes of a day for a list, or over what is kept of all individuals together."""
    own = EvidenceFile.by.is_(None) & EvidenceFile.objection_id.is_not(None)
    kept = select(func.coalesce(func.sum(EvidenceFile.size), 0)).where(own)
    came = (
        kept.join(Objection, Objection.id == EvidenceFile.objection_id)
        .join(Unit, Unit.id == EvidenceFile.unit_id)
        .where(EvidenceFile.cycle_id == cycle_id, Unit.kind == kind, Objection.received_on == today())
    )
    if int(session.scalar(came) or 0) + size > bounds().day * MEGABYTE:
        raise RuleError("objection.files_today")
    if int(session.scalar(kept.where(EvidenceFile.removed_at.is_(None))) or 0) + size > bounds().store * MEGABYTE:
        security.warning("no room is left for what individuals attach: OBJECTOR_STORE_MB")
        raise RuleError("objection.files_full")


def of_individuals(settled: Select[int]) -> Select[str, str]:
    """The names in the store of what individuals attached to those objections."""
    wanted = EvidenceFile.by.is_(None) & EvidenceFile.objection_id.in_(settled)
    return select(EvidenceFile.stored, EvidenceFile.thumbnail).where(wanted)


def forget_files(session: Session, settled: Select[int]) -> list[str]:
    """Delete the rows of what individuals attached to those objections; the names to be let go of in the store."""
    names = [name for row in session.execute(of_individuals(settled)) for name in row if name]
    gone = EvidenceFile.by.is_(None) & EvidenceFile.objection_id.in_(settled)
    session.execute(delete(EvidenceFile).where(gone).execution_options(synchronize_session=False))
    return names
