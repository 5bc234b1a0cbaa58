"""What a year's pay comes to: months in post by one rule, money in whole 分, one rounding a row, sums of rounded rows.

A month counts for whoever holds the post on its 15th. Of several holders of one post on that day it counts for whoever
holds the other post too, then for whoever began first, so that the months of a post are never more than twelve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import floor

from starrating.domain.posts import Post, PostKind

MONTHS = 12
COUNTED_ON = 15
"""The day of a month on which it is looked who holds a post."""


class PayRole(StrEnum):
    """As what somebody was in post in a month: both posts at once, or one of them alone."""

    DUAL = "dual"
    SECRETARY = "secretary"
    DIRECTOR = "director"


POSTS: Mapping[PayRole, frozenset[PostKind]] = {
    PayRole.DUAL: frozenset(PostKind),
    PayRole.SECRETARY: frozenset({PostKind.SECRETARY}),
    PayRole.DIRECTOR: frozenset({PostKind.DIRECTOR}),
}
"""Role → the posts whose months it takes."""


@dataclass(frozen=True, slots=True)
class Tenure:
    """How many months of a year somebody was in post in a unit in a role; at least one."""

    unit: int
    person: int
    role: PayRole
    months: int


@dataclass(frozen=True, slots=True)
class Rates:
    """What a district pays for a whole year, in 分, and the share of each role in thousandths."""

    base: int
    performance: int
    shares: Mapping[PayRole, int]


class SheetState(StrEnum):
    """Whether a second person has confirmed a sheet."""

    DRAFTED = "drafted"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Paid:
    """A row of a sheet as it is frozen: the coefficient and the amount in 分, of which some was confirmed `before`."""

    unit: int
    person: int
    role: PayRole
    months: int
    coefficient: str
    rule: str
    amount: int
    before: int = 0

    @property
    def key(self) -> tuple[int, int, PayRole]:
        """Whom and for what the row pays."""
        return self.unit, self.person, self.role

    @property
    def difference(self) -> int:
        """What is still to be paid, or below 0 to be taken back."""
        return self.amount - self.before


def still_due(
    confirmed: Iterable[Paid],
    now: Iterable[Paid],
    unknown: Collection[tuple[int, int, PayRole]],
    open_units: Collection[int] = frozenset(),
) -> tuple[Paid, ...]:
    """What sheets that were confirmed leave to be paid or taken back, row by row, where `now` is what holds.

    Whoever is in `now` no longer owes all of it back; of the `unknown`, whose amount cannot be said, nothing changes.
    A person of whom something in the unit is unknown gives nothing back yet, in whatever role: what replaces it, such
    as the same months in both posts instead of one, is not approved. Of the `open_units`, whose coefficient nobody can
    say, nobody gives anything back, whoever is still in post there.
    """
    last: dict[tuple[int, int, PayRole], int] = {}
    for one in confirmed:
        last[one.key] = last.get(one.key, 0) + one.difference
    rows = [replace(one, before=last.pop(one.key, 0)) for one in now]
    rows += [Paid(*key, 0, "", "", 0, before) for key, before in last.items() if key not in unknown]
    waits = {key[:2] for key in unknown}
    due = (one for one in rows if one.difference > 0
           or (one.difference and one.unit not in open_units and one.key[:2] not in waits))  # fmt: skip
    return tuple(sorted(due, key=lambda one: one.key))


def tenures(posts: Iterable[Post], year: int) -> tuple[Tenure, ...]:
    """Who was in post where in a year, as what and for how many months: by unit, person and role."""
    by_unit: dict[int, list[Post]] = {}
    for post in posts:
        by_unit.setdefault(post.unit, []).append(post)
    found: Counter[tuple[int, int, PayRole]] = Counter()
    for unit, held in by_unit.items():
        for month in range(1, MONTHS + 1):
            found.update((unit, person, role) for person, role in _in_post(held, date(year, month, COUNTED_ON)))
    return tuple(Tenure(*key, months) for key, months in sorted(found.items()))


def vacant_months(found: Iterable[Tenure]) -> dict[PostKind, int]:
    """Post → for how many months of the year nobody held it, from the tenures of one unit."""
    held: Counter[PostKind] = Counter()
    for one in found:
        for kind in POSTS[one.role]:
            held[kind] += one.months
    return {kind: MONTHS - held[kind] for kind in PostKind}


def amount(rates: Rates, coefficient: Fraction, role: PayRole, months: int) -> int:
    """base ÷ 12 × months + performance × coefficient × share × months ÷ 12 in 分, half a 分 rounded up."""
    share = Fraction(rates.shares[role], 1000)
    exact = (rates.base + rates.performance * coefficient * share) * Fraction(months, MONTHS)
    return floor(exact + Fraction(1, 2))


def _in_post(held: Iterable[Post], day: date) -> list[tuple[int, PayRole]]:
    """The one or two people to whom a day counts, and as what."""
    there = sorted((post for post in held if post.held_on(day)), key=lambda one: (one.begins_on, one.person))
    secretaries, directors = ([one.person for one in there if one.kind is kind] for kind in PostKind)
    both = [person for person in secretaries if person in directors]
    if both:
        return [(both[0], PayRole.DUAL)]
    return [(people[0], role) for people, role in ((secretaries, PayRole.SECRETARY), (directors, PayRole.DIRECTOR))
            if people]  # fmt: skip
