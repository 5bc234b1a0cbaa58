"""What follows from what a decision gave since, by the rules of a case's outcome: worked out from stored facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from starrating.domain.restated_facts import with_level
from starrating.domain.scheme import Consequence, Outcome, Scheme
from starrating.domain.walk import Remembered, codes_again
from starrating.queries.cases import CaseRow
from starrating.queries.people_years import levels_decided
from starrating.queries.restated import restated_of
from starrating.services.case_facts import read_facts

RESTATED = "starrating-restated/1"
Schemes = Mapping[tuple[int, str], Scheme]
"""(cycle, kind) → the scheme by which its units were rated."""
Rule = tuple[Consequence, Fraction]
"""A rule that follows, and the number that it gives."""


def number_of(rule: Consequence, written: str) -> Fraction | None:
    """The number that a rule gives: its own, or the one beside its code for a unit; None where it gives words."""
    if isinstance(rule.effect.what, Fraction):
        return rule.effect.what
    said = written.partition("=")[2]
    return Fraction(said) if said else None


@dataclass(frozen=True, slots=True)
class Stood:
    """What the rules ask of a unit, with the level that stands."""

    values: Mapping[str, str | None]
    voided: bool


def stood(scheme: Scheme, known: Stood, level: str) -> Stood:
    """What is known with the level that an edition gave: that of the rating, or of a decision over it."""
    if level not in {one.code for one in scheme.levels}:
        return Stood(known.values, voided=True)
    if known.values.get("level") == level:
        return known
    return Stood(with_level(Remembered(scheme, known.values), level).values, known.voided)


def codes_of(scheme: Scheme, known: Stood) -> tuple[str, ...]:
    """The codes of what follows from what is known."""
    return codes_again(Remembered(scheme, known.values), voided=known.voided)


def codes_now(rows: Iterable[CaseRow], schemes: Schemes) -> dict[int, tuple[str, ...]]:
    """Case → the codes of all that follows for its unit by what decisions on its own year gave; no case without one."""
    kept = tuple(rows)
    units = {row.unit_id for row in kept}
    decided, restated = (levels_decided(units), restated_of(units)) if units else ({}, {})
    found = {}
    for row in kept:
        key = (row.cycle_id, row.unit_id)
        if key in decided or key in restated:
            facts = json.loads(restated[key]) if key in restated else read_facts(row.facts)
            level = decided.get(key) or str(facts["values"]["level"])
            known = stood(schemes[row.cycle_id, row.kind], Stood(facts["values"], facts["voided"]), level)
            found[row.id] = codes_of(schemes[row.cycle_id, row.kind], known)
    return found


def rules_again(rows: Iterable[CaseRow], schemes: Schemes) -> dict[int, tuple[Rule, ...]]:
    """Case → the rules of its outcome that follow now, with their numbers; no case on whose unit nothing was decided
    in its own year."""
    kept = {row.id: row for row in rows}
    return {
        key: tuple(_numbered(kept[key], schemes, codes)) for key, codes in codes_now(kept.values(), schemes).items()
    }


def _numbered(row: CaseRow, schemes: Schemes, codes: Iterable[str]) -> Iterator[Rule]:
    entries = schemes[row.cycle_id, row.kind].consequences
    rules = {one.code: one for one in entries if one.effect.outcome is Outcome(row.outcome)}
    for written in codes:
        rule = rules.get(written.partition("=")[0])
        number = number_of(rule, written) if rule else None
        if rule and number is not None:
            yield rule, number
