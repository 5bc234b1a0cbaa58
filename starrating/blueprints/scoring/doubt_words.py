"""What a doubt says, in words and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from flask import url_for
from flask_babel import gettext

from starrating.blueprints.scoring.sheets import column_name
from starrating.domain.exact import rounded
from starrating.domain.figures import fixed, plain
from starrating.domain.oddities import Check, Measure
from starrating.queries.cycles import CycleRow
from starrating.services.assessment.doubt import Doubt


def _l(text: str) -> str:
    """Marks a text of a table for translation, which happens when it is said."""
    return text


NAMES: Mapping[Check, str] = {
    Check.EMPTY: _l("没填"),
    Check.OUTLIER: _l("离群"),
    Check.OFF_HISTORY: _l("与上年差得多"),
    Check.LENIENT: _l("偏松"),
    Check.STRICT: _l("偏严"),
    Check.REVIEW_LENIENT: _l("初评偏松"),
    Check.REVIEW_STRICT: _l("初评偏严"),
    Check.ALIKE: _l("全镇一个数"),
    Check.COPIED: _l("两列一样"),
    Check.NO_EVIDENCE: _l("缺材料"),
}
"""What each check is called."""


def subject_of(doubt: Doubt) -> str:
    """Whom a doubt is about: a unit, a township or a department."""
    if doubt.unit:
        return f"{doubt.unit.township} {doubt.unit.name}"
    return doubt.township[1] if doubt.township else doubt.group


def sentence_of(doubt: Doubt) -> str:
    """What was seen and what it was compared with."""
    figures = doubt.figures
    match doubt.check:
        case Check.EMPTY:
            return str(gettext("%(count)s格没填。", count=doubt.count))
        case Check.NO_EVIDENCE:
            return str(gettext("%(count)s个单位填了数，办法要的材料一份也没有传。", count=doubt.count))
        case Check.OUTLIER:
            said = _l("填的是%(text)s，全区中间的是%(median)s，稳健z值%(score)s。")
            if doubt.measure is Measure.MEAN:
                said = _l("填的是%(text)s，全区一半以上是%(median)s，按平均距离算的z值%(score)s。")
            return str(gettext(said, text=doubt.text, median=_short(figures["median"]), score=_score(figures)))
        case Check.OFF_HISTORY:
            return _change(doubt)
        case Check.LENIENT | Check.STRICT:
            return _apart(doubt)
        case Check.REVIEW_LENIENT | Check.REVIEW_STRICT:
            return _against(doubt)
        case Check.ALIKE:
            return str(
                gettext(
                    "%(count)s个单位都填%(text)s，别的乡镇街道一半以上不是这个数。", count=doubt.count, text=doubt.text
                )
            )
        case _:
            return str(
                gettext("%(count)s个单位的数与%(other)s一格不差，像是贴错了列。", count=doubt.count, other=doubt.other)
            )


def what_of(doubt: Doubt) -> str:
    """The indicator, with the part or period; empty where a doubt is about all of them."""
    if doubt.task is None:
        return ""
    name = f"{doubt.task.node.code} {doubt.task.node.name}"
    column = column_name(doubt.column) if doubt.column else doubt.task.node.name
    return name if column == doubt.task.node.name else f"{name}（{column}）"


def link_of(doubt: Doubt, cycle: CycleRow) -> str:
    """Where the values are that a doubt is about: the cell, or the grid with its units and indicators and no others."""
    if doubt.unit and doubt.task:
        page = url_for("scoring.unit", cycle_id=cycle.id, unit_id=doubt.unit.id, part=doubt.task.root.code)
        return page + (f"#cell-{doubt.unit.id}-{doubt.column.header}" if doubt.column else "")
    return url_for(
        "scoring.grid", cycle_id=cycle.id, kind=doubt.kind, township=doubt.township[0] if doubt.township else None,
        indicator=doubt.codes, unit=doubt.units, show="blank" if doubt.check is Check.EMPTY else None,
    )  # fmt: skip


def _apart(doubt: Doubt) -> str:
    figures = doubt.figures
    known = {"count": doubt.count, "average": _percent(figures["average"]), "median": _percent(figures["median"])}
    if doubt.measure is Measure.DIFFERENCE:
        said = _l("%(count)s个分平均是满分的%(average)s%%，别处中间的是%(median)s%%，差%(apart)s个百分点。")
        return str(gettext(said, **known, apart=_percent(abs(figures["average"] - figures["median"]))))
    said = _l("%(count)s个分平均是满分的%(average)s%%，中间的是%(median)s%%，稳健z值%(score)s。")
    if doubt.measure is Measure.MEAN:
        said = _l("%(count)s个分平均是满分的%(average)s%%，一半以上是%(median)s%%，按平均距离算的z值%(score)s。")
    return str(gettext(said, **known, score=_score(figures)))


def _change(doubt: Doubt) -> str:
    figures = doubt.figures
    known = {"before": _short(figures["before"]), "text": doubt.text, "median": _short(figures["median"])}
    if figures["score"]:
        return str(gettext("上年%(before)s，今年%(text)s；全区的变化中间的是%(median)s，稳健z值%(score)s。",
                           **known, score=_score(figures)))  # fmt: skip
    return str(gettext("上年%(before)s，今年%(text)s；全区一半以上没有变。", **known))


def _against(doubt: Doubt) -> str:
    average, verified = doubt.figures["average"], doubt.figures["verified"]
    known = {"count": doubt.count, "average": _percent(average), "verified": _percent(verified),
             "apart": _percent(abs(average - verified))}  # fmt: skip
    milder = _l("%(count)s项初评平均是满分的%(average)s%%，区里确认的是%(verified)s%%，高%(apart)s个百分点。")
    stricter = _l("%(count)s项初评平均是满分的%(average)s%%，区里确认的是%(verified)s%%，低%(apart)s个百分点。")
    return str(gettext(milder if average > verified else stricter, **known))


def _short(value: Fraction) -> str:
    return plain(rounded(value, 2))


def _score(figures: Mapping[str, Fraction]) -> str:
    return fixed(rounded(figures["score"], 1), 1)


def _percent(share: Fraction) -> str:
    return fixed(rounded(share * 100, 1), 1)
