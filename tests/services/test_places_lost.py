"""Where a unit and a township stand and why: places are counted over, medians of a few are told to nobody outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from html import unescape
from typing import Any

import numpy as np
import pytest

from starrating.blueprints.dashboards import comparing
from starrating.blueprints.dashboards.reasons import said
from starrating.domain.access import Place
from starrating.queries.cards import units_at
from starrating.services.rating.cards import cards_in
from starrating.services.rating.places_lost import (
    FEWEST,
    Stand,
    means_of,
    stand_of_district,
    stand_of_group,
    stand_of_unit,
)
from tests.web.city import sign_in


def there(found: Stand | None) -> Stand:
    assert found is not None
    return found


@pytest.fixture
def known(app: Any, people: dict[str, int], determined: int) -> Iterator[Any]:
    with app.app_context():
        place = Place(None, people["district"])
        yield cards_in([place], 2024), units_at([place])


def test_places_of_a_unit_are_those_it_would_pass(known: Any) -> None:
    cards, _ = known
    gained = 0
    for card in cards:
        lost = card.lost
        totals = [lost.total.value(row) for row in range(len(lost.units))]
        for row, unit in enumerate(lost.units):
            stand = there(stand_of_unit(card, unit, wide=True))
            peers = [totals[at] for at in lost.peers(row)]
            assert stand.place == 1 + sum(one > totals[row] for one in peers)
            assert [one.behind for one in stand.lost] == sorted((one.behind for one in stand.lost), reverse=True)
            for one in stand.lost:
                then = 1 + sum(other > totals[row] + one.behind for other in peers)
                assert one.places == (stand.place or 0) - then
                gained += one.places or 0
    assert gained
    assert stand_of_unit(cards[0], -1, wide=True) is None


def test_townships_add_up_to_the_district(known: Any) -> None:
    cards, units = known
    groups = {key: one.township_id for key, one in units.items()}
    for card in cards:
        whole = there(stand_of_district(card, groups))
        towns = [
            there(stand_of_group(card, groups, key, wide=True)) for key in {groups[unit] for unit in card.lost.units}
        ]
        assert sum(one.units for one in towns) == whole.units == len(card.lost.units)
        assert sum((one.mean * one.units for one in towns), Fraction(0)) == whole.mean * whole.units
        for one in whole.lost:
            parts = [(town.units, next((each.behind for each in town.lost if each.node is one.node), Fraction(0)))
                     for town in towns]  # fmt: skip
            assert sum((size * behind for size, behind in parts), Fraction(0)) == one.behind * whole.units
            assert one.worst in set(groups.values())


def test_a_median_of_few_is_told_only_to_who_sees_them_all(known: Any) -> None:
    cards, units = known
    card = cards[0]
    few = replace(card, lost=replace(card.lost, pool=np.arange(len(card.lost.units)) // (FEWEST - 1)))
    unit = card.lost.units[3]
    assert there(stand_of_unit(few, unit, wide=False)).told is False
    assert there(stand_of_unit(few, unit, wide=False)).lost == ()
    assert there(stand_of_unit(few, unit, wide=True)).told
    assert there(stand_of_unit(card, unit, wide=False)).told
    groups = {key: one.township_id for key, one in units.items()}
    assert there(stand_of_group(card, groups, groups[unit], wide=False)).lost
    assert there(stand_of_group(few, groups, groups[unit], wide=False)).told is False
    assert there(stand_of_group(few, groups, groups[unit], wide=False)).lost == ()
    assert stand_of_group(card, groups, -1, wide=False) is None


def test_the_pages_of_a_district_a_township_and_a_unit_say_why_and_what_next(
    app: Any, people: dict[str, int], determined: int
) -> None:
    def page(name: str, address: str) -> Any:
        client = app.test_client()
        sign_in(client, name)
        return client.get(address)

    unit = page("unit", f"/dashboards/units/{people['first']}")
    assert unit.status_code == 200
    assert all(word in unit.text for word in ("要做什么", "站在哪里", "为什么", "接下来会怎样", "在同类"))
    town = page("town", f"/dashboards/divisions/{people['township']}")
    assert all(word in town.text for word in ("为什么", "补上能升几名", "差几分能升的"))
    wide = page("wang", f"/dashboards/divisions/{people['district']}")
    assert all(word in wide.text for word in ("因此少的总分", "少得最多的乡镇街道", "离线近、要当心的"))
    assert page("unit", f"/dashboards/units/{people['first'] + 1}").status_code == 404
    assert page("unit", f"/dashboards/divisions/{people['district']}").status_code == 404


def test_two_sides_are_compared_by_means_that_add_up(known: Any) -> None:
    cards, units = known
    whole = means_of(cards)
    towns = {one.township_id for one in units.values()}
    own = {key: frozenset(unit for unit, one in units.items() if one.township_id == key) for key in towns}
    parts = {key: means_of(cards, rows) for key, rows in own.items()}
    for card in cards:
        kind, lost = card.run.kind, card.lost
        sizes = {key: len(lost.rows_of(rows)) for key, rows in own.items()}
        added = sum((parts[key][kind, "", ""].mean * size for key, size in sizes.items() if size), Fraction(0))
        assert added == whole[kind, "", ""].mean * len(lost.units)
        assert {code for of, code, _ in whole if of == kind} == {"", *(leaf.node.code for leaf in lost.leaves)}


def test_the_page_of_two_sides(app: Any, people: dict[str, int], determined: int) -> None:
    def page(name: str, asked: str) -> Any:
        client = app.test_client()
        sign_in(client, name)
        return client.get(f"/dashboards/compare{asked}")

    both = f"?one={people['township']}&other={people['district']}&year=2024&since=2024"
    shown = page("wang", both)
    assert all(word in shown.text for word in ("平均总分", "已评", "降星和取消星级"))
    assert "还没有选两边" in page("wang", "").text
    assert page("town", both).status_code == 404
    assert page("wang", "?one=999999&other=1").status_code == 404


def test_a_township_is_compared_with_the_others_of_its_district(
    app: Any, people: dict[str, int], determined: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the side of the peers counts is the district without the township, to the last unit and point."""
    with app.app_context():
        place = Place(None, people["district"])
        cards, units = cards_in([place], 2024), units_at([place])
        others = frozenset(key for key, one in units.items() if one.township_id != people["township"])
        rated = sum(len(card.lost.rows_of(others)) for card in cards)
        mean = said(means_of(cards, others)["village", "", ""].mean)
    shown = sign_in_and_get(app, "wang", people["township"])
    assert "同区别的乡镇街道2024年度" in shown
    counted = re.search(r"已评</th>.*?</tr>", shown, re.DOTALL)
    assert counted
    assert str(rated) in re.sub(r"<[^>]+>", " ", counted[0]).split()
    monkeypatch.setattr(comparing, "FEWEST", 1)
    for name in ("wang", "town"):
        assert mean in sign_in_and_get(app, name, people["township"])
    assert "只有乡镇街道有同区别的可比" in sign_in_and_get(app, "wang", people["district"])


