"""Who could have led a unit in a year, and since when: months in post, both posts in one person, the grade given."""

from __future__ import annotations

import numpy as np

from starrating.demo.draw import ALL
from starrating.demo.noise import ONE, Chance, Whole

_DUAL_ROLE = 9_200  # 天津 2021 年换届后,一肩挑约九成二 *
_CHANGED_IN_A_YEAR = 600
ELECTION = (2021, 3)
"""The year of the last election, and its month from 0."""
_FOUNDED_LATELY = 60
"""Chance that a unit was set up since `_FIRST_FOUNDED`; the others are old."""
_FIRST_FOUNDED = 2021 * 12
GRADES = ("好", "较好", "一般", "差")
_GRADE_LIMITS = (3 * ONE // 10, -12 * ONE // 10, -23 * ONE // 10)


def months_since_founding(chance: Chance, year: int) -> Whole:
    """Whole months at the end of the year; below 0 for a unit that was set up later."""
    lately = chance.below(ALL, "founded lately") < _FOUNDED_LATELY
    age = 300 + chance.below(420, "age")
    founded = np.where(lately, _FIRST_FOUNDED + chance.below(42, "founded"), 2021 * 12 - age)
    return (year + 1) * 12 - founded - 1


def months_in_post(chance: Chance, year: int, founded: Whole) -> Whole:
    """Since when the secretary is in post: from the election or before, unless changed since."""
    started = np.where(
        chance.below(ALL, "re-elected") < 6_000,
        ELECTION[0] * 12 + ELECTION[1] - 36 - chance.below(84, "years before"),
        ELECTION[0] * 12 + ELECTION[1],
    )
    for changed in range(ELECTION[0] + 1, year + 1):
        new = chance.below(ALL, "leader", changed) < _CHANGED_IN_A_YEAR
        started = np.where(new, changed * 12 + chance.below(12, "month", changed), started)
    months: Whole = np.minimum((year + 1) * 12 - started - 1, founded)
    return months


def holds_both_posts(chance: Chance) -> Whole:
    """1 where the secretary is also the head of the committee."""
    return (chance.below(ALL, "dual role") < _DUAL_ROLE).astype(np.int64)


def appraisal_grades(chance: Chance, year: int, ability: Whole) -> list[str]:
    """The grade of the leader's yearly appraisal, better where the unit is better."""
    merit = (ability * 6 + chance.bell("appraisal", year) * 8) // 10
    grade = sum((merit < limit).astype(np.int64) for limit in _GRADE_LIMITS)
    return [GRADES[index] for index in np.asarray(grade).tolist()]
