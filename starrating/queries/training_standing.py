"""How far rounds are: who is asked by each within a place, and whose hours are enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starrating.domain.access import Place
from starrating.domain.field_figures import percent
from starrating.domain.posts import PostKind
from starrating.domain.training import asked_of
from starrating.queries import training as question
from starrating.queries.training import RoundRow, SeatUnit


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody whom a round asks: where, for which posts, tenths of hours so far (None: was at nothing), enough."""

    person_id: int
    unit: SeatUnit
    kinds: tuple[PostKind, ...]
    hours: int | None
    met: bool


@dataclass
class Share:
    """A division's counts: how many are asked, how many have enough."""

    id: int
    name: str
    asked: int = 0
    met: int = 0

    @property
    def left(self) -> int:
        """How many have not."""
        return self.asked - self.met

    @property
    def percent(self) -> str:
        """The share of those who have, in percent."""
        return percent(self.met, self.asked)


def standings(rounds: Sequence[RoundRow], place: Place, day: date) -> dict[int, list[Asked]]:
    """Round → everybody whom it asks within a place, by the units' codes; a person counts once, at the first unit."""
    if not rounds:
        return {}
    days = [min(day, one.need.ends_on) for one in rounds]
    posts, units = question.posts_in_days([place], min(days), max(days))
    kinds, hours = {key: unit.kind for key, unit in units.items()}, question.hours_of([one.id for one in rounds])
    found = {}
    for one in rounds:
        done = hours.get(one.id, {})
        found[one.id] = [
            Asked(key, units[held[0].unit], tuple(dict.fromkeys(post.kind for post in held)), done.get(key),
                  one.need.met(done.get(key)))
            for key, held in asked_of(posts, kinds, one.need, day).items()
        ]  # fmt: skip
    return found


def shares(asked: Sequence[Asked], *, by_district: bool) -> list[Share]:
    """A line for each township, or district, in the order of the units' codes."""
    found: dict[int, Share] = {}
    for one in asked:
        unit = one.unit
        key, name = (unit.district_id, unit.district) if by_district else (unit.township_id, unit.township)
        line = found.setdefault(key, Share(key, name))
        line.asked += 1
        line.met += one.met
    return list(found.values())


def total_of(asked: Sequence[Asked]) -> Share:
    """The counts of all."""
    return Share(0, "", len(asked), sum(one.met for one in asked))