def test_of_few_peers_nothing_is_told(
    app: Any, people: dict[str, int], determined: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "FEWEST", 10_000)
    assert "同区别的乡镇街道没有可比的" in sign_in_and_get(app, "town", people["township"])
    assert "平均总分" in sign_in_and_get(app, "wang", people["township"])


def sign_in_and_get(app: Any, name: str, division: int) -> str:
    """A division beside its peers, as somebody sees it."""
    client = app.test_client()
    sign_in(client, name)
    return str(client.get(f"/dashboards/compare?one={division}&other=peers&year=2024").text)


def test_a_cell_of_the_heat_map_leads_to_the_units_with_their_points(
    app: Any, people: dict[str, int], determined: int
) -> None:
    client = app.test_client()
    sign_in(client, "wang")
    page = client.get(f"/dashboards/divisions/{people['district']}").text
    cells = re.findall(r'<a href="([^"]+indicator=[^"]+)"><title>([^<]+)</title>', page)
    assert cells
    for at, words in dict(cells[:4]).items():
        listed = client.get(unescape(at)).text
        code = words.partition("：")[2].partition(" ")[0]
        column = re.findall(r'<td role="cell" class="c-below number"[^>]*>(.*?)</td>', listed, re.DOTALL)
        points = [Fraction(re.sub(r"<[^>]+>|\s", "", one)) for one in column if "／" not in one]
        assert f"{code}得分" in listed
        assert points
        assert points == sorted(points)
