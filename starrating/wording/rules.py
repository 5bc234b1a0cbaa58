"""How an indicator is scored, as a district official would say it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from starrating.domain.figures import plain
from starrating.domain.methods import Leaf, Missing, Over
from starrating.domain.scheme import Aggregate, Indicator, NodeKind, Scheme
from starrating.wording.conditions import subject_text
from starrating.wording.language import mark as _
from starrating.wording.language import translate
from starrating.wording.methods import method_rule
from starrating.wording.phrases import clauses, items, period_name, points, sentences

OVERS: Mapping[Over, str] = {
    Over.SUM: _("各期相加"),
    Over.MEAN: _("取平均"),
    Over.MIN: _("取最低"),
    Over.MAX: _("取最高"),
    Over.LAST: _("取最后一期"),
}
AGGREGATES: Mapping[Aggregate, str] = {
    Aggregate.SUM: _("下级相加"),
    Aggregate.MEAN: _("下级取平均"),
    Aggregate.MIN: _("取下级中最低的"),
    Aggregate.MAX: _("取下级中最高的"),
    Aggregate.GEOMETRIC: _("下级取几何平均"),
}


def node_rule(node: Indicator, scheme: Scheme | None = None) -> str:
    """How a node comes to its points, and how its parent takes them."""
    return sentences((leaf_rule(node, scheme) if node.leaf else group_rule(node), taken_text(node)))


def leaf_rule(node: Indicator, scheme: Scheme | None = None) -> str:
    """How a leaf's value becomes points; `scheme` gives the names of what its value is taken from."""
    leaf = _leaf(node)
    rule = method_rule(node, scheme)
    if leaf.of is not None:
        rule = translate("按{subject}：{rule}").format(subject=subject_text(leaf.of, scheme), rule=rule)
    return sentences((rule, periods_text(leaf)))


def group_rule(node: Indicator) -> str:
    """How a group combines its children."""
    weighed = node.aggregate in (Aggregate.MEAN, Aggregate.GEOMETRIC)
    uneven = weighed and len({child.weight for child in node.children}) > 1
    told = translate("{code}为{weight}")
    weights = (
        items(told.format(code=child.code, weight=plain(child.weight)) for child in node.children) if uneven else ""
    )
    return clauses(
        (
            translate(AGGREGATES[node.aggregate]),
            translate("权重{weights}").format(weights=weights) if weights else "",
            translate("至少{number}项有结果才计").format(number=node.present) if node.present > 1 else "",
            translate("最低{points}").format(points=points(node.low)) if node.low else "",
        )
    )


def taken_text(node: Indicator) -> str:
    """How the parent takes a node's result, where it does not simply add it."""
    if not node.scale:
        return translate("只显示，不计分")
    kinds = {
        NodeKind.BONUS: translate("加分项，不占满分"),
        NodeKind.PENALTY: translate("扣分项，上级减去它"),
    }
    scaled = translate("乘{scale}计入上级").format(scale=plain(node.scale)) if node.scale != 1 else ""
    return clauses((kinds.get(node.kind, ""), scaled))


def missing_text(node: Indicator) -> str:
    """What becomes of a leaf that is left blank."""
    match _leaf(node).missing:
        case Missing.REJECT:
            return translate("不许空")
        case Missing.ZERO:
            value = max(Fraction(0), node.low or Fraction(0))
            value = value if node.high is None else min(value, node.high)
            return translate("记{points}").format(points=points(value))
        case Missing.FULL:
            return translate("记满分")
        case Missing.EXCLUDE:
            return translate("不计此项")


def periods_text(leaf: Leaf) -> str:
    """Which periods a leaf has and how they make up the year; nothing where it has one value a year."""
    if not leaf.periods:
        return ""
    over = translate("全年合并计算") if leaf.counts_events else translate(OVERS[leaf.over])
    return clauses((_by_period(leaf), over))


def _by_period(leaf: Leaf) -> str:
    match leaf.periods[0], len(leaf.periods):
        case "Q1", 4:
            return translate("按季")
        case "M01", 12:
            return translate("按月")
    return translate("分{periods}").format(periods=items(period_name(period) for period in leaf.periods))


def _leaf(node: Indicator) -> Leaf:
    assert node.leaf is not None
    return node.leaf
