"""The text of an edition that corrects values: the signed text before it, with everything that is rated anew.

Names, rules, notice and last year's levels stay to the byte as they were published. The inputs are those that count by
now, so that the stars follow from the edition alone; `corrections` says what was put right, where scores are shown, and
`decisions` every unit whose level moved. A removal stays a ceiling over what the rules give; where it holds, `earned`
says what they give.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starrating import __version__
from starrating.domain.decisions import ceilings, left_of
from starrating.domain.entry import Entry
from starrating.domain.publicity import private_reasons
from starrating.domain.scheme import Scheme
from starrating.queries.publications import ListedUnit
from starrating.services.decisions.restated_text import Because, entries_of, moved, next_edition
from starrating.services.editions.edition_text import public_reasons, scored
from starrating.services.rating.trials import Worked, rows_of


@dataclass(frozen=True, slots=True)
class Righted:
    """A value that is put right, as the public may be told it where scores are shown."""

    code: str
    header: str
    name: str
    before: Entry
    after: Entry


def corrected_text(text: str, worked: Worked, units: Sequence[ListedUnit], values: Sequence[Righted],
                   because: Because, previous: str) -> str:  # fmt: skip
    """The next edition; `units` are those of the edition before, `previous` is the last list of the chain."""
    content = json.loads(text)
    scheme, shown = worked.rating.scheme, bool(content["show_scores"])
    given = dict(zip(worked.known.inputs.units, rows_of(worked, 0), strict=True))
    said = because.said(content["edition"] + 1)
    made = []
    for unit in content["units"]:
        before = unit["level"]
        unit.update(_rated(content, unit, given[unit["code"]], scheme, shown=shown))
        if unit["level"] != before:
            made.append({"unit": unit["code"], "from": before, "to": unit["level"], **said})
    if shown:
        content |= scored(scheme, worked.known, [replace(one, level=given[one.code]["level"]) for one in units])
    content["decisions"] = [*content.get("decisions", []), *made]
    content["corrections"] = [*content.get("corrections", []), _correction(content, said, values, shown=shown)]
    content["determination"] = {"inputs": worked.known.digest, "engine": __version__}
    return next_edition(content, text, previous)


def _rated(content: Mapping[str, Any], unit: dict[str, Any], row: Mapping[str, Any], scheme: Scheme,
           *, shown: bool) -> dict[str, Any]:  # fmt: skip
    """What a unit is given now, below the ceilings of its removals."""
    above = ceilings(entries_of(content, unit["code"]))
    level = left_of(row["level"], above, [one.code for one in scheme.levels])
    found = moved(content, unit["previous"], level)
    unit.pop("earned", None)
    found |= {"earned": row["level"]} if above else {}
    if not shown:
        return found
    return found | {
        "total": row["total"] if row["level"] else "", "rank": row["rank"], "pool": row["pool"],
        "reasons": public_reasons(row["reasons"], private_reasons(scheme)),
    }  # fmt: skip


def _correction(content: Mapping[str, Any], said: Mapping[str, Any], values: Sequence[Righted],
                *, shown: bool) -> dict[str, Any]:  # fmt: skip
    """What the public is told of a correction: values only where the edition says what they count for."""
    known = {**content["inputs"]["values"], **content["inputs"]["events"]} if shown else {}
    told = [{"unit": one.code, "header": one.header, "name": one.name, "from": one.before.shown, "to": one.after.shown}
            for one in values if one.header in known]  # fmt: skip
    return {**{key: said[key] for key in ("edition", "reason", "ground", "on")}, "count": len(values), "values": told}
