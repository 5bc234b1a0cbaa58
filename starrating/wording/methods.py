"""How a leaf's method turns a value into points, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from starrating.domain.conditions import About
from starrating.domain.figures import plain
from starrating.domain.methods import (
    Band,
    Bands,
    Cases,
    Checklist,
    Choice,
    Count,
    Direct,
    Leaf,
    Line,
    Relative,
    RelativeTo,
    Value,
)
from starrating.domain.scheme import Indicator, NodeKind, Scheme
from starrating.wording.language import mark as _
from starrating.wording.language import translate
from starrating.wording.phrases import clauses, counted_in, field_name, items, level_named, percent, points

ACTS: Mapping[NodeKind, str] = {NodeKind.BASE: _("计"), NodeKind.BONUS: _("加"), NodeKind.PENALTY: _("扣")}


def method_rule(node: Indicator, scheme: Scheme | None = None) -> str:
    """What a value of a leaf is worth; `scheme` gives the names of levels where they are the value."""
    match _leaf(node).method:
        case Direct(step):
            return _direct(node, step)
        case Count(each, start, required):
            return _events(node, start, {"": each}, {} if required is None else {"": required})
        case Cases(each_of, start, required_of):
            return _events(node, start, each_of, required_of)
        case Checklist(given, start):
            return _with_bounds(node, start, list(_marks(node, given)), list(given.values()))
        case Choice(options):
            return clauses(_option(_label(node, option, scheme), worth) for option, worth in options.items())
        case Bands(rows, downward):
            form = translate("{limit}及以下{points}") if downward else translate("{limit}以上{points}")
            return clauses(_band(band, form) for band in rows)
        case Line(at, log):
            return curve_text(at, log=log)
        case Value():
            return clauses((translate("填多少计多少"), _lowest(node), _highest(node)))
        case Relative() as relative:
            return _relative(node, relative)


def _label(node: Indicator, option: str, scheme: Scheme | None) -> str:
    """An option as people call it: last year's level by its name."""
    of = _leaf(node).of
    if scheme is None or of is None or of.about is not About.PREVIOUS:
        return option
    return level_named(scheme, option)


def _option(label: str, worth: Fraction) -> str:
    """An option and its points, kept apart where the label ends in a digit or a letter."""
    told = translate("{option}得{points}") if label[-1:].isascii() else translate("{option}{points}")
    return told.format(option=label, points=points(worth))


def curve_text(at: Sequence[tuple[Fraction, Fraction]], *, log: bool = False) -> str:
    """A straight line through points, from value to result."""
    way = translate("按对数折算") if log else translate("按直线折算")
    if len(at) == 2:
        (left, low), (right, high) = at
        told = translate("从{left}（{low}）到{right}（{high}）")
        return told.format(left=plain(left), low=points(low), right=plain(right), high=points(high)) + way
    stops = items(
        translate("{value}（{points}）").format(value=plain(value), points=points(worth)) for value, worth in at
    )
    return clauses((stops, translate("中间") + way))


def _leaf(node: Indicator) -> Leaf:
    assert node.leaf is not None
    return node.leaf


def _direct(node: Indicator, step: Fraction | None) -> str:
    low, high = plain(node.low or Fraction(0)), plain(node.high or Fraction(0))
    told = translate("直接打分，{low}到{high}分").format(low=low, high=high)
    return clauses((told, translate("{points}一档").format(points=points(step)) if step else ""))


def _band(band: Band, form: str) -> str:
    if band.limit is None:
        return translate("其余{points}").format(points=points(band.points))
    return form.format(limit=plain(band.limit), points=points(band.points))


def _lowest(node: Indicator) -> str:
    return "" if node.low is None else translate("最低{points}").format(points=points(node.low))


def _highest(node: Indicator) -> str:
    if node.high is None:
        return ""
    told = translate("最多扣{points}") if node.kind is NodeKind.PENALTY else translate("最高{points}")
    return told.format(points=points(node.high))


def _events(node: Indicator, start: Fraction, each: Mapping[str, Fraction], required: Mapping[str, Fraction]) -> str:
    return _with_bounds(node, start, list(_cases(node, each, required)), list(each.values()))


