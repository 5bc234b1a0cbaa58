"""What follows from what a decision gave since, by the rules of a case's outcome: worked out from stored facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from starrating.domain.restated_facts import with_level
from starrating.domain.scheme import Consequence, Outcome, Scheme
from starrating.domain.walk import codes_again
from starrating.queries.cases import CaseRow
from starrating.queries.people_years import levels_decided
from starrating.services.case_facts import read_facts, remembered_of

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


def rules_again(rows: Iterable[CaseRow], schemes: Schemes) -> dict[int, tuple[Rule, ...]]:
    """Case → the rules of its outcome that follow now, with their numbers; no case on whose star nothing was decided
    in its own year, nor one whose unit is not rated any more."""
    kept = tuple(rows)
    decided = levels_decided({row.unit_id for row in kept}) if kept else {}
    found = {}
    for row in kept:
        level, scheme = decided.get((row.cycle_id, row.unit_id)), schemes[row.cycle_id, row.kind]
        if level in {one.code for one in scheme.levels}:
            found[row.id] = tuple(_again(row, scheme, str(level)))
    return found


def _again(row: CaseRow, scheme: Scheme, level: str) -> Iterator[Rule]:
    known = with_level(remembered_of(read_facts(row.facts), scheme), level)
    rules = {one.code: one for one in scheme.consequences if one.effect.outcome is Outcome(row.outcome)}
    for written in codes_again(known, voided=False):
        rule = rules.get(written.partition("=")[0])
        number = number_of(rule, written) if rule else None
        if rule and number is not None:
            yield rule, number
