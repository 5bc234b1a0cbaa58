"""One unit's result redone line by line, as it would be read to the village secretary.

Everything shown stands in the explanation; the only sums done here are differences between two shown figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from starrating.domain.conditions import About
from starrating.domain.explain import Explanation, StandingOfUnit
from starrating.domain.figures import plain
from starrating.domain.marks import LevelMarks, Mark
from starrating.domain.scheme import Consequence, NamedStars, PayLine, RankKey, Scheme
from starrating.offline.layout import hung
from starrating.offline.score_sheet import left_out_text, sheet_lines, shown, steps_text
from starrating.wording.allocation import level_rule_text
from starrating.wording.conditions import condition_text, subject_text
from starrating.wording.language import translate as _
from starrating.wording.outcomes import bearer_text, effect_text, moved_text
from starrating.wording.phrases import clauses, level_name, level_named, sentences
from starrating.wording.reasons import reason_text

ROOM = 100
"""Columns of a terminal that a line takes at most."""

Line = tuple[int, str]
"""How far a line is indented, and what it says."""


def explanation_text(explanation: Explanation, scheme: Scheme, *, room: int = ROOM) -> str:
    """The whole explanation as text of at most `room` columns."""
    lines = [
        *_head(explanation, scheme),
        *_scores(explanation, scheme),
        *_places(explanation, scheme),
        *_reasons(explanation, scheme),
        *_consequences(explanation, scheme),
    ]
    return "\n".join(hung(text, room, indent=indent) if text else "" for indent, text in lines) + "\n"


def _head(explanation: Explanation, scheme: Scheme) -> Iterator[Line]:
    yield 0, _("{unit}，{year}年度").format(unit=explanation.unit, year=scheme.year)
    yield 0, scheme.title
    yield 0, ""
    yield 0, _("结果：{result}").format(result=_result(explanation, scheme))
    if explanation.previous is not None:
        yield 0, _("上年：{level}").format(level=level_named(scheme, explanation.previous))
    if explanation.total is not None:
        yield 0, _("总分：{total}分").format(total=explanation.total)
    if explanation.standing is not None:
        yield 0, _("名次：{rank}").format(rank=_rank(explanation, explanation.standing))


def _result(explanation: Explanation, scheme: Scheme) -> str:
    """The star and how it moved; a unit that is not rated has none."""
    if explanation.level is None:
        told = _("未评，不是{lowest}") if explanation.total is None else _("参评不定星，记未评，不是{lowest}")
        return told.format(lowest=level_name(scheme, 0))
    previous = None if explanation.previous is None else scheme.level_index(explanation.previous)
    level = scheme.level_index(explanation.level)
    return clauses(
        (level_name(scheme, level), moved_text(scheme, level, previous, rated_before=explanation.rated_before))
    )


def _rank(explanation: Explanation, standing: StandingOfUnit) -> str:
    told = _("{pool}第{rank}名，共评{number}个")
    return told.format(pool=standing.pool.name or _("全部单位"), rank=explanation.rank, number=standing.pool.rated)


def _section(name: str) -> Iterator[Line]:
    yield 0, ""
    yield 0, _("【{name}】").format(name=name)


def _scores(explanation: Explanation, scheme: Scheme) -> Iterator[Line]:
    if explanation.total is None:
        return
    yield from _section(_("得分"))
    rounded = _("每一步四舍五入到{precision}位小数，再看最高最低，总分四舍五入到{decimals}位。")
    yield 0, rounded.format(precision=scheme.precision, decimals=scheme.decimals)
    points = {result.node.code: result.points for result in explanation.nodes}
    for result in explanation.nodes:
        if not result.depth and result.node.children:
            yield 0, ""
        yield from sheet_lines(result, scheme, points)
    yield 0, ""
    left_out = left_out_text(scheme.indicators, points)
    if left_out:
        yield 0, left_out
    steps = steps_text(explanation.steps)
    yield 0, _("总分：{steps}，得{total}分").format(steps=steps, total=explanation.total)


def _places(explanation: Explanation, scheme: Scheme) -> Iterator[Line]:
    """The pool, the rank, and every level's line with where the unit stands against it."""
    standing = explanation.standing
    if standing is None:
        return
    yield from _section(_("名次和名额"))
    yield 0, _("名次：{rank}").format(rank=_rank(explanation, standing))
    yield 0, _("排名依据：{keys}").format(keys=_keys(explanation, standing, scheme))
    ceiling, floor = level_named(scheme, standing.ceiling), level_named(scheme, standing.floor)
    kept = _("保底{floor}").format(floor=floor) if scheme.level_index(standing.floor) else _("没有保底")
    yield 0, clauses((_("本单位最高可到{ceiling}").format(ceiling=ceiling), kept))
    if standing.lit is not None:
        yield from _stars(explanation, standing, scheme)
    for marks in standing.pool.levels:
        yield from _level(explanation, marks, scheme)
    if standing.pool.bottom:
        yield (
            0,
            _("末位：最后{number}名定为{level}，有保底的除外").format(
                number=standing.pool.bottom, level=level_name(scheme, 0)
            ),
        )


