"""The naive evaluator gives what every rating case expects."""

import csv
from pathlib import Path

import pytest

from tests.oracle.naive import load_scheme, rate_naively

ROOT = Path(__file__).resolve().parents[2]
PLACES = [ROOT / "tests" / "cases", ROOT.parent / "shared" / "cases"]
NAMES = [
    "composition",
    "consequences",
    "fhrs",
    "leaf-methods",
    "named-stars",
    "one-four-four-one-exclude",
    "one-four-four-one-include",
    "places-and-lines",
    "vetoes-and-movement",
]


def folder_of(name: str) -> Path | None:
    return next((place / name for place in PLACES if (place / name / "expected.csv").exists()), None)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str) -> None:
    folder = folder_of(name)
    if folder is None and name == "fhrs":
        pytest.skip("fhrs is third-party data and not in the project")
    assert folder is not None, f"case {name} not found"
    history = folder / "history.csv"
    rated = rate_naively(
        load_scheme(folder / "scheme.yaml"),
        table(folder / "scores.csv"),
        table(history) if history.exists() else [],
    )
    expected = table(folder / "expected.csv")
    found = {row["unit"]: row for row in rated}
    assert [row["unit"] for row in rated] == sorted(row["unit"] for row in expected)
    for row in expected:
        assert {column: found[row["unit"]][column] for column in row} == row


def test_extends_merges_maps_and_coded_lists(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        "year: 2023\nlevels: [{code: a, stars: 0}, {code: b, stars: 1}]\n"
        "allocation: {pool: [district], rank_by: [total, flag.x]}\n",
        encoding="utf-8",
    )
    (tmp_path / "own.yaml").write_text(
        "extends: base.yaml\nyear: 2024\nlevels: [{code: b, stars: 3}, {code: c, stars: 5}]\n"
        "allocation: {rank_by: [total]}\n",
        encoding="utf-8",
    )
    assert load_scheme(tmp_path / "own.yaml") == {
        "year": "2024",
        "levels": [
            {"code": "a", "stars": "0"},
            {"code": "b", "stars": "3"},
            {"code": "c", "stars": "5"},
        ],
        "allocation": {"pool": ["district"], "rank_by": ["total"]},
    }
