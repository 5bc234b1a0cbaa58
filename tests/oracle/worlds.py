"""Random worlds: a valid scheme, valid scores and sometimes a history, the same for the same seed.

    python -m tests.oracle.worlds SEED DIR

writes DIR/scheme.yaml, DIR/scores.csv and, where there is one, DIR/history.csv.
"""

import csv
import io
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.oracle.naive_points import Row, Sheet
from tests.oracle.naive_scheme import Refused, walk
from tests.oracle.worlds_leaves import FLAGS, GRADES, KINDS, LABELS
from tests.oracle.worlds_rules import Rules
from tests.oracle.worlds_text import as_text, block, csv_text
from tests.oracle.worlds_tree import Tree, full_score

YEAR = 2024
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml's, ten times as fast; `test_worlds` holds what it reads against what Python's own reads."""
DISTRICTS = ["东区", "西区", "South", "河东区"]
TOWNSHIPS = ["甲镇", "乙镇"]
LEVELS = [
    ["none", "three", "four", "five"],
    ["none", "three", "four", "five"],
    ["s0", "s1", "s2", "s3", "s4", "s5"],
    ["low", "mid", "high"],
]


@dataclass(frozen=True)
class World:
    seed: int
    scheme_text: str
    scores_text: str
    history_text: str | None

    @property
    def scheme(self) -> dict[str, Any]:
        loaded: dict[str, Any] = yaml.load(self.scheme_text, Loader=LOADER)
        return loaded

    @property
    def rows(self) -> list[Row]:
        return list(csv.DictReader(io.StringIO(self.scores_text)))

    @property
    def history(self) -> list[Row]:
        return list(csv.DictReader(io.StringIO(self.history_text or "")))


def random_world(seed: int) -> World:
    rnd = Random(seed)
    levels = rnd.choice(LEVELS) if rnd.random() < 0.95 else ["bad", "good"]
    pool_fields: list[str] = rnd.choice([["district"], ["district"], [], ["district", "township"], ["grade"]])
    tree = Tree(rnd, levels, pool_fields, variety=rnd.choice([1, 2, 3, 4, 8]))
    roots = tree.roots(rnd.choice([1, 2, 3, 3, 4, 5]))
    rows = random_rows(rnd, tree)
    history = random_history(rnd, levels, [row["unit"] for row in rows])

    scheme: dict[str, Any] = {
        "format": "starrating/1",
        "code": f"world-{seed}",
        "title": f"随机方案{seed}",
        "year": YEAR,
        "applies_to": rnd.choice([["village"], ["village", "community"]]),
    }
    if rnd.random() < 0.6:
        scheme["precision"] = rnd.randint(0, 8)
    if rnd.random() < 0.6:
        scheme["decimals"] = rnd.randint(0, 8)
    stars = sorted(rnd.sample(range(1, 6), len(levels) - 1)) if len(levels) < 6 else [1, 2, 3, 4, 5]
    scheme["levels"] = [
        {"code": code, "name": f"{star}星", "stars": star} for code, star in zip(levels, [0, *stars], strict=True)
    ]
    score = full_score(roots)
    if score is not None and rnd.random() < 0.7:
        scheme["full_score"] = score
    scheme["indicators"] = roots
    samples = first_run(scheme, rows, pool_fields)

    names = sorted({"/".join(row[field] for field in pool_fields) for row in rows})
    nodes = list(walk(roots))
    rules = Rules(rnd, levels, nodes, roots, names, samples, int(scheme.get("decimals", 2)))
    scheme["overrides"] = rules.overrides()
    movement = rules.movement()
    if movement:
        scheme["movement"] = movement
    scheme["allocation"] = rules.allocation(pool_fields)
    consequences = rules.consequences()
    if consequences:
        scheme["consequences"] = consequences
    if rnd.random() < 0.2:
        scheme["notice"] = {"days": 5, "working_days": True, "show_scores": True}
    columns = list(rows[0])
    rnd.shuffle(columns)
    return World(
        seed,
        block(scheme),
        csv_text(rows, columns),
        csv_text(history, list(history[0])) if history else None,
    )


def random_rows(rnd: Random, tree: Tree) -> list[Row]:
    count = rnd.choice([1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 40])
    districts = rnd.sample(DISTRICTS, rnd.choice([1, 1, 2, 4]))
    townships = TOWNSHIPS[: rnd.choice([1, 1, 2])] if len(districts) < 4 else TOWNSHIPS[:1]
    prefix = rnd.choice(["v", "村", "V-", "单位"])
    left_out = {flag for flag in FLAGS[:-1] if rnd.random() < 0.15}
    optional = ["leader.dual_role", "leader.months", "leader.edu", "appraisal"]
    left_out |= {column for column in optional if rnd.random() < 0.1}
    often = rnd.choice([0.05, 0.2, 0.4])
    alike = rnd.choice([0, 0.2, 0.5, 0.8])
    rows: list[Row] = []
    for position in range(count):
        row = {
            "unit": f"{prefix}{position}" if rnd.random() < 0.9 else f"{prefix}{position}区A",
            "kind": "village",
            "district": rnd.choice(districts),
            "township": rnd.choice(townships),
            "grade": rnd.choice(KINDS),
            "months": rnd.choice(["6", "11", "12", "13", "200", "36"]),
            "tag": rnd.choice(["", "新", "旧"]),
            "leader.dual_role": rnd.choice(["", "0", "1", "1", "1"]),
            "leader.months": rnd.choice(["", "5", "11", "12", "23", "24", "35", "36", "37", "80"]),
            "leader.edu": rnd.choice(["", *LABELS]),
            "appraisal": rnd.choice(["", *GRADES]),
        }
        for flag in FLAGS:
            if flag not in left_out:
                row[f"flag.{flag}"] = (
                    rnd.choice(["1", "1", "2", "3"]) if rnd.random() < often else rnd.choice(["0", ""])
                )
        row["flag.gone"] = rnd.choice(["1", "2"]) if rnd.random() < 0.04 else rnd.choice(["", "0"])
        gone = row["flag.gone"] not in ("", "0")
        for column, values in tree.columns.items():
            blank = rnd.random() < (0.3 if gone else tree.blanks.get(column, 0))
            row[column] = "" if blank else rnd.choice(values)
        others = [other for other in rows if other["flag.gone"] in ("", "0")]
        if others and not gone and rnd.random() < alike:  # the same scores: a tie
            other = rnd.choice(others)
            kept = ["flag.petition", "months", "leader.months", "leader.edu", "appraisal", *tree.columns]
            row.update({column: other[column] for column in kept if column in other})
        rows.append({column: text for column, text in row.items() if column not in left_out})
    if not tree.columns:
        return rows
    # A leaf with parts is blank only when all its parts are: single blank parts are common too.
    for row in rows:
        for column in tree.columns:
            if "." in column and column.rpartition(".")[2][0].islower() and rnd.random() < 0.08:
                siblings = [
                    c for c in tree.columns if c != column and c.rpartition(".")[0] == column.rpartition(".")[0]
                ]
                same = [c for c in siblings if c.partition("@")[2] == column.partition("@")[2] and row[c]]
                if same:
                    row[column] = ""
    rnd.shuffle(rows)
    return rows


def random_history(rnd: Random, levels: list[str], units: list[str]) -> list[Row]:
    if rnd.random() < 0.2:
        return []
    with_voided = rnd.random() < 0.6
    steady = rnd.random() < 0.5
    rows: list[Row] = []
    for unit in [*units, "elsewhere"]:
        usual = rnd.choice(levels)
        for year in range(YEAR - 5, YEAR + 2):
            if rnd.random() < (0.9 if year > YEAR else 0.3):
                continue
            row = {"unit": unit, "year": str(year)}
            row["level"] = usual if steady and rnd.random() < 0.7 else rnd.choice(levels)
            if with_voided:
                row["voided"] = "1" if rnd.random() < 0.15 else rnd.choice(["", "0"])
                if row["voided"] == "1" and rnd.random() < 0.5:
                    row["level"] = ""
            rows.append(row)
    rnd.shuffle(rows)
    return rows


def first_run(scheme: dict[str, Any], rows: list[Row], pool_fields: list[str]) -> dict[str, list[Fraction]]:
    """What the units get in this tree, so that lines can be drawn on, under and over it."""
    plain = as_text({**scheme, "allocation": {"pool": pool_fields}})
    sheet = Sheet(plain, rows, {})
    found: dict[str, list[Fraction]] = {}
    for row in rows:
        unit = row["unit"]
        if row["flag.gone"] not in ("", "0"):
            sheet.void[unit] = "true"
    for unit in sheet.rows:
        if unit in sheet.void:
            continue
        try:
            found.setdefault("total", []).append(sheet.total(unit))
        except Refused:
            continue
        for node in sheet.nodes.values():
            heads = ["points", "share", "lowest", "highest"] if "children" in node else ["points", "share"]
            for head in heads:
                value = sheet.subject(unit, f"{head}.{node['code']}")
                if value is not None:
                    found.setdefault(f"{head}.{node['code']}", []).append(value)
            if node.get("method") in ("direct", "bands", "line", "value", "count", "relative") and "of" not in node:
                cell = sheet.cell(unit, node["code"])
                if cell is not None:
                    found.setdefault("value." + node["code"], []).append(Fraction(cell))
    for name in ("unit.months", "leader.months"):
        found[name] = [Fraction(n) for n in (11, 12, 13, 36)]
    return found


def main(seed: str, folder: str) -> None:
    world = random_world(int(seed))
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    (place / "scheme.yaml").write_text(world.scheme_text, encoding="utf-8")
    (place / "scores.csv").write_text(world.scores_text, encoding="utf-8")
    if world.history_text is not None:
        (place / "history.csv").write_text(world.history_text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
