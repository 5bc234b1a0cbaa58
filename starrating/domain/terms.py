"""How somebody comes to a post and leaves it, and that nobody holds it twice: one holder a post, unit and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from starrating.domain.posts import Post, PostKind

EARLIEST = date(1949, 10, 1)
LONG_VACANT = 3
"""Months after which an empty post is reported."""


class Body(StrEnum):
    """Which body a post belongs to; what is decided about it is decided there, also where one person holds both."""

    PARTY = "party"
    COMMITTEE = "committee"


BODY_OF: Mapping[PostKind, Body] = {PostKind.SECRETARY: Body.PARTY, PostKind.DIRECTOR: Body.COMMITTEE}


class How(StrEnum):
    """How somebody came to a post."""

    ELECTED = "elected"
    BY_ELECTION = "by_election"
    APPOINTED = "appointed"
    SENT = "sent"
    ACTING = "acting"


class Ending(StrEnum):
    """Why a post ended."""

    TERM = "term"
    MOVED = "moved"
    RESIGNED = "resigned"
    REMOVED = "removed"
    RETIRED = "retired"
    OTHER = "other"


class Education(StrEnum):
    """The highest schooling, from the lowest; what the statistics of an election compare."""

    MIDDLE = "middle"
    HIGH = "high"
    COLLEGE = "college"
    BACHELOR = "bachelor"
    MASTER = "master"


def overlapping(terms: Iterable[Post], begins_on: date, ends_on: date | None) -> Post | None:
    """The first of the terms of one post in one unit that shares a day with these days; None where all are free."""
    for term in sorted(terms, key=lambda one: one.begins_on):
        starts_before_end = ends_on is None or term.begins_on <= ends_on
        if starts_before_end and (term.ends_on is None or term.ends_on >= begins_on):
            return term
    return None


def last_day_before(begins_on: date) -> date:
    """The last day of whoever hands over to a successor of that first day: no gap, no overlap."""
    return begins_on - timedelta(days=1)


def vacant_since(terms: Iterable[Post], founded: date, day: date) -> date | None:
    """Since when nobody holds a post on the day; None where somebody does, the unit's first day where nobody ever did.

    `terms` are those of one post in one unit.
    """
    kept = [term for term in terms if term.begins_on <= day]
    if any(term.held_on(day) for term in kept):
        return None
    ended = [term.ends_on for term in kept if term.ends_on is not None]
    return max(max(ended) + timedelta(days=1), founded) if ended else founded
