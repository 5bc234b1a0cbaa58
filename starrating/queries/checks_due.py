"""Reading which checks of people in post are to be repeated: how long the last one is good, summed by the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from starrating.domain.access import Place
from starrating.domain.eligibility import months_later, to_repeat
from starrating.domain.posts import PostKind
from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.eligibility import CheckAnswer, CheckItem, EligibilityCheck
from starrating.models.people import Post
from starrating.queries.people import held_on
from starrating.queries.places import units_within

Slot = tuple[int, PostKind, int]
"""A unit, one of its posts, and whoever holds it."""


@dataclass(frozen=True, slots=True)
class InPost:
    """Those in post on a day by what is known of their last check, each list by unit."""

    expired: tuple[Slot, ...]
    soon: tuple[Slot, ...]
    never: tuple[Slot, ...]
    first: date | None
    """The first day on which one of those that are good no longer is, or on which one already was not."""

    @property
    def due(self) -> tuple[Slot, ...]:
        """Everybody who is to be asked about again."""
        return (*self.expired, *self.soon, *self.never)


def in_post(places: Iterable[Place], day: date) -> InPost:
    """Whose check is no longer good on the day, whose soon is not, and who was never checked; who waits is left out."""
    within = tuple(places)
    held = db.session.execute(
        select(Post.unit_id, Post.kind, Post.person_id).join(Unit, Unit.id == Post.unit_id)
        .where(held_on(day), units_within(within)).order_by(Unit.code, Post.kind)
    )  # fmt: skip
    slots, known = [(row[0], PostKind(row[1]), row[2]) for row in held], _good_until(within)
    ends = {slot: known[slot] for slot in slots if slot in known}
    told = {slot: end for slot, end in ends.items() if end is not None and to_repeat(end, day)}
    return InPost(
        tuple(slot for slot, end in told.items() if end <= day), tuple(slot for slot, end in told.items() if end > day),
        tuple(slot for slot in slots if slot not in known), min(told.values(), default=None),
    )  # fmt: skip


def _good_until(places: Iterable[Place]) -> dict[Slot, date | None]:
    """(unit, post, person) → the first day on which the best check is no longer good; None where one waits."""
    rows = db.session.execute(
        select(
            EligibilityCheck.id, EligibilityCheck.unit_id, EligibilityCheck.kind, EligibilityCheck.person_id,
            CheckItem.valid_months, func.min(CheckAnswer.checked_on),
            func.count().filter(CheckAnswer.checked_on.is_(None)),
        )
        .join(CheckAnswer, CheckAnswer.check_id == EligibilityCheck.id)
        .join(CheckItem, CheckItem.id == CheckAnswer.item_id)
        .join(Unit, Unit.id == EligibilityCheck.unit_id)
        .where(units_within(places))
        .group_by(EligibilityCheck.id, EligibilityCheck.unit_id, EligibilityCheck.kind, EligibilityCheck.person_id,
                  CheckItem.valid_months)
    )  # fmt: skip
    by_check: dict[tuple[int, Slot], list[date | None]] = {}
    for row in rows:
        end = None if row[6] or row[5] is None else months_later(row[5], row[4])
        by_check.setdefault((row[0], (row[1], PostKind(row[2]), row[3])), []).append(end)
    found: dict[Slot, date | None] = {}
    for (_, slot), ends in by_check.items():
        told = [end for end in ends if end is not None]
        until = min(told) if len(told) == len(ends) else None
        before = found.get(slot, until)
        found[slot] = None if until is None or before is None else max(until, before)
    return found
