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

from starrating.domain.faults import RuleError
from starrating.services.list_text import canonical, digest_of
from starrating.services.trials import movement_kind


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision does to the unit with a code: its level before and after."""

    code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Because:
    """What the public is told of a decision."""

    sort: str
    reason: str
    ground: str
    on: date


def restated_text(text: str, changes: Iterable[Change], because: Because, previous: str) -> str:
    """The next edition; `previous` is the digest of the last list in the district's chain.

    Refused where a unit's level is not, or no longer, the one before.
    """
    content = json.loads(text)
    units = {unit["code"]: unit for unit in content["units"]}
    said = {"sort": because.sort, "reason": because.reason, "ground": because.ground, "on": because.on.isoformat(),
            "edition": content["edition"] + 1}  # fmt: skip
    made = []
    for one in sorted(changes, key=lambda change: change.code):
        unit = units.get(one.code)
        if unit is None or unit["level"] != one.before:
            raise RuleError("decision.changed")
        unit |= moved(content, unit["previous"], one.after)
        made.append({"unit": one.code, "from": one.before, "to": one.after, **said})
    return canonical(content | {
        "decisions": [*content.get("decisions", []), *made],
        "restates": {"edition": content["edition"], "digest": digest_of(text)},
        "edition": content["edition"] + 1, "previous_list": previous,
        "counts": _counted(content, "level"), "movements": _counted(content, "movement"),
    })  # fmt: skip


def moved(content: Mapping[str, Any], previous: str, level: str) -> dict[str, Any]:
    """A level with the change and the movement that it makes against last year's, as an edition says them."""
    stars = {one["code"]: one["stars"] for one in content["levels"]}
    order = list(reversed(stars))
    change = order.index(level) - order.index(previous) if previous else None
    return {"level": level, "change": change, "movement": movement_kind(change, stars[level])}


def _counted(content: Mapping[str, Any], part: str) -> dict[str, int]:
    return dict(sorted(Counter(unit[part] for unit in content["units"]).items()))
