"""Whether an allocation can be carried out: its levels, quotas, ranking and lines."""

from __future__ import annotations

from collections.abc import Mapping

from starrating.domain.condition_check import Sort, When, check_condition, check_subject, sort_of
from starrating.domain.conditions import AFTER_ALLOCATION, About, Subject
from starrating.domain.faults import SchemeFault
from starrating.domain.ground import Faults, Ground, Path
from starrating.domain.scheme import LevelRule, NamedStars, Quotas

HERE: Path = ("allocation",)
NOT_FOR_RANK = AFTER_ALLOCATION | {About.RANK, About.RANK_SHARE}


def check_allocation(ground: Ground) -> Faults:
    """The faults of the allocation."""
    allocation = ground.scheme.allocation
    for index, name in enumerate(allocation.pool):
        yield from ground.no_field(name, (*HERE, "pool", index))
    for index, key in enumerate(allocation.rank_by):
        yield from _check_rank_key(ground, key.subject, (*HERE, "rank_by", index))
    if isinstance(allocation, NamedStars):
        yield from _check_lit(ground, allocation)
    else:
        yield from _check_quotas(ground, allocation)


def _check_rank_key(ground: Ground, subject: Subject, path: Path) -> Faults:
    if subject.about in NOT_FOR_RANK:
        allowed = tuple(about for about in About if about not in NOT_FOR_RANK)
        yield SchemeFault("scheme.not_for_rank", path, {"subject": str(subject), "allowed": allowed})
        return
    found = [*check_subject(ground, subject, path)]
    yield from found
    if not found and not is_numeric(ground, subject) and subject.about is not About.PREVIOUS:
        yield SchemeFault("scheme.needs_numeric_subject", path, {"subject": str(subject)})


def is_numeric(ground: Ground, subject: Subject) -> bool:
    """True of subjects that are numbers, and of fields, which may hold numbers."""
    return sort_of(ground, subject) is Sort.NUMBER or subject.about in (About.UNIT, About.LEADER)


def _check_lit(ground: Ground, allocation: NamedStars) -> Faults:
    roots = [root.code for root in ground.scheme.indicators]
    path = (*HERE, "lit")
    for code in allocation.lit:
        if code in roots or not ground.nodes_sound:
            continue
        fault = "scheme.lit_not_root" if code in ground.nodes else "scheme.lit_unknown"
        yield SchemeFault(fault, (*path, code), {"code": code, "allowed": tuple(roots)})


def _check_quotas(ground: Ground, allocation: Quotas) -> Faults:
    yield from _check_rules(ground, allocation.levels, {}, (*HERE, "levels"))
    for pool, rules in allocation.by_pool.items():
        path = (*HERE, "by_pool", pool)
        yield from _check_rules(ground, rules, allocation.levels, path)
    if allocation.by_pool and not allocation.pool and not ground.doubtful((*HERE, "pool")):
        yield SchemeFault("scheme.by_pool_without_pool", (*HERE, "by_pool"))


def _check_rules(
    ground: Ground, rules: Mapping[int, LevelRule], inherited: Mapping[int, LevelRule], path: Path
) -> Faults:
    """The rules that are not simply inherited."""
    for index, rule in rules.items():
        code = ground.scheme.levels[index].code
        before = inherited.get(index)
        if before is None or rule.requires is not before.requires:
            yield from check_condition(ground, rule.requires, (*path, code, "requires"), When.RANKED)
