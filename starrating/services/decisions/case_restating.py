"""What a correction makes of the facts that a year's cases rest on: kept with the decision, and what it puts in review.

Points that move without a star move a coefficient on a line over points, a rank, whatever a rule asks for. A case whose
rule follows otherwise by the facts put right than by those before is reviewed; none of them is undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, update
from sqlalchemy.orm import Session

from starrating.domain.figures import fixed
from starrating.models.cases import ConsequenceCase, RestatedFacts
from starrating.queries.restated import all_restated, cases_by_rule, facts_known
from starrating.services.bulk import add_rows
from starrating.services.consequences.case_facts import values_of
from starrating.services.consequences.restated_rules import RESTATED, Stood, codes_of, stood
from starrating.services.decisions.corrections import Corrected
from starrating.services.editions.list_text import canonical, digest_of
from starrating.services.transaction import rows_changed

TABLE = cast("Table", RestatedFacts.__table__)


@dataclass(frozen=True, slots=True)
class Restated:
    """The facts of a unit put right, as they are kept, and the rules that follow otherwise by them."""

    unit_id: int
    text: str
    rules: frozenset[str]


def restate(session: Session, decision_id: int, cycle_id: int, kind: str, shown: Corrected) -> int:
    """Within the transaction of a correction: keep the facts that it moves, and ask for a review of the cases whose
    rule follows otherwise while the star stayed; how many."""
    found = tuple(_restated(cycle_id, kind, shown))
    add_rows(session, TABLE, ("decision_id", "unit_id", "facts", "digest"),
             [(decision_id, one.unit_id, one.text, digest_of(one.text)) for one in found])  # fmt: skip
    starred = {one.unit_id for one in shown.units if one.before != one.after}
    moved = {(one.unit_id, rule) for one in found if one.unit_id not in starred for rule in one.rules}
    cases = cases_by_rule(cycle_id, {unit for unit, _ in moved})
    keys = [key for place, own in cases.items() if place in moved for key in own]
    return rows_changed(
        session,
        update(ConsequenceCase)
        .where(ConsequenceCase.id.in_(keys))
        .values(review_id=decision_id, version=ConsequenceCase.version + 1),
    )


def wrong_restated() -> tuple[int, ...]:
    """The keys of facts put right that are not what was stored, or not what their edition rates the unit by."""
    found = []
    for key, text, digest, total, level in all_restated():
        if digest_of(text) != digest:
            found.append(key)
            continue
        said = json.loads(text)
        if (said["total"], said["level"]) != (total, level):
            found.append(key)
    return tuple(found)


def _restated(cycle_id: int, kind: str, shown: Corrected) -> Iterator[Restated]:
    """The units with cases of which a correction moves anything that the scheme's consequences ask for."""
    worked, rating = shown.worked, shown.worked.rating
    levels, before = _levels(shown.text), _levels(shown.stood)
    known, columns = facts_known(cycle_id, kind), values_of(rating)
    for row, (unit_id, code) in enumerate(zip(worked.known.unit_ids, rating.inputs.units, strict=True)):
        if unit_id not in known:
            continue
        facts = json.loads(known[unit_id])
        was = stood(rating.scheme, Stood(facts["values"], facts["voided"]), before[code])
        values = {subject: column[row] for subject, column in columns.items() if column[row] is not None}
        now = stood(rating.scheme, Stood(values, bool(rating.level[row] < 0)), levels[code])
        if now != was:
            total = rating.total.value(row)
            text = canonical({
                "format": RESTATED, "unit": code, "scheme": worked.scheme_digest, "inputs": worked.known.digest,
                "values": now.values, "voided": now.voided, "level": levels[code],
                "total": "" if total is None else fixed(total, rating.scheme.decimals),
            })  # fmt: skip
            moved = set(codes_of(rating.scheme, was)) ^ set(codes_of(rating.scheme, now))
            yield Restated(unit_id, text, frozenset(one.partition("=")[0] for one in moved))


def _levels(text: str) -> dict[str, str]:
    """Unit → its level by the text of an edition."""
    return {unit["code"]: unit["level"] for unit in json.loads(text)["units"]}
