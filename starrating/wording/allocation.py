"""How a scheme's levels are given out: quotas, lines, conditions, ties, the last ranked, named stars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from starrating.domain.figures import plain
from starrating.domain.scheme import LevelRule, NamedStars, Quota, Quotas, RankKey, Rounding, Scheme, Ties
from starrating.wording.conditions import condition_text, subject_text
from starrating.wording.language import mark as _
from starrating.wording.language import translate
from starrating.wording.phrases import clauses, field_name, items, level_name, percent, points, sentences

TIES: Mapping[Ties, str] = {
    Ties.INCLUDE: _("名额边上并列的一并收进，可以超名额"),
    Ties.EXCLUDE: _("名额边上并列的一个不收，这一级到此为止"),
}
ROUNDINGS: Mapping[Rounding, str] = {
    Rounding.DOWN: _("舍去小数"),
    Rounding.NEAREST: _("四舍五入"),
    Rounding.UP: _("有小数就进1"),
    Rounding.CUMULATIVE: _("从高到低累计后舍去小数"),
}


def pool_text(scheme: Scheme) -> str:
    """Within what the units are ranked."""
    fields = items(field_name(field) for field in scheme.allocation.pool)
    return translate("按{fields}分别评定").format(fields=fields) if fields else translate("全部单位一起评定")


def rank_text(scheme: Scheme) -> str:
    """By what the units are ranked, in turn."""
    keys = [rank_key_text(key, scheme) for key in scheme.allocation.rank_by]
    return translate("，再比").join(keys)


def rank_key_text(key: RankKey, scheme: Scheme) -> str:
    """One key of the ranking; the way round is said where it is not from high to low."""
    subject = subject_text(key.subject, scheme)
    return translate("{subject}，低者在前").format(subject=subject) if key.ascending else subject


def ties_text(ties: Ties) -> str:
    """What becomes of units that are equal at the edge of a quota."""
    return translate(TIES[ties])


def rounding_text(rounding: Rounding) -> str:
    """How a share becomes whole places."""
    return translate(ROUNDINGS[rounding])


def carry_text(*, carry: bool) -> str:
    """What becomes of places that a level leaves empty."""
    return translate("空出的名额顺延给下一级") if carry else translate("空出的名额不顺延")


def bottom_text(rules: Quotas, scheme: Scheme) -> str:
    """What becomes of the last ranked; nothing where no such rule is."""
    if rules.bottom is None:
        return ""
    told = translate("排在最后{quota}的定为{level}，有保底的除外")
    if rules.bottom.share is None:
        quota = translate("{places}名").format(places=rules.bottom.places)
    else:
        rounding = rounding_text(rules.bottom_rounding)
        quota = translate("{share}（{rounding}）").format(share=percent(rules.bottom.share), rounding=rounding)
    return told.format(quota=quota, level=level_name(scheme, 0))


def level_rule_text(rule: LevelRule, scheme: Scheme) -> str:
    """Who may take a level: its quota, its line and its condition."""
    least = translate("总分不低于{points}").format(points=plain(rule.least)) if rule.least is not None else ""
    requires = condition_text(rule.requires, scheme) if rule.requires is not None else ""
    return clauses((quota_text(rule.quota, scheme), least, requires)) or translate("不限")


def quota_text(quota: Quota | None, scheme: Scheme) -> str:
    """How many places a level has; nothing where there is no limit."""
    if quota is None:
        return ""
    if quota.share is None:
        return translate("名额{places}个").format(places=quota.places)
    if quota.of is None:
        return translate("名额{share}").format(share=percent(quota.share))
    told = translate("名额为够得上{level}的{share}")
    return told.format(level=level_name(scheme, quota.of), share=percent(quota.share))


def level_rules(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Each level's name and who may take it, from the top; the lowest takes whoever is left."""
    rules = scheme.allocation
    for index in range(len(scheme.levels) - 1, 0, -1):
        if isinstance(rules, NamedStars):
            yield level_name(scheme, index), lit_level_text(index, rules, scheme)
        elif index in rules.levels:
            yield level_name(scheme, index), level_rule_text(rules.levels[index], scheme)
        else:
            yield level_name(scheme, index), translate("不开放，只有保底能进")
    yield level_name(scheme, 0), translate("其余单位")


def by_pool_text(rules: Quotas, scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Each pool with rules of its own, and what is different there."""
    for pool, levels in rules.by_pool.items():
        own = (
            translate("{level}{rule}").format(level=level_name(scheme, index), rule=level_rule_text(rule, scheme))
            for index, rule in sorted(levels.items(), reverse=True)
            if rule != rules.levels.get(index)
        )
        yield pool, sentences(own)


def lit_text(rules: NamedStars, scheme: Scheme) -> str:
    """Which indicator lights a star at how many points."""
    told = translate("{name}{points}以上")
    stars = (told.format(name=scheme.node(code).name, points=points(least)) for code, least in rules.lit.items())
    return translate("{stars}各点亮1颗星").format(stars=items(stars))


def lit_level_text(index: int, rules: NamedStars, scheme: Scheme) -> str:
    """How many stars a level takes, and for the top level what total."""
    needed = translate("点亮{stars}颗以上").format(stars=scheme.levels[index].stars)
    if rules.requires_total is None or index < len(scheme.levels) - 1:
        return needed
    return clauses((needed, translate("总分不低于{points}").format(points=plain(rules.requires_total))))
