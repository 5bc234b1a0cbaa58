"""Whether a scheme makes sense: what passes here can be rated, with nothing left undefined.

The faults are found for all parts at once; each is named with the path of the place where it was written.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from starrating.domain.allocation_check import check_allocation, is_numeric
from starrating.domain.circle_check import check_circles
from starrating.domain.condition_check import When, check_condition, check_subject
from starrating.domain.faults import SchemeFault
from starrating.domain.ground import Faults, Ground, Path, first_of_each
from starrating.domain.leaf_check import check_line
from starrating.domain.scheme import EffectKind, PayLine, Scheme
from starrating.domain.tree_check import check_tree

MOST_LEVELS = 100
VOIDS = (EffectKind.VOID, EffectKind.VOID_SCORED)


def check(scheme: Scheme, unsound: Collection[Path] = ()) -> list[SchemeFault]:
    """Every fault of a scheme, none where it can be rated.

    A path names keys and positions from the top: `("indicators", 0, "children", 2, "max")`; an entry of a condition is
    named by its subject, `any` and a position, or `not`. `unsound` are the paths of values that could not be read and
    for which something stands in: no fault is found that would only follow from one of them.
    """
    ground = Ground(scheme, unsound)
    return [
        *_check_levels(ground),
        *check_tree(ground),
        *check_circles(ground),
        *_check_overrides(ground),
        *check_allocation(ground),
        *_check_movement(ground),
        *_check_consequences(ground),
    ]


def _check_levels(ground: Ground) -> Faults:
    levels = ground.scheme.levels
    yield from first_of_each(
        [(level.code, ("levels", index, "code")) for index, level in enumerate(levels)], "scheme.level_twice"
    )
    if not 2 <= len(levels) <= MOST_LEVELS and not ground.doubtful(("levels",)):
        yield SchemeFault("scheme.number_of_levels", ("levels",), {"found": len(levels), "most": MOST_LEVELS})
    for index, level in enumerate(levels):
        if level.code == "previous":
            yield SchemeFault("scheme.level_called_previous", ("levels", index, "code"))
    for index, (lower, upper) in enumerate(pairwise(levels), start=1):
        doubtful = ground.doubtful(("levels", index - 1)) or ground.doubtful(("levels", index))
        if upper.stars < lower.stars and not doubtful:
            facts = {"upper": upper.code, "stars": upper.stars, "lower": lower.code, "fewer": lower.stars}
            yield SchemeFault("scheme.stars_order", ("levels", index, "stars"), facts)


def _check_overrides(ground: Ground) -> Faults:
    overrides = ground.scheme.overrides
    yield from first_of_each(
        [(override.code, ("overrides", index, "code")) for index, override in enumerate(overrides)],
        "scheme.override_twice",
    )
    for index, override in enumerate(overrides):
        when = When.BEFORE_POOLS if override.effect in VOIDS else When.RANKED
        yield from check_condition(ground, override.when, ("overrides", index, "when"), when)


def _check_movement(ground: Ground) -> Faults:
    waive = ground.scheme.movement.waive_rise
    yield from check_condition(ground, waive, ("movement", "waive_rise"), When.RANKED)


def _check_consequences(ground: Ground) -> Faults:
    entries = ground.scheme.consequences
    yield from first_of_each(
        [(entry.code, ("consequences", index, "code")) for index, entry in enumerate(entries)],
        "scheme.consequence_twice",
    )
    for index, entry in enumerate(entries):
        path = ("consequences", index)
        yield from check_condition(ground, entry.when, (*path, "when"), When.AFTER_ALLOCATION)
        if isinstance(entry.effect.what, PayLine):
            yield from _check_pay_line(ground, entry.effect.what, (*path, "effect", "pay_coefficient"))


def _check_pay_line(ground: Ground, line: PayLine, path: Path) -> Faults:
    yield from check_line(ground, line.at, (*path, "at"))
    found = [*check_subject(ground, line.of, (*path, "of"))]
    yield from found
    if not found and not is_numeric(ground, line.of):
        yield SchemeFault("scheme.needs_numeric_subject", (*path, "of"), {"subject": str(line.of)})
