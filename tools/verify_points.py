#!/usr/bin/env python3
"""Work out again every total of published lists from the raw values, by the lists' own rules, in exact fractions.

    python verify_points.py LIST.json [LIST.json ...]

Also the points that levels depend on, which verify_list.py then takes as they are. Standard library only. A rule that
this script does not know is named, never guessed.
"""

import json
import sys
from fractions import Fraction as Number
from itertools import pairwise
from pathlib import Path

PERIODS = {"quarter": ["Q1", "Q2", "Q3", "Q4"], "month": [f"M{month:02d}" for month in range(1, 13)]}
PARTS = {"count": lambda node: {"": node["each"]}, "cases": lambda node: node["each"],
         "checklist": lambda node: node["items"]}  # fmt: skip
KEYS = """code name max min scale kind children aggregate weight method of missing periods over source evidence basis
note start each required items options bands at step"""


def known(words, names):
    if strange := set(words).difference(names):
        raise LookupError(f"本程序不认识，或者不公开：{'、'.join(sorted(strange))}")


def half_up(value, digits):
    whole = (2 * abs(value) * 10**digits + 1) // 2
    return Number(whole if value >= 0 else -whole, 10**digits)


def bounds(node):
    """The least and the most a node gives: as written, else by its children or its method."""
    low = high = None
    if "children" in node:
        base = [(bounds(one)[1], one) for one in node["children"] if one.get("kind", "base") == "base"]
        if base and all(most is not None for most, _ in base):
            low, way = 0, node.get("aggregate", "sum")
            weights = sum(one.get("weight", 1) for _, one in base)
            high = {"sum": sum(most * one.get("scale", 1) for most, one in base),
                    "mean": Number(sum(most * one.get("weight", 1) for most, one in base)) / weights,
                    "min": min(most for most, _ in base), "max": max(most for most, _ in base)}[way]  # fmt: skip
    elif node["method"] in PARTS:
        low, each, start = 0, PARTS[node["method"]](node).values(), node.get("start", 0)
        checked = node["method"] == "checklist"
        high = start + sum(one for one in each if one > 0) if checked or max(each) <= 0 else None
    elif node["method"] in ("choice", "bands", "line"):
        points = node["options"].values() if "options" in node else [one["points"] for one in node.get("bands", [])]
        points = [y for _, y in node["at"]] if "at" in node else points
        low, high = min(0, *points), max(points)
    else:
        low = 0 if node["method"] == "direct" else None
    return node.get("min", low), node.get("max", high)


