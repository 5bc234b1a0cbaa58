"""What changes a level, what follows from it and how it is made public, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from starrating.domain.conditions import Subject
from starrating.domain.figures import plain
from starrating.domain.scheme import (
    PREVIOUS,
    Bearer,
    Consequence,
    Effect,
    EffectKind,
    Movement,
    Notice,
    Outcome,
    Override,
    PayLine,
    Scheme,
)
from starrating.wording.conditions import condition_text, subject_text
from starrating.wording.language import mark as _
from starrating.wording.language import translate
from starrating.wording.phrases import clauses, items, level_name, sentences

EFFECTS: Mapping[EffectKind, str] = {
    EffectKind.VOID: _("不评，记未评"),
    EffectKind.VOID_SCORED: _("参评不定星，只算总分"),
    EffectKind.SET: _("直接定为{level}"),
    EffectKind.CAP: _("封顶{level}"),
    EffectKind.FLOOR: _("保底{level}"),
    EffectKind.DROP: _("定星后再降{steps}级"),
}
KEPT: Mapping[EffectKind, str] = {
    EffectKind.SET: _("维持上年星级，不升不降"),
    EffectKind.CAP: _("封顶上年星级，不得晋星"),
    EffectKind.FLOOR: _("保底上年星级，不降星"),
}
BEARERS: Mapping[Bearer, str] = {
    Bearer.DUAL_ROLE: _("一肩挑负责人"),
    Bearer.SECRETARY: _("党组织书记"),
    Bearer.DIRECTOR: _("村（居）委会主任"),
    Bearer.TEAM: _("班子"),
    Bearer.UNIT: _("村（社区）"),
}
ELIGIBLE: Mapping[str, str] = {
    "institutional_post": _("事业编制"),
    "civil_service": _("公务员定向招录"),
}
MEASURES: Mapping[str, str] = {
    "formal_talk": _("约谈"),
    "talk": _("约谈"),
    "admonition": _("诫勉"),
    "suspension": _("停职"),
    "removal": _("调整（免职、罢免）"),
    "replace": _("调整（免职、罢免）"),
    "plaque_withdrawn": _("摘牌"),
}
HONOURS: Mapping[str, str] = {"plaque": _("授牌")}


def override_text(override: Override, scheme: Scheme) -> str:
    """A veto, cap or guarantee: its name, when it holds, what it does."""
    when = condition_text(override.when, scheme, within=override.code)
    told = translate("{name}：{when}，{effect}")
    return told.format(name=override.name, when=when, effect=override_effect_text(override, scheme))


def override_effect_text(override: Override, scheme: Scheme) -> str:
    """What an override does to the level."""
    if override.level == PREVIOUS and override.effect in KEPT:
        return translate(KEPT[override.effect])
    return translate(EFFECTS[override.effect]).format(level=level_name(scheme, override.level), steps=override.steps)


def movement_text(movement: Movement, scheme: Scheme) -> str:
    """How far a level may move in a year."""
    rise, fall = movement.max_rise, movement.max_fall
    waived, first = movement.waive_rise, movement.no_previous
    limited = rise is not None or fall is not None
    moves = (
        translate("一年最多升{steps}级").format(steps=rise) if rise is not None else "",
        translate("一年最多降{steps}级").format(steps=fall) if fall is not None else "",
        "" if limited else translate("升降不限"),
    )
    back = translate("上年星级取{years}年内最近一次评定的星级").format(years=movement.look_back)
    return sentences(
        (
            clauses(moves),
            translate("破格晋星：{when}").format(when=condition_text(waived, scheme)) if waived is not None else "",
            translate("上年没有星级的，最高{level}").format(level=level_name(scheme, first))
            if first is not None
            else "",
            back if movement.look_back > 1 else "",
        )
    )


def moved_text(scheme: Scheme, level: int, previous: int | None, *, rated_before: bool = False) -> str:
    """This year's level against last year's, as a word and a number of steps."""
    if previous is None:
        return translate("上年没有星级可比") if rated_before else translate("首次评定")
    steps = level - previous
    if steps > 0:
        return translate("▲晋星 {steps}").format(steps=f"+{steps}")
    if not steps:
        return translate("–保星") if scheme.levels[level].stars else translate("–与上年相同")
    told = translate("▼降星 {steps}") if scheme.levels[level].stars else translate("▼取消星级 {steps}")
    return told.format(steps=steps)


def bearer_text(bearer: Bearer) -> str:
    """Whom a consequence is about."""
    return translate(BEARERS[bearer])


def consequence_text(entry: Consequence, scheme: Scheme) -> str:
    """A rule of what follows: when, for whom, what."""
    told = translate("{name}：{when}，对{bearer}，{effect}")
    return told.format(
        name=entry.name,
        when=condition_text(entry.when, scheme),
        bearer=bearer_text(entry.bearer),
        effect=effect_text(entry.effect, scheme),
    )


def effect_text(effect: Effect, scheme: Scheme | None = None, *, coefficient: str = "") -> str:
    """What follows; `coefficient` is the one worked out for a unit from a line."""
    what = effect.what
    match effect.outcome, what:
        case Outcome.PAY_COEFFICIENT, PayLine() as line if not coefficient:
            return translate("绩效系数{line}").format(line=pay_line_text(line, scheme))
        case (Outcome.PAY_COEFFICIENT, _):
            return translate("绩效系数{number}").format(number=coefficient or _number_text(what))
        case Outcome.ELIGIBLE, str(word):
            return translate("符合{post}资格条件").format(post=_called(ELIGIBLE, word))
        case Outcome.MEASURE, str(word):
            deadline = translate("{days}日内办理").format(days=effect.within_days)
            return clauses((_called(MEASURES, word), "" if effect.within_days is None else deadline, *_after(effect)))
        case Outcome.HONOUR, str(word):
            return _called(HONOURS, word)
        case Outcome.FUND_SHARE, _:
            return translate("经费份额{share}").format(share=_number_text(what))
    grades = what.values() if isinstance(what, Mapping) else (str(what),)
    return translate("个人考核等次最高{grade}").format(grade=items(grades))


def _after(effect: Effect) -> tuple[str, ...]:
    """How long an admonition lasts, whether a ballot follows it, and what follows where that is lost."""
    lasts = translate("期限{months}个月").format(months=effect.period_months)
    lost = translate("测评不合格的，{measure}").format(measure=measure_name(effect.failed))
    return (
        lasts if effect.period_months is not None else "",
        translate("期满再次测评") if effect.ballot else "",
        lost if effect.failed else "",
    )


def measure_name(word: str) -> str:
    """What a measure is called; one that the house does not know as the scheme writes it."""
    return _called(MEASURES, word)


def _called(names: Mapping[str, str], word: str) -> str:
    return translate(names[word]) if word in names else word


def _number_text(what: object) -> str:
    return plain(what) if isinstance(what, Fraction) else str(what)


def pay_line_text(line: PayLine, scheme: Scheme | None) -> str:
    """A coefficient on a line over a subject."""
    subject: Subject = line.of
    stop = translate("{value}时{coefficient}")
    stops = items(stop.format(value=plain(value), coefficient=plain(worth)) for value, worth in line.at)
    told = translate("按{subject}直线折算（{stops}）").format(subject=subject_text(subject, scheme), stops=stops)
    times = translate("再乘{factor}").format(factor=plain(line.times)) if line.times != 1 else ""
    return clauses((told, times))


def notice_text(notice: Notice) -> str:
    """How the public notice is given."""
    days = translate("公示{days}个工作日") if notice.working_days else translate("公示{days}日")
    shown = translate("公布得分") if notice.show_scores else translate("不公布得分")
    return clauses((days.format(days=notice.days), shown))
