"""What a person's page says of the years in post: the stars of the units then, and what followed for this person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from starrating.blueprints.consequences.lines import Line, Schemes, items, line, office_on
from starrating.blueprints.rating.seen import LevelShown, levels_of
from starrating.domain.access import Act, Place, may
from starrating.domain.movement import streak_of_one
from starrating.domain.posts import Post as HeldPost
from starrating.domain.posts import dual_roles, unbroken_since
from starrating.queries.consequences import HolderRow, units_of
from starrating.queries.decisions import restated_under
from starrating.queries.identities import Identity
from starrating.queries.people import PostRow, posts_in
from starrating.queries.people_years import UnitYear, scheme_texts, years_of_units
from starrating.services.years.scheme_texts import read_kept

MOST_YEARS = 3
"""Years whose consequences the page shows; each asks the database once more what was decided since."""


@dataclass(frozen=True, slots=True)
class YearInPost:
    """A year at whose end a post was held: the star of the unit, and whether the person held both posts."""

    year: int
    star: LevelShown | None
    level_name: str
    total: str
    rank: int | None
    dual: bool


@dataclass(frozen=True, slots=True)
class Run:
    """The years in a row, up to the last one led, at that year's level or higher (at the lowest: at it): the person's
    own and the unit's."""

    year: int
    level: str
    exact: bool
    own: int
    whole: int


@dataclass(frozen=True, slots=True)
class Career:
    """A person's posts with their years, and what followed from the results for this person."""

    years: dict[int, list[YearInPost]]
    """Post → its years, the newest first."""
    runs: dict[int, Run]
    """Post → the run up to its last year; none where that year was not rated."""
    follows: list[tuple[int, Line]]


def career_of(person_id: int, posts: Sequence[PostRow], who: Identity) -> Career:
    """The years of the posts, which lie within the places of whoever asks."""
    unit_ids = {row.unit_id for row in posts}
    found = years_of_units(unit_ids)
    texts = scheme_texts({(one.codes.cycle_id, one.codes.kind) for one in found})
    schemes: Schemes = {key: read_kept(text).scheme for key, text in texts.items()}
    everybody = posts_in(unit_ids)
    years = {row.id: [_year(one, row, schemes, everybody) for one in found if _led(row, one)] for row in posts}
    runs = {row.id: run for row in posts if (run := _run(row, posts, found, schemes))}
    seen = [row.place for row in posts if may(who.grants, Act.VIEW_CONSEQUENCES, row.place)]
    return Career(years, runs, _follows(person_id, found, schemes, everybody, seen) if seen else [])


def held(row: PostRow) -> HeldPost:
    """A stored post as the rules know it."""
    return HeldPost(row.person_id, row.unit_id, row.kind, row.begins_on, row.ends_on)


def _led(row: PostRow, one: UnitYear) -> bool:
    return one.unit_id == row.unit_id and held(row).held_on(date(one.year, 12, 31))


def _year(one: UnitYear, row: PostRow, schemes: Schemes, everybody: Iterable[PostRow]) -> YearInPost:
    scheme = schemes.get((one.codes.cycle_id, one.codes.kind))
    level = levels_of(scheme).get(one.level) if scheme else None
    both = dual_roles((held(other) for other in everybody), date(one.year, 12, 31))
    dual = both.get(one.unit_id) == row.person_id
    return YearInPost(one.year, level, level.name if level else one.level_name, one.total, one.rank, dual)


def _run(row: PostRow, posts: Iterable[PostRow], found: Iterable[UnitYear], schemes: Schemes) -> Run | None:
    """The run of a post; terms of the same post that follow one another are one."""
    years = {one.year: one for one in found if one.unit_id == row.unit_id}
    last = next((one for one in years.values() if _led(row, one)), None)
    scheme = schemes.get((last.codes.cycle_id, last.codes.kind)) if last else None
    if last is None or scheme is None:
        return None
    order = {level.code: index for index, level in enumerate(scheme.levels)}
    levels = {year: order.get(one.level, -1) for year, one in years.items()}
    at = levels[last.year]
    if at < 0:
        return None
    same = [held(one) for one in posts
            if (one.unit_id, one.kind, one.person_id) == (row.unit_id, row.kind, row.person_id)]  # fmt: skip
    day = date(last.year, 12, 31)
    since = unbroken_since([one for one in same if one.begins_on <= day], day)
    own = streak_of_one(levels, scheme, last.year, since.year)
    return Run(
        last.year, scheme.levels[at].name, at in (0, len(order) - 1), own, streak_of_one(levels, scheme, last.year)
    )


def _follows(
    person_id: int, found: Sequence[UnitYear], schemes: Schemes, everybody: Sequence[PostRow], seen: list[Place]
) -> list[tuple[int, Line]]:
    """What followed for the person, the newest year first; what is about the team or the unit is not the person's."""
    rows = [HolderRow(held(row), row.name) for row in everybody]
    lines: list[tuple[int, Line]] = []
    units = units_of(seen, {one.codes.rating_id for one in found})
    for year in sorted({one.year for one in found}, reverse=True)[:MOST_YEARS]:
        office, codes = office_on(rows, date(year, 12, 31)), [one.codes for one in found if one.year == year]
        about = {one.codes.rating_id: one.unit_id for one in found if one.year == year}
        mine = [
            one for one in items(codes, schemes) if person_id in office.of(one.entry.bearer, about[one.row.rating_id])
        ]
        if not mine:
            continue
        restated = restated_under(seen, year)
        for one in mine:
            row = units.get(one.row.rating_id)
            if row is not None:
                scheme = schemes[one.row.cycle_id, one.row.kind]
                lines.append((year, line(one, row, scheme, office, restated.get(row.unit_id))))
    return lines
