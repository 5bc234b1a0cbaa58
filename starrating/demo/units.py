"""Which villages and communities the demonstration rates: the committees of 16 districts, none of parks and farms."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

DATA = Path(str(files("starrating.demo"))) / "data"
ALIKE = range(400, 600)
"""Last three digits of the code: units like a community (400–499) or like a village (500–599), in parks and farms."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A village or community with the names of its township and district."""

    code: str
    name: str
    kind: str
    district: str
    township: str
    township_code: str


def kind_of(code: str) -> str:
    """`village` or `community`, by the last three digits of a 12-digit statistical code."""
    number = int(code[-3:])
    if 1 <= number <= 199 or 400 <= number <= 499:
        return "community"
    if 200 <= number <= 399 or 500 <= number <= 599:
        return "village"
    raise ValueError(f"no code of a village or community: {code}")


@cache
def rated_units() -> tuple[Unit, ...]:
    """Every unit that is rated, in the order of codes."""
    return tuple(sorted(_units(), key=lambda unit: unit.code))


def units_of(kind: str) -> tuple[Unit, ...]:
    """The rated units of one kind, in the order of codes."""
    return tuple(unit for unit in rated_units() if unit.kind == kind)


def _units() -> Iterator[Unit]:
    divisions = {row["code"]: row for row in rows_of("tianjin_divisions_2023.csv")}
    for row in divisions.values():
        if row["level"] != "unit" or int(row["code"][-3:]) in ALIKE:
            continue
        township = divisions[row["parent"]]
        district = divisions[township["parent"]]
        yield Unit(row["code"], row["name"], kind_of(row["code"]), district["name"], township["name"], township["code"])


def rows_of(file: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the demonstration's data."""
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
