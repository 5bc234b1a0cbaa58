"""The edge of a level: by how much, what the tie rule did, which key decided, who was barred above it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from starrating.domain.edges import Edge, edges_of
from tests.domain.ratings import rated

TREE = """indicators:
  - {code: A, name: 甲, method: direct, max: 60, step: 0.01}
  - {code: B, name: 乙, method: direct, max: 40, step: 0.01}
overrides: [{code: veto, name: 否决, when: {flag.veto: 1}, effect: {cap: none}}]
allocation:
"""
LEVELS = "  levels: {five: {quota: 2, min: 50}, four: {quota: 2}, three: {}}\n"


def edges(folder: Path, rows: str, rules: str = LEVELS) -> dict[str, Edge]:
    """The edges of the only pool by level; rows of `unit A B veto`."""
    text = "unit,kind,A,B,flag.veto\n" + "".join(
        "{},village,{},{},{}\n".format(*row.split()) for row in rows.split("|")
    )
    (pool,) = edges_of(rated(folder, TREE + rules, text))
    return {edge.marks.level: edge for edge in pool.edges}


def ends(edge: Edge) -> tuple[str | None, str | None]:
    return (
        edge.marks.last_in.unit if edge.marks.last_in else None,
        edge.marks.first_out.unit if edge.marks.first_out else None,
    )


def test_the_last_in_and_the_first_out_exactly(tmp_path: Path) -> None:
    found = edges(tmp_path, "1 60 40 0|2 60 33.46 0|3 60 33.4 0|4 10 10 0|5 9 9 0")
    five = found["five"]
    assert (ends(five), five.gap, five.tied_in) == (("2", "3"), Fraction("0.06"), 1)
    assert (five.decided, five.barred, five.beyond, five.refused, five.left) == (None, None, 0, 0, 0)
    assert ends(found["three"]) == ("5", None)
    assert found["three"].gap is None


def test_a_tied_group_taken_whole_goes_beyond_the_quota(tmp_path: Path) -> None:
    five = edges(tmp_path, "1 60 40 0|2 60 30 0|3 60 30 0|4 60 30 0|5 9 9 0")["five"]
    assert (five.tied_in, five.beyond, five.refused, five.left) == (3, 2, 0, 0)


def test_a_tied_group_left_whole_leaves_places_empty(tmp_path: Path) -> None:
    rules = LEVELS + "  ties: exclude\n"
    five = edges(tmp_path, "1 60 40 0|2 60 30 0|3 60 30 0|4 60 30 0|5 9 9 0", rules)["five"]
    assert (ends(five), five.refused, five.beyond, five.left) == (("1", "2"), 3, 0, 1)


def test_equal_totals_are_told_apart_by_the_next_key(tmp_path: Path) -> None:
    rules = LEVELS + "  rank_by: [total, points.A]\n"
    five = edges(tmp_path, "1 60 40 0|2 50 30 0|3 45 35 0|4 10 10 0", rules)["five"]
    assert (ends(five), five.gap) == (("2", "3"), Fraction(0))
    assert five.decided is not None
    assert (str(five.decided.key.subject), five.decided.inside, five.decided.outside) == ("points.A", "50", "45")


def test_who_was_barred_above_the_line_and_why(tmp_path: Path) -> None:
    found = edges(tmp_path, "1 60 40 0|2 60 38 1|3 60 35 1|4 60 30 0|5 10 10 0|6 9 9 0")
    barred = found["five"].barred
    assert barred is not None
    assert (barred.count, barred.first.unit, barred.first.rank, barred.reason) == (2, "2", 2, "cap:veto")


def test_a_line_bars_nobody_above_the_last_in_but_leaves_places(tmp_path: Path) -> None:
    five = edges(tmp_path, "1 60 40 0|2 10 10 0|3 9 9 0")["five"]
    assert (ends(five), five.left, five.barred) == (("1", None), 1, None)


def test_named_stars_have_no_edges(tmp_path: Path) -> None:
    rules = "  {method: lit, lit: {A: 40, B: 30}}\n"
    text = "unit,kind,A,B,flag.veto\n1,village,50,35,0\n"
    assert edges_of(rated(tmp_path, TREE + rules, text)) == ()
