"""Who holds which post on a day, and who holds both: dual role is two overlapping posts, never a tick box."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PostKind(StrEnum):
    """A post in a unit: secretary of the Party branch, director of the committee."""

    SECRETARY = "secretary"
    DIRECTOR = "director"


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a person in a unit from its first day to its last, both included; no last day while it lasts."""

    person: int
    unit: int
    kind: PostKind
    begins_on: date
    ends_on: date | None = None

    def held_on(self, day: date) -> bool:
        """True where the post is held on the day."""
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)


def holders(posts: Iterable[Post], kind: PostKind, day: date) -> dict[int, tuple[int, ...]]:
    """Unit → the people who hold the post there on the day, in the order of their keys."""
    found: dict[int, set[int]] = {}
    for post in posts:
        if post.kind is kind and post.held_on(day):
            found.setdefault(post.unit, set()).add(post.person)
    return {unit: tuple(sorted(people)) for unit, people in sorted(found.items())}


def dual_roles(posts: Iterable[Post], day: date) -> dict[int, int]:
    """Unit → the person who is both secretary and director there on the day; units with none are left out."""
    kept = tuple(posts)
    secretaries = holders(kept, PostKind.SECRETARY, day)
    directors = holders(kept, PostKind.DIRECTOR, day)
    both = {unit: sorted(set(people) & set(directors.get(unit, ()))) for unit, people in secretaries.items()}
    return {unit: people[0] for unit, people in both.items() if people}


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads a unit on a day: whole months as secretary without a gap, and whether they are also its director."""

    months: int
    dual_role: bool


def leaders(posts: Iterable[Post], day: date) -> dict[int, Leader]:
    """Unit → its leader on the day: the secretary; of several whoever is also director, then the longest in post."""
    kept = tuple(posts)
    both = dual_roles(kept, day)
    since: dict[tuple[int, int], date] = {}
    by_holder: dict[tuple[int, int], list[Post]] = {}
    for post in kept:
        if post.kind is PostKind.SECRETARY and post.begins_on <= day:
            by_holder.setdefault((post.unit, post.person), []).append(post)
    for holder, terms in by_holder.items():
        if any(term.held_on(day) for term in terms):
            since[holder] = unbroken_since(terms, day)
    found: dict[int, Leader] = {}
    for (unit, person), begun in sorted(since.items(), key=lambda one: (both.get(one[0][0]) != one[0][1], one[1])):
        found.setdefault(unit, Leader(whole_months(begun, day), both.get(unit) == person))
    return found


def whole_months(first: date, day: date) -> int:
    """Whole months from a day to another, 0 where it lies before it."""
    months = 12 * (day.year - first.year) + day.month - first.month - (day.day < first.day)
    return max(months, 0)


def unbroken_since(terms: Iterable[Post], day: date) -> date:
    """The first day of the terms of one post and person that follow one another up to the day."""
    begun = day
    for term in sorted(terms, key=lambda one: one.begins_on, reverse=True):
        reaches = term.ends_on is None or term.ends_on >= begun - timedelta(days=1)
        if not reaches:
            break
        begun = min(begun, term.begins_on)
    return begun
