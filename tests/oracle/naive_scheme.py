"""The naive evaluator's reading of a scheme file: text, numbers, the tree and its default limits.

Every scalar of the YAML stays text; a number is made of it only where one is needed, as a Fraction.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Node = dict[str, Any]
Limits = tuple[Fraction | None, Fraction | None]

PERIODS = {"quarter": [f"Q{i}" for i in range(1, 5)], "month": [f"M{i:02d}" for i in range(1, 13)]}


class Refused(Exception):
    """An input error: nothing is rated."""


def load_scheme(path: str | Path) -> dict[str, Any]:
    """Read a scheme with every scalar as text; `extends`: start from that file."""
    path = Path(path)
    scheme = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    base = scheme.pop("extends", None)
    return merged(load_scheme(path.parent / base), scheme) if base else scheme


def merged(base: Any, own: Any) -> Any:
    """Maps merge, lists of coded things merge by code; anything else is replaced."""
    if isinstance(base, dict) and isinstance(own, dict):
        result = dict(base)
        for key, value in own.items():
            result[key] = merged(base[key], value) if key in base else value
        return result
    if coded(base) and coded(own):
        things = {thing["code"]: thing for thing in base}
        for thing in own:
            known = thing["code"] in things
            things[thing["code"]] = merged(things[thing["code"]], thing) if known else thing
        return list(things.values())
    return own


def coded(things: Any) -> bool:
    return isinstance(things, list) and all(isinstance(t, dict) and "code" in t for t in things)


def number(text: Any) -> Fraction:
    return text if isinstance(text, Fraction) else parsed(str(text))


@cache
def parsed(text: str) -> Fraction:
    try:
        return Fraction(Decimal(text.strip()))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise Refused(f"not a number: {text!r}") from error


def is_number(text: Any) -> bool:
    try:
        number(text)
    except Refused:
        return False
    return True


def half_up(value: Fraction, digits: int) -> Fraction:
    """Round half-up: away from zero on a tie. Zero has no sign."""
    shifted = abs(value) * 10**digits
    whole = (shifted + Fraction(1, 2)).__floor__()
    return Fraction(whole if value >= 0 else -whole, 10**digits)


def printed(value: Fraction, digits: int) -> str:
    """Exactly so many digits."""
    whole = abs(value) * 10**digits
    assert whole.denominator == 1, "printed() takes a rounded number"
    text = str(whole.numerator).rjust(digits + 1, "0")
    text = text[:-digits] + "." + text[-digits:] if digits else text
    return "-" + text if value < 0 else text


def walk(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from walk(node.get("children", []))


def scale_of(node: Node) -> Fraction:
    return number(node.get("scale", "1"))


def weight_of(node: Node) -> Fraction:
    return number(node.get("weight", "1"))


def is_base(node: Node) -> bool:
    return node.get("kind", "base") == "base"


def period_names(node: Node) -> list[str]:
    periods = node.get("periods", [])
    return PERIODS[periods] if isinstance(periods, str) else periods


def limits(node: Node) -> Limits:
    """[min, max] of a node: what is written, else the default."""
    low, high = default_group_limits(node) if "children" in node else default_leaf_limits(node)
    if "min" in node:
        low = number(node["min"])
    if "max" in node:
        high = number(node["max"])
    return low, high


def default_group_limits(node: Node) -> Limits:
    base = [child for child in node["children"] if is_base(child)]
    maxima: list[Fraction] = []
    for child in base:
        high = limits(child)[1]
        if high is None:  # "with a base child that has no maximum, has none, and then no `min` ..."
            return None, None
        maxima.append(high * scale_of(child) if node.get("aggregate", "sum") == "sum" else high)
    if not maxima:  # "a group with no base child ... has none"
        return None, None
    zero = Fraction(0)
    aggregate = node.get("aggregate", "sum")
    if aggregate == "sum":
        return zero, sum(maxima, zero)
    if aggregate == "mean":
        weights = [weight_of(child) for child in base]
        return zero, sum((w * m for w, m in zip(weights, maxima, strict=True)), zero) / sum(weights, zero)
    if aggregate == "min":
        return zero, min(maxima)
    return zero, max(maxima)  # max, geometric


def default_leaf_limits(node: Node) -> Limits:
    zero = Fraction(0)
    method = node["method"]
    start = number(node.get("start", "0"))
    if method == "direct":
        return zero, None  # its max is always written
    if method == "count":
        return zero, start if number(node["each"]) <= 0 else None
    if method == "cases":
        return zero, start if all(number(each) <= 0 for each in node["each"].values()) else None
    if method == "checklist":
        return zero, start + sum((number(item) for item in node["items"].values() if number(item) > 0), zero)
    if method == "choice":
        points = [number(option) for option in node["options"].values()]
    elif method == "bands" or (method == "relative" and node["to"] == "rank"):
        points = [number(row["points"]) for row in node["bands"]]
    elif method == "line":
        points = [number(y) for _, y in node["at"]]
    elif method == "value":
        return None, None
    else:  # relative best, minmax, place: their max is always written
        return zero, None
    return min(zero, *points), max(points)
