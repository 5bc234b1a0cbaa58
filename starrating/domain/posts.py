"""Who holds which post on a day, and who holds both: dual role is two overlapping posts, never a tick box."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
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
