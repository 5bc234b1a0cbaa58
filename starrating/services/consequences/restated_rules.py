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
from starrating.queries.restated import Decided, decided_of, rescinded_of
from starrating.services.consequences.case_facts import read_facts

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
    decided = _decided(kept)
    return {row.id: _codes(row, schemes, decided[row.id]) for row in kept if row.id in decided}


def rules_again(rows: Iterable[CaseRow], schemes: Schemes) -> dict[int, tuple[Rule, ...]]:
    """Rescinded case → the rules of its outcome that follow now, with their numbers; no case on whose unit nothing was
    decided in its own year.

    What people rescinded while it followed from the facts that stood is left out: it never comes back by itself.
    """
    kept = {row.id: row for row in rows}
    decided = _decided(kept.values())
    over = _rescinded_while_due(kept, schemes, decided)
    found = {}
    for key, own in decided.items():
        row = kept[key]
        codes = (one for one in _codes(row, schemes, own) if (row.cycle_id, row.unit_id, one) not in over)
        found[key] = tuple(_numbered(row, schemes, codes))
    return found


def _rescinded_while_due(
    kept: Mapping[int, CaseRow], schemes: Schemes, decided: Mapping[int, tuple[Decided, ...]]
) -> frozenset[tuple[int, int, str]]:
    """(cycle, unit, code) of the cases whose own rule, with its number, still followed when people rescinded them."""
    when = rescinded_of(decided) if decided else {}
    known = {key: tuple(one for one in decided[key] if said.after(one)) for key, said in when.items()}
    return frozenset(
        (kept[key].cycle_id, kept[key].unit_id, kept[key].written)
        for key, own in known.items()
        if kept[key].written in _codes(kept[key], schemes, own)
    )


def _decided(rows: Iterable[CaseRow]) -> dict[int, tuple[Decided, ...]]:
    """Case → what decisions on its own year gave its unit; no case without one."""
    kept = tuple(rows)
    found = decided_of({row.unit_id for row in kept}) if kept else {}
    return {row.id: found[row.cycle_id, row.unit_id] for row in kept if (row.cycle_id, row.unit_id) in found}


def _codes(row: CaseRow, schemes: Schemes, decided: Iterable[Decided]) -> tuple[str, ...]:
    """The codes of what follows for a case's unit by its own facts and what some decisions made of them."""
    kept, scheme = tuple(decided), schemes[row.cycle_id, row.kind]
    texts, levels = [one.facts for one in kept if one.facts], [one.level for one in kept if one.level]
    facts = json.loads(texts[-1]) if texts else read_facts(row.facts)
    level = levels[-1] if levels else str(facts["values"]["level"])
    return codes_of(scheme, stood(scheme, Stood(facts["values"], facts["voided"]), level))


def _numbered(row: CaseRow, schemes: Schemes, codes: Iterable[str]) -> Iterator[Rule]:
    entries = schemes[row.cycle_id, row.kind].consequences
    rules = {one.code: one for one in entries if one.effect.outcome is Outcome(row.outcome)}
    for written in codes:
        rule = rules.get(written.partition("=")[0])
        number = number_of(rule, written) if rule else None
        if rule and number is not None:
            yield rule, number
