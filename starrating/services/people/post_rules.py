"""What no post may be: of days that cannot be, or held by two; whoever types it learns which and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from starrating.domain.faults import RuleError
from starrating.domain.posts import Post
from starrating.domain.terms import EARLIEST, overlapping


def check_days(begins_on: date, ends_on: date | None, today: date) -> None:
    """Refuse days that no post can have: before 1949, in the future, or the last before the first."""
    if begins_on < EARLIEST or begins_on > today:
        raise RuleError("post.begins", earliest=EARLIEST, today=today)
    if ends_on is not None and not begins_on <= ends_on <= today:
        raise RuleError("post.ends", begins=begins_on, today=today)


def refuse_overlap(terms: Iterable[Post], begins_on: date, ends_on: date | None) -> None:
    """Refuse days on which somebody else holds the post: no rule of any year lets two hold it."""
    found = overlapping(terms, begins_on, ends_on)
    if found is not None and found.ends_on is None:
        raise RuleError("post.overlap_open", begins=found.begins_on)
    if found is not None:
        raise RuleError("post.overlap", begins=found.begins_on, ends=found.ends_on)
