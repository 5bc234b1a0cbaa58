"""The naive evaluator's leaf methods: from one raw value to points, before clamping."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.oracle.naive_scheme import Node, Refused, limits, number

ZERO = Fraction(0)
LONG = Context(prec=50, rounding=ROUND_HALF_UP)
SNAP = Context(prec=25, rounding=ROUND_HALF_UP)


def long_decimal(value: Fraction) -> Decimal:
    return LONG.divide(Decimal(value.numerator), Decimal(value.denominator))


def snapped(value: Decimal) -> Fraction:
    return Fraction(SNAP.plus(value))


def on_line(at: list[list[str]], value: Fraction, log: bool = False) -> Fraction:
    """Straight line through the points, flat outside; `log` interpolates in ln(value)."""
    points = [(number(x), number(y)) for x, y in at]
    if value <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if value == x1:
            return y1
        if value < x1 and not log:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
        if value < x1:
            ln_value, ln0, ln1 = (LONG.ln(long_decimal(x)) for x in (value, x0, x1))
            part = LONG.divide(LONG.subtract(ln_value, ln0), LONG.subtract(ln1, ln0))
            return snapped(LONG.add(long_decimal(y0), LONG.multiply(long_decimal(y1 - y0), part)))
    return points[-1][1]


def competition_rank(value: Fraction, among: list[Fraction], better: str) -> int:
    """1, 2, 2, 4: one more than the number that are better."""
    return 1 + sum(1 for other in among if (other > value if better == "higher" else other < value))


def counted(value: Fraction, required: str | None) -> Fraction:
    """A whole number >= 0; with `required` the events counted are the missing ones."""
    if value < 0 or value.denominator != 1:
        raise Refused(f"not a count: {value}")
    return value if required is None else max(ZERO, number(required) - value)


def points_of(node: Node, raw: Any) -> Fraction:
    """direct, choice, bands, line and value."""
    method = node["method"]
    if method == "choice":
        if raw not in node["options"]:
            raise Refused(f"{node['code']}: no option {raw!r}")
        return number(node["options"][raw])
    value = number(raw)
    if method == "direct":
        low, high = limits(node)
        if (low is not None and value < low) or (high is not None and value > high):
            raise Refused(f"{node['code']} is outside")
        if "step" in node and (value / number(node["step"])).denominator != 1:
            raise Refused(f"{node['code']} is off the step")
        return value
    if method == "value":
        return value
    if method == "line":
        return on_line(node["at"], value, node.get("log") == "true")
    assert method == "bands", method
    for row in node["bands"]:  # the first row with value >= from (or <= to)
        if "from" in row:
            fits = value >= number(row["from"])
        else:
            fits = "to" not in row or value <= number(row["to"])
        if fits:
            return number(row["points"])
    raise Refused(f"{node['code']}: no band for {value}")


def relative_points(node: Node, value: Fraction, among: list[Fraction]) -> Fraction:
    """`among`: the values of the units that are not void and have a value, this one's among them."""
    among = among or [value]  # a scored void unit without rated peers: against itself alone
    better = node.get("better", "higher")
    high, low = max(among), min(among)
    best = high if better == "higher" else low
    rank = competition_rank(value, among, better)
    if node["to"] == "rank":
        for row in node["bands"]:
            if "top" not in row or Fraction(rank, len(among)) <= number(row["top"]):
                return number(row["points"])
        raise Refused(f"{node['code']}: no band for rank {rank}")
    top = number(node["max"])
    if node["to"] == "place":
        return top - number(node["each"]) * (rank - 1)
    as_good = rank == 1  # at least as good as the best of the rated
    if node["to"] == "best":
        if best <= 0:
            return top if value == best else ZERO
        if better == "higher":
            return top * value / best
        return top if value <= 0 else top * best / value
    if high == low:
        return top if as_good else ZERO
    return top * ((value - low) if better == "higher" else (high - value)) / (high - low)
