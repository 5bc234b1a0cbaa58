"""What a unit's star makes of the performance pay: by the case that publication opened, or by the star since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from starrating.domain.access import Place
from starrating.domain.cases import UNDONE, CaseState
from starrating.domain.scheme import Outcome
from starrating.queries.cases import CaseFilter, CaseRow, cases_of
from starrating.queries.standing import schemes_standing
from starrating.services.consequences.restated_rules import Schemes, number_of, rules_again
from starrating.services.years.scheme_texts import read_kept

SETTLED = frozenset({CaseState.APPROVED, CaseState.CARRIED_OUT, CaseState.CLOSED})
"""The states in which people have agreed to a coefficient."""


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
    answered = (rows for rows in found.values() if _answered_by_a_review(rows))
    rescinded = [row for rows in answered for row in rows if row.state is CaseState.RESCINDED]
    known = {unit: _coefficient(rows, schemes) for unit, rows in found.items()}
    return known | _restated(rescinded, schemes)


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
    return Coefficient(number_of(rule, row.written), rule.name, approved)


def _restated(rows: Iterable[CaseRow], schemes: Schemes) -> dict[int, Coefficient]:
    """Unit → the coefficient of what a decision gave, where people rescinded that of the one before.

    The very coefficient that people rescinded while it followed is none: `rules_again` leaves it out.
    """
    kept = tuple(rows)
    again = rules_again(kept, schemes)
    return {
        row.unit_id: Coefficient(found[0][1], found[0][0].name, approved=True, restated=True)
        for row in kept
        for found in (again.get(row.id, ()),)
        if len(found) == 1
    }