class Unit:
    """One unit: what is listed of it, its raw values by header, and what is worked out."""

    def __init__(self, rules, row):
        self.rules, self.row, self.kept, self.digits = rules, row, {}, int(rules.get("precision", 4))

    def subject(self, name):
        about, _, rest = name.partition(".")
        known([about], ["flag", "unit", "value", "points"])
        if about == "points":
            return self.result(self.rules["nodes"][rest])
        return self.row.get(name if about == "flag" else rest) or ("0" if about == "flag" else None)

    def result(self, node):
        """A node's points, rounded and within its bounds; None where it does not count."""
        if node["code"] not in self.kept:
            known(node, KEYS.split())
            self.kept[node["code"]] = self.group(node) if "children" in node else self.leaf(node)
        return self.kept[node["code"]]

    def settled(self, node, value):
        low, high = bounds(node)
        value = value if low is None else max(value, low)
        return half_up(value if high is None else min(value, high), self.digits)

    def sum(self, nodes):
        """Base nodes, made up for those that do not count, and bonuses and penalties."""
        base = beyond = whole = there = Number(0)
        found = [(node, self.result(node), node.get("scale", 1)) for node in nodes if node.get("scale", 1) != 0]
        for node, points, scale in found:
            if (kind := node.get("kind", "base")) == "base":
                base, whole = base + (points or 0) * scale, whole + (bounds(node)[1] or 0) * scale
                there += 0 if points is None else (bounds(node)[1] or 0) * scale
            else:
                beyond += (points or 0) * scale * (1 if kind == "bonus" else -1)
        if all(points is None for _, points, _ in found):
            return None
        return (base * whole / there if there else base) + beyond

    def group(self, node):
        if (way := node.get("aggregate", "sum")) == "sum":
            value = self.sum(node["children"])
            return None if value is None else self.settled(node, value)
        known([way], ["mean", "min", "max"])
        there = [(one, self.result(one)) for one in node["children"] if self.result(one) is not None]
        taken = [points * one.get("scale", 1) for one, points in there]
        weights = [one.get("weight", 1) for one, _ in there]
        if not there:
            return None
        mean = sum(points * weight for points, weight in zip(taken, weights, strict=True)) / sum(weights)
        return self.settled(node, {"mean": mean, "min": min(taken), "max": max(taken)}[way])

    def leaf(self, node):
        periods, over = node.get("periods", [""]), node.get("over", "sum")
        periods = [f"@{one}" if one else "" for one in (PERIODS[periods] if isinstance(periods, str) else periods)]
        if node["method"] in PARTS and over == "sum":
            events = [self.events(node, one) for one in periods]
            if None in events and node.get("missing", "reject") == "reject":
                raise LookupError(f"{node['code']}空着")
            there = [one for one in events if one is not None]
            return self.filled(node, node.get("start", 0) + sum(there) if there else None)
        found = [self.filled(node, self.once(node, one)) for one in periods]
        found = [one for one in found if one is not None]
        ways = {
            "sum": sum,
            "mean": lambda all_: sum(all_) / len(all_),
            "min": min,
            "max": max,
            "last": lambda all_: all_[-1],
        }
        return self.settled(node, ways[over](found)) if found else None

    def filled(self, node, value):
        missing = node.get("missing", "reject")
        if value is None and missing == "reject":
            raise LookupError(f"{node['code']}空着")
        if value is None and missing == "exclude":
            return None
        return self.settled(node, value if value is not None else 0 if missing == "zero" else bounds(node)[1])

    def events(self, node, period):
        parts, needed = PARTS[node["method"]](node), node.get("required", {})
        needed = needed if isinstance(needed, dict) else {"": needed}
        said = {part: self.row.get(f"{node['code']}{'.' if part else ''}{part}{period}") for part in parts}
        if "of" in node:
            said = {"": self.subject(node["of"])}
        if all(value is None for value in said.values()):
            return None
        counts = {part: Number(value or 0) for part, value in said.items()}
        counts |= {part: max(0, needed[part] - counts[part]) for part in needed}
        return sum(counts[part] * each for part, each in parts.items())

    def once(self, node, period):
        """The points of one period, before rounding."""
        if node["method"] in PARTS:
            events = self.events(node, period)
            return None if events is None else node.get("start", 0) + events
        known([node["method"]], ["direct", "value", "choice", "bands", "line"])
        value = self.subject(node["of"]) if "of" in node else self.row.get(node["code"] + period)
        if value is None or node["method"] == "choice":
            return None if value is None else node["options"][str(value)]
        value = Number(value)
        if node["method"] == "bands":
            rows = (one for one in node["bands"] if value >= one.get("from", value) and value <= one.get("to", value))
            return next(rows)["points"]
        if node["method"] == "line":
            at = node["at"]
            if value <= at[0][0] or value >= at[-1][0]:
                return at[0][1] if value <= at[0][0] else at[-1][1]
            (x, y), (right, top) = next(pair for pair in pairwise(at) if value <= pair[1][0])
            return y + (top - y) * (value - x) / (right - x)
        return value


def walk(nodes):
    for node in nodes:
        yield node
        yield from walk(node.get("children", []))


def faults(edition):
    """The units whose total or points are not what the raw values give, each as a sentence."""
    rules = json.loads(edition["scheme"]["rules"], parse_float=Number)
    rules["nodes"] = {node["code"]: node for node in walk(rules["indicators"])}
    columns = {header: column for kind in edition["inputs"].values() for header, column in kind.items()}
    for place, listed in enumerate(edition["units"]):
        unit = Unit(rules, {header: column[place] for header, column in columns.items()})
        points = {code: node["units"][place] for code, node in edition["points"].items()}
        asked = {code: unit.result(rules["nodes"][code]) for code in points} if listed["level"] else {}
        found = {code: (points[code] and Number(points[code]), mine) for code, mine in asked.items()}
        if listed["level"]:
            mine = half_up(unit.sum(rules["indicators"]), int(rules.get("decimals", 2)))
            found["total"] = Number(listed["total"]), mine
        for name, (said, mine) in found.items():
            if said != mine:
                yield f"  {listed['code']} {listed['name']} {name}：名单写{said}，算出{mine}"


def main():
    wrong = 0
    for path in map(Path, sys.argv[1:]):
        edition = json.loads(path.read_bytes())
        found = list(faults(edition)) if edition["show_scores"] else ["  得分不公布，没有重算"]
        print(f"{path.name}：{len(edition['units'])}个单位，{len(found)}处对不上", *found, sep="\n")
        wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (LookupError, OSError, ValueError, TypeError) as fault:
        sys.exit(f"没有核完：{type(fault).__name__} {fault}")
