"""How a leaf's value became its points, as the sum a person would write down: `8 + -1 × 3`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from starrating.domain.figures import plain
from starrating.domain.inputs import decimal
from starrating.domain.methods import Band, Bands, Cases, Checklist, Choice, Count, Line, Relative, RelativeTo
from starrating.domain.scheme import Aggregate, Indicator, NodeKind

Texts = Mapping[str, str | None]


def leaf_steps(node: Indicator, values: Sequence[str | None], aside: Texts) -> str:
    """The sum of one period (or the year) from the raw values, one a part; `aside` is what they were held against."""
    assert node.leaf is not None
    if all(value is None for value in values):
        return f"blank: {node.leaf.missing}"
    match node.leaf.method:
        case Count() | Cases() | Checklist():
            return _events(node, [values])
        case Choice() | Bands():
            return _looked_up(node.leaf.method, values[0] or "")
        case Line():
            return _line(node.leaf.method, values[0] or "")
        case Relative():
            return _relative(node, node.leaf.method, values[0] or "", aside)
    return values[0] or ""


def year_steps(node: Indicator, periods: Sequence[Sequence[str | None]]) -> str:
    """The sum of a leaf that counts events over the year: `start` once, the events of all periods."""
    assert node.leaf is not None
    if all(value is None for values in periods for value in values):
        return f"blank: {node.leaf.missing}"
    return _events(node, periods)


def _events(node: Indicator, periods: Sequence[Sequence[str | None]]) -> str:
    assert node.leaf is not None
    match node.leaf.method:
        case Count(each=each, start=start, required=required):
            weights, needed = {"": each}, {} if required is None else {"": required}
        case Cases(each=weights_of, start=start, required=needed_of):
            weights, needed = dict(weights_of), dict(needed_of)
        case Checklist(items=items, start=start):
            weights, needed = dict(items), {}
        case _:
            raise TypeError(node.leaf.method)
    terms = [plain(start)] if start else []
    for position, (part, weight) in enumerate(weights.items()):
        counts = [_count(values[position], needed.get(part)) for values in periods if _counts(values)]
        events = counts[0] if len(counts) == 1 else f"({' + '.join(counts)})"
        terms.append(f"{plain(weight)} × {events}")
    return " + ".join(terms)


def _counts(values: Sequence[str | None]) -> bool:
    return any(value is not None for value in values)


def _count(value: str | None, required: Fraction | None) -> str:
    return value or "0" if required is None else f"max(0, {plain(required)} - {value or 0})"


def _looked_up(method: Choice | Bands, value: str) -> str:
    if isinstance(method, Choice):
        points = method.options.get(value)
        return f"{value} → {'' if points is None else plain(points)}"
    number = Fraction(value)
    for band in method.rows:
        if band.limit is None:
            return f"{value} → {plain(band.points)}"
        if number <= band.limit if method.downward else number >= band.limit:
            return f"{value} {'≤' if method.downward else '≥'} {plain(band.limit)} → {plain(band.points)}"
    return value


def _line(method: Line, value: str) -> str:
    number = Fraction(value)
    (first, low), (last, high) = method.at[0], method.at[-1]
    if number <= first:
        return f"{value} ≤ {plain(first)} → {plain(low)}"
    if number >= last:
        return f"{value} ≥ {plain(last)} → {plain(high)}"
    for (left, start), (right, end) in pairwise(method.at):
        if number <= right:
            x, a, b = (f"ln {text}" if method.log else text for text in (value, plain(left), plain(right)))
            return f"{plain(start)} + ({plain(end)} - {plain(start)}) × ({x} - {a}) / ({b} - {a})"
    return value


def _relative(node: Indicator, method: Relative, value: str, aside: Texts) -> str:
    full = plain(node.high or Fraction(0))
    best, worst = aside.get("best"), aside.get("worst")
    rank, number = aside.get("rank"), aside.get("number")
    match method.to:
        case RelativeTo.BEST:
            if _number(best) <= 0 or (_number(value) <= 0 and method.lower_is_better):
                return f"{value} = {best} → {full}" if value == best else f"{value} ≠ {best} → 0"
            return f"{full} × {best} / {value}" if method.lower_is_better else f"{full} × {value} / {best}"
        case RelativeTo.MINMAX:
            if best == worst:
                return f"{best} = {worst} → {full}"
            return f"{full} × ({value} - {worst}) / ({best} - {worst})"
        case RelativeTo.PLACE:
            return f"{full} - {plain(method.each)} × ({rank} - 1)"
        case RelativeTo.RANK:
            return f"{rank} / {number} → {plain(_ranked(method.bands, rank or '', number or ''))}"


def _number(text: str | None) -> Fraction:
    return Fraction(text or 0)


def _ranked(bands: Sequence[Band], rank: str, number: str) -> Fraction:
    share = (decimal(rank) or Fraction(0)) / (decimal(number) or Fraction(1))
    for band in bands:
        if band.limit is None or share <= band.limit:
            return band.points
    return bands[-1].points


def group_steps(node: Indicator | None, children: Sequence[tuple[Indicator, str | None]]) -> str:
    """The sum of a group from its children's points (of the total where `node` is None), left-out children absent."""
    there = [(child, _scaled(child, points)) for child, points in children if points is not None]
    if not there:
        return "blank: exclude"
    texts = [text for _, text in there]
    weights = " + ".join(plain(child.weight) for child, _ in there)
    match Aggregate.SUM if node is None else node.aggregate:
        case Aggregate.SUM:
            return _sum([child for child, _ in children], there)
        case Aggregate.MEAN:
            return f"({' + '.join(f'{plain(child.weight)} × {text}' for child, text in there)}) / ({weights})"
        case Aggregate.GEOMETRIC:
            return f"({' × '.join(f'({text})^{plain(child.weight)}' for child, text in there)})^(1 / ({weights}))"
        case aggregate:
            return f"{aggregate}({', '.join(texts)})"


def _scaled(child: Indicator, points: str) -> str:
    return points if child.scale == 1 else f"{points} × {plain(child.scale)}"


def _sum(children: Sequence[Indicator], there: Sequence[tuple[Indicator, str]]) -> str:
    """Base children, times what makes up for those left out, plus bonuses, minus penalties."""
    base = " + ".join(text for child, text in there if child.kind is NodeKind.BASE) or "0"
    present = {child.code for child, _ in there}
    bases = [child for child in children if child.kind is NodeKind.BASE]
    if any(child.code not in present for child in bases):
        whole = sum(((child.high or Fraction(0)) * child.scale for child in bases), Fraction(0))
        left = sum(((child.high or Fraction(0)) * child.scale for child in bases if child.code in present), Fraction(0))
        if left:
            base = f"({base}) × {plain(whole)} / {plain(left)}"
    for child, text in there:
        if child.kind is not NodeKind.BASE:
            base += f" {'+' if child.kind is NodeKind.BONUS else '-'} {text}"
    return base
