"""A made-up city or country to measure with: a scheme of 60 leaf indicators and a table of scores, the same every time.

Two schemes: `plain` has one numeric column a leaf, so that a script which only reads, sums and ranks has the same
columns to read; `rich` has every leaf method of the contract, with parts and periods, and last years' levels.

    python -m benchmarks.world FOLDER plain|rich UNITS

Prints the paths of the files as JSON. It is a process of its own, because the memory that a parent once used counts
as its children's in what the system measures.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

SEED = 20241231
GROUPS = ("党组织建设", "乡村发展", "乡村建设", "乡村治理", "重点任务与民生", "群众满意度")
UNITS_A_DISTRICT = 241
TOWNSHIPS_A_DISTRICT = 12
LEVELS = ["none", "three", "four", "five"]

Words = list[str]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the scheme and, for each of its columns, the cells it may hold."""

    code: str
    rule: dict[str, Any]
    columns: dict[str, Words]


def build(folder: Path, name: str, units: int) -> dict[str, Any]:
    """Write the scheme and the scores of `units` units (and, for `rich`, their history) under `folder`; their paths."""
    rich = name == "rich"
    leaves = list(_rich_leaves() if rich else _plain_leaves())
    districts = 16 if units == 5_500 else max(1, round(units / UNITS_A_DISTRICT))
    scheme, scores, history = (folder / f"{name}{ending}" for ending in (".yaml", f"-{units}.csv", "-history.csv"))
    scheme.write_text(_scheme_text(name, leaves, rich=rich), encoding="utf-8")
    dice = np.random.default_rng(SEED)
    table = _table(leaves, units, districts, dice, rich=rich)
    table.write_csv(scores)
    if rich:
        _history(table["unit"], dice).write_csv(history)
    paths = {"scheme": str(scheme), "scores": str(scores), "history": str(history) if rich else None}
    return paths | {"units": units, "districts": districts}


def _plain_leaves() -> Iterator[Leaf]:
    """Six groups of ten leaves: four direct, two counts, two bands, a line, and one of six kinds of comparison."""
    comparisons: tuple[dict[str, Any], ...] = (
        {"to": "best"},
        {"to": "best", "better": "lower"},
        {"to": "minmax"},
        {"to": "minmax", "within": ["district", "township"]},
        {"to": "rank", "bands": [{"top": 0.1, "points": 1}, {"top": 0.4, "points": 0.75}, {"points": 0.25}]},
        {"to": "place", "each": 0.01},
    )
    for group, comparison in enumerate(comparisons, start=1):
        top = 2 if group <= 4 else 1  # four groups of 20 points, two of 10
        code = f"V{group}"
        for place in range(1, 5):
            yield _direct(f"{code}.{place}", top)
        for place in range(5, 7):
            yield _count(f"{code}.{place}", top)
        yield _income(f"{code}.7", top)
        yield _complaints(f"{code}.8", top)
        yield _line(f"{code}.9", top)
        rule = {"method": "relative", "max": top, "missing": "zero"} | comparison
        yield Leaf(f"{code}.10", rule, {f"{code}.10": _decimals(1, 10_000, 2)})


def _rich_leaves() -> Iterator[Leaf]:
    """Six groups of ten leaves with every method: parts, words, periods and blanks as well."""
    for group in range(1, 7):
        top = 2 if group <= 4 else 1
        code = f"V{group}"
        yield _direct(f"{code}.1", top)
        yield _count(f"{code}.2", top)
        yield _income(f"{code}.3", top)
        yield _line(f"{code}.4", top)
        parts = {"notice": -0.25, "warning": -0.5, "serious": -1}
        yield Leaf(
            f"{code}.5",
            {"method": "cases", "start": top, "each": parts, "missing": "zero"},
            {f"{code}.5.{part}": [*["0"] * 8, "", "1"] for part in parts},
        )
        items = {"plan": top / 4, "share": top / 4, "coop": top / 2}
        yield Leaf(
            f"{code}.6",
            {"method": "checklist", "items": items},
            {f"{code}.6.{item}": ["0", "1", "1"] for item in items},
        )
        options = {"优": top, "良": top * 0.75, "中": top / 2, "差": 0}
        yield Leaf(f"{code}.7", {"method": "choice", "options": options}, {f"{code}.7": list(options)})
        quarters = {f"{code}.8@Q{quarter}": ["0", "0", "0", "1", ""] for quarter in range(1, 5)}
        yield Leaf(
            f"{code}.8",
            {"method": "count", "start": top, "each": -0.25, "periods": "quarter", "missing": "zero"},
            quarters,
        )
        months = {f"{code}.9@M{month:02d}": _decimals(6_000, 10_001, 2) for month in range(1, 13)}
        rule = {"method": "line", "at": [[60, 0], [100, top]], "periods": "month", "over": "mean", "missing": "exclude"}
        yield Leaf(f"{code}.9", rule, months)
        relative = {"method": "relative", "to": "minmax", "max": top, "missing": "zero"}
        yield Leaf(f"{code}.10", relative, {f"{code}.10": [*_decimals(1, 10_000, 2), ""]})


def _direct(code: str, top: int) -> Leaf:
    cells = ["0", "0.25", "0.5", "0.75", "1", *(["1.25", "1.5", "1.75", "1.75", "2", "2", "2"] if top == 2 else ["1"])]
    return Leaf(code, {"method": "direct", "max": top, "step": 0.25}, {code: cells})


def _count(code: str, top: int) -> Leaf:
    cells = [*["0"] * 12, "1", "1", "1", "2", "3", ""]
    return Leaf(code, {"method": "count", "start": top, "each": -0.5, "missing": "zero"}, {code: cells})


