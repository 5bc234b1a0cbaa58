"""The naive evaluator's points: one unit, one node at a time, straight from the contract."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.naive_methods import LONG, counted, long_decimal, points_of, relative_points, snapped
from tests.oracle.naive_scheme import (
    Node,
    Refused,
    half_up,
    is_base,
    limits,
    number,
    period_names,
    scale_of,
    walk,
    weight_of,
)

Row = dict[str, str]
ZERO = Fraction(0)


class Sheet:
    """The raw values of all units and what is known of each unit so far."""

    def __init__(self, scheme: dict[str, Any], rows: list[Row], previous: dict[str, str]) -> None:
        self.scheme = scheme
        self.rows = {row["unit"]: row for row in rows}
        self.nodes = {node["code"]: node for node in walk(scheme["indicators"])}
        self.limits = {code: limits(node) for code, node in self.nodes.items()}
        self.precision = int(scheme.get("precision", "4"))
        self.decimals = int(scheme.get("decimals", "2"))
        self.order = [level["code"] for level in scheme["levels"]]
        self.pool_fields: list[str] = scheme["allocation"].get("pool", [])
        self.void: dict[str, str] = {}  # unit -> "true" or "scored"
        self.later: dict[tuple[str, str], Any] = {}  # (unit, subject) -> what is found after the points
        self.previous = previous  # unit -> level code
        self.known: dict[tuple[str, str], Fraction | None] = {}

    # ---- raw values

    def cell(self, unit: str, column: str) -> str | None:
        return self.rows[unit].get(column, "").strip() or None

    def pool(self, unit: str) -> list[str]:
        return [self.rows[unit].get(field, "") for field in self.pool_fields]

    def raw(self, unit: str, node: Node, period: str | None = None) -> Any:
        """The raw value of a leaf without parts: its column's or its subject's; None when blank."""
        if "of" in node:
            return self.subject(unit, node["of"])
        return self.cell(unit, node["code"] + (f"@{period}" if period else ""))

    def parts(self, unit: str, node: Node, period: str | None) -> dict[str, Fraction] | None:
        """A leaf with parts is blank when all its parts are; a single blank part is 0."""
        names = node["each"] if node["method"] == "cases" else node["items"]
        suffix = f"@{period}" if period else ""
        cells = {name: self.cell(unit, f"{node['code']}.{name}{suffix}") for name in names}
        if all(cell is None for cell in cells.values()):
            return None
        return {name: ZERO if cell is None else number(cell) for name, cell in cells.items()}

    # ---- subjects

    def subject(self, unit: str, name: str) -> Any:
        """A Fraction, a text, or None where the subject has no value."""
        head, _, tail = name.partition(".")
        if head == "flag":  # blank = 0
            return number(self.cell(unit, name) or "0")
        if head == "unit":
            return self.cell(unit, tail)
        if head in ("leader", "appraisal"):
            return self.cell(unit, name)
        if name == "previous":
            return self.previous.get(unit)
        if head == "value":
            return self.raw(unit, self.nodes[tail])
        if head == "points":
            return self.result(unit, self.nodes[tail])
        if head == "share":
            top = self.limits[tail][1]
            result = self.result(unit, self.nodes[tail])
            return None if result is None or not top else result / top
        if head in ("lowest", "highest"):
            children = [self.result(unit, child) for child in self.nodes[tail]["children"]]
            results = [result for result in children if result is not None]
            return (min(results) if head == "lowest" else max(results)) if results else None
        return self.later.get((unit, name))

    # ---- results

    def result(self, unit: str, node: Node) -> Fraction | None:
        """The node's clamped and rounded result; None when it is excluded."""
        if self.void.get(unit) == "true":  # nothing is computed for it
            return None
        key = (unit, node["code"])
        if key not in self.known:
            self.known[key] = self.group(unit, node) if "children" in node else self.leaf(unit, node)
        return self.known[key]

    def settled(self, node: Node, value: Fraction) -> Fraction:
        """Clamped into [min, max], then rounded half-up to `precision` digits."""
        low, high = self.limits[node["code"]]
        if low is not None and value < low:
            value = low
        if high is not None and value > high:
            value = high
        return half_up(value, self.precision)

    def total(self, unit: str) -> Fraction:
        """The roots' results are summed; rounded half-up to `decimals`."""
        total = self.summed(unit, self.scheme["indicators"])
        if total is None:
            raise Refused(f"{unit}: all of its roots are excluded")
        return half_up(total, self.decimals)

    def summed(self, unit: str, children: list[Node]) -> Fraction | None:
        base = other = all_maxima = present_maxima = ZERO
        found = False
        for child in children:
            result = self.result(unit, child)
            found = found or result is not None
            if is_base(child):
                maximum = (self.limits[child["code"]][1] or ZERO) * scale_of(child)
                all_maxima += maximum
                if result is not None:
                    present_maxima += maximum
                    base += result * scale_of(child)
            elif result is not None:
                other += result * scale_of(child) * (1 if child["kind"] == "bonus" else -1)
        if not found:
            return None
        # scaled up by the sum of all base maxima over the sum of the present ones
        if present_maxima != 0:
            base = base * all_maxima / present_maxima
        return base + other

    def group(self, unit: str, node: Node) -> Fraction | None:
        children = node["children"]
        pairs = [(child, self.result(unit, child)) for child in children]
        present = [(child, result) for child, result in pairs if result is not None]
        # "fewer children than this that have a result exclude the whole group"
        if not present or len(present) < int(node.get("present", "1")):
            return None
        aggregate = node.get("aggregate", "sum")
        taken = [result * scale_of(child) for child, result in present]
        weights = [weight_of(child) for child, _ in present]
        if aggregate == "sum":
            value = self.summed(unit, children)
            assert value is not None
        elif aggregate == "mean":  # divides by the weights that are present
            value = sum((w * t for w, t in zip(weights, taken, strict=True)), ZERO) / sum(weights, ZERO)
        elif aggregate == "min":
            value = min(taken)
        elif aggregate == "max":
            value = max(taken)
        elif min(taken) <= 0:  # geometric is 0 if any child is 0 or less
            value = ZERO
        else:
            logs = Decimal(0)
            for weight, one in zip(weights, taken, strict=True):
                log = LONG.multiply(long_decimal(weight), LONG.ln(long_decimal(one)))
                logs = LONG.add(logs, log)
            value = snapped(LONG.exp(LONG.divide(logs, long_decimal(sum(weights, ZERO)))))
        return self.settled(node, value)

    # ---- leaves

    def leaf(self, unit: str, node: Node) -> Fraction | None:
        names = period_names(node)
        if not names:
            return self.once(unit, node, None)
        over = node.get("over", "sum")
        if over == "sum" and node["method"] in ("count", "cases", "checklist"):
            return self.events_over_the_year(unit, node, names)
        results = [self.once(unit, node, name) for name in names]
        present = [result for result in results if result is not None]  # exclude: left out
        if not present:  # all left out: the leaf is excluded
            return None
        if over == "sum":
            value = sum(present, ZERO)
        elif over == "mean":
            value = sum(present, ZERO) / len(present)
        elif over == "last":
            value = present[-1]
        else:
            value = min(present) if over == "min" else max(present)
        return self.settled(node, value)

    def once(self, unit: str, node: Node, period: str | None) -> Fraction | None:
        """One value, of the year or of one period, through the method and clamped."""
        if node["method"] in ("count", "cases", "checklist"):
            events = self.events(unit, node, period)
            value = None if events is None else number(node.get("start", "0")) + events
        else:
            raw = self.raw(unit, node, period)
            value = None if raw is None else self.method(unit, node, raw, period)
        return self.blank(unit, node) if value is None else self.settled(node, value)

    def blank(self, unit: str, node: Node) -> Fraction | None:
        missing = node.get("missing", "reject")
        if missing == "exclude":
            return None
        if missing == "zero":  # clamped like any result
            return self.settled(node, ZERO)
        top = self.limits[node["code"]][1]
        if missing == "full" and top is not None:
            return self.settled(node, top)
        raise Refused(f"{unit}: {node['code']} is blank")

    def events_over_the_year(self, unit: str, node: Node, names: list[str]) -> Fraction | None:
        """`start` once, the events of all periods added, clamped once at the end."""
        found = [self.events(unit, node, name) for name in names]
        if None in found and node.get("missing", "reject") == "reject":
            raise Refused(f"{unit}: {node['code']} has a blank period")
        if all(one is None for one in found):  # all periods blank is the leaf's `missing`
            return self.blank(unit, node)
        added = sum((one for one in found if one is not None), ZERO)  # a blank period adds nothing
        return self.settled(node, number(node.get("start", "0")) + added)

    def events(self, unit: str, node: Node, period: str | None) -> Fraction | None:
        """What the events of one value give, without `start`; None when blank."""
        method = node["method"]
        if method == "count":
            raw = self.raw(unit, node, period)
            if raw is None:
                return None
            return number(node["each"]) * counted(number(raw), node.get("required"))
        parts = self.parts(unit, node, period)
        if parts is None:
            return None
        added = ZERO
        for name, value in parts.items():
            if method == "cases":
                required = node.get("required", {}).get(name)
                added += number(node["each"][name]) * counted(value, required)
            elif value not in (0, 1):
                raise Refused(f"{unit}: {node['code']}.{name} is 0 or 1")
            else:
                added += number(node["items"][name]) * value
        return added

    def method(self, unit: str, node: Node, raw: Any, period: str | None) -> Fraction:
        if node["method"] == "relative":
            return self.relative(unit, node, number(raw), period)
        return points_of(node, raw)

    def relative(self, unit: str, node: Node, value: Fraction, period: str | None) -> Fraction:
        fields = node.get("within", self.pool_fields)
        mine = [self.rows[unit].get(field, "") for field in fields]
        among: list[Fraction] = []
        for other, row in self.rows.items():  # "the units that are not void and have a value"
            if other not in self.void and [row.get(field, "") for field in fields] == mine:
                theirs = self.raw(other, node, period)
                if theirs is not None:
                    among.append(number(theirs))
        return relative_points(node, value, among)
