"""A public list read back from its stored text: the units by township and from the highest level down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class PublicUnit:
    """One line of a public list; `place` counts levels from the highest (0), None for a unit that was not rated.

    `was` is the level of the year's first edition where a decision has changed it since, else empty.
    """

    code: str
    name: str
    kind: str
    district_code: str
    district: str
    township_code: str
    township: str
    level: str
    place: int | None
    of: int
    previous: str
    previous_place: int | None
    change: int | None
    movement: str
    total: str
    rank: int | None
    was: str = ""
    was_place: int | None = None


@dataclass(frozen=True, slots=True)
class PublicDecision:
    """A decision on one unit of a list after its publication; places as in `PublicUnit`."""

    code: str
    name: str
    kind: str
    district_code: str
    district: str
    township_code: str
    township: str
    before: str
    before_place: int
    after: str
    after_place: int
    of: int
    reason: str
    ground: str
    on: date
    edition: int


@dataclass(frozen=True, slots=True)
class PublicList:
    """A list read from its text, its units by township and from the highest level down; the days of its notice.

    `stars` says how many stars each of `levels` has, both from the highest down.
    """

    year: int
    kind: str
    district_code: str
    district: str
    scheme: str
    scheme_digest: str
    working_days: bool
    days: int
    show_scores: bool
    levels: tuple[str, ...]
    stars: tuple[int, ...]
    townships: tuple[tuple[str, str], ...]
    opened: date
    closed: date
    units: tuple[PublicUnit, ...]
    decisions: tuple[PublicDecision, ...] = ()


def read_list(text: str) -> PublicList:
    """A list from its text."""
    found = json.loads(text)
    places = {level["code"]: place for place, level in enumerate(found["levels"])}
    names = {level["code"]: level["name"] for level in found["levels"]}
    first = {one["unit"]: one["from"] for one in reversed(found.get("decisions", []))}
    units = [_line(unit, found, places, names, first.get(unit["code"], "")) for unit in found["units"]]
    units.sort(key=lambda unit: (unit.township_code, len(names) if unit.place is None else unit.place, unit.code))
    return PublicList(
        found["year"], found["kind"], found["district"]["code"], found["district"]["name"], found["scheme"]["title"],
        found["scheme"]["digest"], found["notice"]["working_days"], found["notice"]["days"], found["show_scores"],
        tuple(names.values()), tuple(level["stars"] for level in found["levels"]),
        tuple(sorted(found["townships"].items())),
        date.fromisoformat(found["notice"]["opens"]), date.fromisoformat(found["notice"]["closes"]), tuple(units),
        _decisions(found, units, places, names),
    )  # fmt: skip


def _decisions(
    found: dict[str, Any], units: list[PublicUnit], places: dict[str, int], names: dict[str, str]
) -> tuple[PublicDecision, ...]:
    """The decisions in their order, each with the place of its unit."""
    of = {unit.code: unit for unit in units}
    said = ((of[one["unit"]], one) for one in found.get("decisions", []))
    return tuple(
        PublicDecision(
            unit.code, unit.name, unit.kind, unit.district_code, unit.district, unit.township_code, unit.township,
            names[one["from"]], places[one["from"]], names[one["to"]], places[one["to"]], len(names), one["reason"],
            one["ground"], date.fromisoformat(one["on"]), one["edition"],
        )
        for unit, one in said
    )  # fmt: skip


def _line(
    unit: dict[str, Any], found: dict[str, Any], places: dict[str, int], names: dict[str, str], was: str
) -> PublicUnit:
    return PublicUnit(
        unit["code"], unit["name"], found["kind"], found["district"]["code"], found["district"]["name"],
        unit["township"], found["townships"][unit["township"]], names.get(unit["level"], ""),
        places.get(unit["level"]), len(names), names.get(unit["previous"], ""), places.get(unit["previous"]),
        unit["change"], unit["movement"], unit.get("total", ""), unit.get("rank"), names.get(was, ""), places.get(was),
    )  # fmt: skip
