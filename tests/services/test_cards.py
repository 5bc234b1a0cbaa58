"""Cards of runs: what an indicator costs is the difference of two totals, what is near a line is near it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

from starrating.domain.exact import column_of
from starrating.domain.facts import Facts
from starrating.domain.inputs import Inputs
from starrating.domain.rollup import total
from starrating.domain.scheme import Scheme
from starrating.domain.shortfalls import shortfalls


@pytest.fixture
def cards(app: Any, people: dict[str, int], determined: int) -> Iterator[Any]:
    from starrating.domain.access import Place
    from starrating.services.rating.cards import cards_in

    with app.app_context():
        yield cards_in([Place(None, people["district"])], 2024)


def test_the_points_of_a_card_give_the_totals_that_were_stored(cards: Any) -> None:
    from starrating.extensions import db
    from starrating.models.ratings import Rating

    assert [card.run.kind for card in cards] == ["village", "community"]
    for card in cards:
        stored = dict(
            db.session.execute(
                db.select(Rating.unit_id, Rating.total).where(
                    Rating.determination_id == card.run.id, Rating.rank.is_not(None)
                )
            ).all()
        )
        lost = card.lost
        assert {unit: lost.total.value(row) for row, unit in enumerate(lost.units)} == {
            unit: Fraction(text) for unit, text in stored.items()
        }


def test_a_cost_is_the_total_at_the_median_less_the_total(cards: Any) -> None:
    """Worked out a second time: a leaf set by hand, the whole tree added up again."""
    for card in cards:
        lost, scheme = card.lost, card.lost.scheme
        points = {leaf.node.code: [leaf.points.value(row) for row in range(len(lost.units))] for leaf in lost.leaves}
        assert all(np.all(leaf.costs >= 0) for leaf in lost.leaves)
        assert any(np.any(leaf.costs > 0) for leaf in lost.leaves)
        for leaf in lost.leaves[::7]:
            code = leaf.node.code
            pool = {int(one) for one in lost.pool}
            for one in pool:
                own = [points[code][row] for row in np.flatnonzero(lost.pool == one)]
                assert leaf.medians[one] == median([value for value in own if value is not None])
            for row in range(0, len(lost.units), 4):
                worse = points[code][row] is not None and points[code][row] < leaf.medians[int(lost.pool[row])]
                better = [leaf.medians[int(lost.pool[row])] if worse and at == row else value
                          for at, value in enumerate(points[code])]  # fmt: skip
                anew = _total(scheme, {**points, code: better}, row)
                assert anew - lost.total.value(row) == int(leaf.costs[row]) * lost.total.unit


def _total(scheme: Scheme, points: dict[str, list[Fraction | None]], row: int) -> Fraction:
    results = {code: column_of([values[row]]) for code, values in points.items()}
    found = total(Facts(scheme, Inputs(["0"], {}, {}), results=results)).value(0)
    assert found is not None
    return found


def test_who_is_near_a_line_would_stand_on_it_with_those_points(cards: Any, app: Any) -> None:
    from starrating.queries.ratings import determination
    from starrating.services.rating.explaining import marks_of, rating_of

    for card in cards:
        marks, lost = marks_of(card.run.id), card.lost
        assert marks is not None
        edges = {level.level: level for level in marks.levels}
        totals = {unit: lost.total.value(row) for row, unit in enumerate(lost.units)}
        run = determination(card.run.id)
        assert run is not None
        rating = rating_of(run)
        assert rating is not None
        codes = [level.code for level in rating.scheme.levels]
        level = {unit: codes[int(one)] for unit, one in zip(
            lost.units, rating.level[rating.standing.ranking.order], strict=True)}  # fmt: skip
        assert card.near
        assert len({(one.unit_id, one.rises) for one in card.near}) == len(card.near)
        for one in card.near:
            edge, own = edges[one.level], totals[one.unit_id]
            assert own is not None
            assert one.points >= 0
            least = edge.rule.least if edge.rule else None
            full = edge.places is not None and edge.guaranteed + edge.taken >= edge.places
            last = Fraction(edge.last_in.total) if full and edge.last_in else None
            outside = Fraction(edge.first_out.total) if full and edge.first_out else None
            if one.rises:
                assert codes.index(level[one.unit_id]) < codes.index(one.level)
                assert own + one.points == max(own, *(each for each in (last, least) if each is not None))
            else:
                assert level[one.unit_id] == one.level
                assert own - one.points == max(each for each in (outside, least) if each is not None)


def test_of_a_penalty_fewer_points_are_better() -> None:
    from starrating.schemes.reader import read_scheme

    scheme = read_scheme(Path(__file__).resolve().parents[1] / "cases" / "composition" / "scheme.yaml").scheme
    taken = next(leaf.code for group in scheme.nodes() if group.kind == "penalty"
                 for leaf in group.walk() if leaf.leaf)  # fmt: skip
    points = {node.code: column_of([node.high or Fraction(0)] * 3) for node in scheme.leaves()}
    points[taken] = column_of([Fraction(0), Fraction(0), Fraction(1)])
    found = shortfalls(scheme, [1, 2, 3], [0, 0, 0], [""], points)
    costs = next(leaf.costs for leaf in found.leaves if leaf.node.code == taken)
    assert costs.tolist()[:2] == [0, 0]
    assert costs[2] > 0
