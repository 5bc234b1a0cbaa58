"""What a yearbook counts: the units of published lists by place, level and movement; all else is said of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from starrating.queries.public_lists import PublicList, PublicUnit

KINDS = ("village", "community")
MOVES = ("up", "held", "lowest", "down", "stripped", "first", "")
"""How a unit moved, in the order in which tables have it; the last for those that are not rated."""
UP, HELD, LOWEST, DOWN, STRIPPED, FIRST, UNRATED = range(len(MOVES))
Rung = tuple[int, str]
"""A level on the ladder: its stars and its name."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A place with how many of its units have each level, lowest first, and moved so, in the order of `MOVES`.

    `above` is the district of a township, empty for all others.
    """

    code: str
    name: str
    above: str
    levels: tuple[int, ...]
    moves: tuple[int, ...]

    @property
    def rated(self) -> int:
        """Units with a level."""
        return sum(self.levels)

    @property
    def unrated(self) -> int:
        """Units without one."""
        return self.moves[UNRATED]

    @property
    def units(self) -> int:
        """All of them."""
        return sum(self.moves)

    @property
    def fell(self) -> int:
        """Those that lost a star or all."""
        return self.moves[DOWN] + self.moves[STRIPPED]

    @property
    def moved(self) -> int:
        """Those that rose or fell."""
        return self.moves[UP] + self.fell

    @property
    def compared(self) -> bool:
        """True where any unit has a star before to be compared with."""
        return self.rated > self.moves[FIRST]

    def share(self, level: int) -> Fraction | None:
        """The share of a level among the rated; None of nothing."""
        return Fraction(self.levels[level], self.rated) if self.rated else None


@dataclass(frozen=True, slots=True)
class Counts:
    """The units of one kind, or ('') of both: the whole, its districts, its townships, each counted from the units."""

    kind: str
    whole: Tally
    districts: tuple[Tally, ...]
    townships: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The lists of a year of one place, with the ladder of all their levels, the lowest first."""

    place: str
    city: bool
    year: int
    lists: tuple[PublicList, ...]
    ladder: tuple[Rung, ...]
    counts: tuple[Counts, ...]
    """Both kinds together, then each kind that there is."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the levels, lowest first."""
        return tuple(name for _, name in self.ladder)

    @property
    def both(self) -> Counts:
        """Villages and communities together."""
        return self.counts[0]

    @property
    def kinds(self) -> tuple[Counts, ...]:
        """Each kind by itself, villages first."""
        return self.counts[1:]

    @property
    def units(self) -> tuple[PublicUnit, ...]:
        """Every unit of every list."""
        return units_of(self.lists)


def facts_of(place: str, city: bool, year: int, lists: Sequence[PublicList]) -> Facts:
    """Count the lists of a year."""
    ladder = ladder_of(lists)
    found = []
    for kind in ("", *(kind for kind in KINDS if any(one.kind == kind for one in lists))):
        own = units_of(one for one in lists if kind in ("", one.kind))
        found.append(Counts(
            kind, next(iter(tallies(own, ladder, lambda _: ("", place, "")))),
            tallies(own, ladder, lambda unit: (unit.district_code, unit.district, "")),
            tallies(own, ladder, lambda unit: (unit.township_code, unit.township, unit.district)),
        ))  # fmt: skip
    return Facts(place, city, year, tuple(lists), ladder, tuple(found))


def tallies(
    units: Iterable[PublicUnit], ladder: Sequence[Rung], place: Callable[[PublicUnit], tuple[str, str, str]]
) -> tuple[Tally, ...]:
    """The units by place, in the order of codes; `place` says a unit's code, name and what lies above."""
    at = {name: index for index, (_, name) in enumerate(ladder)}
    found: dict[tuple[str, str, str], tuple[list[int], list[int]]] = {}
    for unit in units:
        levels, moves = found.setdefault(place(unit), ([0] * len(ladder), [0] * len(MOVES)))
        if unit.level:
            levels[at[unit.level]] += 1
        moves[MOVES.index(unit.movement if unit.level else "")] += 1
    return tuple(Tally(*key, tuple(levels), tuple(moves)) for key, (levels, moves) in sorted(found.items()))


def units_of(lists: Iterable[PublicList]) -> tuple[PublicUnit, ...]:
    """Every unit of the lists."""
    return tuple(unit for one in lists for unit in one.units)


def ladder_of(lists: Iterable[PublicList]) -> tuple[Rung, ...]:
    """The levels of all schemes, lowest first; two schemes that give one name other stars share the lower rung."""
    stars: dict[str, int] = {}
    for one in lists:
        for name, count in zip(one.levels, one.stars, strict=True):
            stars[name] = min(count, stars.get(name, count))
    return tuple(sorted((count, name) for name, count in stars.items()))
