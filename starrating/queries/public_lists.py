"""A public list read back from its stored text: the units by township and from the highest level down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class PublicUnit:
    """One line of a public list; `place` counts levels from the highest (0), None for a unit that was not rated.

    `was` is the level of the year's first edition where another stands since, else empty; `held` the level whose plaque
    the unit has, where a decision moved it: the one before the first decision, or before the last lifting.
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
    held: str | None = None
    held_place: int | None = None


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
    before_place: int | None
    after: str
    after_place: int | None
    of: int
    reason: str
    ground: str
    on: date
    edition: int
    sort: str = "removal"


@dataclass(frozen=True, slots=True)
class PublicValue:
    """A value that a correction put right, of which unit, under which header; texts as they were entered."""

    code: str
    unit: str
    header: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PublicCorrection:
    """A correction of values after publication: why, how many, and those of them that the list says."""

    kind: str
    district_code: str
    district: str
    reason: str
    ground: str
    on: date
    edition: int
    count: int
    values: tuple[PublicValue, ...]


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
    corrections: tuple[PublicCorrection, ...] = ()
    issuers: tuple[str, ...] = ()
    number: str = ""
    """Who issued it and under which number, where the office said so."""
    restates: str = ""
    """The digest of the edition that this one restates; empty for the first of its year."""


def read_list(text: str) -> PublicList:
    """A list from its text."""
    found = json.loads(text)
    places = {level["code"]: place for place, level in enumerate(found["levels"])}
    names = {level["code"]: level["name"] for level in found["levels"]}
    before: dict[str, tuple[str, str]] = {}
    for one in found.get("decisions", []):
        first, held = before.get(one["unit"], (one["from"], one["from"]))
        before[one["unit"]] = first, one["from"] if one["sort"] == "lifting" else held
    units = [_line(unit, found, places, names, before.get(unit["code"])) for unit in found["units"]]
    units.sort(key=lambda unit: (unit.township_code, len(names) if unit.place is None else unit.place, unit.code))
    return PublicList(
        found["year"], found["kind"], found["district"]["code"], found["district"]["name"], found["scheme"]["title"],
        found["scheme"]["digest"], found["notice"]["working_days"], found["notice"]["days"], found["show_scores"],
        tuple(names.values()), tuple(level["stars"] for level in found["levels"]),
        tuple(sorted(found["townships"].items())),
        date.fromisoformat(found["notice"]["opens"]), date.fromisoformat(found["notice"]["closes"]), tuple(units),
        _decisions(found, units, places, names), _corrections(found, units),
        tuple(found.get("issued", {}).get("by", ())), found.get("issued", {}).get("number", ""),
        found.get("restates", {}).get("digest", ""),
    )  # fmt: skip


def _decisions(
    found: dict[str, Any], units: list[PublicUnit], places: dict[str, int], names: dict[str, str]
) -> tuple[PublicDecision, ...]:
    """The decisions in their order, each with the place of its unit."""
    of = {unit.code: unit for unit in units}
    said = ((of[one["unit"]], one) for one in found.get("decisions", []) if one["from"] != one["to"])
    return tuple(
        PublicDecision(
            unit.code, unit.name, unit.kind, unit.district_code, unit.district, unit.township_code, unit.township,
            names.get(one["from"], ""), places.get(one["from"]), names.get(one["to"], ""), places.get(one["to"]),
            len(names), one["reason"], one["ground"], date.fromisoformat(one["on"]), one["edition"], one["sort"],
        )
        for unit, one in said
    )  # fmt: skip


def _corrections(found: dict[str, Any], units: list[PublicUnit]) -> tuple[PublicCorrection, ...]:
    """The corrections of values in their order."""
    of = {unit.code: unit.name for unit in units}
    return tuple(
        PublicCorrection(
            found["kind"], found["district"]["code"], found["district"]["name"], one["reason"], one["ground"],
            date.fromisoformat(one["on"]), one["edition"], one["count"],
            tuple(PublicValue(each["unit"], of.get(each["unit"], ""), each["header"], each["name"], each["from"],
                              each["to"]) for each in one["values"]),
        )
        for one in found.get("corrections", [])
    )  # fmt: skip


def _line(
    unit: dict[str, Any], found: dict[str, Any], places: dict[str, int], names: dict[str, str],
    before: tuple[str, str] | None,
) -> PublicUnit:  # fmt: skip
    was = before[0] if before and before[0] != unit["level"] else ""
    held = names.get(before[1], "") if before else None
    return PublicUnit(
        unit["code"], unit["name"], found["kind"], found["district"]["code"], found["district"]["name"],
        unit["township"], found["townships"][unit["township"]], names.get(unit["level"], ""),
        places.get(unit["level"]), len(names), names.get(unit["previous"], ""), places.get(unit["previous"]),
        unit["change"], unit["movement"], unit.get("total", ""), unit.get("rank"), names.get(was, ""), places.get(was),
        held, places.get(before[1]) if before else None,
    )  # fmt: skip
