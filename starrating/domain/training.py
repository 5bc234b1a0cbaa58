"""Training: for whom a course or a round is, what somebody's attendance counts for, and whether a round is done.

Hours are whole tenths of a class hour (学时), so that half hours add up exactly.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from starrating.domain.posts import Post, PostKind

MOST_HOURS = 5_000
"""Tenths of an hour that one course, or what a round asks for, can have at most."""
_HOURS = re.compile(r"(\d{1,3})(?:\.(\d))?")


class Audience(StrEnum):
    """For holders of which posts a course or a round is."""

    SECRETARY = "secretary"
    DIRECTOR = "director"
    LEADERS = "leaders"


class Presence(StrEnum):
    """What is recorded of somebody at a course."""

    ATTENDED = "attended"
    ABSENT = "absent"
    MADE_UP = "made_up"


KINDS: Mapping[Audience, frozenset[PostKind]] = {
    Audience.SECRETARY: frozenset({PostKind.SECRETARY}),
    Audience.DIRECTOR: frozenset({PostKind.DIRECTOR}),
    Audience.LEADERS: frozenset(PostKind),
}
"""Which posts an audience holds."""
COUNTS = frozenset({Presence.ATTENDED, Presence.MADE_UP})
"""What counts as having been there."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a round asks of whom: its audience, the kind of unit, the tenths of hours (0: any one course), its end."""

    audience: Audience
    unit_kind: str
    needed: int
    ends_on: date

    def met(self, hours: int | None) -> bool:
        """True where hours of the round's courses are enough; None stands for nobody having seen the person there."""
        return hours is not None and hours >= self.needed


def asked_of(posts: Iterable[Post], unit_kinds: Mapping[int, str], need: Need, day: date) -> dict[int, list[Post]]:
    """Person → the posts for which a round asks them: held today, or on its last day once that is over."""
    on, found = min(day, need.ends_on), dict[int, list[Post]]()
    for one in posts:
        if wanted(one, unit_kinds, need.audience, need.unit_kind) and one.held_on(on):
            found.setdefault(one.person, []).append(one)
    return found


def wanted(one: Post, unit_kinds: Mapping[int, str], audience: Audience, unit_kind: str) -> bool:
    """True where a course or round for that audience, in units of that kind or any, is for whoever holds the post."""
    return one.kind in KINDS[audience] and unit_kind in ("", unit_kinds[one.unit])


def read_hours(text: str) -> int | None:
    """Hours as typed, such as `8` or `3.5`, in tenths; None where they are none or too many."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        return None
    tenths = int(found[1]) * 10 + int(found[2] or 0)
    return tenths if tenths <= MOST_HOURS else None


def hours_text(tenths: int) -> str:
    """Tenths of hours as people write them: `8`, `3.5`."""
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def hours_by_year(attended: Sequence[tuple[date, int, str]]) -> dict[int, int]:
    """Year → tenths of hours, the latest first, of (first day, tenths, presence); who was absent has none of it."""
    found: dict[int, int] = {}
    for day, tenths, presence in sorted(attended, reverse=True):
        if presence in COUNTS:
            found[day.year] = found.get(day.year, 0) + tenths
    return found


def better(one: str, other: str) -> str:
    """Of two records of one person at one course the one that counts for more."""
    order: Collection[str] = (Presence.ATTENDED, Presence.MADE_UP, Presence.ABSENT)
    return next(state for state in order if state in (one, other))
