"""What the field reports of leaders: the share of dual role, empty posts, age and schooling around an election."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from starrating.domain.posts import Post, PostKind, dual_roles, holders, whole_months
from starrating.domain.terms import LONG_VACANT, Education, vacant_since

FEWEST = 3
"""Of fewer people no average is told: it would tell of one of them."""
SETTLED = timedelta(days=90)
"""How long after its day an election is taken to be through, with the posts that follow from it."""
HIGHER = (Education.COLLEGE, Education.BACHELOR, Education.MASTER)


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a person for the statistics."""

    birth_year: int | None
    education: str


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post that nobody holds on the day, and since when."""

    unit: int
    kind: PostKind
    since: date
    months: int

    @property
    def long(self) -> bool:
        """True where it has been empty for more than `LONG_VACANT` months."""
        return self.months >= LONG_VACANT


@dataclass(frozen=True, slots=True)
class Group:
    """The holders of a post on a day: how many, their average age in tenths of a year, the share with higher schooling.

    Averages are None where too few are known.
    """

    day: date
    people: int
    ages: int
    age: Fraction | None
    schooled: int
    higher: Fraction | None


@dataclass(frozen=True, slots=True)
class Change:
    """A post before and after an election."""

    kind: PostKind
    before: Group
    after: Group

    @property
    def younger(self) -> bool | None:
        """True where the average age fell; None where that is not known."""
        if self.before.age is None or self.after.age is None:
            return None
        return self.after.age < self.before.age

    @property
    def better_schooled(self) -> bool | None:
        """True where the share with higher schooling rose; None where that is not known."""
        if self.before.higher is None or self.after.higher is None:
            return None
        return self.after.higher > self.before.higher


def vacancies(posts: Iterable[Post], founded: Mapping[int, date], day: date) -> list[Vacancy]:
    """The posts of the units that nobody holds on the day, the longest empty first."""
    by_slot: dict[tuple[int, PostKind], list[Post]] = {}
    for post in posts:
        by_slot.setdefault((post.unit, post.kind), []).append(post)
    found = []
    for unit, first in founded.items():
        for kind in PostKind:
            since = vacant_since(by_slot.get((unit, kind), ()), first, day)
            if since is not None:
                found.append(Vacancy(unit, kind, since, whole_months(since, day)))
    return sorted(found, key=lambda one: (one.since, one.unit, one.kind))


def dual_units(posts: Iterable[Post], day: date) -> frozenset[int]:
    """The units in which one person holds both posts on the day."""
    return frozenset(dual_roles(posts, day))


def group_of(posts: Sequence[Post], kind: PostKind, day: date, known: Mapping[int, Traits]) -> Group:
    """The holders of a post on a day, each person once."""
    people = {person for own in holders(posts, kind, day).values() for person in own}
    traits = [known[person] for person in people if person in known]
    years = [one.birth_year for one in traits if one.birth_year is not None]
    schooled = [one.education for one in traits if one.education]
    age = Fraction(sum(day.year - year for year in years), len(years)) if len(years) >= FEWEST else None
    higher = Fraction(sum(one in HIGHER for one in schooled), len(schooled)) if len(schooled) >= FEWEST else None
    return Group(day, len(people), len(years), age, len(schooled), higher)


def change_of(
    posts: Sequence[Post], kind: PostKind, held_on: date, today: date, known: Mapping[int, Traits]
) -> Change:  # fmt: skip
    """A post the day before an election, and once it is through or today, whichever comes first."""
    before, after = held_on - timedelta(days=1), min(held_on + SETTLED, today)
    return Change(kind, group_of(posts, kind, before, known), group_of(posts, kind, after, known))


def tenths(value: Fraction) -> str:
    """A number with one decimal, half up."""
    found = (value.numerator * 20 + value.denominator) // (value.denominator * 2)
    return f"{found // 10}.{found % 10}"


def percent(part: int, of: int) -> str:
    """A share in percent with one decimal, half up; empty where there is nothing to share."""
    return tenths(Fraction(part * 100, of)) if of else ""
