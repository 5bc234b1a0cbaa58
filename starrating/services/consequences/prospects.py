"""Who meets the conditions of an eligibility and who misses them by how much, by the same walk that a case rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starrating.domain.scheme import Bearer, Consequence, Outcome, Scheme
from starrating.domain.supposed_year import next_year
from starrating.domain.walk import Remembered, Walked, walk
from starrating.queries import ratings
from starrating.services.consequences.case_facts import values_of
from starrating.services.rating.explaining import rating_of


@dataclass(frozen=True, slots=True)
class Considered:
    """A unit's leader held against a rule: what holds, what misses; `next` what would if the year after went so."""

    unit: str
    rule: Consequence
    scheme: Scheme
    walked: Walked
    dual: bool
    """True where the rule does not ask for both posts, or the leader holds them."""
    next: Walked | None

    @property
    def misses(self) -> int:
        """How many conditions miss, both posts among them."""
        return self.walked.misses + (not self.dual)


def considered(cycle_id: int, rule: str = "", suppose: str = "") -> tuple[Considered, ...] | None:
    """Every unit of a year against its eligibility rules, whoever meets them first, then by how little is missing.

    None where what the year was determined from is no longer what stands. `suppose` is next year's level, a code.
    """
    found: list[Considered] = []
    for one in ratings.standing(cycle_id):
        rating = rating_of(one)
        if rating is None:
            return None
        values = values_of(rating)
        rules = [entry for entry in rating.scheme.consequences if entry.effect.outcome is Outcome.ELIGIBLE
                 and rule in ("", entry.code)]  # fmt: skip
        levels = {level.code for level in rating.scheme.levels}
        for row, unit in enumerate(rating.inputs.units):
            if rating.level[row] < 0:
                continue
            known = Remembered(rating.scheme, {subject: column[row] for subject, column in values.items()})
            then = next_year(known, suppose) if suppose in levels else None
            both = known.values.get("leader.dual_role") == "1"
            found += (
                Considered(unit, entry, rating.scheme, walk(entry.when, known),
                           both or entry.bearer is not Bearer.DUAL_ROLE,
                           walk(entry.when, then) if then else None)
                for entry in rules
            )  # fmt: skip
    return tuple(_nearest(found))


def _nearest(found: Iterable[Considered]) -> list[Considered]:
    return sorted(found, key=lambda one: (one.misses, one.rule.code, one.unit))
