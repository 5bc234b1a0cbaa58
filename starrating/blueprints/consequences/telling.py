"""A case's facts as a person reads them: the years behind the star, the condition part by part, what was done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import gettext

from starrating.blueprints.consequences.records import told_of
from starrating.blueprints.languages import day_name
from starrating.domain.cases import About as CaseAbout
from starrating.domain.conditions import ALL_STREAKS, LEADER_MONTHS, LEVELS, STREAKS_BELOW, About, All, AnyOf, Not, Test
from starrating.domain.figures import plain
from starrating.domain.scheme import Scheme
from starrating.domain.walk import Walked
from starrating.queries.cases import CaseEventRow, CaseRow
from starrating.vocabulary.cases import about_word, move_word
from starrating.wording.conditions import condition_text


@dataclass(frozen=True, slots=True)
class WalkedLine:
    """A part of a condition in words: how deep it stands, whether it is met, its value, what is missing."""

    depth: int
    text: str
    met: bool
    value: str
    gap: str


def walked_lines(walked: Walked, scheme: Scheme) -> list[WalkedLine]:
    """A condition part by part; where one of several is enough, that is said above them."""
    return list(_lines(walked, scheme, 0, needed=True))


def _lines(walked: Walked, scheme: Scheme, depth: int, *, needed: bool) -> Iterator[WalkedLine]:
    """What is missing is said only where it is `needed`, not where another of several holds already."""
    match walked.condition:
        case All():
            for part in walked.parts:
                yield from _lines(part, scheme, depth, needed=needed)
        case AnyOf():
            yield WalkedLine(depth, str(gettext("下面有一条成立就行")), walked.met, "", "")
            for part in walked.parts:
                yield from _lines(part, scheme, depth + 1, needed=needed and not walked.met)
        case Not():
            yield WalkedLine(
                depth, condition_text(walked.condition, scheme, codes=False), walked.met, _value_in(walked, scheme), ""
            )
        case Test():
            text = condition_text(walked.condition, scheme, codes=False)
            yield WalkedLine(depth, text, walked.met, _value_of(walked, walked.condition, scheme),
                             gap_text(walked, scheme) if needed else "")  # fmt: skip


def _value_in(walked: Walked, scheme: Scheme) -> str:
    """The value of what must not hold, where it is one test."""
    inner = walked.parts[0]
    return _value_of(inner, inner.condition, scheme) if isinstance(inner.condition, Test) else ""


def _value_of(walked: Walked, test: Test, scheme: Scheme) -> str:
    """The value of a test; of a streak of the unit with the leader's own beside it."""
    if walked.beside is None:
        return value_text(test, walked.value, scheme)
    told = gettext("%(years)s年，其中现任书记任内%(own)s年", years=walked.value, own=walked.beside)
    return str(told)


def value_text(test: Test, value: str | None, scheme: Scheme) -> str:
    """A value as people say it."""
    if value is None:
        return str(gettext("没有"))
    if test.subject.about in LEVELS:
        return next(level.name for level in scheme.levels if level.code == value)
    if test.subject.about in ALL_STREAKS:
        return str(gettext("%(years)s年", years=value))
    if test.subject.about is About.FLAG:
        return str(gettext("%(count)s次", count=value))
    if test.subject.about is About.CHANGE:
        return _change_said(Fraction(value))
    if test.subject == LEADER_MONTHS:
        return str(gettext("%(months)s个月", months=value))
    return value


def _change_said(steps: Fraction) -> str:
    if steps == 0:
        return str(gettext("与上年相同"))
    if steps > 0:
        return str(gettext("升%(steps)s级", steps=plain(steps)))
    return str(gettext("降%(steps)s级", steps=plain(-steps)))


def gap_text(walked: Walked, scheme: Scheme) -> str:
    """By how much a test misses, as a sentence; nothing where it is met or cannot be counted."""
    test = walked.condition
    if walked.met or walked.short is None or not isinstance(test, Test):
        return ""
    short = walked.short
    if test.subject.about in ALL_STREAKS - STREAKS_BELOW:
        name = next(level.name for level in scheme.levels if level.code == test.subject.name)
        return str(gettext("还差%(years)s个%(level)s年度", years=plain(short), level=name))
    if test.subject.about in (*LEVELS, About.CHANGE):
        return str(gettext("还差%(steps)s级", steps=plain(abs(short))))
    if test.subject == LEADER_MONTHS:
        return str(gettext("还差%(months)s个月", months=plain(short)))
    if short > 0:
        return str(gettext("还差%(points)s", points=_number(short)))
    return str(gettext("多出%(points)s", points=_number(-short)))


def _number(value: Fraction) -> str:
    return plain(value) if 10**6 % value.denominator == 0 else f"{value.numerator}/{value.denominator}"


def chain_of(facts: Mapping[str, Any], scheme: Scheme) -> list[dict[str, str]]:
    """The years behind the star and the posts, the newest first, as steps of a timeline."""
    names = {level.code: level.name for level in scheme.levels}
    found = []
    for year, level, in_post in facts["years"]:
        note = gettext("年底在任书记是同一人") if in_post else gettext("年底在任书记是别人，或者空缺，或者后来断过")
        word = names.get(level, "") if level else gettext("未评")
        found.append({"title": gettext("%(year)s年度：%(level)s", year=year, level=word), "note": note})
    last = day_name(date.fromisoformat(facts["cut_off"]))
    for kind, begins, months in facts["posts"]:
        since = day_name(date.fromisoformat(begins))
        found.append({
            "title": gettext("%(post)s，%(day)s起任", post=about_word(CaseAbout(kind)), day=since),
            "note": gettext("到%(day)s满%(months)s个月", day=last, months=months),
        })  # fmt: skip
    return found


def event_lines(events: Sequence[CaseEventRow], row: CaseRow) -> list[dict[str, str]]:
    """The moves of a case, the newest first, down to its opening."""
    found = [{"title": _moved(one), "note": _noted(one)} for one in reversed(events)]
    opened = {"title": gettext("%(year)s年度名单发布，列出这件事项", year=row.year), "note": ""}
    return [*found, opened]


def _moved(one: CaseEventRow) -> str:
    if one.day is None:
        return move_word(one.move)
    return str(gettext("%(move)s（%(day)s）", move=move_word(one.move), day=day_name(one.day)))


def _noted(one: CaseEventRow) -> str:
    parts = [one.by, *([gettext("理由：") + one.reason] if one.reason else []),
             *([gettext("文件：") + one.document] if one.document else []),
             *(f"{name}{gettext('：')}{text}" for name, text in told_of(json.loads(one.record)))]  # fmt: skip
    return str(gettext("；").join(parts))
