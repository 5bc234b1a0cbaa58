"""Reading determinations and ratings: the runs of a cycle, lists that are filtered and paged, one unit's years."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from starrating.domain.access import Place
from starrating.domain.workflow import CycleState
from starrating.extensions import db
from starrating.models.accounts import Account
from starrating.models.cycles import Cycle
from starrating.models.divisions import Division, Unit
from starrating.models.ratings import Determination, Rating
from starrating.queries.cycles import STANDING
from starrating.queries.pages import SIZE, Page, offset_of
from starrating.queries.places import units_within


@dataclass(frozen=True, slots=True)
class DeterminationRow:
    """One run over a cycle's units of a kind: a trial, or the one that was confirmed."""

    id: int
    cycle_id: int
    kind: str
    round: int
    state: str
    scheme_digest: str
    input_digest: str
    engine_version: str
    determined_by: int
    determiner: str
    determined_at: datetime
    confirmed_by: int | None
    confirmer: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """What one unit was given; `level` and `previous` are codes, blank for none, `change` the steps between them."""

    id: int
    determination_id: int
    unit_id: int
    code: str
    name: str
    kind: str
    township_id: int
    township: str
    district_id: int
    district: str
    status: str
    total: str
    rank: int | None
    pool: str
    level: str
    level_name: str
    stars: int | None
    previous: str
    change: int | None
    movement: str
    reasons: tuple[str, ...]
    consequences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearOfUnit:
    """A unit's star of one year."""

    year: int
    rating: RatingRow


@dataclass(frozen=True, slots=True)
class RatingFilter:
    """What a list of ratings is narrowed to; an empty part narrows nothing."""

    words: str = ""
    township_id: int | None = None
    level: str = ""
    movement: str = ""
    district_id: int | None = None


SORTS = ("rank", "code", "township")


def determination(determination_id: int) -> DeterminationRow | None:
    """One determination."""
    row = db.session.execute(_runs().where(Determination.id == determination_id)).one_or_none()
    return DeterminationRow(*row) if row else None


def current_round(cycle_id: int) -> int:
    """The round that the next confirmation belongs to: one more than the confirmed ones."""
    return db.session.scalar(_current_round(cycle_id)) or 1


def _current_round(cycle_id: int) -> Select[int]:
    """The question for it."""
    return select(func.coalesce(func.max(Determination.round), 0) + 1).where(
        Determination.cycle_id == cycle_id, Determination.state == "confirmed"
    )


def latest_trials(cycle_id: int) -> tuple[DeterminationRow, ...]:
    """The last trial of each kind in the round that is open, villages first."""
    last = (
        select(func.max(Determination.id))
        .where(
            Determination.cycle_id == cycle_id,
            Determination.state == "trial",
            Determination.round == _current_round(cycle_id).scalar_subquery(),
        )
        .group_by(Determination.kind)
    )
    return _found(_runs().where(Determination.id.in_(last)))


def standing(cycle_id: int) -> tuple[DeterminationRow, ...]:
    """The confirmed determinations that stand in a cycle, villages first."""
    return _found(_runs().where(Determination.id.in_(_standing_ids(Cycle.id == cycle_id))))


def standing_ids(year: int, kind: str = "") -> tuple[int, ...]:
    """The keys of the determinations that stand in a year, of one kind or of both, over all districts."""
    of = (Determination.kind == kind,) if kind else ()
    return tuple(db.session.scalars(_standing_ids(Cycle.year == year, *of).order_by("id")))


def standing_years() -> tuple[int, ...]:
    """The years of which a determination stands anywhere, the newest first."""
    found = select(Cycle.year).where(Cycle.state.in_(STANDING)).distinct().order_by(Cycle.year.desc())
    return tuple(db.session.scalars(found))


def trial_counts(cycle_id: int) -> int:
    """How many times a trial of the round that is open was run."""
    found = select(func.count(func.distinct(Determination.determined_at))).where(
        Determination.cycle_id == cycle_id, Determination.round == current_round(cycle_id)
    )
    return db.session.scalar(found) or 0


