"""The points beside a cell are those of the rating: each indicator alone against a whole year rated at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from starrating.demo.scores import invent_scores, write_columns
from starrating.domain.entry import Entry, EntryState
from starrating.domain.figures import plain
from starrating.domain.inputs import Inputs
from starrating.domain.rating import rate
from starrating.interchange.scores import read_scores
from starrating.services.scoring.cell_points import next_step, points_of
from starrating.services.years.scheme_texts import read_demo
from tests.services import district


@pytest.mark.parametrize("kind", ["village", "community"])
def test_points_of_cells_are_the_points_of_the_rating(kind: str, tmp_path: Path) -> None:
    scheme = read_demo(district.SCHEMES[kind], 2024).scheme
    units = [unit for unit in district.chosen_units(60) if unit.kind == kind]
    columns = invent_scores(scheme, units, 2024)
    write_columns(tmp_path / "scores.csv", columns)
    scores = read_scores(tmp_path / "scores.csv", scheme)
    facts = rate(scheme, Inputs(scores.units, scores.numbers, scores.words), keep_all=True).standing.facts
    rows = range(len(units)) if facts.rows is None else [int(row) for row in facts.rows]
    compared = 0
    for node in scheme.leaves():
        headers = node.leaf.columns(node.code) if node.leaf else ()
        stands = [
            {header: Entry(EntryState.VALUE, columns[header][row]) for header in headers if columns[header][row]}
            for row in rows
        ]
        for place, text in enumerate(points_of(scheme, node, stands) if headers else []):
            value = facts.results[node.code].value(place)
            assert text == "" or (value is not None and plain(value) == text), (node.code, place)
            compared += text != ""
    assert compared > 0.9 * len(rows) * len([node for node in scheme.leaves() if node.leaf and node.leaf.of is None])


def test_the_next_row_of_bands() -> None:
    node = read_demo(district.SCHEMES["village"], 2024).scheme.node("V2.1")

    def step(text: str) -> tuple[str, str] | None:
        found = next_step(node, Entry(EntryState.VALUE, text))
        return None if found is None else (plain(found.more), plain(found.points))

    assert step("46.2") == ("3.8", "8")
    assert step("9.99") == ("0.01", "2")
    assert step("50") is None


def test_an_indicator_that_is_not_filled_in_has_no_points_yet() -> None:
    scheme = read_demo(district.SCHEMES["village"], 2024).scheme
    one, away = Entry(EntryState.VALUE, "1"), Entry(EntryState.NOT_APPLICABLE)
    assert points_of(scheme, scheme.node("V1.3"), [{"V1.3.后备缺失": one}]) == [""]
    assert points_of(scheme, scheme.node("V5.3"), [{}]) == ["3"], "a blank that counts as full"
    assert points_of(scheme, scheme.node("V2.4"), [{"V2.4.抛荒亩数": away, "V2.4.任务缺口": away}]) == [""]
    assert points_of(scheme, scheme.node("V1.3"), []) == []
