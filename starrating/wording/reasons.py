"""The sentence for every reason of a level: `quota:five` → “五星名额已满”."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starrating.domain.figures import plain
from starrating.domain.scheme import LevelRule, NamedStars, Override, Quotas, Scheme
from starrating.wording.allocation import bottom_text
from starrating.wording.conditions import condition_text
from starrating.wording.language import translate
from starrating.wording.outcomes import override_effect_text
from starrating.wording.phrases import level_name


def reason_text(code: str, scheme: Scheme, *, pool: str = "") -> str:
    """The sentence for a reason's code; `pool` is the unit's, for rules of its own. `KeyError` for no such code."""
    word, colon, name = code.partition(":")
    if not colon:
        return _OF_MOVEMENT[word](scheme)
    if word == "lit":
        return translate("点亮{number}颗星").format(number=name)
    if word in _OF_LEVEL:
        index = scheme.level_index(name)
        return _OF_LEVEL[word](scheme, index, _rule(scheme, index, pool))
    if word not in ("cap", "set", "floor", "drop", "void"):
        raise KeyError(code)
    override = _override(scheme, name)
    effect = override_effect_text(override, scheme)
    return translate("{name}：{effect}").format(name=override.name, effect=effect)


def _override(scheme: Scheme, code: str) -> Override:
    return {override.code: override for override in scheme.overrides}[code]


def _rule(scheme: Scheme, index: int, pool: str) -> LevelRule | None:
    rules = scheme.allocation
    if isinstance(rules, NamedStars):
        least = rules.requires_total if index == len(scheme.levels) - 1 else None
        return LevelRule(least=least)
    return rules.by_pool.get(pool, rules.levels).get(index)


def _quota(scheme: Scheme, index: int, rule: LevelRule | None) -> str:
    told = translate("{level}名额已满") if rule is not None else translate("{level}不开放，只有保底能进")
    return told.format(level=level_name(scheme, index))


def _least(scheme: Scheme, index: int, rule: LevelRule | None) -> str:
    least = "" if rule is None or rule.least is None else plain(rule.least)
    return translate("总分没到{level}线{points}").format(level=level_name(scheme, index), points=least)


def _requires(scheme: Scheme, index: int, rule: LevelRule | None) -> str:
    if isinstance(scheme.allocation, NamedStars):
        return _least(scheme, index, rule)
    asked = "" if rule is None or rule.requires is None else condition_text(rule.requires, scheme)
    return translate("不具备{level}条件：{condition}").format(level=level_name(scheme, index), condition=asked)


def _tie(scheme: Scheme, index: int, _rule: LevelRule | None) -> str:
    return translate("在{level}名额边上并列，并列的一个不收").format(level=level_name(scheme, index))


def _rise_limit(scheme: Scheme) -> str:
    return translate("比上年最多升{steps}级").format(steps=scheme.movement.max_rise)


def _fall_limit(scheme: Scheme) -> str:
    return translate("比上年最多降{steps}级").format(steps=scheme.movement.max_fall)


def _no_previous(scheme: Scheme) -> str:
    level = "" if scheme.movement.no_previous is None else level_name(scheme, scheme.movement.no_previous)
    return translate("上年没有星级，最高{level}").format(level=level)


def _bottom(scheme: Scheme) -> str:
    return bottom_text(scheme.allocation, scheme) if isinstance(scheme.allocation, Quotas) else ""


def _waived(scheme: Scheme) -> str:
    return translate("破格晋星，不受一年最多升{steps}级的限制").format(steps=scheme.movement.max_rise)


def _removal(_scheme: Scheme) -> str:
    return translate("发布以后决定摘星")


_OF_LEVEL: Mapping[str, Callable[[Scheme, int, LevelRule | None], str]] = {
    "quota": _quota,
    "min": _least,
    "requires": _requires,
    "tie": _tie,
}
_OF_MOVEMENT: Mapping[str, Callable[[Scheme], str]] = {
    "rise_limit": _rise_limit,
    "fall_limit": _fall_limit,
    "no_previous": _no_previous,
    "bottom": _bottom,
    "waived": _waived,
    "removal": _removal,
}
