"""Codes and names as a line of a report shows them."""

from __future__ import annotations

from collections.abc import Sequence

from starrating.wording.language import translate as _
from starrating.wording.phrases import clauses, items


def joined(names: Sequence[str], most: int) -> str:
    """Names in one line; beyond `most` the rest is only counted."""
    text = items(names[:most])
    return text if len(names) <= most else _("{names}等{count}个").format(names=text, count=len(names))


def named_reasons(codes: str) -> str:
    """Reason codes with the word for each kind before it; where there are none, that is said."""
    if not codes:
        return _("没有什么拦着")
    words = _reason_words()
    return clauses(words.get(code.partition(":")[0], "") + code for code in codes.split(";"))


def _reason_words() -> dict[str, str]:
    """What each kind of reason means, without the scheme at hand."""
    return {
        "quota": _("名额已满 "),
        "min": _("不到分数线 "),
        "requires": _("不合条件 "),
        "tie": _("并列未取 "),
        "cap": _("封顶 "),
        "set": _("直接定级 "),
        "floor": _("保底 "),
        "drop": _("降级 "),
        "void": _("不评 "),
        "rise_limit": _("升幅到顶 "),
        "fall_limit": _("降幅到底 "),
        "no_previous": _("首次评定限级 "),
        "bottom": _("末位 "),
        "waived": _("破格晋星 "),
        "lit": _("点亮星数 "),
    }
