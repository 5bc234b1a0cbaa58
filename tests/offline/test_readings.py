"""Readings of the contract where a slip would go unnoticed: each by the smallest scheme that shows it."""

from pathlib import Path

import pytest

from tests.support import rate_rows, run_rate, scheme_text, write

ONE = "indicators: [{code: S, name: 总评, method: direct, max: 100}]\n"
OPEN = "allocation: {pool: [district], levels: {five: {min: 90}, four: {min: 80}, three: {}}}\n"


def scheme(*parts: str) -> str:
    return scheme_text("".join(parts))


def test_a_rule_may_name_the_unit_itself(tmp_path: Path) -> None:
    veto = "overrides: [{code: x, when: {unit.unit: a}, effect: {set: none}}]\n"
    rows = rate_rows(tmp_path, scheme(ONE, veto, OPEN), "unit,kind,district,S\na,village,东,95\nb,village,东,95\n")
    assert [(row["level"], row["reasons"]) for row in rows] == [("none", "set:x"), ("five", "")]


def test_a_blank_choice_that_counts_as_zero_is_worth_nothing(tmp_path: Path) -> None:
    leaf = "indicators: [{code: S, name: 等次, method: choice, options: {优: 95, 良: 80}, missing: zero}]\n"
    rows = rate_rows(tmp_path, scheme(leaf, OPEN), "unit,kind,district,S\na,village,东,\nb,village,东,良\n")
    assert [row["total"] for row in rows] == ["0.00", "80.00"]


def test_a_negative_band_counts_as_it_is_written(tmp_path: Path) -> None:
    leaf = "indicators: [{code: S, name: 参保率, method: bands, bands: [{from: 80, points: 3}, {points: -1}]}]\n"
    rows = rate_rows(tmp_path, scheme(leaf, OPEN), "unit,kind,district,S\na,village,东,79.99\nb,village,东,80\n")
    assert [row["total"] for row in rows] == ["-1.00", "3.00"]


def test_the_first_void_that_holds_is_the_reason_and_true_beats_scored(tmp_path: Path) -> None:
    voids = "overrides: [{code: v, when: {flag.v: 1}, effect: {void: scored}}, "
    voids += "{code: w, when: {flag.w: 1}, effect: {void: true}}]\n"
    scores = "unit,kind,district,S,flag.v,flag.w\na,village,东,95,1,1\nb,village,东,95,1,\nc,village,东,95,,1\n"
    rows = rate_rows(tmp_path, scheme(ONE, voids, OPEN), scores)
    assert [(row["total"], row["reasons"]) for row in rows] == [("", "void:v"), ("95.00", "void:v"), ("", "void:w")]


def test_a_best_of_nothing_gives_only_its_equals_the_full_points(tmp_path: Path) -> None:
    leaf = "indicators: [{code: S, name: 增幅, method: relative, to: best, max: 6, within: [district]}]\n"
    void = "overrides: [{code: v, when: {flag.v: 1}, effect: {void: scored}}]\n"
    scores = "unit,kind,district,S,flag.v\na,village,东,-3,\nb,village,东,-4,\nc,village,东,-1,1\nd,village,东,-3,1\n"
    rows = rate_rows(tmp_path, scheme(leaf, void, OPEN), scores)
    assert [row["total"] for row in rows] == ["6.00", "0.00", "0.00", "6.00"]


def test_a_groups_maximum_takes_its_childrens_scale_in_a_sum_only(tmp_path: Path) -> None:
    children = "children: [{code: A, name: 甲, method: direct, max: 10, scale: 2}]"
    both = f"{{code: G, name: 和, {children}}}, {{code: H, name: 大, aggregate: max, {children.replace('A', 'B')}}}"
    text = scheme(f"full_score: 30\nindicators: [{both}]\n", OPEN)
    rows = rate_rows(tmp_path, text, "unit,kind,district,A,B\na,village,东,9,9\n")
    assert rows[0]["total"] == "28.00"


def test_an_entry_for_the_lowest_level_changes_nothing(tmp_path: Path) -> None:
    rules = "allocation: {pool: [], levels: {five: {quota: 50%}, none: {quota: 0}}}\n"
    rows = rate_rows(tmp_path, scheme(ONE, rules), "unit,kind,S\na,village,95\nb,village,90\n")
    assert [row["level"] for row in rows] == ["five", "none"]


def test_a_line_may_be_written_downwards(tmp_path: Path) -> None:
    leaf = "indicators: [{code: S, name: 超时, method: line, at: [[100, 0], [50, 60], [0, 100]]}]\n"
    rows = rate_rows(tmp_path, scheme(leaf, OPEN), "unit,kind,district,S\na,village,东,25\nb,village,东,75\n")
    assert [row["total"] for row in rows] == ["80.00", "30.00"]


def test_two_outputs_of_one_name_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = write(tmp_path, scheme__yaml=scheme(ONE, OPEN), scores__csv="unit,kind,district,S\na,village,东,95\n")
    assert run_rate(paths, tmp_path / "same", tmp_path / "same") == 2
    assert not (tmp_path / "same").exists()
    assert str(tmp_path / "same") in capsys.readouterr().err


@pytest.mark.parametrize(
    ("body", "scores", "told"),
    [
        (ONE + OPEN, "unit,kind,district,S\na,village,东,\n", ["S"]),
        (
            "indicators:\n  - {code: A, name: 甲, method: value, of: unit.m}\n"
            "  - {code: B, name: 乙, method: value, of: value.A}\n" + OPEN,
            "unit,kind,district,m\na,village,东,不详\n",
            ["m"],
        ),
    ],
)
def test_one_wrong_cell_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, scores: str, told: list[str]
) -> None:
    paths = write(tmp_path, scheme__yaml=scheme_text(body), scores__csv=scores)
    assert run_rate(paths, tmp_path / "ratings.csv") == 2
    lines = capsys.readouterr().err.splitlines()
    assert [f"a的{header}" in line for header, line in zip(told, lines, strict=True)] == [True]


def test_what_may_be_a_slip_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = "movement: {max_rise: 1}\nallocation:\n  pool: [district]\n  levels: {five: {}}\n"
    rules += "  by_pool: {东: {five: {quota: 0}}}\n"
    rows = rate_rows(tmp_path, scheme(ONE, rules), "unit,kind,district,S\na,village,东区,95\n")
    assert rows[0]["level"] == "five"
    told = capsys.readouterr().err
    assert "“东”没有单位" in told
    assert "--history" in told


def test_a_unit_of_the_history_with_a_space_is_no_other_unit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = write(
        tmp_path,
        scheme__yaml=scheme(ONE, OPEN),
        scores__csv="unit,kind,district,S\na,village,东,95\n",
        history__csv="unit,year,level\na ,2023,five\n",
    )
    assert run_rate(paths, tmp_path / "ratings.csv") == 2
    assert f"{paths['history']}:2: " in capsys.readouterr().err
