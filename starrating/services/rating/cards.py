"""The card of a run: every rated unit's points of every indicator, exactly, and how near a line it is; and its reading.

A card is written in the transaction that stores the run and never changes, so what was read of it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flask import current_app

from starrating.domain.access import Place
from starrating.domain.exact import Column, Integers, integers
from starrating.domain.figures import plain
from starrating.domain.nearness import near_of
from starrating.domain.rating import Rating
from starrating.domain.shortfalls import Shortfalls, shortfalls
from starrating.queries import cards as question
from starrating.services.memory import Memory
from starrating.services.years.scheme_texts import read_kept

KEPT = 96
"""Cards kept in memory, a few hundred kilobytes each: those of a city's last three years."""
EXTENSION = "starrating_cards"


@dataclass(frozen=True, slots=True)
class NearUnit:
    """A unit near a line: the level it could rise to or lose, and by how many points."""

    unit_id: int
    level: str
    rises: bool
    points: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """What was read of a run's card, with where the run belongs."""

    run: question.CardRow
    lost: Shortfalls
    near: tuple[NearUnit, ...]


def card_of(rating: Rating, unit_ids: Sequence[int]) -> str:
    """The card of a rating that kept every node, as it is stored."""
    standing = rating.standing
    order, scored = standing.ranking.order, standing.facts.rows
    rows = order if scored is None else scored[order]
    leaves = {node.code: standing.facts.results[node.code].take(order) for node in rating.scheme.leaves()}
    said = {
        "units": [unit_ids[row] for row in rows.tolist()],
        "pool": standing.ranking.pool.tolist(),
        "pools": list(standing.grouping.names),
        "leaves": {code: [str(column.unit), _numbers(column)] for code, column in leaves.items()},
        "near": [[one.position, one.level, one.rises, plain(one.points)] for one in near_of(rating)],
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def cards_in(places: Iterable[Place], year: int, kind: str = "") -> tuple[Card, ...]:
    """The cards of the runs that stand in a year, villages first; of a run without one (before cards were) nothing."""
    memory: Memory[Card] = current_app.extensions.setdefault(EXTENSION, Memory[Card](KEPT))
    rows = question.cards_standing(places, year, kind)
    known = {row.id: memory.get(row.id) for row in rows}
    for row_id, content in question.card_texts([key for key, card in known.items() if card is None]).items():
        read = _read(next(row for row in rows if row.id == row_id), content)
        memory.put(row_id, read)
        known[row_id] = read
    return tuple(card for row in rows if (card := known[row.id]) is not None)


def _read(row: question.CardRow, content: str) -> Card:
    said = json.loads(content)
    points = {code: _column(Fraction(unit), numbers) for code, (unit, numbers) in said["leaves"].items()}
    units = said["units"]
    near = tuple(NearUnit(units[at], level, rises, Fraction(by)) for at, level, rises, by in said["near"])
    return Card(row, shortfalls(read_kept(row.text).scheme, units, said["pool"], said["pools"], points), near)


def _numbers(column: Column) -> list[int | None]:
    known: Any = column.known.tolist()
    return [number if there else None for number, there in zip(column.numbers.tolist(), known, strict=True)]


def _column(unit: Fraction, numbers: Sequence[int | None]) -> Column:
    present = np.array([number is not None for number in numbers], dtype=bool)
    whole: Integers = integers([number or 0 for number in numbers])
    return Column(whole, unit, None if present.all() else present)
