"""What a unit's star makes of the performance pay: by the case that publication opened, or by the star since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from starrating.domain.access import Place
from starrating.domain.cases import UNDONE, CaseState
from starrating.domain.restated_facts import with_level
from starrating.domain.scheme import Consequence, Outcome, Scheme
from starrating.domain.walk import codes_again
from starrating.queries.cases import CaseFilter, CaseRow, cases_of
from starrating.queries.people_years import levels_decided
from starrating.queries.standing import schemes_standing
from starrating.services.case_facts import read_facts, remembered_of
from starrating.services.scheme_texts import read_kept

SETTLED = frozenset({CaseState.APPROVED, CaseState.CARRIED_OUT, CaseState.CLOSED})
"""The states in which people have agreed to a coefficient."""
Schemes = Mapping[tuple[int, str], Scheme]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """What a unit's star makes of the performance pay, by which rule, whether people have approved it; or why not."""

    number: Fraction | None = None
    rule: str = ""
    approved: bool = False
    missing: str = ""
    restated: bool = False
    """True where the case was rescinded and the coefficient is that of the star which a decision gave since."""


def coefficients(place: Place, year: int) -> Mapping[int, Coefficient]:
    """Unit → its coefficient of a year, from the cases that publication opened."""
    district = Place(place.municipality, place.district)
    schemes = {key: read_kept(text).scheme for key, text in schemes_standing([district], year).items()}
    found: dict[int, list[CaseRow]] = {}
    for case in cases_of([place], CaseFilter(year=year, outcome=Outcome.PAY_COEFFICIENT)):
        found.setdefault(case.unit_id, []).append(case)
    rescinded = {unit: rows[-1] for unit, rows in found.items() if _answered_by_a_review(rows)}
    known = {unit: _coefficient(rows, schemes) for unit, rows in found.items()}
    return known | _restated(rescinded.values(), schemes)


def _answered_by_a_review(rows: Iterable[CaseRow]) -> bool:
    states = {row.state for row in rows}
    return states <= UNDONE and CaseState.RESCINDED in states


def _coefficient(rows: list[CaseRow], schemes: Schemes) -> Coefficient:
    """The coefficient of a unit's cases: there must be one that stands, for two would be two answers."""
    standing = [row for row in rows if row.state not in UNDONE]
    if not standing:
        return Coefficient(missing=rows[0].state.value)
    if len(standing) > 1:
        return Coefficient(missing="several")
    row = standing[0]
    rule = next(one for one in schemes[row.cycle_id, row.kind].consequences if one.code == row.rule)
    approved = row.state in SETTLED and row.review_id is None
    return Coefficient(_number(rule, row.written), rule.name, approved)


def _restated(rows: Iterable[CaseRow], schemes: Schemes) -> dict[int, Coefficient]:
    """Unit → the coefficient of the star that a decision gave, where people rescinded that of the one before."""
    kept = tuple(rows)
    if not kept:
        return {}
    decided, found = levels_decided({row.unit_id for row in kept}), {}
    for row in kept:
        level, scheme = decided.get((row.cycle_id, row.unit_id)), schemes[row.cycle_id, row.kind]
        if level in {one.code for one in scheme.levels} and level != row.level:
            number = _of_level(row, scheme, str(level))
            if number is not None:
                found[row.unit_id] = number
    return found


def _of_level(row: CaseRow, scheme: Scheme, level: str) -> Coefficient | None:
    """The coefficient that follows from a case's facts with another level; none where a line needs the points anew."""
    again = codes_again(with_level(remembered_of(read_facts(row.facts), scheme), level), voided=False)
    rules = [one for one in scheme.consequences
             if one.code in again and one.effect.outcome is Outcome.PAY_COEFFICIENT
             and isinstance(one.effect.what, Fraction)]  # fmt: skip
    if len(rules) != 1:
        return None
    return Coefficient(_number(rules[0], ""), rules[0].name, approved=True, restated=True)


def _number(rule: Consequence, written: str) -> Fraction:
    what = rule.effect.what
    return what if isinstance(what, Fraction) else Fraction(written.partition("=")[2])
