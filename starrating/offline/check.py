"""`check`: reads a scheme; prints every fault found in it, or the whole scheme as people read it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from starrating.domain.faults import FilesRefused
from starrating.domain.figures import plain
from starrating.domain.scheme import Indicator, NamedStars, NodeKind, Scheme
from starrating.offline.layout import Column, columns_of, hung, padded, table
from starrating.offline.report import tell
from starrating.schemes.reader import ReadScheme, read_scheme
from starrating.wording.allocation import (
    bottom_text,
    by_pool_text,
    carry_text,
    level_rules,
    lit_text,
    pool_text,
    rank_text,
    rounding_text,
    ties_text,
)
from starrating.wording.conditions import condition_text
from starrating.wording.language import translate as _
from starrating.wording.outcomes import bearer_text, effect_text, movement_text, notice_text, override_effect_text
from starrating.wording.phrases import items, kind_name, points
from starrating.wording.rules import missing_text, node_rule

WRONG = 2
_ROOM = 120
_LEAST_ROOM = 72


def run(scheme_path: Path) -> int:
    """Print the scheme and return 0, or print its faults on standard error and return 2."""
    try:
        read = read_scheme(scheme_path)
    except FilesRefused as refused:
        tell(refused.faults)
        return WRONG
    room = max(shutil.get_terminal_size((_ROOM, 0)).columns, _LEAST_ROOM)
    sys.stdout.write("\n".join(scheme_lines(read, room)) + "\n")
    return 0


def scheme_lines(read: ReadScheme, room: int) -> Iterator[str]:
    """A scheme in Chinese, line by line, at most `room` columns wide."""
    scheme = read.scheme
    yield from hung(scheme.title, room).split("\n")
    yield ""
    yield from _facts(_head(read), room)
    yield from _section(_("指标"), table(_indicator_columns(), list(_indicator_rows(scheme)), room))
    if scheme.overrides:
        yield from _section(_("否决、封顶、保底、不评"), table(_override_columns(), _override_rows(scheme), room))
    yield from _section(_("升降"), _paragraph(movement_text(scheme.movement, scheme), room))
    yield from _section(_("定星"), _facts(_allocation(scheme), room))
    yield ""
    yield from table([Column(_("星级")), Column(_("名额、分数线和条件"), 1)], list(level_rules(scheme)), room)
    if scheme.consequences:
        yield from _section(_("结果运用"), table(_consequence_columns(), _consequence_rows(scheme), room))
    yield from _section(_("公示"), _paragraph(notice_text(scheme.notice), room))


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield _("【{name}】").format(name=name)
    yield from lines


def _paragraph(text: str, room: int) -> Iterator[str]:
    yield from hung(text, room, hang=0).split("\n")


def _facts(facts: Sequence[tuple[str, str]], room: int) -> Iterator[str]:
    """Names and what they are, the second under one another."""
    there = [(name, text) for name, text in facts if text]
    indent = max(columns_of(name) for name, _text in there) + 2
    for name, text in there:
        first, *rest = hung(text, room - indent, hang=0).split("\n")
        yield padded(name, indent) + first
        yield from (" " * indent + line for line in rest)


def _head(read: ReadScheme) -> list[tuple[str, str]]:
    scheme = read.scheme
    digits = _("每一步四舍五入到{precision}位小数，总分到{decimals}位")
    return [
        (_("代号"), scheme.code),
        (_("评定年度"), str(scheme.year)),
        (_("评定对象"), items(kind_name(kind) for kind in scheme.applies_to) or _("不限")),
        (_("星级"), items(level.name for level in reversed(scheme.levels))),
        (_("满分"), _full_score(scheme)),
        (_("指标数"), _("{roots}个一级指标，{leaves}个末级指标").format(**_counts(scheme))),
        (_("小数"), digits.format(precision=scheme.precision, decimals=scheme.decimals)),
        (_("摘要"), " ".join(read.digest[start : start + 8] for start in range(0, len(read.digest), 8))),
    ]


def _counts(scheme: Scheme) -> dict[str, int]:
    return {"roots": len(scheme.indicators), "leaves": sum(1 for _leaf in scheme.leaves())}


def _full_score(scheme: Scheme) -> str:
    """The full score as the scheme has it, else the sum of what its roots can reach."""
    base = [node for node in scheme.indicators if node.kind is NodeKind.BASE]
    if scheme.full_score is not None:
        told = _("{points}，加分项和扣分项不在内") if len(base) < len(scheme.indicators) else "{points}"
        return told.format(points=points(scheme.full_score))
    if any(node.high is None for node in base):
        return _("没有规定，有的指标不封顶")
    reached = sum(((node.high or Fraction(0)) * node.scale for node in base), Fraction(0))
    return _("没有规定，各项合计{points}").format(points=points(reached))


def _indicator_columns() -> list[Column]:
    return [
        Column(_("代码")),
        Column(_("指标"), 3),
        Column(_("满分"), right=True),
        Column(_("赋分办法"), 5),
        Column(_("空着")),
        Column(_("谁填"), 2),
        Column(_("佐证"), 2),
    ]


def _indicator_rows(scheme: Scheme) -> Iterator[tuple[str, ...]]:
    for position, root in enumerate(scheme.indicators):
        if position and (root.children or scheme.indicators[position - 1].children):
            yield ("",) * len(_indicator_columns())
        yield from _rows_under(root, 0, scheme)


def _rows_under(node: Indicator, depth: int, scheme: Scheme) -> Iterator[tuple[str, ...]]:
    full = "" if node.high is None else plain(node.high)
    blank = missing_text(node) if node.leaf is not None else ""
    yield (node.code, "  " * depth + node.name, full, node_rule(node, scheme), blank, node.source, node.evidence)
    for child in node.children:
        yield from _rows_under(child, depth + 1, scheme)


def _override_columns() -> list[Column]:
    return [Column(_("代码")), Column(_("名称"), 3), Column(_("什么情况"), 4), Column(_("怎么办"), 3)]


def _override_rows(scheme: Scheme) -> list[tuple[str, ...]]:
    return [
        (
            override.code,
            override.name,
            condition_text(override.when, scheme, within=override.code),
            override_effect_text(override, scheme),
        )
        for override in scheme.overrides
    ]


def _allocation(scheme: Scheme) -> list[tuple[str, str]]:
    rules = scheme.allocation
    shared = [(_("范围"), pool_text(scheme)), (_("排名"), rank_text(scheme))]
    if isinstance(rules, NamedStars):
        return [*shared, (_("点亮"), lit_text(rules, scheme))]
    limited = any(rule.quota is not None for rule in rules.levels.values()) or bool(rules.by_pool)
    return [
        *shared,
        (_("并列"), ties_text(rules.ties) if limited or rules.bottom else ""),
        (_("取整"), rounding_text(rules.rounding) if limited else ""),
        (_("空额"), carry_text(carry=rules.carry) if limited else ""),
        (_("末位"), bottom_text(rules, scheme)),
        *by_pool_text(rules, scheme),
    ]


def _consequence_columns() -> list[Column]:
    return [
        Column(_("代码")),
        Column(_("名称"), 3),
        Column(_("对谁"), 2),
        Column(_("什么情况"), 4),
        Column(_("结果"), 3),
        Column(_("同组取最后一条"), 1),
    ]


def _consequence_rows(scheme: Scheme) -> list[tuple[str, ...]]:
    return [
        (
            entry.code,
            entry.name,
            bearer_text(entry.bearer),
            condition_text(entry.when, scheme),
            effect_text(entry.effect, scheme),
            entry.group or "",
        )
        for entry in scheme.consequences
    ]
