"""One indicator of a unit's score sheet: the values, the rule in words, the sum that was done, the points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from starrating.domain.conditions import About
from starrating.domain.explain import Entry, NodeResult
from starrating.domain.figures import plain
from starrating.domain.methods import Direct, Leaf, Missing, Value
from starrating.domain.scheme import Aggregate, Indicator, NodeKind, Scheme
from starrating.wording.conditions import subject_text
from starrating.wording.language import translate as _
from starrating.wording.phrases import clauses, items, level_named, period_name, sentences
from starrating.wording.rules import node_rule

Points = Mapping[str, str | None]

_DECIMAL = re.compile(r"\d+\.\d+")
_WANTING = re.compile(r"max\(0, (\d+) - (\d+)\)")
_LONE = re.compile(r"\((\d+(?:\.\d+)?)\)")
_PICK = re.compile(r"(max|min)\(([^()]*)\)")


def shown(points: str) -> str:
    """A number without the zeros that only fill its places."""
    return _DECIMAL.sub(lambda found: found[0].rstrip("0").rstrip("."), points)


def steps_text(steps: str) -> str:
    """A sum as one writes it by hand: `8 + -1 × 3` → `8 - 1 × 3`."""
    text = re.sub(r"\+ -(?=\d)", "- ", shown(steps))
    text = _LONE.sub(r"\1", text)
    return _PICK.sub(_picked, text)


def _picked(found: re.Match[str]) -> str:
    told = _("取大的（{numbers}）") if found[1] == "max" else _("取小的（{numbers}）")
    return told.format(numbers=found[2].replace(", ", _("，")))


def sheet_lines(result: NodeResult, scheme: Scheme, points: Points) -> Iterator[tuple[int, str]]:
    """A node's lines, each with its indent: heading, rule, values and sums; `points` are all nodes', by code."""
    indent = 2 * result.depth
    yield indent, _heading(result)
    yield indent + 2, node_rule(result.node, scheme)
    lines = _group_lines(result, points) if result.node.leaf is None else _leaf_lines(result, result.node.leaf, scheme)
    for line in lines:
        yield indent + 2, line


def _heading(result: NodeResult) -> str:
    node = result.node
    if result.points is None:
        got = _("不计此项")
    elif node.high is None:
        got = _("得{points}分").format(points=shown(result.points))
    else:
        told = {
            NodeKind.BASE: _("满分{full}分，得{points}分"),
            NodeKind.BONUS: _("最多加{full}分，加{points}分"),
            NodeKind.PENALTY: _("最多扣{full}分，扣{points}分"),
        }[node.kind]
        got = told.format(full=plain(node.high), points=shown(result.points))
    return _("{code} {name}：{got}").format(code=node.code, name=node.name, got=got)


def _group_lines(result: NodeResult, points: Points) -> Iterator[str]:
    if result.points is None:
        yield _("有结果的下级不够，这一组不计")
        return
    left_out = left_out_text(result.node.children, points, result.node.aggregate)
    if left_out:
        yield left_out
    yield _sum(steps_text(result.steps), result.points)


def left_out_text(nodes: Sequence[Indicator], points: Points, aggregate: Aggregate = Aggregate.SUM) -> str:
    """Which of the nodes that are put together have no result, and what makes up for them."""
    left_out = [node for node in nodes if points[node.code] is None]
    if not left_out:
        return ""
    told = {
        Aggregate.SUM: _("{nodes}不计，其余按满分比例放大"),
        Aggregate.MEAN: _("{nodes}不计，其余按权重平均"),
    }.get(aggregate, _("{nodes}不计，只看其余"))
    if aggregate is Aggregate.SUM and all(node.kind is not NodeKind.BASE for node in left_out):
        told = _("{nodes}不计")
    return told.format(nodes=items(f"{node.code} {node.name}" for node in left_out))


def _sum(steps: str, points: str | None) -> str:
    if points is None:
        return _("{steps}，不计").format(steps=steps)
    told = _("{steps}分") if "→" in steps and steps.endswith(f"→ {shown(points)}") else _("{steps}，得{points}分")
    return told.format(steps=steps, points=shown(points))


def _leaf_lines(result: NodeResult, leaf: Leaf, scheme: Scheme) -> Iterator[str]:
    """A line for the year; or for each period one, or all in one where the value itself is the points."""
    if len(result.entries) == 1:
        yield _entry(result.node, result.entries[0], "", scheme)
        return
    periods = [
        _entry(result.node, entry, period_name(period), scheme)
        for period, entry in zip(leaf.periods, result.entries, strict=True)
    ]
    if isinstance(leaf.method, Direct | Value):
        yield sentences(periods)
    else:
        yield from periods
    if result.points is not None:
        yield _("全年得{points}分").format(points=shown(result.points))


def _entry(node: Indicator, entry: Entry, period: str, scheme: Scheme) -> str:
    """One period: what was filled in, the sum, the points."""
    if entry.steps.startswith("blank:"):
        return _in_period(period, _blank(node, entry))
    value = _in_period(period, _values(node, entry.values, scheme))
    if isinstance(node.leaf, Leaf) and isinstance(node.leaf.method, Direct | Value):
        return clauses((value, _("得{points}分").format(points=shown(entry.points or ""))))
    form = _("{value}；应有的按少了几次算：{sum}") if _WANTING.search(entry.steps) else _("{value}：{sum}")
    return form.format(value=value, sum=_sum(_leaf_steps_text(entry.steps), entry.points))


def _in_period(period: str, told: str) -> str:
    return _("{period}{values}").format(period=period, values=told) if period else told


def _leaf_steps_text(steps: str) -> str:
    """A leaf's sum; a label is not a number, so nothing is trimmed there, and events that are missing are counted."""
    return steps if "→" in steps else steps_text(_WANTING.sub(_wanting, steps))


def _wanting(found: re.Match[str]) -> str:
    return plain(max(Fraction(0), Fraction(found[1]) - Fraction(found[2])))


def _blank(node: Indicator, entry: Entry) -> str:
    assert node.leaf is not None
    if node.leaf.missing is Missing.EXCLUDE:
        return _("空着，不计此项")
    told = _("空着，按满分记{points}分") if node.leaf.missing is Missing.FULL else _("空着，记{points}分")
    return told.format(points=shown(entry.points or ""))


def _values(node: Indicator, values: Mapping[str, str | None], scheme: Scheme) -> str:
    """What was filled in, by part, period by period."""
    leaf = node.leaf
    assert leaf is not None
    if leaf.of is not None:
        value = next(iter(values.values()))
        named = value if value is None or leaf.of.about is not About.PREVIOUS else level_named(scheme, value)
        return _("{subject}{value}").format(subject=subject_text(leaf.of, scheme), value=_filled(named))
    by_period: dict[str, list[str]] = {}
    for header, value in values.items():
        stem, _at, period = header.partition("@")
        part = stem.removeprefix(node.code).removeprefix(".")
        told = _("{part}{value}").format(part=part, value=_filled(value)) if part else _filled(value)
        by_period.setdefault(period, []).append(told)
    if len(by_period) == 1:
        return _("填{values}").format(values=items(next(iter(by_period.values()))))
    return _("填{values}").format(
        values=sentences(_in_period(period_name(period), items(parts)) for period, parts in by_period.items())
    )


def _filled(value: str | None) -> str:
    return _("空") if value is None else value
