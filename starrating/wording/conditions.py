"""A condition in words: what is asked of a unit, and what must be true of it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from starrating.domain.conditions import (
    ALL_STREAKS,
    LEADER_MONTHS,
    LEADER_STREAKS,
    STREAKS_BELOW,
    About,
    All,
    AnyOf,
    Condition,
    Not,
    Operator,
    Subject,
    Test,
    tests_in,
)
from starrating.domain.figures import plain
from starrating.domain.scheme import Scheme
from starrating.wording.language import mark as _
from starrating.wording.language import translate
from starrating.wording.phrases import FIELDS, either, field_name, kind_name, level_named, percent

SUBJECTS: Mapping[About, str] = {
    About.TOTAL: _("总分"),
    About.POINTS: _("{name}得分"),
    About.VALUE: _("{name}填报值"),
    About.SHARE: _("{name}得分率"),
    About.LOWEST: _("{name}各项中最低得分"),
    About.HIGHEST: _("{name}各项中最高得分"),
    About.FLAG: _("事件（{name}）"),
    About.UNIT: _("单位信息（{name}）"),
    About.LEADER: _("负责人信息（{name}）"),
    About.APPRAISAL: _("述职评议等次"),
    About.PREVIOUS: _("上年"),
    About.LEVEL: _("本年"),
    About.CHANGE: _("比上年升降级数"),
    About.STREAK: _("连续{name}以上的年数"),
    About.STREAK_BELOW: _("连续低于{name}的年数"),
    About.LEADER_STREAK: _("负责人任内连续{name}以上的年数"),
    About.LEADER_STREAK_BELOW: _("负责人任内连续低于{name}的年数"),
    About.RANK: _("名次"),
    About.RANK_SHARE: _("名次占比"),
}
NUMBERS: Mapping[Operator, str] = {
    Operator.IS: _("{subject}为{value}"),
    Operator.NOT: _("{subject}不是{value}"),
    Operator.AT_LEAST: _("{subject}不低于{value}"),
    Operator.ABOVE: _("{subject}高于{value}"),
    Operator.AT_MOST: _("{subject}不高于{value}"),
    Operator.BELOW: _("{subject}低于{value}"),
}
FLAGS: Mapping[Operator, str] = {
    Operator.IS: _("{subject}正好{value}次"),
    Operator.NOT: _("{subject}不是{value}次"),
    Operator.AT_LEAST: _("{subject}{value}次以上"),
    Operator.ABOVE: _("{subject}多于{value}次"),
    Operator.AT_MOST: _("{subject}不超过{value}次"),
    Operator.BELOW: _("{subject}不到{value}次"),
}
LEVELS: Mapping[Operator, str] = {
    Operator.IS: _("{subject}为{value}"),
    Operator.NOT: _("{subject}不是{value}"),
    Operator.AT_LEAST: _("{subject}{value}以上"),
    Operator.ABOVE: _("{subject}高于{value}"),
    Operator.AT_MOST: _("{subject}{value}以下"),
    Operator.BELOW: _("{subject}低于{value}"),
}
RANKS: Mapping[Operator, str] = {
    Operator.IS: _("名次为第{value}名"),
    Operator.NOT: _("名次不是第{value}名"),
    Operator.AT_LEAST: _("名次在第{value}名及以后"),
    Operator.ABOVE: _("名次在第{value}名以后"),
    Operator.AT_MOST: _("名次在前{value}名以内"),
    Operator.BELOW: _("名次在第{value}名以前"),
}
FORMS: Mapping[About, Mapping[Operator, str]] = {
    About.FLAG: FLAGS,
    About.LEVEL: LEVELS,
    About.PREVIOUS: LEVELS,
    About.RANK: RANKS,
}
DUAL_ROLE = Subject(About.LEADER, "dual_role")


def condition_text(condition: Condition, scheme: Scheme, *, within: str = "", codes: bool = True) -> str:
    """A condition as a sentence; `within` is the code of the override it belongs to, whose name is not said again.

    Without `codes` an event that has a name is said by it alone: for whoever reads of a person, not of a scheme.
    """
    match condition:
        case Test():
            return _test_text(condition, scheme, within, codes)
        case All(()):
            return translate("一律")
        case All(conditions):
            return translate("，且").join(_inner(inner, scheme, within, codes) for inner in conditions)
        case AnyOf(conditions):
            return translate("，或").join(_inner(inner, scheme, within, codes) for inner in conditions)
        case Not(inner):
            return _not_text(inner, scheme, within, codes)


def subject_text(subject: Subject, scheme: Scheme | None = None, *, within: str = "", codes: bool = True) -> str:
    """What a condition looks at; without a scheme indicators and levels are named by their codes."""
    about = subject.about
    if about is About.FLAG and scheme is not None:
        return flag_name(subject.name, scheme, within=within, codes=codes)
    if subject == DUAL_ROLE:
        return translate("书记主任一肩挑")
    if about is About.UNIT and subject.name in FIELDS:
        return field_name(subject.name)
    name = _name_of(subject, scheme)
    if about is About.POINTS and name.endswith(translate("得分")):
        return name
    return translate(SUBJECTS[about]).format(name=name)


def flag_name(flag: str, scheme: Scheme, *, within: str = "", codes: bool = True) -> str:
    """An event by the name of the override that stands for it alone, with its code if wanted; else by its code."""
    for override in scheme.overrides:
        if override.code != within and _happened(override.when, flag):
            told = translate("{name}（{code}）").format(name=override.name, code=f"flag.{flag}")
            return told if codes else override.name
    return translate(SUBJECTS[About.FLAG]).format(name=f"flag.{flag}")


def _happened(condition: Condition, flag: str) -> bool:
    """Whether a condition says that an event happened, and nothing else."""
    match condition:
        case Test(subject, Operator.AT_LEAST | Operator.IS, (value,)):
            return subject == Subject(About.FLAG, flag) and value == 1
    return False


def _name_of(subject: Subject, scheme: Scheme | None) -> str:
    if scheme is None or not subject.name:
        return subject.name
    if subject.about in ALL_STREAKS:
        return level_named(scheme, subject.name)
    if subject.about in (About.POINTS, About.VALUE, About.SHARE, About.LOWEST, About.HIGHEST):
        return scheme.node(subject.name).name
    return subject.name


def _inner(condition: Condition, scheme: Scheme, within: str, codes: bool) -> str:
    text = condition_text(condition, scheme, within=within, codes=codes)
    several = isinstance(condition, All | AnyOf) and len(tuple(tests_in(condition))) > 1
    return translate("（{text}）").format(text=text) if several else text


def _not_text(condition: Condition, scheme: Scheme, within: str, codes: bool) -> str:
    match condition:
        case Test(subject, Operator.AT_LEAST, (value,)) if subject.about is About.FLAG and value == 1:
            return translate("没有{subject}").format(subject=subject_text(subject, scheme, within=within, codes=codes))
    return translate("不属于（{text}）").format(text=condition_text(condition, scheme, within=within, codes=codes))


def _test_text(test: Test, scheme: Scheme, within: str, codes: bool) -> str:
    special = _special_text(test, scheme, codes)
    if special:
        return special
    form = FORMS.get(test.subject.about, NUMBERS)[test.operator]
    value = either(_value_text(test.subject, value, scheme) for value in test.values)
    return translate(form).format(subject=subject_text(test.subject, scheme, within=within, codes=codes), value=value)


def _value_text(subject: Subject, value: Fraction | str, scheme: Scheme) -> str:
    if subject.about in (About.PREVIOUS, About.LEVEL):
        return level_named(scheme, str(value))
    if isinstance(value, Fraction):
        return plain(value)
    return kind_name(value) if subject == Subject(About.UNIT, "kind") else value


def _special_text(test: Test, scheme: Scheme, codes: bool) -> str:
    """The turns of phrase that people use for the commonest tests; nothing for all others."""
    subject, operator = test.subject, test.operator
    if len(test.values) != 1 or not isinstance(test.values[0], Fraction):
        return ""
    value = test.values[0]
    match subject.about, operator:
        case About.CHANGE, _:
            return _change_text(operator, value)
        case about, Operator.AT_LEAST if about in ALL_STREAKS:
            return _streak_text(subject, plain(value), scheme)
        case About.RANK_SHARE, Operator.AT_MOST:
            return translate("名次在前{share}以内").format(share=percent(value))
        case About.LEADER, Operator.AT_LEAST if subject == LEADER_MONTHS and not codes:
            return translate("任职满{months}个月").format(months=plain(value))
        case About.LEADER, Operator.IS if subject == DUAL_ROLE and value in (0, 1):
            return translate("书记主任一肩挑") if value else translate("书记主任不是一肩挑")
    return ""


def _streak_text(subject: Subject, years: str, scheme: Scheme) -> str:
    top = scheme.level_index(subject.name) == len(scheme.levels) - 1
    match subject.about in LEADER_STREAKS, subject.about in STREAKS_BELOW:
        case False, True:
            told = translate("连续{years}年低于{level}")
        case False, _:
            told = translate("连续{years}年{level}") if top else translate("连续{years}年{level}以上")
        case True, True:
            told = translate("负责人任内连续{years}年低于{level}")
        case _:
            told = translate("负责人任内连续{years}年{level}以上")
            told = translate("负责人任内连续{years}年{level}") if top else told
    return told.format(years=years, level=level_named(scheme, subject.name))


def _change_text(operator: Operator, value: Fraction) -> str:
    if not value:
        same = {
            Operator.IS: translate("与上年相同"),
            Operator.AT_LEAST: translate("不低于上年"),
            Operator.AT_MOST: translate("不高于上年"),
            Operator.ABOVE: translate("高于上年"),
            Operator.BELOW: translate("低于上年"),
            Operator.NOT: translate("与上年不同"),
        }
        return same[operator]
    if operator is Operator.AT_LEAST and value > 0:
        return translate("比上年升{steps}级以上").format(steps=plain(value))
    if operator is Operator.AT_MOST and value < 0:
        return translate("比上年降{steps}级以上").format(steps=plain(-value))
    if operator is Operator.IS:
        told = translate("比上年升{steps}级") if value > 0 else translate("比上年降{steps}级")
        return told.format(steps=plain(abs(value)))
    return ""
