"""The small phrases that sentences about rules are made of: points, lists, levels, fields, periods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from starrating.domain.figures import plain
from starrating.domain.scheme import PREVIOUS, Scheme
from starrating.wording.language import mark as _
from starrating.wording.language import translate

FIELDS: Mapping[str, str] = {"district": _("区"), "township": _("乡镇街道"), "kind": _("类别")}
KINDS: Mapping[str, str] = {"village": _("村"), "community": _("社区")}

_OCCASION = _("次")
_MEASURES = "".join((
    _OCCASION, _("处"), _("件"), _("起"), _("项"), _("例"), _("户"), _("亩"), _("人"), _("个"), _("场"),
))  # fmt: skip
_MEASURE = re.compile(f"每([{_MEASURES}])|([{_MEASURES}])数")


def clauses(parts: Iterable[str]) -> str:
    """Parts of one sentence, those that say nothing left out."""
    return translate("，").join(part for part in parts if part)


def sentences(parts: Iterable[str]) -> str:
    """Sentences that belong together, empty ones left out."""
    return translate("；").join(part for part in parts if part)


def items(parts: Iterable[str]) -> str:
    """Things in a row, each named."""
    return translate("、").join(parts)


def either(parts: Iterable[str]) -> str:
    """Words of which one is enough."""
    return translate("或").join(parts)


def points(value: Fraction) -> str:
    """A number of points."""
    return translate("{points}分").format(points=plain(value))


def percent(share: Fraction) -> str:
    """A share as a percentage."""
    return f"{plain(share * 100)}%"


def level_name(scheme: Scheme, index: int) -> str:
    """The name of the level at an index, or of last year's level."""
    return translate("上年星级") if index == PREVIOUS else scheme.levels[index].name


def level_named(scheme: Scheme, code: str) -> str:
    """The name of the level of that code."""
    return scheme.levels[scheme.level_index(code)].name


def field_name(field: str) -> str:
    """A field of the unit as people call it; one that only this scheme knows by its own name."""
    return translate(FIELDS[field]) if field in FIELDS else field


def kind_name(kind: str) -> str:
    """A kind of unit as people call it."""
    return translate(KINDS[kind]) if kind in KINDS else kind


def period_name(period: str) -> str:
    """A period as people call it: `Q1`, `M03`, or a name of the scheme's own."""
    if re.fullmatch(r"Q[1-4]", period):
        return translate("第{number}季度").format(number=period[1])
    if re.fullmatch(r"M(0[1-9]|1[0-2])", period):
        return translate("{number}月").format(number=int(period[1:]))
    return period


def counted_in(name: str) -> str:
    """The measure word that a name itself asks for (新增处数, 每件), else the one for occasions."""
    found = _MEASURE.search(name)
    return translate(next((word for word in found.groups() if word), _OCCASION) if found else _OCCASION)
