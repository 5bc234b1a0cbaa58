"""Random indicator trees that the contract allows, and the raw values that make their edges common."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from tests.oracle.naive_scheme import limits
from tests.oracle.worlds_leaves import GRADES, KINDS, LABELS, Leaves, Node, dec
from tests.oracle.worlds_text import as_text

AGGREGATES = ["sum", "sum", "sum", "mean", "min", "max", "geometric"]
METHODS = ["direct", "direct", "count", "cases", "checklist", "choice", "bands", "line", "value", "relative"]


@dataclass
class Tree(Leaves):
    pool_fields: list[str]
    variety: int = 4  # distinct raw values of a column: few make ties
    columns: dict[str, list[str]] = field(default_factory=dict)  # column -> what may stand in it
    blanks: dict[str, float] = field(default_factory=dict)  # column -> how often it is blank
    done: list[Node] = field(default_factory=list)  # finished nodes: `of` may name them
    excludable: dict[str, bool] = field(default_factory=dict)

    # ---- nodes

    def roots(self, count: int) -> list[Node]:
        nodes: list[Node] = []
        for position in range(count):
            node = self.node("ABCDEFGH"[position], 0)
            if position and self.chance(0.25):
                node["kind"] = self.rnd.choice(["bonus", "penalty"])
            nodes.append(node)
        self.repair(nodes)
        return nodes

    def node(self, code: str, depth: int) -> Node:
        group = self.chance((0.5, 0.35, 0.15, 0)[depth])
        node = self.group(code, depth) if group else self.leaf(code)
        if self.chance(0.35):
            node["scale"] = self.pick("0.1", "0.7", "0", "2", "0.333", "1", "1.25")
        if self.chance(0.1):
            node["note"] = "说明"
        self.done.append(node)
        return node

    def group(self, code: str, depth: int) -> Node:
        node: Node = {"code": code, "name": "组" + code}
        aggregate = self.rnd.choice(AGGREGATES)
        if aggregate != "sum" or self.chance(0.2):
            node["aggregate"] = aggregate
        dot = self.rnd.choice(["", "."])
        count = self.rnd.randint(1, 4)
        children = [self.node(f"{code}{dot}{i}", depth + 1) for i in range(1, count + 1)]
        for child in children:
            if aggregate == "sum" and self.chance(0.2):
                child["kind"] = self.rnd.choice(["bonus", "penalty"])
            if aggregate in ("mean", "geometric") and self.chance(0.6):
                child["weight"] = self.pick("1", "2", "40", "0.5", "3")
        node["children"] = children
        if aggregate == "sum":
            self.repair(children)
        if self.chance(0.25):
            node["present"] = self.rnd.randint(1, count)
        high = limits(as_text(node))[1]
        if high is None:
            if self.chance(0.3):
                node["max"], node["min"] = self.pick("5", "20"), self.pick("0", "-5", "-20")
        else:
            if self.chance(0.25):
                node["max"] = self.pick("5", "10", "7.5", "100", "3.33333")
            if self.chance(0.2):
                node["min"] = self.pick("-5", "0", "-0.5", "1.5" if high > 2 else "0")
        safe = sum(1 for child in children if not self.excludable[child["code"]])
        self.excludable[code] = safe < int(node.get("present", 1))
        return node

    def repair(self, siblings: list[Node]) -> None:
        """In a `sum`, a child that may be excluded has a maximum above 0, and so have its base siblings."""
        if not any(self.excludable[child["code"]] for child in siblings):
            return
        for child in siblings:
            high = limits(as_text(child))[1]
            base = child.get("kind", "base") == "base"
            wanted = self.excludable[child["code"]] and (high is None or high <= 0)
            if wanted or (base and high is None):
                child["max"] = self.pick("5", "20", "100")
                if "children" in child and "min" not in child:
                    child["min"] = dec("0")

    # ---- leaves

    def leaf(self, code: str) -> Node:
        node: Node = {"code": code, "name": "项" + code}
        method = self.rnd.choice(METHODS)
        if self.chance(0.15):
            self.of_leaf(node)
        else:
            values = getattr(self, "make_" + method)(node)
            self.column_or_periods(node, values)
        self.missing(node)
        return node

    def missing(self, node: Node) -> None:
        may_be_blank = node.get("of", "flag.").split(".")[0] not in ("flag", "unit")
        kinds = ["zero", "full", "exclude", "exclude", "reject"]
        missing = self.rnd.choice(kinds) if self.chance(0.6) else "reject"
        if "of" in node and may_be_blank and missing == "reject":
            missing = "zero"
        high = limits(as_text(node))[1]
        if missing in ("full", "exclude") and (high is None or high <= 0):
            node["max"] = self.pick("4", "8", "20")
        if missing != "reject" or self.chance(0.1):
            node["missing"] = missing
        self.excludable[node["code"]] = missing == "exclude"
        if missing != "reject":
            for column in self.columns_of(node["code"]):
                self.blanks[column] = self.rnd.choice([0.1, 0.3, 0.7])

    def columns_of(self, code: str) -> list[str]:
        prefixes = (code + "@", code + ".")
        return [c for c in self.columns if c == code or (c.startswith(prefixes) and self.owner(c) == code)]

    def owner(self, column: str) -> str:
        """The code of a column: a part begins with a small letter, a child's number does not."""
        stem = column.partition("@")[0]
        head, _, tail = stem.rpartition(".")
        return head if head and tail[0].islower() else stem

    def column_or_periods(self, node: Node, values: dict[str, list[str]]) -> None:
        """`values`: part ("" for the whole) -> candidates."""
        names = [""]
        if self.chance(0.2):
            node["periods"] = self.rnd.choice(["quarter", "month", ["上半年", "下半年"], ["H1", "H2", "H3"]])
            if self.chance(0.8):
                node["over"] = self.rnd.choice(["sum", "sum", "mean", "min", "max", "last"])
            quarters = [f"Q{i}" for i in range(1, 5)]
            months = [f"M{i:02d}" for i in range(1, 13)]
            named = {"quarter": quarters, "month": months}
            periods = node["periods"]
            names = ["@" + name for name in (named[periods] if isinstance(periods, str) else periods)]
        for part, candidates in values.items():
            for name in names:
                few = self.rnd.sample(candidates, min(self.variety, len(candidates)))
                self.columns[node["code"] + (f".{part}" if part else "") + name] = few

    def of_leaf(self, node: Node) -> None:
        """The value is a subject."""
        options = ["flag.petition", "flag.award", "unit.months", "unit.grade", "leader.months", "leader.edu"]
        options += ["appraisal", "previous"]
        for other in self.done:
            options.append("points." + other["code"])
            high = limits(as_text(other))[1]
            if high is not None and high > 0:
                options.append("share." + other["code"])
            if has_plain_value(other) and "of" not in other:
                options.append("value." + other["code"])
        options += [one for one in options if one.startswith(("points", "share", "value"))] * 2
        subject = self.rnd.choice(options)
        node["of"] = subject
        labels = {"unit.grade": KINDS, "leader.edu": LABELS, "appraisal": GRADES, "previous": self.levels}
        head, _, tail = subject.partition(".")
        other = next((one for one in self.done if head in ("points", "share", "value") and one["code"] == tail), {})
        if head == "value" and other["method"] == "choice":
            labels[subject] = list(other["options"])
        if subject in labels:
            self.make_choice(node, labels[subject])
        elif head == "flag" and self.chance(0.5):
            self.make_count(node)
        elif head == "value" and other["method"] == "direct" and self.chance(0.5):
            node.update({key: other[key] for key in ("method", "max", "min", "step") if key in other})
        else:
            edges = [self.pick("0.5", "1"), self.pick("2", "6"), self.pick("12", "36")]
            if head == "share":
                edges = [dec("0.6"), dec("0.9"), dec("1")]
            makers = [self.make_bands, self.make_line]
            choice = self.rnd.randrange(4)
            if choice < 2:
                makers[choice](node, edges)
            else:
                (self.make_value if choice == 2 else self.make_relative)(node)


def has_plain_value(node: Node) -> bool:
    """A leaf with neither parts nor periods: `value.CODE` may be asked."""
    return node.get("method") not in (None, "cases", "checklist") and "periods" not in node


def full_score(roots: list[Node]) -> Decimal | None:
    """What the base roots' maxima add up to; None where that cannot be written."""
    total = Fraction(0)
    for root in roots:
        if root.get("kind", "base") == "base":
            high = limits(as_text(root))[1]
            if high is None:
                return None
            total += high * Fraction(root.get("scale", Decimal(1)))
    digits = next((n for n in range(25) if (total * 10**n).denominator == 1), None)
    if digits is None or total <= 0:
        return None
    return Decimal((total * 10**digits).numerator).scaleb(-digits)
