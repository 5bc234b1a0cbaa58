"""Whether an indicator tree makes sense: codes, columns, bounds, kinds, and what may be left out of a sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starrating.domain.bounds import full_score
from starrating.domain.conditions import About, Condition, tests_in
from starrating.domain.faults import SchemeFault
from starrating.domain.figures import plain
from starrating.domain.ground import Faults, Ground, Path, first_of_each
from starrating.domain.leaf_check import check_leaf
from starrating.domain.methods import Relative
from starrating.domain.scheme import Aggregate, Indicator, NodeKind, Quotas, Scheme

OWN_FIELDS = ("unit", "kind", "appraisal")


def check_tree(ground: Ground) -> Faults:
    """The faults of the indicators."""
    yield from first_of_each([(node.code, (*path, "code")) for node, path in ground.placed], "scheme.code_twice")
    yield from _check_columns(ground)
    yield from _check_siblings(ground, ground.scheme.indicators, ("indicators",))
    for node, path in ground.placed:
        yield from _check_node(ground, node, path)
        if node.leaf is not None:
            yield from check_leaf(ground, node, path)
        else:
            yield from _check_group(ground, node, path)
    yield from _check_full_score(ground)


def _check_node(ground: Ground, node: Indicator, path: Path) -> Faults:
    if node.scale < 0:
        yield SchemeFault("scheme.negative", (*path, "scale"), {"value": plain(node.scale)})
    if node.weight <= 0:
        yield SchemeFault("scheme.not_positive", (*path, "weight"), {"value": plain(node.weight)})
    if node.low is None or node.high is None or ground.doubtful(path):
        return
    if node.high < node.low:
        facts = {"code": node.code, "high": plain(node.high), "low": plain(node.low)}
        yield SchemeFault("scheme.max_below_min", (*path, "max"), facts)


def _check_group(ground: Ground, node: Indicator, path: Path) -> Faults:
    if node.aggregate is Aggregate.SUM:
        yield from _check_siblings(ground, node.children, (*path, "children"))
    else:
        for index, child in enumerate(node.children):
            if child.kind is not NodeKind.BASE:
                facts = {"code": child.code, "kind": str(child.kind), "aggregate": str(node.aggregate)}
                yield SchemeFault("scheme.kind_needs_sum", (*path, "children", index, "kind"), facts)
    if node.present > len(node.children) and not ground.doubtful((*path, "children")):
        numbers = {"present": node.present, "children": len(node.children)}
        yield SchemeFault("scheme.present_too_many", (*path, "present"), numbers)


def _check_siblings(ground: Ground, siblings: Sequence[Indicator], path: Path) -> Faults:
    """What may be left out of a sum must have a maximum, in proportion to which it is made up for."""
    for index, child in enumerate(siblings):
        if not child.may_be_excluded or ground.doubtful((*path, index)):
            continue
        if child.high is None or child.high <= 0:
            yield SchemeFault("scheme.excluded_needs_max", (*path, index), {"code": child.code})


def _check_full_score(ground: Ground) -> Faults:
    scheme = ground.scheme
    if scheme.full_score is None or ground.doubtful(("indicators",)):
        return
    found = full_score(scheme.indicators)
    if found is None:
        for index, root in enumerate(scheme.indicators):
            if root.kind is NodeKind.BASE and root.high is None:
                yield SchemeFault("scheme.root_without_max", ("indicators", index), {"code": root.code})
    elif found != scheme.full_score:
        parts = " + ".join(
            f"{root.code} {plain(root.high * root.scale)}"
            for root in scheme.indicators
            if root.kind is NodeKind.BASE and root.high is not None
        )
        facts = {"written": plain(scheme.full_score), "found": plain(found), "parts": parts}
        yield SchemeFault("scheme.full_score", ("full_score",), facts)


def _check_columns(ground: Ground) -> Faults:
    """Every header of the scores belongs to one leaf, and none is also a field of the unit."""
    first: dict[str, Path] = {}
    fields = _fields_named(ground.scheme)
    for node, path in ground.placed:
        columns = node.leaf.columns(node.code) if node.leaf is not None and node.code else ()
        taken = next((column for column in columns if column in first), None)
        field = next((column for column in columns if column in fields or _is_special(column)), None)
        if field is not None:
            yield SchemeFault("scheme.column_is_field", (*path, "code"), {"column": field})
        elif taken is not None and ground.nodes[node.code] is node:
            yield SchemeFault("scheme.column_twice", (*path, "code"), {"column": taken, "first": first[taken]})
        for column in columns:
            first.setdefault(column, (*path, "code"))


def _is_special(column: str) -> bool:
    return column.startswith(("flag.", "leader."))


def _fields_named(scheme: Scheme) -> frozenset[str]:
    """Every field of the unit that the scheme reads."""
    fields = {*OWN_FIELDS, *scheme.allocation.pool}
    leaves = [node.leaf for node in scheme.leaves() if node.leaf is not None]
    for leaf in leaves:
        if isinstance(leaf.method, Relative):
            fields.update(leaf.method.within or ())
    subjects = [test.subject for condition in _conditions(scheme) for test in tests_in(condition)]
    subjects += [leaf.of for leaf in leaves if leaf.of is not None]
    return frozenset(fields | {subject.name for subject in subjects if subject.about is About.UNIT})


def _conditions(scheme: Scheme) -> Iterator[Condition]:
    yield from (override.when for override in scheme.overrides)
    yield from (consequence.when for consequence in scheme.consequences)
    if scheme.movement.waive_rise is not None:
        yield scheme.movement.waive_rise
    if isinstance(scheme.allocation, Quotas):
        rules = [scheme.allocation.levels, *scheme.allocation.by_pool.values()]
        yield from (rule.requires for levels in rules for rule in levels.values() if rule.requires is not None)
