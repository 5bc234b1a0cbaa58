"""Reading which checks of people in post are to be repeated: how long the last one is good, summed by the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

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
    """Whose check is no longer good on the day, whose soon is not, and who was never checked; who waits is left out.

    A district without items asks about nobody.
    """
    known = _good_until(places, day)
    told = {slot: end for slot, end in known.items() if isinstance(end, date) and to_repeat(end, day)}
    return InPost(
        tuple(slot for slot, end in told.items() if end <= day), tuple(slot for slot, end in told.items() if end > day),
        tuple(slot for slot, end in known.items() if end is NEVER), min(told.values(), default=None),
    )  # fmt: skip


NEVER, WAITS = "never", "waits"
"""What stands for the end of a check where there was none, or where one is not answered yet."""


def _good_until(places: Iterable[Place], day: date) -> dict[Slot, date | str]:
    """Whoever holds a post on the day → the first day on which their best check is no longer good, in one question."""
    items = select(CheckItem.district_id).where(CheckItem.retired_at.is_(None))
    rows = db.session.execute(
        select(
            Post.unit_id, Post.kind, Post.person_id, EligibilityCheck.id, CheckItem.valid_months,
            func.min(CheckAnswer.checked_on), func.count().filter(CheckAnswer.checked_on.is_(None)),
        )
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(EligibilityCheck, and_(
            EligibilityCheck.unit_id == Post.unit_id, EligibilityCheck.kind == Post.kind,
            EligibilityCheck.person_id == Post.person_id))
        .outerjoin(CheckAnswer, CheckAnswer.check_id == EligibilityCheck.id)
        .outerjoin(CheckItem, CheckItem.id == CheckAnswer.item_id)
        .where(held_on(day), units_within(places), Unit.district_id.in_(items))
        .group_by(Unit.code, Post.unit_id, Post.kind, Post.person_id, EligibilityCheck.id, CheckItem.valid_months)
        .order_by(Unit.code, Post.kind)
    )  # fmt: skip
    by_slot: dict[Slot, dict[int, list[date | str]]] = {}
    for row in rows:
        checks = by_slot.setdefault((row[0], PostKind(row[1]), row[2]), {})
        if row[3] is not None:
            end = WAITS if row[6] or row[5] is None else months_later(row[5], row[4])
            checks.setdefault(row[3], []).append(end)
    return {slot: _best([_end(ends) for ends in checks.values()]) for slot, checks in by_slot.items()}


def _end(ends: Collection[date | str]) -> date | str:
    """The end of one check: of its answers the first, where all are given."""
    told = [end for end in ends if isinstance(end, date)]
    return min(told) if len(told) == len(ends) else WAITS


def _best(ends: Collection[date | str]) -> date | str:
    """Of all checks of one: whether one waits, else the last end."""
    told = [end for end in ends if isinstance(end, date)]
    if len(told) < len(ends):
        return WAITS
    return max(told) if told else NEVER