def _keys(explanation: Explanation, standing: StandingOfUnit, scheme: Scheme) -> str:
    """The values of the rank keys; the total as it is published."""
    return sentences(
        _key(key, explanation.total if key.subject.about is About.TOTAL else value, scheme)
        for key, (_subject, value) in zip(scheme.allocation.rank_by, standing.keys, strict=True)
    )


def _key(key: RankKey, value: str | None, scheme: Scheme) -> str:
    subject = subject_text(key.subject, scheme)
    told = _("{subject}没有值") if value is None else _("{subject}为{value}")
    return clauses((told.format(subject=subject, value=value), _("低者在前") if key.ascending else ""))


def _stars(explanation: Explanation, standing: StandingOfUnit, scheme: Scheme) -> Iterator[Line]:
    """Which stars are lit, and by how much."""
    rules = scheme.allocation
    assert isinstance(rules, NamedStars)
    points = {result.node.code: result.points for result in explanation.nodes}
    yield 0, _("点亮{number}颗星").format(number=standing.lit)
    for code, least in rules.lit.items():
        own = points[code]
        told = _("{name}：点亮线{line}，没有得分，没亮")
        if own is not None:
            lit = Fraction(own) >= least
            told = _("{name}：点亮线{line}，得{own}，点亮") if lit else _("{name}：点亮线{line}，得{own}，没亮")
        against = "" if own is None else _against_line(Fraction(own) - least)
        text = told.format(name=scheme.node(code).name, line=plain(least), own=shown(own or ""))
        yield 2, clauses((text, against))
    if rules.requires_total is not None:
        least, against = rules.requires_total, _against_line(Fraction(explanation.total or 0) - rules.requires_total)
        told = _("{level}要总分{line}，本单位{against}")
        yield 0, told.format(level=level_name(scheme, len(scheme.levels) - 1), line=plain(least), against=against)


def _level(explanation: Explanation, marks: LevelMarks, scheme: Scheme) -> Iterator[Line]:
    """A level's places, its edge, and where the unit stands against it."""
    name = level_named(scheme, marks.level)
    rule = _("不开放，只有保底能进") if marks.rule is None else level_rule_text(marks.rule, scheme)
    yield 0, _("{level}：{rule}").format(level=name, rule=rule)
    limited = marks.places is not None and marks.rule is not None
    places = _("本范围名额{places}个").format(places=marks.places) if limited else ""
    kept = _("保底占{number}个").format(number=marks.guaranteed) if marks.guaranteed else ""
    taken = _("按名次进{number}个").format(number=marks.taken) if marks.rule is not None else ""
    filled = clauses((places, kept, taken))
    if filled:
        yield 2, filled
    edge = clauses((_mark(_("末位进线"), marks.last_in), _mark(_("首位落线"), marks.first_out), _gap(marks)))
    if edge:
        yield 2, edge
    own = _own_place(explanation, marks, scheme)
    if own:
        yield 2, _("本单位：{where}").format(where=own)


def _mark(name: str, mark: Mark | None) -> str:
    if mark is None:
        return ""
    told = _("{name}{unit}（总分{total}，第{rank}名）")
    return told.format(name=name, unit=mark.unit, total=mark.total, rank=mark.rank)


