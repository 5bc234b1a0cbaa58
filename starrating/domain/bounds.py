"""Between what limits a result lies where the scheme writes none: from the leaf's method, from the group's children."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from starrating.domain.methods import Bands, Cases, Checklist, Choice, Count, Line, Method, Relative, RelativeTo, Value
from starrating.domain.scheme import Aggregate, Indicator, NodeKind

Bounds = tuple[Fraction | None, Fraction | None]
"""The lowest and the highest result; None where there is no limit."""

ZERO = Fraction(0)
NONE: Bounds = (None, None)


def leaf_bounds(method: Method) -> Bounds:
    """The default bounds of a leaf; `direct` and most `relative` leaves must write their maximum."""
    match method:
        case Count(each=each, start=start):
            return ZERO, start if each <= 0 else None
        case Cases(each=each_part, start=start):
            return ZERO, start if all(each <= 0 for each in each_part.values()) else None
        case Checklist(items=items, start=start):
            return ZERO, start + sum((points for points in items.values() if points > 0), ZERO)
        case Choice(options=options):
            return _span([*options.values()])
        case Bands(rows=rows) | Relative(to=RelativeTo.RANK, bands=rows):
            return _span([row.points for row in rows])
        case Line(at=at):
            return _span([points for _, points in at])
        case Value():
            return NONE
    return ZERO, None


def _span(points: Sequence[Fraction]) -> Bounds:
    """From 0, or from the smallest where that is less, to the largest: a blank that counts as 0 is worth 0."""
    return (min(ZERO, *points), max(points)) if points else NONE


def group_bounds(aggregate: Aggregate, children: Sequence[Indicator]) -> Bounds:
    """The default bounds of a group, from its base children's maxima; a sum takes them times their scales."""
    base = [child for child in children if child.kind is NodeKind.BASE]
    highest = [child.high for child in base if child.high is not None]
    if not base or len(highest) < len(base):
        return NONE
    match aggregate:
        case Aggregate.SUM:
            return ZERO, sum((high * child.scale for child, high in zip(base, highest, strict=True)), ZERO)
        case Aggregate.MEAN:
            weights = [child.weight for child in base]
            weighted = (weight * high for weight, high in zip(weights, highest, strict=True))
            return ZERO, sum(weighted, ZERO) / total if (total := sum(weights, ZERO)) else None
        case Aggregate.MIN:
            return ZERO, min(highest)
        case Aggregate.MAX | Aggregate.GEOMETRIC:
            return ZERO, max(highest)


def full_score(roots: Sequence[Indicator]) -> Fraction | None:
    """What the base roots' maxima times their scales add up to; None where one has no maximum."""
    base = [root for root in roots if root.kind is NodeKind.BASE]
    highest = [root.high * root.scale for root in base if root.high is not None]
    return sum(highest, ZERO) if len(highest) == len(base) else None
