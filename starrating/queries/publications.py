"""Reading notices and published lists: what stands, what it says; the public reads only the texts that were stored.

A stored text never changes, so what was read of it is kept by its digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.workflow import CycleState
from starrating.extensions import db
from starrating.models.cycles import Cycle, CycleScheme
from starrating.models.divisions import Division, Unit
from starrating.models.publications import Notice, Publication
from starrating.models.ratings import Determination, Rating
from starrating.queries.public_lists import PublicList, read_list

KEPT = 512
"""How many lists are kept read: five years of a city's sixteen districts, both kinds, and more."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The determination of a kind that stands for a cycle."""

    determination_id: int
    kind: str
    district_code: str
    input_digest: str
    engine_version: str


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit's result as a list shows it; `level` is empty for a unit that was not rated."""

    code: str
    name: str
    township_code: str
    township: str
    level: str
    previous: str
    change: int | None
    movement: str
    total: str
    rank: int | None
    pool: str
    reasons: str
    unit_id: int


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice of the determination that stands."""

    id: int
    kind: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class PublicationHead:
    """A published list without its text; of several editions the latest."""

    id: int
    year: int
    kind: str
    district_code: str
    district: str
    edition: int
    digest: str
    previous_digest: str
    published_at: datetime
    public_key: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class NoticeHead:
    """A notice without its text."""

    id: int
    cycle_id: int
    year: int
    kind: str
    district_code: str
    district: str
    opens_on: date
    closes_on: date
    open: bool
    contact: str = ""


def confirmed_of(cycle_id: int) -> dict[str, Confirmed]:
    """Kind → the determination that stands: of those confirmed the one of the latest round, villages first."""
    rows = db.session.execute(
        select(Determination.id, Determination.kind, Division.code, Determination.input_digest,
               Determination.engine_version)
        .join(Cycle, Cycle.id == Determination.cycle_id)
        .join(Division, Division.id == Cycle.district_id)
        .where(Determination.cycle_id == cycle_id, Determination.state == "confirmed")
        .order_by(Determination.kind.desc(), Determination.round)
    )  # fmt: skip
    return {row[1]: Confirmed(*row) for row in rows}


def listed_units(determination_id: int) -> tuple[ListedUnit, ...]:
    """The results of a determination in the order of codes."""
    rows = db.session.execute(
        select(Unit.code, Unit.name, Division.code, Division.name, Rating.level, Rating.previous, Rating.change,
               Rating.movement, Rating.total, Rating.rank, Rating.pool, Rating.reasons, Unit.id)
        .join(Unit, Unit.id == Rating.unit_id)
        .join(Division, Division.id == Unit.township_id)
        .where(Rating.determination_id == determination_id)
        .order_by(Unit.code, Unit.id)
    )  # fmt: skip
    return tuple(ListedUnit(*tuple(row)) for row in rows)


def notices_of(cycle_id: int) -> dict[str, NoticeRow]:
    """Kind → the notice of the determination that stands, or of the one that was published first."""
    standing = [one.determination_id for one in confirmed_of(cycle_id).values()]
    rows = db.session.execute(
        select(Notice.id, Determination.kind, Notice.opens_on, Notice.closes_on)
        .join(Determination, Determination.id == Notice.determination_id)
        .where(Determination.cycle_id == cycle_id, or_(Determination.id.in_(standing), _was_published()))
        .order_by(Notice.id)
    )
    return {row[1]: NoticeRow(*row) for row in rows}


def last_digest(district_id: int, kind: str) -> str:
    """The digest of the list of a district and kind that was published last, empty before the first."""
    found = db.session.scalar(
        select(Publication.digest)
        .join(Cycle, Cycle.id == Publication.cycle_id)
        .where(Cycle.district_id == district_id, Publication.kind == kind)
        .order_by(Publication.id.desc())
        .limit(1)
    )
    return found or ""


def standing_publications(cycle_id: int) -> tuple[PublicationHead, ...]:
    """The lists of a cycle that stand, villages first."""
    return _heads(_publications().where(Publication.cycle_id == cycle_id))


def publications_of_year(*years: int) -> tuple[PublicationHead, ...]:
    """The lists of a year, or of several, that stand, by district, villages first."""
    return _heads(_publications().where(Cycle.year.in_(years)))


def publication_of(year: int, district_code: str, kind: str, edition: int | None = None) -> PublicationHead | None:
    """The list of a district, year and kind that stands, or one edition of it."""
    wanted = _publications() if edition is None else _editions().where(Publication.edition == edition)
    found = _heads(wanted.where(Cycle.year == year, Division.code == district_code, Publication.kind == kind))
    return found[0] if found else None


def published_years() -> tuple[tuple[int, int, datetime], ...]:
    """Each year with published lists: the year, how many districts, when the last was published; newest first."""
    rows = db.session.execute(
        select(Cycle.year, func.count(Cycle.district_id.distinct()), func.max(Publication.published_at))
        .join(Cycle, Cycle.id == Publication.cycle_id)
        .group_by(Cycle.year)
        .order_by(Cycle.year.desc())
    )
    return tuple((row[0], int(row[1]), row[2]) for row in rows)


def scheme_titles() -> tuple[str, ...]:
    """The titles of the schemes by which public lists were rated."""
    shown = Cycle.state.in_([CycleState.NOTICE, CycleState.PUBLISHED])
    rows = db.session.scalars(
        select(CycleScheme.title)
        .join(Cycle, Cycle.id == CycleScheme.cycle_id)
        .where(shown)
        .distinct()
        .order_by(CycleScheme.title)
    )
    return tuple(rows)


def publication_text(publication_id: int) -> str | None:
    """The text of a list, to the byte as it was published."""
    return db.session.scalar(select(Publication.text).where(Publication.id == publication_id))


def lists(heads: Iterable[PublicationHead]) -> tuple[PublicList, ...]:
    """The lists themselves; texts that were not read yet come in one statement."""
    wanted = tuple(heads)
    missing = [head.id for head in wanted if head.digest not in _READ]
    if missing:
        rows = db.session.execute(
            select(Publication.digest, Publication.text).where(Publication.id.in_(missing)).order_by(Publication.id)
        )
        for digest, text in rows:
            _READ[digest] = read_list(text)
    found = tuple(_READ[head.digest] for head in wanted)
    while len(_READ) > KEPT:
        _READ.pop(next(iter(_READ)), None)
    return found


_READ: dict[str, PublicList] = {}


def notices() -> tuple[NoticeHead, ...]:
    """The notices that are open or were followed by a publication, the newest first."""
    return _notice_heads(_notices())


def last_contact(district_id: int) -> str:
    """Where to object by the last notice of a district, to begin the next one with."""
    found = (
        select(Notice.contact)
        .join(Determination, Determination.id == Notice.determination_id)
        .join(Cycle, Cycle.id == Determination.cycle_id)
        .where(Cycle.district_id == district_id)
        .order_by(Notice.id.desc())
    )
    return db.session.scalar(found.limit(1)) or ""


def notice(notice_id: int) -> tuple[NoticeHead, PublicList, str] | None:
    """A notice that the public may see: its head, its list and the digest of its text."""
    heads = _notice_heads(_notices().where(Notice.id == notice_id))
    text = db.session.scalar(select(Notice.text).where(Notice.id == notice_id)) if heads else None
    if text is None:
        return None
    return heads[0], _kept_list(text), sha256(text.encode()).hexdigest()


@lru_cache(maxsize=64)
def _kept_list(text: str) -> PublicList:
    return read_list(text)


def _publications() -> Any:
    later = aliased(Publication)
    latest = (
        select(func.max(later.edition))
        .where(later.cycle_id == Publication.cycle_id, later.kind == Publication.kind)
        .scalar_subquery()
    )
    return _editions().where(Publication.edition == latest)


def _editions() -> Any:
    return (
        select(Publication.id, Cycle.year, Publication.kind, Division.code, Division.name, Publication.edition,
               Publication.digest, Publication.previous_digest, Publication.published_at, Publication.public_key,
               Publication.signature)
        .join(Cycle, Cycle.id == Publication.cycle_id)
        .join(Division, Division.id == Cycle.district_id)
        .order_by(Division.code, Publication.kind.desc())
    )  # fmt: skip


def _heads(wanted: Any) -> tuple[PublicationHead, ...]:
    return tuple(PublicationHead(*row) for row in db.session.execute(wanted))


def _notices() -> Any:
    """Notices of determinations that stand, in cycles that are shown or published: one taken back is not shown."""
    later = aliased(Determination)
    latest = (
        select(func.max(later.round))
        .where(later.cycle_id == Determination.cycle_id, later.kind == Determination.kind, later.state == "confirmed")
        .scalar_subquery()
    )
    return (
        select(Notice.id, Cycle.id, Cycle.year, Determination.kind, Division.code, Division.name, Notice.opens_on,
               Notice.closes_on, Cycle.state == CycleState.NOTICE, Notice.contact)
        .join(Determination, Determination.id == Notice.determination_id)
        .join(Cycle, Cycle.id == Determination.cycle_id)
        .join(Division, Division.id == Cycle.district_id)
        .where(or_(Determination.round == latest, _was_published()))
        .where(Cycle.state.in_([CycleState.NOTICE, CycleState.PUBLISHED]))
        .order_by(Cycle.year.desc(), Division.code, Determination.kind.desc())
    )  # fmt: skip


def _was_published() -> ColumnElement[bool]:
    """True of a notice that a list followed: a later decision on that list takes nothing of it back."""
    return Notice.id.in_(select(Publication.notice_id).where(Publication.notice_id.is_not(None)))


def _notice_heads(wanted: Any) -> tuple[NoticeHead, ...]:
    return tuple(NoticeHead(*row) for row in db.session.execute(wanted))
