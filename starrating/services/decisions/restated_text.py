"""The text of an edition that restates another: the signed text before it, with what a decision changes and no more.

It is made of the old text alone, so that names, rules, inputs and everybody else's result stay to the byte as they were
published, whatever has changed in the tables since. `decisions` lists every decision since the first edition.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from starrating.domain.decisions import DecisionSort, Entry, ceilings, earned_before, left_of
from starrating.domain.faults import RuleError
from starrating.services.editions.list_text import canonical, digest_of
from starrating.services.rating.trials import movement_kind

REMOVED = "removal"
"""The reason of a level that was taken away after publication, last in a rating's list."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision does to the unit with a code: its level before and after."""

    code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Because:
    """What the public is told of a decision; `lifts` is the edition of the removal that it lifts."""

    sort: str
    reason: str
    ground: str
    on: date
    lifts: int | None = None

    def said(self, edition: int) -> dict[str, Any]:
        """The same as the edition that it gives says it."""
        lifts = {} if self.lifts is None else {"lifts": self.lifts}
        return {"sort": self.sort, "reason": self.reason, "ground": self.ground, "on": self.on.isoformat(),
                "edition": edition, **lifts}  # fmt: skip


def restated_text(text: str, changes: Iterable[Change], because: Because, previous: str) -> str:
    """The next edition; `previous` is the digest of the last list in the district's chain.

    Refused where a unit's level is not, or no longer, the one before.
    """
    content = json.loads(text)
    units = {unit["code"]: unit for unit in content["units"]}
    said = because.said(content["edition"] + 1)
    made = []
    for one in sorted(changes, key=lambda change: change.code):
        unit = units.get(one.code)
        if unit is None or unit["level"] != one.before:
            raise RuleError("decision.changed")
        unit |= moved(content, unit["previous"], one.after)
        made.append({"unit": one.code, "from": one.before, "to": one.after, **said})
    content["decisions"] = [*content.get("decisions", []), *made]
    for entry in made:
        if not ceilings(entries_of(content, entry["unit"])):
            units[entry["unit"]].pop("earned", None)
    return next_edition(content, text, previous)


def next_edition(content: Mapping[str, Any], text: str, previous: str) -> str:
    """The text of the edition after `text` with what it is to say; counted anew, chained to the list before."""
    return canonical({
        **content,
        "restates": {"edition": content["edition"], "digest": digest_of(text)},
        "edition": content["edition"] + 1, "previous_list": previous,
        "counts": _counted(content, "level"), "movements": _counted(content, "movement"),
    })  # fmt: skip


def lifted(text: str, edition: int) -> list[Change]:
    """What becomes of the units of a removal once it is lifted: what the rules give, or what other removals leave."""
    content = json.loads(text)
    order = [one["code"] for one in reversed(content["levels"])]
    codes = [one["unit"] for one in content.get("decisions", []) if one["edition"] == edition]
    found = []
    for unit in (one for one in content["units"] if one["code"] in codes):
        entries = entries_of(content, unit["code"])
        rest = ceilings([*entries, Entry(DecisionSort.LIFTING, "", "", content["edition"] + 1, edition)])
        found.append(Change(unit["code"], unit["level"], left_of(earned(content, unit), rest, order)))
    return found


def entries_of(content: Mapping[str, Any], code: str) -> list[Entry]:
    """What decisions did to a unit, in their order."""
    return [Entry(one["sort"], one["from"], one["to"], one["edition"], one.get("lifts"))
            for one in content.get("decisions", []) if one["unit"] == code]  # fmt: skip


def earned(content: Mapping[str, Any], unit: Mapping[str, Any]) -> str:
    """What the rules give a unit, whatever removals leave of it."""
    found = unit.get("earned")
    return earned_before(entries_of(content, unit["code"]), unit["level"]) if found is None else str(found)


def moved(content: Mapping[str, Any], previous: str, level: str) -> dict[str, Any]:
    """A level with the change and the movement that it makes against last year's, as an edition says them."""
    stars = {one["code"]: one["stars"] for one in content["levels"]}
    order = list(reversed(stars))
    change = order.index(level) - order.index(previous) if previous and level else None
    return {"level": level, "change": change, "movement": movement_kind(change, stars[level] if level else None)}


def _counted(content: Mapping[str, Any], part: str) -> dict[str, int]:
    return dict(sorted(Counter(unit[part] for unit in content["units"]).items()))


def with_removal(stored: str, *, removed: bool = True) -> str:
    """A rating's reasons as they are stored, saying at their end whether a removal holds."""
    codes = [code for code in json.loads(stored) if code != REMOVED]
    return json.dumps([*codes, *([REMOVED] if removed else [])], ensure_ascii=False, separators=(",", ":"))