def _gap(marks: LevelMarks) -> str:
    if marks.last_in is None or marks.first_out is None:
        return ""
    gap = abs(Fraction(marks.last_in.total) - Fraction(marks.first_out.total))
    return _("相差{points}分").format(points=plain(gap))


def _own_place(explanation: Explanation, marks: LevelMarks, scheme: Scheme) -> str:
    """Where the unit stands against a level's line and its last in."""
    if explanation.level is None or explanation.total is None:
        return ""
    total, level = Fraction(explanation.total), scheme.level_index(marks.level)
    own = scheme.level_index(explanation.level)
    if own == level:
        where = _("就在这一级")
    elif own > level:
        where = _("在更高的一级")
    elif any(code.startswith("drop:") for code in explanation.reasons):
        where = _("不在这一级，定星后降过级")
    elif explanation.standing is not None and scheme.level_index(explanation.standing.ceiling) < level:
        where = _("最高到不了这一级")
    else:
        where = _("没有进")
    least = None if marks.rule is None else marks.rule.least
    against_line = "" if least is None else _against_line(total - least)
    return clauses((where, against_line, _against_mark(explanation.unit, total, marks) if own <= level else ""))


def _against_line(more: Fraction) -> str:
    """How far above or below a line."""
    if not more:
        return _("正好到线")
    told = _("比线多出{points}分") if more > 0 else _("离线还差{points}分")
    return told.format(points=plain(abs(more)))


def _against_mark(unit: str, total: Fraction, marks: LevelMarks) -> str:
    """Where the unit stands against the last in; whether it is itself at the edge."""
    if marks.last_in is None:
        return ""
    if marks.last_in.unit == unit:
        return _("就是末位进线")
    first = _("就是首位落线") if marks.first_out is not None and marks.first_out.unit == unit else ""
    return clauses((first, _against_last(total - Fraction(marks.last_in.total))))


def _against_last(more: Fraction) -> str:
    if not more:
        return _("与末位进线同分")
    told = _("比末位进线高{points}分") if more > 0 else _("比末位进线低{points}分")
    return told.format(points=plain(abs(more)))


def _reasons(explanation: Explanation, scheme: Scheme) -> Iterator[Line]:
    """What held the level down or up, in the order in which it came to bear."""
    if explanation.level is None:
        yield from _section(_("为什么未评"))
    else:
        yield from _section(_("为什么是{level}").format(level=level_named(scheme, explanation.level)))
    pool = "" if explanation.standing is None else explanation.standing.pool.name
    for number, code in enumerate(explanation.reasons, start=1):
        said = reason_text(code, scheme, pool=pool)
        yield 0, _("{number}．{reason}").format(number=number, reason=_with_occasion(code, said, scheme))
    if not explanation.reasons:
        yield 0, _("按名次和分数线得到，没有封顶、否决或名额的限制。")


def _with_occasion(code: str, said: str, scheme: Scheme) -> str:
    """An override's reason with the condition that held."""
    name = code.partition(":")[2]
    found = [override for override in scheme.overrides if override.code == name]
    if not found or code.partition(":")[0] not in ("cap", "set", "floor", "drop", "void"):
        return said
    when = condition_text(found[0].when, scheme, within=name)
    return _("{reason}。情形：{when}").format(reason=said, when=when)


def _consequences(explanation: Explanation, scheme: Scheme) -> Iterator[Line]:
    if not scheme.consequences:
        return
    yield from _section(_("结果运用"))
    entries = {entry.code: entry for entry in scheme.consequences}
    for number, code in enumerate(explanation.consequences, start=1):
        name, _equals, coefficient = code.partition("=")
        yield 0, _("{number}．{what}").format(number=number, what=_consequence(entries[name], coefficient, scheme))
    if not explanation.consequences:
        yield 0, _("没有。")


def _consequence(entry: Consequence, coefficient: str, scheme: Scheme) -> str:
    effect = effect_text(entry.effect, scheme, coefficient=coefficient)
    if coefficient and isinstance(entry.effect.what, PayLine):
        effect = clauses((effect, effect_text(entry.effect, scheme)))
    told = _("{name}（{code}）：对{bearer}，{effect}")
    return told.format(name=entry.name, code=entry.code, bearer=bearer_text(entry.bearer), effect=effect)
