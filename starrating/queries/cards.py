"""Reading the cards of the runs that stand, and the units and townships that they speak of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from starrating.domain.access import Place
from starrating.extensions import db
from starrating.models.cards import DeterminationCard
from starrating.models.cycles import CycleScheme
from starrating.models.divisions import Division, Unit
from starrating.queries.places import units_within
from starrating.queries.standing import standing


@dataclass(frozen=True, slots=True)
class CardRow:
    """A run that stands: whose it is, and the scheme it was rated by."""

    id: int
    cycle_id: int
    kind: str
    district_id: int
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class UnitAt:
    """A unit with its township and district."""

    id: int
    name: str
    kind: str
    township_id: int
    township: str
    district_id: int


def cards_standing(places: Iterable[Place], year: int, kind: str = "") -> tuple[CardRow, ...]:
    """The runs of a year that stand in the districts of the places, villages first."""
    found = standing(places, year, kind)
    rows = db.session.execute(
        select(found.c.id, found.c.cycle_id, found.c.kind, found.c.district_id, CycleScheme.digest, CycleScheme.text)
        .join(CycleScheme, (CycleScheme.cycle_id == found.c.cycle_id) & (CycleScheme.kind == found.c.kind))
        .order_by(found.c.kind.desc(), found.c.cycle_id)
    )
    return tuple(CardRow(*row) for row in rows)


def card_texts(determinations: Collection[int]) -> dict[int, str]:
    """Run → its card, of those that have one; asks nothing for none."""
    if not determinations:
        return {}
    rows = db.session.execute(
        select(DeterminationCard.determination_id, DeterminationCard.content).where(
            DeterminationCard.determination_id.in_(determinations)
        )
    )
    return {row[0]: row[1] for row in rows}


def units_at(places: Iterable[Place]) -> dict[int, UnitAt]:
    """Key → every unit within the places."""
    rows = db.session.execute(
        select(Unit.id, Unit.name, Unit.kind, Unit.township_id, Division.name, Unit.district_id)
        .join(Division, Division.id == Unit.township_id)
        .where(units_within(places))
    )
    return {row[0]: UnitAt(*row) for row in rows}