def _income(code: str, top: int) -> Leaf:
    rows = [{"from": 50, "points": top}, {"from": 30, "points": top * 0.75}, {"from": 10, "points": top * 0.5}]
    return Leaf(code, {"method": "bands", "bands": [*rows, {"points": 0}]}, {code: _decimals(0, 12_000, 2)})


def _complaints(code: str, top: int) -> Leaf:
    rows = [{"to": 0, "points": top}, {"to": 3, "points": top * 0.5}, {"points": 0}]
    return Leaf(code, {"method": "bands", "bands": rows}, {code: ["0", "0", "0", "1", "2", "3", "4", "11"]})


def _line(code: str, top: int) -> Leaf:
    return Leaf(code, {"method": "line", "at": [[60, 0], [100, top]]}, {code: _decimals(4_000, 10_001, 2)})


def _decimals(first: int, end: int, digits: int) -> Words:
    """Every number from `first` to before `end` as it is written with that many decimal places."""
    return [f"{whole // 10**digits}.{whole % 10**digits:0{digits}d}" for whole in range(first, end)]


def _scheme_text(name: str, leaves: list[Leaf], *, rich: bool) -> str:
    groups = [
        {
            "code": f"V{number}",
            "name": title,
            "children": [
                {"code": leaf.code, "name": f"{title}第{leaf.code.partition('.')[2]}项"} | leaf.rule
                for leaf in leaves
                if leaf.code.startswith(f"V{number}.")
            ],
        }
        for number, title in enumerate(GROUPS, start=1)
    ]
    stars = zip(LEVELS, ("无星", "三星", "四星", "五星"), (0, 3, 4, 5), strict=True)
    scheme: dict[str, Any] = {
        "format": "starrating/1",
        "code": f"measure-{name}",
        "title": "测速用的实施细则",
        "year": 2024,
        "applies_to": ["village"],
        "levels": [{"code": code, "name": title, "stars": number} for code, title, number in stars],
        "full_score": 100,
        "indicators": groups,
        "overrides": [
            _override("accident", "重大安全责任事故", {"set": "none"}),
            _override("weak", "软弱涣散党组织", {"cap": "three"}),
            _override("growth", "集体收入保底", {"floor": "four"}),
            _override("new_unit", "成立不满一年", {"void": True}),
        ],
        "allocation": {
            "pool": ["district"],
            "rank_by": ["total", "points.V1", "points.V6"],
            "levels": {
                "five": {"quota": "10%", "min": 62},
                "four": {"quota": "40%", "min": 55},
                "three": {"quota": "40%"},
            },
        },
    }
    if rich:
        scheme["movement"] = {"max_rise": 1, "max_fall": 2, "no_previous": "four"}
        scheme["consequences"] = _consequences()
    return yaml.safe_dump(scheme, allow_unicode=True, sort_keys=False, width=120)


def _override(code: str, name: str, effect: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "name": name, "when": {f"flag.{code}": {"at_least": 1}}, "effect": effect}


def _consequences() -> list[dict[str, Any]]:
    pay = [("five", 1.2), ("four", 1.1), ("three", 1), ("none", 0.8)]
    steps = [
        {"code": f"pay_{level}", "name": f"绩效系数{factor}", "for": "dual_role", "when": {"level": level}}
        | {"effect": {"pay_coefficient": factor}, "group": "pay"}
        for level, factor in pay
    ]
    talk = {"code": "talk", "name": "约谈", "for": "secretary", "when": {"change": {"at_most": -1}}}
    post = {"code": "post", "name": "事业编制资格", "for": "dual_role", "when": {"streak.five": {"at_least": 3}}}
    return [
        *steps,
        talk | {"effect": {"measure": "talk", "within_days": 30}},
        post | {"effect": {"eligible": "institutional_post"}},
    ]


def _table(leaves: list[Leaf], units: int, districts: int, dice: np.random.Generator, *, rich: bool) -> pl.DataFrame:
    order = dice.permutation(units)
    district = dice.integers(0, districts, units)
    township = district * TOWNSHIPS_A_DISTRICT + dice.integers(0, TOWNSHIPS_A_DISTRICT, units)
    columns: dict[str, pl.Series] = {
        "unit": pl.Series(order + 120_100_000_000).cast(pl.String),
        "district": _written([f"第{number:04d}区" for number in range(districts)], district),
        "township": _written([f"第{number:05d}镇" for number in range(districts * TOWNSHIPS_A_DISTRICT)], township),
        "kind": pl.repeat("village", units, eager=True),
    }
    if rich:
        columns["leader.dual_role"] = _drawn(["1", "1", "1", "0"], units, dice)
    for leaf in leaves:
        columns |= {header: _drawn(cells, units, dice) for header, cells in leaf.columns.items()}
    for flag in ("accident", "weak", "growth", "new_unit"):
        columns[f"flag.{flag}"] = _drawn([*[""] * 90, *["0"] * 9, "1"], units, dice)
    return pl.DataFrame(columns)


def _history(units: pl.Series, dice: np.random.Generator) -> pl.DataFrame:
    years = [
        pl.DataFrame({"unit": units, "level": _drawn(LEVELS, len(units), dice)}).with_columns(year=pl.lit(year))
        for year in (2022, 2023)
    ]
    return pl.concat(years).select("unit", "year", "level")


def _drawn(cells: Words, rows: int, dice: np.random.Generator) -> pl.Series:
    return _written(cells, dice.integers(0, len(cells), rows))


def _written(cells: Words, places: np.ndarray[Any, Any]) -> pl.Series:
    """The cells at those places; an empty word becomes an empty cell."""
    return pl.Series([cell or None for cell in cells], dtype=pl.String).gather(places.astype(np.uint32))


if __name__ == "__main__":
    print(json.dumps(build(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
