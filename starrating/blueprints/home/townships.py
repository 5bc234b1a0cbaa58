"""What an officer of a township sees first: its units with their stars and what is still to enter of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from starrating.blueprints.dashboards.figures import Rung
from starrating.blueprints.rating.seen import LevelShown, levels_of
from starrating.charts.levels import StarCounts
from starrating.domain.access import Place
from starrating.domain.windows import Calendar, Stage
from starrating.queries.cycles import CycleRow
from starrating.queries.divisions import DivisionRow, division
from starrating.queries.ratings import RatingRow, all_ratings, standing_ids
from starrating.queries.scores import SheetUnit, filled_by_unit, units_of
from starrating.queries.standing import schemes_standing, years_standing
from starrating.services.clock import now
from starrating.services.scoring.tasks import Work
from starrating.services.years.scheme_texts import read_kept

MOST = 200
"""How many units are listed; no township of a city has more."""
KINDS = ("village", "community")


@dataclass(frozen=True, slots=True)
class TownUnit:
    """A unit of the township: its star of the last year that stands, and how much of this year's is entered."""

    unit: SheetUnit
    star: RatingRow | None
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Township:
    """A township with its units and the counts of its stars."""

    here: DivisionRow
    units: tuple[TownUnit, ...]
    year: int
    """The last year that stands, 0 before the first."""
    levels: Mapping[str, Mapping[str, LevelShown]]
    """Kind → code → level of that year, the highest first."""
    ladder: tuple[Rung, ...]
    total: StarCounts | None
    open: bool
    """True while its own indicators are entered."""


def township_of(key: int, row: CycleRow, calendar: Calendar, work: Work) -> Township | None:
    """The township of an officer; six statements."""
    here = division(key)
    if here is None:
        return None
    place = Place(row.municipality_id, row.district_id, key)
    years = years_standing([row.place])
    ids = standing_ids(years[0]) if years else ()
    stars = {one.unit_id: one for one in all_ratings(ids, [Place(township=key)])} if ids else {}
    headers: dict[str, list[str]] = {}
    for task in work.tasks:
        headers.setdefault(task.kind, []).extend(column.header for column in task.columns)
    done = filled_by_unit(row, key, [one for own in headers.values() for one in own])
    units = tuple(
        TownUnit(one, stars.get(one.id), done.get(one.id, 0), len(headers.get(one.kind, ())))
        for one in units_of(row, township_id=key)[:MOST]
    )
    kept = schemes_standing([row.place], years[0]) if years else {}
    schemes = {kind: read_kept(text).scheme for (_, kind), text in kept.items()}
    ladder = tuple(sorted({(level.stars, level.name) for one in schemes.values() for level in one.levels}))
    return Township(
        here, units, years[0] if years else 0, {kind: levels_of(one) for kind, one in schemes.items()}, ladder,
        _counts(here.name, ladder, stars), calendar.is_open_somewhere(Stage.SCORING, place, now()),
    )  # fmt: skip


def _counts(name: str, ladder: tuple[Rung, ...], stars: dict[int, RatingRow]) -> StarCounts | None:
    if not stars:
        return None
    given = Counter((one.stars or 0, one.level_name) for one in stars.values() if one.level)
    moved = Counter(one.movement for one in stars.values())
    compared = any(moved[one] for one in ("up", "held", "down", "stripped"))
    return StarCounts(
        name,
        tuple(given[rung] for rung in ladder),
        sum(not one.level for one in stars.values()),
        moved["up"] if compared else None,
        moved["down"] + moved["stripped"] if compared else None,
    )