def _with_bounds(node: Indicator, start: Fraction, terms: Sequence[str], worths: Sequence[Fraction]) -> str:
    """What one begins with, what each event changes, how far that can go."""
    begin = translate("起评{points}").format(points=points(start)) if start else ""
    return clauses((begin, *terms, *_bounds(node, start, worths)))


def _bounds(node: Indicator, start: Fraction, worths: Sequence[Fraction]) -> Iterator[str]:
    reach = start + sum((worth for worth in worths if worth > 0), Fraction(0))
    only_falls = all(worth <= 0 for worth in worths)
    marked = isinstance(_leaf(node).method, Checklist)
    if only_falls and node.low == 0:
        yield translate("扣完为止")
    elif node.low:
        yield _lowest(node)
    if node.high is None:
        yield "" if only_falls else translate("不封顶")
    elif not (only_falls or marked) or node.high < reach:
        yield _highest(node)


def _act(node: Indicator, worth: Fraction) -> str:
    return translate("扣") if worth < 0 else translate(ACTS[node.kind])


def _cases(node: Indicator, each: Mapping[str, Fraction], required: Mapping[str, Fraction]) -> Iterator[str]:
    """A clause for each number of points; parts that are worth the same stand together."""
    alike: dict[tuple[Fraction, str, bool], list[str]] = {}
    for part, worth in each.items():
        unit = counted_in(part or node.name)
        wanted = {"part": part, "number": plain(required[part]), "unit": unit} if part in required else {}
        told = translate("{part}{number}{unit}") if part else translate("{number}{unit}")
        alike.setdefault((worth, unit, part in required), []).append(told.format(**wanted) if wanted else part)
    for (worth, unit, wanting), parts in alike.items():
        facts = {"parts": items(parts), "unit": unit, "act": _act(node, worth), "points": points(abs(worth))}
        if wanting:
            told = translate("{every}应有{parts}，每少1{unit}{act}{points}")
            yield told.format(every=_every_period(_leaf(node)), **facts)
        else:
            told = translate("{parts}每{unit}{act}{points}") if any(parts) else translate("每{unit}{act}{points}")
            yield told.format(**facts)


def _marks(node: Indicator, given: Mapping[str, Fraction]) -> Iterator[str]:
    alike: dict[Fraction, list[str]] = {}
    for part, worth in given.items():
        alike.setdefault(worth, []).append(part)
    for worth, parts in alike.items():
        told = translate("{parts}各{act}{points}") if len(parts) > 1 else translate("{parts}{act}{points}")
        yield told.format(parts=items(parts), act=_act(node, worth), points=points(abs(worth)))


def _every_period(leaf: Leaf) -> str:
    if not leaf.periods:
        return ""
    match leaf.periods[0], len(leaf.periods):
        case "Q1", 4:
            return translate("每季")
        case "M01", 12:
            return translate("每月")
    return translate("每期")


def _relative(node: Indicator, method: Relative) -> str:
    where = {
        "scope": _scope(method.within),
        "full": points(node.high or Fraction(0)),
        "each": points(method.each),
        "order": translate("（低者为好）") if method.lower_is_better else "",
    }
    match method.to:
        case RelativeTo.BEST:
            told = translate("与{scope}最好的比{order}，最好的得{full}，其余按比例")
        case RelativeTo.MINMAX:
            told = translate("在{scope}最好（{full}）与最差（0分）之间按直线折算{order}")
        case RelativeTo.PLACE:
            told = translate("在{scope}排名{order}，第1名得{full}，每落后1名少{each}")
        case RelativeTo.RANK:
            told = translate("在{scope}排名{order}")
    form = translate("前{limit}得{points}")
    tops = (
        form.format(limit=percent(band.limit), points=points(band.points)) if band.limit else _band(band, form)
        for band in method.bands
    )
    return clauses((told.format(**where), *tops))


def _scope(within: tuple[str, ...] | None) -> str:
    if within is None:
        return translate("同一评定范围")
    if not within:
        return translate("全部单位中")
    return translate("同{fields}").format(fields=items(field_name(field) for field in within))
