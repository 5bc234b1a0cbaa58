"""Random leaves of every method, with raw values on, just under and just over their edges."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from tests.oracle.naive_scheme import limits
from tests.oracle.worlds_text import as_text

Node = dict[str, Any]
HUGE = Decimal("30000000000.12345678")
EDGES = [Decimal(e) for e in ("0", "0", "0", "0.01", "-0.01", "0.5", "-1", "1", "0.00005", "-0.00000001")]
NUMERIC = {"direct", "count", "bands", "line", "value", "relative"}
LABELS = ["优", "良", "中", "差"]
GRADES = ["好", "较好", "一般", "差"]
KINDS = ["甲", "乙", "丙"]
FLAGS = ["accident", "petition", "award", "weak", "gone"]


def dec(text: str) -> Decimal:
    return Decimal(text)


@dataclass
class Leaves:
    """Each maker writes a method into the node; what it gives is part ("" for the whole) -> raw values."""

    rnd: Random
    levels: list[str]

    def pick(self, *texts: str) -> Decimal:
        return Decimal(self.rnd.choice(texts))

    def chance(self, share: float) -> bool:
        return self.rnd.random() < share

    def around(self, edges: list[Decimal]) -> list[str]:
        """On, just under and just over each edge."""
        return [format(edge + self.rnd.choice(EDGES), "f") for edge in edges for _ in range(3)]

    def bound(self, node: Node, high: list[str], low: list[str]) -> None:
        """Sometimes a written max above 0 and a written min of 0 or less."""
        if self.chance(0.3):
            node["max"] = self.pick(*high)
        if self.chance(0.25):
            node["min"] = self.pick(*low)
        bottom, top = limits(as_text(node))
        if bottom is not None and top is not None and bottom > top:
            del node["max"]

    def make_direct(self, node: Node) -> dict[str, list[str]]:
        high = HUGE if self.chance(0.04) else self.pick("1", "5", "10", "20", "60", "100", "12.5")
        low = self.pick("0", "-5", "0.5") if self.chance(0.2) else dec("0")
        node.update(method="direct", max=high)
        if low != 0 or self.chance(0.1):
            node["min"] = low
        step = self.pick("0.5", "1", "0.25", "0.01") if self.chance(0.4) and high != HUGE else None
        if step is not None:
            node["step"] = step
        raw = [high, low, *[high * self.pick("0.9", "0.8", "0.6", "0.5", "0.333", "0.999") for _ in range(5)]]
        raw += [one + self.rnd.choice(EDGES) for one in raw]
        inside = [one for one in raw if low <= one <= high]
        if step is not None:
            inside = [one // step * step for one in inside if low <= one // step * step <= high]
        return {"": [format(one, "f") for one in inside] or [format(high // 1, "f")]}

    def make_count(self, node: Node) -> dict[str, list[str]]:
        each, start = self.pick("-1", "-0.5", "-1.333", "1", "0.3", "2"), self.pick("0", "5", "8", "3")
        if each < 0 and start == 0:
            start = dec("6")
        node.update(method="count", each=each)
        if start != 0:
            node["start"] = start
        self.bound(node, ["4", "6", "20"], ["-2", "0", "-0.55555"])
        if self.chance(0.3):
            node["required"] = self.rnd.randint(1, 5)
        return {"": ["0", "1", "2", "3", "4", "5", "6", "9", "99999999999"]}

    def make_cases(self, node: Node) -> dict[str, list[str]]:
        parts = self.rnd.sample(["letter", "group", "visit"], self.rnd.randint(1, 3))
        node.update(method="cases", each={part: self.pick("-0.5", "-2", "-0.125", "1") for part in parts})
        node["start"] = self.pick("8", "5", "4.5")
        self.bound(node, ["4", "6", "20"], ["-2", "0", "-10"])
        if self.chance(0.25):
            node["required"] = {self.rnd.choice(parts): self.rnd.randint(1, 4)}
        return {part: ["0", "0", "1", "2", "3", "7"] for part in parts}

    def make_checklist(self, node: Node) -> dict[str, list[str]]:
        items = {
            "plan": self.pick("1", "2"),
            "share": self.pick("1", "0.5", "-1"),
            "coop": self.pick("2", "-0.25"),
        }
        node.update(method="checklist", items=items)
        if self.chance(0.3):
            node["start"] = self.pick("1", "2.5")
        self.bound(node, ["2", "3"], ["-2", "0"])
        return {item: ["0", "1"] for item in items}

    def make_choice(self, node: Node, labels: list[str] | None = None) -> dict[str, list[str]]:
        labels = labels or LABELS
        points = [self.pick("10", "8", "7.77777"), *[self.pick("6", "3.5", "0", "-1") for _ in labels[1:]]]
        node.update(method="choice", options=dict(zip(labels, points, strict=True)))
        self.bound(node, ["5", "9"], ["-2", "0"])
        return {"": list(labels)}

    def make_bands(self, node: Node, edges: list[Decimal] | None = None) -> dict[str, list[str]]:
        edges = edges or [dec(str(e)) for e in self.rnd.sample([0, 3, 10, 20, 30, 50, 99], self.rnd.randint(1, 4))]
        points = sorted([self.pick("10", "8", "6.66666"), *[self.pick("6", "4", "2", "0.5", "0") for _ in edges]])
        is_from = self.chance(0.6)
        edges = sorted(set(edges), reverse=is_from)
        word = "from" if is_from else "to"
        rows = [{word: edge, "points": points.pop()} for edge in edges]
        candidates = self.around(edges)
        if "of" in node or self.chance(0.8):
            rows.append({"points": self.pick("0", "-1", "0")})
        else:
            fits = [c for c in candidates if (dec(c) >= edges[-1] if is_from else dec(c) <= edges[-1])]
            candidates = fits or [format(edges[-1], "f")]
        node.update(method="bands", bands=rows)
        self.bound(node, ["5", "9"], ["-2", "0"])
        return {"": candidates}

    def make_line(self, node: Node, edges: list[Decimal] | None = None) -> dict[str, list[str]]:
        edges = edges or [dec(str(e)) for e in self.rnd.sample([1, 4, 15, 60, 95, 100], self.rnd.randint(2, 4))]
        edges = sorted(set(edges))
        if len(edges) == 1:
            edges.append(edges[0] + 1)
        heights = [self.pick("0", "3", "10", "5.5", "-1", "8") for _ in edges]
        if max(heights) <= 0:
            heights[-1] = dec("10")
        node.update(method="line", at=[[x, y] for x, y in zip(edges, heights, strict=True)])
        if edges[0] > 0 and self.chance(0.4):
            node["log"] = True
        self.bound(node, ["5", "9"], ["-2", "0"])
        return {"": [*self.around(edges), "2", "10", "77.77", "30.5", "1.23456789012"]}

    def make_value(self, node: Node) -> dict[str, list[str]]:
        node["method"] = "value"
        self.bound(node, ["5", "50", "9.99995"], ["-2", "0", "-100"])
        huge = ["30000000000.12345678", "-30000000000.12345678"] if self.chance(0.1) else []
        return {"": [*self.around([dec("5"), dec("0"), dec("9.99995")]), "-3", "12.5", *huge]}

    def make_relative(self, node: Node) -> dict[str, list[str]]:
        to = self.rnd.choice(["best", "best", "minmax", "rank", "place"])
        node.update(method="relative", to=to)
        if to == "rank":
            tops = sorted(self.rnd.sample(["0.1", "0.25", "0.5", "0.75"], self.rnd.randint(1, 3)))
            points = sorted([self.pick("10", "5", "3", "7.5") for _ in tops], reverse=True)
            node["bands"] = [{"top": dec(top), "points": p} for top, p in zip(tops, points, strict=True)]
            node["bands"].append({"points": self.pick("0", "1")})
        else:
            node["max"] = self.pick("6", "10", "100", "7")
        if to == "place":
            node["each"] = self.pick("1", "2", "0.3")
        if to != "rank" and self.chance(0.2):
            node["min"] = self.pick("1", "-3", "0")
        if self.chance(0.5):
            node["better"] = self.rnd.choice(["higher", "lower"])
        if self.chance(0.3):
            node["within"] = self.rnd.choice([["district"], ["township"], [], ["district", "grade"]])
        signs = self.rnd.choice([["7", "3", "12.5", "10", "9.99"], ["0", "-3", "-1"], ["0", "7", "-2", "0.001"]])
        return {"": [*signs, signs[0]]}
