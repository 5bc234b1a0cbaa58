"""What the charts of a division are drawn from: answers of queries on the one ladder of levels of its schemes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from starrating.charts.distribution import LevelLine, UnitTotal
from starrating.charts.levels import StarCounts
from starrating.charts.movement import Moves
from starrating.charts.tile_map import DistrictShare
from starrating.domain.access import Place
from starrating.domain.proportion import least_totals
from starrating.domain.scheme import Scheme
from starrating.queries import dashboards as question
from starrating.queries.boundaries import Supplied
from starrating.queries.standing import schemes_standing
from starrating.services.years.scheme_texts import read_kept

Rung = tuple[int, str]
"""A level on the ladder: its stars and its name."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a dashboard is about: a division, one year, one kind of unit or ('') both."""

    division_id: int
    name: str
    level: str
    place: Place
    year: int
    kind: str

    @property
    def below(self) -> str:
        """The divisions that the counts are by."""
        return "district" if self.level == "municipality" else "township"


@dataclass(frozen=True, slots=True)
class Boundaries:
    """What the office has supplied of boundaries, and the codes in it of the city's districts."""

    supplied: Supplied
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the charts and counts of a subject show."""

    subject: Subject
    schemes: tuple[tuple[str, Scheme], ...]
    ladder: tuple[Rung, ...]
    stars: tuple[StarCounts, ...]
    keys: dict[str, int]
    moves: tuple[Moves, ...]
    totals: tuple[question.TotalRow, ...]
    shares: tuple[DistrictShare, ...]
    tallies: tuple[question.Tally, ...]
    """All counts by division: of a city those of every year."""
    boundaries: Boundaries | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the levels, lowest first."""
        return tuple(name for _, name in self.ladder)


def figures_of(subject: Subject) -> Figures:
    """Ask everything once; three statements."""
    held, year, kind = (subject.place,), subject.year, subject.kind
    city = subject.below == "district"
    counted = question.tallies(held, None if city else year, kind, subject.below)
    own = [row for row in counted if row.year == year]
    texts = schemes_standing(held, year, kind)
    schemes = tuple(dict.fromkeys((of, text) for (_, of), text in texts.items()))
    read = tuple((of, read_kept(text).scheme) for of, text in schemes)
    rows, moves = question.stars_of(own), question.movement_of(own)
    ladder = _ladder((scheme for _, scheme in read), rows)
    return Figures(
        subject,
        read,
        ladder,
        _star_counts(ladder, rows, moves),
        {row.division: row.division_id for row in rows},
        tuple(Moves(row.division, row.promoted, row.held, row.demoted, row.stripped, row.first) for row in moves),
        () if city else question.totals(held, year, kind),
        tuple(DistrictShare(row.district, row.part, row.whole) for row in question.shares_of(own)) if city else (),
        counted,
    )


def unit_totals(figures: Figures, kind: str) -> tuple[UnitTotal, ...]:
    """The totals of the units of a kind with the places of their levels in that kind's scheme."""
    scheme = dict(figures.schemes).get(kind)
    levels = {level.code: place for place, level in enumerate(scheme.levels)} if scheme else {}
    return tuple(UnitTotal(Fraction(row.total), levels.get(row.level)) for row in figures.totals if row.kind == kind)


def lines_of(figures: Figures, kind: str) -> tuple[LevelLine, ...]:
    """The least totals of a kind's levels; a pool of its own brings its own where all units lie in it."""
    scheme = dict(figures.schemes).get(kind)
    pools = {row.pool for row in figures.totals if row.kind == kind and row.pool}
    return tuple(LevelLine(*line) for line in least_totals(scheme, pools)) if scheme else ()


def _ladder(schemes: Iterable[Scheme], rows: Iterable[question.StarRow]) -> tuple[Rung, ...]:
    """The levels of all schemes, and any that a rating has besides, lowest first."""
    rungs: dict[Rung, None] = {}
    for scheme in schemes:
        rungs.update(((level.stars, level.name), None) for level in scheme.levels)
    rungs.update(((row.stars or 0, row.level_name), None) for row in rows if row.level)
    return tuple(sorted(rungs, key=lambda rung: rung[0]))


def _star_counts(
    ladder: tuple[Rung, ...], rows: Sequence[question.StarRow], moves: Sequence[question.MoveRow]
) -> tuple[StarCounts, ...]:
    moved = {row.division_id: row for row in moves}
    compared = any(row.promoted + row.held + row.demoted + row.stripped for row in moves)
    found: dict[int, tuple[str, list[int], int]] = {}
    for row in rows:
        name, counts, unrated = found.get(row.division_id, (row.division, [0] * len(ladder), 0))
        if row.level:
            counts[ladder.index((row.stars or 0, row.level_name))] += row.units
        else:
            unrated += row.units
        found[row.division_id] = (name, counts, unrated)
    return tuple(
        StarCounts(
            name,
            tuple(counts),
            unrated,
            moved[key].promoted if compared else None,
            moved[key].demoted + moved[key].stripped if compared else None,
        )
        for key, (name, counts, unrated) in found.items()
    )
