"""The text of an edition: the list, and with it all that it takes to work out every star again without asking anybody.

The rules, the raw values by header, the events that the rules ask about, last year's levels, the results with their
reasons; nothing about a person, and where the scheme does not show scores only the levels. `left_out` names what is
not said. The inputs are read again and are those of the determination, else nothing is published. The columns under
`inputs` stand in the order of `units`; every number of a score is text, so that no reader makes a float of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from starrating.domain.faults import RuleError
from starrating.domain.figures import plain, texts
from starrating.domain.publicity import CONSEQUENCES, WITHHELD, left_out, private_reasons, public_nodes, public_rules
from starrating.domain.rating import rate
from starrating.domain.scheme import Scheme
from starrating.interchange.fields import needs_of
from starrating.queries.cell_columns import Said
from starrating.queries.cycles import CycleRow, KeptScheme
from starrating.queries.inputs import Known, inputs_of
from starrating.queries.publications import Confirmed, ListedUnit
from starrating.schemes.canonical import without
from starrating.services.editions.list_text import canonical, list_content

FORMAT = "starrating-edition/1"
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Issued:
    """Who issues a list and under which number of a document, as far as the office says it."""

    by: tuple[str, ...] = ()
    number: str = ""


NOT_SAID = Issued()


def edition_text(cycle: CycleRow, kept: KeptScheme, scheme: Scheme, confirmed: Confirmed, units: Sequence[ListedUnit],
                 days: tuple[date, date], *, previous: str, issued: Issued = NOT_SAID) -> str:  # fmt: skip
    """The text of the first edition of a year; refused where the inputs no longer give what was determined."""
    known = inputs_of(cycle, confirmed.kind, scheme)
    if known.digest != confirmed.input_digest:
        raise RuleError("publication.inputs_changed")
    content = list_content(cycle, kept, scheme, confirmed, units, days)
    content |= {
        "format": FORMAT, "edition": 1, "previous_list": previous, "left_out": list(left_out(scheme)),
        "scheme": {**content["scheme"], "rules": without(kept.text, CONSEQUENCES)},
    }  # fmt: skip
    if issued != NOT_SAID:
        content["issued"] = {"by": list(issued.by), "number": issued.number}
    if scheme.notice.show_scores:
        private = private_reasons(scheme)
        for row, unit in zip(content["units"], units, strict=True):
            row |= {"pool": unit.pool, "reasons": public_reasons(unit.reasons, private)}
        content |= scored(scheme, known, units)
    return canonical(content)


def scored(scheme: Scheme, known: Known, units: Sequence[ListedUnit]) -> dict[str, Any]:
    """The inputs and points of units whose levels are those that the rules give."""
    order = _order(known, units)
    return {"inputs": _inputs(scheme, known, order), "points": _points(scheme, known, units, order)}


def _order(known: Known, units: Sequence[ListedUnit]) -> Rows:
    """The row among the inputs of each listed unit."""
    row = {key: place for place, key in enumerate(known.unit_ids)}
    return np.array([row[unit.unit_id] for unit in units], dtype=np.intp)


def _inputs(scheme: Scheme, known: Known, order: Rows) -> dict[str, Any]:
    """Header → one text a unit or null: raw values, events, the fields that the rules name."""
    needs, words = needs_of(public_rules(scheme)), known.inputs.words
    said: dict[str, Said] = {header: [column[row] for row in order] for header, column in known.said.items()}
    said |= {header: [words[header].name(row) for row in order] for header in (*needs.choices, *needs.fields)
             if header in words}  # fmt: skip
    kinds = {"values": (*needs.numbers, *needs.choices), "events": needs.flags, "fields": needs.fields}
    return {kind: {header: said[header] for header in headers if header in said} for kind, headers in kinds.items()}


def _points(scheme: Scheme, known: Known, units: Sequence[ListedUnit], order: Rows) -> dict[str, Any]:
    """The points that the rules for levels ask about, each with the most that its node gives."""
    rating = rate(public_rules(scheme), known.inputs)
    codes = [*(level.code for level in scheme.levels), ""]
    if [codes[level] for level in rating.level[order]] != [unit.level for unit in units]:
        raise RuleError("publication.inputs_changed")
    facts = rating.standing.facts
    scored = np.arange(len(known.unit_ids)) if facts.rows is None else facts.rows
    said: dict[str, Any] = {}
    for node in public_nodes(scheme):
        found = texts(facts.results[node.code], np.arange(len(facts)))
        by_row = dict(zip(scored.tolist(), found, strict=True))
        most = None if node.high is None else plain(node.high)
        said[node.code] = {"most": most, "units": [by_row.get(row) for row in order.tolist()]}
    return said


def public_reasons(stored: str, private: frozenset[str]) -> list[str]:
    """The codes of a unit's reasons; one that would give a private input away is only said to be there."""
    codes = [WITHHELD if code in private else code for code in json.loads(stored)]
    return list(dict.fromkeys(codes))
