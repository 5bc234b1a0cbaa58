"""Indicators as written → the tree of indicators, the bounds of every node resolved."""

from __future__ import annotations

from dataclasses import replace

from starrating.domain.bounds import NONE, Bounds, group_bounds, leaf_bounds
from starrating.domain.methods import Direct, Leaf, Method, Missing, Over, Relative, RelativeTo, Value
from starrating.domain.scheme import Aggregate, Indicator, NodeKind
from starrating.schemes.condition_reader import read_subject
from starrating.schemes.fields import Field, Keys
from starrating.schemes.method_reader import METHOD_KEYS, method_keys, read_method
from starrating.schemes.tree import List, Map, Scalar

NODE_KEYS = ("code", "name", "kind", "scale", "weight", "max", "min", "source", "evidence", "basis", "note")
GROUP_KEYS = ("children", "aggregate", "present")
LEAF_KEYS = ("method", "of", "missing", "periods", "over")
ALL_KEYS = (*NODE_KEYS, *GROUP_KEYS, *LEAF_KEYS, *dict.fromkeys(key for keys in METHOD_KEYS.values() for key in keys))

MOST_CHILDREN = 10**6

PERIODS = {
    "quarter": tuple(f"Q{number}" for number in range(1, 5)),
    "month": tuple(f"M{number:02d}" for number in range(1, 13)),
}


def read_indicators(fields: list[Field]) -> tuple[Indicator, ...]:
    """The indicators of a list; one that cannot be read stands in its place without a code."""
    return tuple(_read_indicator(field) for field in fields)


def _read_indicator(field: Field) -> Indicator:
    written = field.node.entries if isinstance(field.node, Map) else {}
    if "children" in written and "method" not in written:
        return _read_group(field)
    if "method" in written and "children" not in written:
        return _read_leaf(field)
    keys = field.keys(ALL_KEYS, ("code", "name"))
    if isinstance(field.node, Map) and not keys.meant & {"method", "children"}:
        fault = "scheme.leaf_and_group" if "method" in written else "scheme.neither_leaf_nor_group"
        field.refuse(fault, code=keys.text("code"))
    if "children" in written:
        return _with_children(_read_node(keys), keys)
    return replace(_read_node(keys), leaf=Leaf(Value()))


def _read_group(field: Field) -> Indicator:
    keys = field.keys((*NODE_KEYS, *GROUP_KEYS), ("code", "name", "children"), elsewhere=ALL_KEYS, at="children")
    return _with_children(_read_node(keys), keys)


def _with_children(node: Indicator, keys: Keys) -> Indicator:
    children = read_indicators(keys.items("children"))
    aggregate = keys.choice("aggregate", Aggregate.SUM)
    present = keys.whole_or("present", 1, 1, MOST_CHILDREN)
    low, high = _bounds(keys, group_bounds(aggregate, children))
    return replace(node, children=children, aggregate=aggregate, present=present, low=low, high=high)


def _read_leaf(field: Field) -> Indicator:
    name = method_name(field)
    allowed = (*NODE_KEYS, *LEAF_KEYS, *method_keys(name))
    keys = field.keys(allowed, ("code", "name", "method"), elsewhere=ALL_KEYS, at=f"method: {name}".rstrip(": "))
    method = read_method(name, keys)
    return _read_leaf_keys(_read_node(keys), keys, method)


def method_name(field: Field) -> str:
    """The method that is written, if it is one, else ""."""
    entry = field.node.entries.get("method") if isinstance(field.node, Map) else None
    text = entry.node.text if entry is not None and isinstance(entry.node, Scalar) else ""
    return text if text in METHOD_KEYS else ""


def _read_leaf_keys(node: Indicator, keys: Keys, method: Method | None) -> Indicator:
    of = keys.get("of")
    named = of.text() if of is not None else None
    leaf = Leaf(
        method=Value() if method is None else method,
        missing=keys.choice("missing", Missing.REJECT),
        periods=_read_periods(keys.get("periods")),
        over=keys.choice("over", Over.SUM),
        of=read_subject(of, named) if of is not None and named is not None else None,
    )
    if "over" in keys and "periods" not in keys:
        keys.fields["over"].refuse("scheme.over_without_periods")
    if method is not None and needs_max(method):
        keys.need("max")
    low, high = _bounds(keys, NONE if method is None else leaf_bounds(method))
    return replace(node, leaf=leaf, low=low, high=high)


def needs_max(method: Method) -> bool:
    """True where the method's points are measured against a maximum that must be written."""
    if isinstance(method, Relative):
        return method.to is not RelativeTo.RANK
    return isinstance(method, Direct)


def _read_node(keys: Keys) -> Indicator:
    """What groups and leaves have in common."""
    return Indicator(
        code=keys.code(),
        name=keys.text("name"),
        kind=keys.choice("kind", NodeKind.BASE),
        scale=keys.number_or("scale", 1),
        weight=keys.number_or("weight", 1),
        source=_read_free(keys.get("source")),
        evidence=_read_free(keys.get("evidence")),
        basis=_read_free(keys.get("basis")),
        note=_read_free(keys.get("note")),
    )


def _bounds(keys: Keys, default: Bounds) -> Bounds:
    low = keys.number("min") if "min" in keys else default[0]
    high = keys.number("max") if "max" in keys else default[1]
    return low, high


def _read_periods(field: Field | None) -> tuple[str, ...]:
    if field is None:
        return ()
    if not isinstance(field.node, List):
        return PERIODS.get(field.word([*PERIODS]) or "", ())
    for item in field.items():
        item.code()
    return field.texts()


def _read_free(field: Field | None) -> str:
    """Free words for people: a text, `true`, or a list of texts."""
    if field is None:
        return ""
    if isinstance(field.node, List):
        return "；".join(field.texts(may_be_empty=True))
    if isinstance(field.node, Map):
        field.refuse("scheme.needs_text")
        return ""
    return field.node.text
