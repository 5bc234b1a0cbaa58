"""Who is near a line: how many points more would have risen a level, how many fewer would have lost it.

Only points are looked at: who is barred from a level for another reason (a cap, a condition) would not rise by points,
and who has it by a guarantee would not lose it by them. A difference of 0 is one that the tie rule decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from starrating.domain.allocation import LEAST
from starrating.domain.conditions import About, holds
from starrating.domain.exact import Mask
from starrating.domain.marks import LevelMarks, MarkBook
from starrating.domain.rating import Rating
from starrating.domain.scheme import LevelRule, Quotas


@dataclass(frozen=True, slots=True)
class Near:
    """A unit by its place in the ranking's order, the level it could rise to or lose, and by how many points."""

    position: int
    level: str
    rises: bool
    points: Fraction


def near_of(rating: Rating) -> tuple[Near, ...]:
    """For every unit the nearest level above its own, and the one that it holds.

    Nothing where stars have no lines (named stars), or the total is not what units are ranked by first.
    """
    rules, standing = rating.scheme.allocation, rating.standing
    if not isinstance(rules, Quotas) or rules.rank_by[0].subject.about is not About.TOTAL:
        return ()
    book, totals = MarkBook(rating), _totals(rating)
    found: dict[tuple[int, bool], Near] = {}
    for index in sorted(standing.allocated.placings, reverse=True):
        for pool in np.flatnonzero(standing.ranking.sizes).tolist():
            # From the top level down: what is found later is the nearer one.
            found.update({(one.position, one.rises): one for one in _of_level(rating, book, totals, index, pool)})
    return tuple(found[key] for key in sorted(found))


def _of_level(rating: Rating, book: MarkBook, totals: list[Fraction], index: int, pool: int) -> Iterator[Near]:
    standing, allocated = rating.standing, rating.standing.allocated
    code, stays = rating.scheme.levels[index].code, _not_dropped(rating)
    marks = next(one for one in book.of_pool(pool).levels if one.level == code)
    here, candidates = standing.ranking.pool == pool, allocated.placings[index].candidates
    last, first = book.at_edge(index, pool)
    least = marks.rule.least if marks.rule else None
    edge = _greater(totals[first] if _full(marks) and first >= 0 else None, least)
    if edge is not None:
        held = np.flatnonzero(here & stays & candidates & (allocated.level == index))
        yield from (Near(at, code, False, totals[at] - edge) for at in held.tolist())
    target = _greater(totals[last] if _full(marks) and last >= 0 else None, least)
    if target is not None and (last >= 0 or not _full(marks)):
        could = candidates | _short_of_line(rating, index, marks.rule)
        outside = np.flatnonzero(here & stays & could & (allocated.level < index))
        yield from (Near(at, code, True, max(target - totals[at], Fraction(0))) for at in outside.tolist())


def _full(marks: LevelMarks) -> bool:
    """True where every place is taken: then it takes another's place to rise."""
    return marks.places is not None and marks.guaranteed + marks.taken >= marks.places


def _short_of_line(rating: Rating, index: int, rule: LevelRule | None) -> Mask:
    """Along the order: who misses a level's line and nothing else."""
    standing, allocated = rating.standing, rating.standing.allocated
    short: Mask = (allocated.why[index] == LEAST) & (allocated.ceiling >= index)
    if rule is not None and rule.requires is not None:
        short &= holds(rule.requires, standing.facts)[standing.ranking.order]
    return short


def _not_dropped(rating: Rating) -> Mask:
    """Along the order: whose level nothing lowered after it was given by points."""
    standing = rating.standing
    assert standing.facts.level is not None
    kept: Mask = standing.facts.level[standing.ranking.order] == standing.allocated.level
    return kept


def _greater(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _totals(rating: Rating) -> list[Fraction]:
    """Along the order: the totals of the ranked units."""
    total = rating.standing.facts.total
    assert total is not None
    return [number * total.unit for number in total.numbers[rating.standing.ranking.order].tolist()]