def ratings(
    determinations: Sequence[int], places: Iterable[Place], narrowed: RatingFilter, page: int = 1, sort: str = "rank"
) -> Page[RatingRow]:
    """A page of the ratings within the places that the filter leaves."""
    wanted = [Rating.determination_id.in_(determinations), units_within(places), *_conditions(narrowed)]
    counted = select(func.count()).select_from(Rating).join(Unit, Unit.id == Rating.unit_id).where(*wanted)
    total = db.session.scalar(counted) or 0
    number = min(max(page, 1), max(1, -(-total // SIZE)))
    rows = db.session.execute(_columns().where(*wanted).order_by(*_order(sort)).limit(SIZE).offset(offset_of(number)))
    return Page(tuple(map(_made, rows)), number, total)


def all_ratings(
    determinations: Sequence[int], places: Iterable[Place], narrowed: RatingFilter | None = None, sort: str = "rank"
) -> tuple[RatingRow, ...]:
    """All ratings within the places that the filter leaves: for files and published lists."""
    wanted = [Rating.determination_id.in_(determinations), units_within(places),
              *_conditions(narrowed or RatingFilter())]  # fmt: skip
    return tuple(map(_made, db.session.execute(_columns().where(*wanted).order_by(*_order(sort)))))


def counts(determinations: Sequence[int], places: Iterable[Place]) -> tuple[dict[str, int], dict[str, int]]:
    """Level → units (blank: not rated), and movement → units, within the places."""
    rows = db.session.execute(
        select(Rating.level, Rating.movement, func.count())
        .join(Unit, Unit.id == Rating.unit_id)
        .where(Rating.determination_id.in_(determinations), units_within(places))
        .group_by(Rating.level, Rating.movement)
    )
    levels: dict[str, int] = {}
    moved: dict[str, int] = {}
    for level, movement, count in rows:
        levels[level] = levels.get(level, 0) + int(count)
        moved[movement] = moved.get(movement, 0) + int(count)
    return levels, moved


def rating_of(determination_id: int, unit_id: int) -> RatingRow | None:
    """What a unit was given by a determination."""
    row = db.session.execute(
        _columns().where(Rating.determination_id == determination_id, Rating.unit_id == unit_id)
    ).one_or_none()
    return _made(row) if row else None


def years_of(unit_id: int, seen: tuple[CycleState, ...] = STANDING) -> tuple[YearOfUnit, ...]:
    """A unit's ratings that stand, the first year first; `seen` are the states of cycles the reader may see."""
    ids = _standing_ids(Cycle.state.in_(seen))
    wanted = _columns().add_columns(Cycle.year).join(Determination, Determination.id == Rating.determination_id)
    rows = db.session.execute(
        wanted.join(Cycle, Cycle.id == Determination.cycle_id)
        .where(Rating.unit_id == unit_id, Rating.determination_id.in_(ids))
        .order_by(Cycle.year)
    )
    return tuple(YearOfUnit(row[-1], _made(row[:-1])) for row in rows)


def townships_of(district_id: int, places: Iterable[Place]) -> tuple[tuple[int, str], ...]:
    """The townships of a district that hold a unit within the places, in the order of codes."""
    held = select(Unit.township_id).where(Unit.district_id == district_id, units_within(places))
    rows = db.session.execute(select(Division.id, Division.name).where(Division.id.in_(held)).order_by(Division.code))
    return tuple((row[0], row[1]) for row in rows)


def _standing_ids(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(func.max(Determination.id).label("id"))
        .join(Cycle, Cycle.id == Determination.cycle_id)
        .where(Determination.state == "confirmed", Cycle.state.in_(STANDING), *conditions)
        .group_by(Determination.cycle_id, Determination.kind)
    )


def _runs() -> Any:
    determiner, confirmer = aliased(Account), aliased(Account)
    return (
        select(
            Determination.id, Determination.cycle_id, Determination.kind, Determination.round, Determination.state,
            Determination.scheme_digest, Determination.input_digest, Determination.engine_version,
            Determination.determined_by, determiner.display_name, Determination.determined_at,
            Determination.confirmed_by, func.coalesce(confirmer.display_name, ""), Determination.confirmed_at,
        )
        .join(determiner, determiner.id == Determination.determined_by)
        .outerjoin(confirmer, confirmer.id == Determination.confirmed_by)
    )  # fmt: skip


def _found(wanted: Any) -> tuple[DeterminationRow, ...]:
    rows = db.session.execute(wanted.order_by(Determination.kind.desc(), Determination.id))
    return tuple(DeterminationRow(*row) for row in rows)


def _columns() -> Any:
    township, district = aliased(Division), aliased(Division)
    return (
        select(
            Rating.id, Rating.determination_id, Unit.id, Unit.code, Unit.name, Unit.kind, Unit.township_id,
            township.name, Unit.district_id, district.name, Rating.status, Rating.total, Rating.rank, Rating.pool,
            Rating.level, Rating.level_name, Rating.stars, Rating.previous, Rating.change, Rating.movement,
            Rating.reasons, Rating.consequences,
        )
        .join(Unit, Unit.id == Rating.unit_id)
        .join(township, township.id == Unit.township_id)
        .join(district, district.id == Unit.district_id)
    )  # fmt: skip


def _made(row: Any) -> RatingRow:
    values = list(row)
    values[-2:] = [tuple(json.loads(text)) for text in values[-2:]]
    return RatingRow(*values)


def _conditions(narrowed: RatingFilter) -> list[Any]:
    found: list[Any] = []
    if narrowed.words:
        found.append(
            or_(
                Unit.name.contains(narrowed.words, autoescape=True),
                Unit.code.startswith(narrowed.words, autoescape=True),
            )
        )
    if narrowed.district_id is not None:
        found.append(Unit.district_id == narrowed.district_id)
    if narrowed.township_id is not None:
        found.append(Unit.township_id == narrowed.township_id)
    if narrowed.level:
        found.append(Rating.level == ("" if narrowed.level == "void" else narrowed.level))
    if narrowed.movement:
        found.append(Rating.movement == narrowed.movement)
    return found


def _order(sort: str) -> list[Any]:
    match sort:
        case "code":
            return [Unit.code, Rating.id]
        case "township":
            return [Unit.township_id, Rating.rank.is_(None), Rating.rank, Unit.code, Rating.id]
    return [Unit.district_id, case((Rating.rank.is_(None), 1), else_=0), Rating.rank, Unit.code, Rating.id]
