"""Random conditions, overrides, movement, allocation and consequences that the contract allows."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from tests.oracle.naive_scheme import limits
from tests.oracle.worlds_leaves import FLAGS, GRADES, KINDS, LABELS, NUMERIC, Node
from tests.oracle.worlds_text import as_text, decimal_of
from tests.oracle.worlds_tree import has_plain_value

Map = dict[str, Any]
STREAKS = ("streak", "streak_below", "leader_streak", "leader_streak_below")
VOID, BEFORE, AFTER = "void", "before", "after"  # where a condition stands


@dataclass
class Rules:
    rnd: Random
    levels: list[str]
    nodes: list[Node]  # every node of the tree
    roots: list[Node]
    pools: list[str]  # the pools' names, as printed
    samples: dict[str, list[Fraction]]  # subject -> values seen in a first run
    digits: int  # of the total

    def chance(self, share: float) -> bool:
        return self.rnd.random() < share

    def near(self, subject: str) -> Decimal:
        """On, just under or just over a value that a unit has."""
        seen = self.samples.get(subject) or [Fraction(self.rnd.randint(0, 10))]
        digits = self.digits if subject == "total" else self.rnd.choice([2, 4, 8])
        unit = Decimal(1).scaleb(-digits)
        return decimal_of(self.rnd.choice(seen), digits) + self.rnd.choice([0, 0, 0, 1, -1]) * unit

    # ---- conditions

    def numbers(self, place: str) -> list[str]:
        """Numeric subjects that exist there."""
        found = [f"flag.{flag}" for flag in FLAGS[:-1]] + ["unit.months", "leader.months"]
        plain = [node for node in self.nodes if has_plain_value(node) and node["method"] in NUMERIC]
        found += ["value." + node["code"] for node in plain if "of" not in node]
        if place == VOID:
            return found
        found += ["total"] * 4 + ["rank", "rank_share"]
        found += ["value." + node["code"] for node in plain if "of" in node]
        for node in self.nodes:
            found.append("points." + node["code"])
            high = limits(as_text(node))[1]
            if high is not None and high > 0:
                found.append("share." + node["code"])
            if "children" in node:
                found += ["lowest." + node["code"], "highest." + node["code"]]
        if place == AFTER:
            found += ["change"] * 4
            found += [f"{word}.{level}" for word in STREAKS for level in self.levels]
        return found

    def texts(self, place: str) -> dict[str, list[str]]:
        found = {"unit.grade": KINDS, "unit.tag": ["新", "旧"], "leader.edu": LABELS, "appraisal": GRADES}
        for node in self.nodes:
            if node.get("method") == "choice" and has_plain_value(node) and "of" not in node:
                found["value." + node["code"]] = list(node["options"])
        found["previous"] = self.levels
        if place == AFTER:
            found["level"] = self.levels
        return found

    def condition(self, place: str, depth: int = 0) -> Map:
        found: Map = {}
        for _ in range(self.rnd.choice([1, 1, 1, 2])):
            if self.chance(0.35):
                subject, values = self.rnd.choice(list(self.texts(place).items()))
                found[subject] = self.text_test(subject, values)
            else:
                subject = self.rnd.choice(self.numbers(place))
                found[subject] = self.number_test(subject)
        if depth < 2 and self.chance(0.15):
            found["any"] = [self.condition(place, depth + 1) for _ in range(self.rnd.randint(1, 3))]
        if depth < 2 and self.chance(0.12):
            found["not"] = self.condition(place, depth + 1)
        return found

    def text_test(self, subject: str, values: list[str]) -> Any:
        one = self.rnd.choice(values)
        if subject in ("previous", "level") and self.chance(0.5):
            return {self.rnd.choice(["at_least", "above", "at_most", "below"]): one}
        form = self.rnd.randrange(4)
        if form == 0:
            return {"not": one}
        return self.rnd.sample(values, self.rnd.randint(1, len(values))) if form == 1 else one

    def number_test(self, subject: str) -> Any:
        head = subject.partition(".")[0]
        small = head in ("flag", "rank", "change", *STREAKS)

        def one() -> Any:
            if subject == "rank_share":
                return Decimal(self.rnd.choice(["0.1", "0.5", "0.25", "0.3", "1"]))
            if small:
                return self.rnd.choice([1, 1, 2, 3]) * (self.rnd.choice([1, -1, 0]) if head == "change" else 1)
            return self.near(subject)

        form = self.rnd.randrange(6)
        if form == 0:
            return one()
        if form == 1:
            return [one(), one()]
        if form == 2:
            return {"not": one()}
        if form == 3:
            return {"at_least": one(), self.rnd.choice(["below", "at_most"]): one()}
        return {self.rnd.choice(["at_least", "above", "at_most", "below"]): one()}

    # ---- overrides and movement

    def overrides(self) -> list[Map]:
        gone = {
            "code": "gone",
            "name": "撤并",
            "when": {"flag.gone": {"at_least": 1}},
            "effect": {"void": True},
        }
        found = []
        for position in range(self.rnd.choice([0, 1, 2, 3, 4, 6])):
            kind = self.rnd.choice(["cap", "floor", "set", "drop", "cap", "floor", "drop", "void"])
            effect: Map = {kind: self.rnd.choice([*self.levels, "previous"])}
            when = self.condition(VOID if kind == "void" else BEFORE)
            if kind == "drop":
                effect = {"drop": self.rnd.choice([1, 1, 2, 3])}
            if kind == "void":
                effect = {"void": self.rnd.choice([True, "scored", "scored"])}
                when["flag.weak"] = self.rnd.choice([{"at_least": 1}, 1, {"above": 1}])
            elif self.chance(0.5):
                when = {f"flag.{self.rnd.choice(FLAGS[:4])}": self.rnd.choice([{"at_least": 1}, 1, {"above": 1}])}
            found.append({"code": f"o{position}", "name": "规则", "when": when, "effect": effect})
        found.insert(self.rnd.randint(0, len(found)), gone)
        return found

    def movement(self) -> Map:
        found: Map = {}
        if self.chance(0.6):
            found["max_rise"] = self.rnd.choice([0, 1, 1, 2])
            if self.chance(0.6):
                often = [
                    {"flag.award": {"at_least": 1}},
                    {"flag.petition": 0},
                    {"total": {"above": self.near("total")}},
                ]
                found["waive_rise"] = self.rnd.choice([*often, self.condition(BEFORE)])
        if self.chance(0.6):
            found["max_fall"] = self.rnd.choice([0, 1, 1, 2])
        if self.chance(0.4):
            found["no_previous"] = self.rnd.choice(self.levels)
        if self.chance(0.4):
            found["look_back"] = self.rnd.choice([1, 2, 2, 3])
        return found

    # ---- allocation

    def rank_by(self) -> list[str]:
        keys = [self.rnd.choice(["total", "total", "total", "-total"])]
        heads = ("points", "share", "value", "flag", "unit", "leader")
        more = [name for name in self.numbers(BEFORE) if name.partition(".")[0] in heads]
        chosen = self.rnd.sample(more, min(len(more), self.rnd.choice([0, 0, 1, 2])))
        keys += [self.rnd.choice(["", "-"]) + name for name in chosen]
        return keys

    def percent(self, left: Decimal) -> tuple[str, Decimal]:
        share = Decimal(self.rnd.choice(["10", "20", "40", "33.3", "12.5", "50", "5", "0"]))
        share = min(share, left)
        return f"{share}%", left - share

    def allocation(self, pool_fields: list[str]) -> Map:
        rank_by = self.rank_by()
        if self.chance(0.12):
            return self.named_stars(pool_fields, rank_by)
        found: Map = {"pool": pool_fields, "rank_by": rank_by}
        if self.chance(0.7):
            found["ties"] = self.rnd.choice(["include", "exclude"])
        if self.chance(0.8):
            found["rounding"] = self.rnd.choice(["down", "nearest", "up", "cumulative"])
        entries: Map = {level: {} for level in reversed(self.levels[1:]) if self.chance(0.85)}
        left = Decimal(100)
        lines = sorted((self.near("total") for _ in entries), reverse=True)
        for level, line in zip(entries, lines, strict=True):
            kind = self.rnd.choice(["percent", "percent", "percent", "places", "of", "none"])
            if kind == "percent":
                entries[level]["quota"], left = self.percent(left)
            elif kind == "places":
                entries[level]["quota"] = self.rnd.randint(0, 5)
            elif kind == "of":
                entries[level]["quota"] = f"{self.rnd.choice([10, 30, 50, 100])}% of {self.rnd.choice(list(entries))}"
            if self.chance(0.4):
                entries[level]["min"] = line
            if self.chance(0.25):
                entries[level]["requires"] = self.condition(BEFORE)
        found["levels"] = entries
        if self.chance(0.4):
            found["carry"] = self.chance(0.8)
        if self.chance(0.4):
            found["bottom"] = {"quota": self.rnd.choice(["10%", "20%", "33.3%", 1, 2, 3])}
            if self.chance(0.6):
                found["bottom"]["rounding"] = self.rnd.choice(["up", "down", "nearest"])
        if entries and pool_fields and self.chance(0.35):
            found["by_pool"] = {pool: self.changes(list(entries), left) for pool in self.pools if self.chance(0.6)}
            if not found["by_pool"]:
                del found["by_pool"]
        return found

    def changes(self, levels: list[str], left: Decimal) -> Map:
        found: Map = {}
        for level in self.rnd.sample(levels, self.rnd.randint(1, len(levels))):
            kind = self.rnd.randrange(4)
            if kind == 0:
                found[level] = {"quota": self.rnd.randint(0, 4)}
            elif kind == 1:
                quota, left = self.percent(left)
                found[level] = {"quota": quota}
            elif kind == 2:
                found[level] = {"min": self.near("total")}
            else:
                found[level] = {
                    "requires": self.condition(BEFORE),
                    "quota": f"50% of {self.rnd.choice(levels)}",
                }
        return found

    def named_stars(self, pool_fields: list[str], rank_by: list[str]) -> Map:
        names = [root["code"] for root in self.roots]
        lit = {name: self.near("points." + name) for name in names if self.chance(0.9)} or {names[0]: Decimal(1)}
        found: Map = {"method": "lit", "lit": lit, "pool": pool_fields, "rank_by": rank_by}
        if self.chance(0.6):
            found["requires_total"] = self.near("total")
        return found

    # ---- consequences

    def consequences(self) -> list[Map]:
        found = []
        for position in range(self.rnd.choice([0, 1, 3, 5, 8])):
            when = self.condition(AFTER) if self.chance(0.9) else {}
            if self.chance(0.15):  # what a void unit may have
                when = {"flag.weak": {"at_least": 1}, "not": {"unit.grade": "丙"}}
            entry = {
                "code": f"k{position}",
                "name": "结果",
                "for": self.rnd.choice(["dual_role", "secretary", "director", "team", "unit"]),
                "when": when,
                "effect": self.effect(),
            }
            if self.chance(0.5):
                entry["group"] = self.rnd.choice(["pay", "sanction"])
            found.append(entry)
        return found

    def effect(self) -> Map:
        kind = self.rnd.randrange(8)
        if kind < 3:
            return {"pay_coefficient": self.pay_line()}
        return (
            {"pay_coefficient": Decimal(self.rnd.choice(["1", "1.2", "0.8"]))},
            {"eligible": self.rnd.choice(["institutional_post", "civil_service"])},
            {"measure": self.rnd.choice(["talk", "admonition", "removal"]), "within_days": 30},
            {"honour": "plaque"},
            {"at_most": {"appraisal": "称职"}},
            {"fund_share": Decimal("0.5")},
        )[self.rnd.randrange(6)]

    def pay_line(self) -> Map:
        subject = self.rnd.choice(self.numbers(AFTER))
        edges = sorted({self.near(subject), self.near(subject), Decimal(self.rnd.choice([0, 1, 3, 900]))})
        if len(edges) == 1:
            edges.append(edges[0] + 1)
        at = [[edge, Decimal(self.rnd.choice(["0.1", "0", "1", "0.55555", "1.2"]))] for edge in edges]
        line: Map = {"of": subject, "at": at}
        if self.chance(0.4):
            line["times"] = Decimal(self.rnd.choice(["0.9", "1.1", "0.33333"]))
        return line
