"""The trail: `record` adds one event to the change it belongs to, in the same transaction; `verify_chain` reads it all.

Each event's hash covers its own content and the hash before it. To write one the chain is locked until the commit, so
`record` is the last thing an act does before its transaction ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, NewType, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from starrating.domain.access import EVERYWHERE, Place
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.queries.asking import Question, ask
from starrating.services.bulk import add_rows
from starrating.services.clock import now
from starrating.services.compact_json import text_of, writer
from starrating.services.turns import hold

FIRST = "0" * 64
"""What stands in place of the hash before the first event."""
CHAIN_LOCK = 7_827_001
"""PostgreSQL's advisory lock that keeps two events from following the same one."""
STEP = 2_000
HASHED = (
    "sequence", "at", "account_id", "act", "subject_kind", "subject_id", "subject_label", "district_id",
    "township_id", "unit_id", "facts", "previous_hash",
)  # fmt: skip
"""What a hash covers, in this order for good."""
_LAST = Question(select(AuditEvent.sequence, AuditEvent.hash).order_by(AuditEvent.sequence.desc()).limit(1))
EVENTS = cast("Table", AuditEvent.__table__)
WRITTEN = (*HASHED, "hash")


_FACTS, _LIST = writer(sort_keys=True), writer()
Told = NewType("Told", str)
"""Facts as `canonical` writes them."""
Facts = Mapping[str, Any] | Told


@lru_cache(maxsize=64)
def _instant(at: datetime) -> str:
    """An instant as a hash covers it; the events of an act share theirs."""
    return at.isoformat(timespec="microseconds")


class Subject(NamedTuple):
    """What an act was done to: its kind, key, name as it was then, and where it is."""

    kind: str
    id: int | None
    label: str
    place: Place = EVERYWHERE


@dataclass(frozen=True, slots=True)
class ChainReport:
    """How far the chain holds: events read, the last hash, and the first sequence where it breaks, if it does."""

    events: int
    last_hash: str
    broken_at: int | None = None


def record(session: Session, act: str, by: int | None, subject: Subject, /, **facts: Any) -> None:
    """Add one event to the open transaction: who did what to whom, with the facts of the change."""
    record_each(session, act, by, [(subject, facts)])


def record_each(session: Session, act: str, by: int | None, done: Iterable[tuple[Subject, Facts]], /) -> None:
    """Add an event for every subject an act was done to, in their order; the chain is locked once."""
    record_all(session, act, ((by, subject, facts) for subject, facts in done))


def record_all(session: Session, act: str, done: Iterable[tuple[int | None, Subject, Facts]], /) -> None:
    """The same for what several people did, whose changes are stored in one transaction."""
    session.flush()
    hold(CHAIN_LOCK)
    last, previous = next(iter(ask(_LAST)), (0, FIRST))
    add_rows(session, EVENTS, WRITTEN, _chained(act, done, last + 1, previous))


def _chained(
    act: str, done: Iterable[tuple[int | None, Subject, Facts]], first: int, previous: str
) -> Iterator[tuple[Any, ...]]:
    """The rows of events that follow one another, each with the hash of the one before.

    What is hashed is written here as `_hash` writes it, the parts that events share once.
    """
    at = now()
    instant, done_as = text_of(_instant(at)), text_of(act)
    place, (district, township, unit, there) = EVERYWHERE, _shared(EVERYWHERE)
    for sequence, (by, (kind, key, name, where), facts) in enumerate(done, first):
        if where is not place:
            place, (district, township, unit, there) = where, _shared(where)
        label, told = name[:120], facts if isinstance(facts, str) else canonical(facts)
        said = (
            f"[{sequence},{instant},{_or_null(by)},{done_as},{text_of(kind)},{_or_null(key)},{text_of(label)},{there},"
            f'{text_of(told)},"{previous}"]'
        )
        digest = sha256(said.encode()).hexdigest()
        yield sequence, at, by, act, kind, key, label, district, township, unit, told, previous, digest
        previous = digest


def _shared(place: Place) -> tuple[int | None, int | None, int | None, str]:
    """The keys of a place as a row holds them, and the three as JSON writes them."""
    keys = place.district, place.township, place.unit
    return *keys, ",".join(map(_or_null, keys))


def _or_null(key: int | None) -> str:
    return "null" if key is None else str(key)


def alike(*names: str, **same: Any) -> Callable[..., Told]:
    """What writes the facts of many events as `canonical` does, from their values in the order of `names`, which is
    that of the alphabet; `same` are facts that all of them share."""
    if list(names) != sorted({*names} - {*same}):
        raise ValueError(names)
    value, blank = lru_cache(maxsize=2**14, typed=True)(_FACTS), "\0"  # which JSON never writes as it is
    parts = (f"{text_of(name)}:{_FACTS(same[name]) if name in same else blank}" for name in sorted({*names, *same}))
    text = "{" + ",".join(parts).replace("%", "%%").replace(blank, "%s") + "}"
    return lambda *values: Told(text % tuple(map(value, values)))


def canonical(facts: Mapping[str, Any]) -> str:
    """Facts as one text: sorted keys, no spaces, Chinese as it is."""
    return _FACTS(facts)


def hash_of(event: AuditEvent) -> str:
    """The SHA-256 of everything an event says and of the hash before it."""
    return _hash(tuple(getattr(event, name) for name in HASHED))


def _hash(said: tuple[Any, ...]) -> str:
    """The digest of what an event says, in the order of `HASHED`, written as one JSON list without spaces."""
    sequence, at, *others = said
    return sha256(_LIST([sequence, _instant(at), *others]).encode()).hexdigest()


def verify_chain(checkpoint: tuple[int, str] | None = None) -> ChainReport:
    """Read the whole trail and say where it breaks; a checkpoint kept elsewhere also finds a tail that was cut off."""
    previous, count = FIRST, 0
    kept = checkpoint is None
    for event in _events():
        count += 1
        if event.sequence != count or event.previous_hash != previous or event.hash != hash_of(event):
            return ChainReport(count, previous, broken_at=event.sequence)
        previous = event.hash
        kept = kept or (event.sequence, event.hash) == checkpoint
    return ChainReport(count, previous, broken_at=None if kept else count + 1)


def _events() -> Iterator[AuditEvent]:
    """Every event in the order of sequence, read in steps so that no cursor stays open where reading ends early."""
    found = select(AuditEvent).order_by(AuditEvent.sequence).limit(STEP)
    events = db.session.scalars(found).all()
    while events:
        yield from events
        last = events[-1].sequence
        db.session.expunge_all()
        events = db.session.scalars(found.where(AuditEvent.sequence > last)).all()
