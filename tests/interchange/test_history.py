from pathlib import Path

import pytest

from starrating.domain.conditions import All
from starrating.domain.faults import FileFault, FilesRefused
from starrating.domain.inputs import NO_LEVEL, VOIDED
from starrating.domain.methods import Leaf, Value
from starrating.domain.scheme import EffectKind, Indicator, Level, Override, Quotas, Scheme
from starrating.interchange.history import read_history
from tests.interchange.base import codes, file_with, said

SCHEME = Scheme(
    code="t",
    title="试",
    year=2024,
    levels=(Level("none", "无星", 0), Level("three", "三星", 3), Level("five", "五星", 5)),
    indicators=(Indicator("A", "甲", leaf=Leaf(Value())),),
    allocation=Quotas({}),
    overrides=(Override("o", "o", All(), EffectKind.SET),),
)
UNITS = ["a", "b", "c"]


def years(folder: Path, text: str) -> dict[int, list[int]]:
    history = read_history(file_with(folder, text), SCHEME, UNITS)
    return {year: levels.tolist() for year, levels in history.years.items()}


def faults(folder: Path, text: str) -> tuple[FileFault, ...]:
    with pytest.raises(FilesRefused) as refused:
        years(folder, text)
    return said(refused.value)


def test_each_year_has_a_level_a_unit(tmp_path: Path) -> None:
    text = "note,level,unit,year,voided\nx,five,c,2023,\nx,,a,2022,1\nx,none,b,2022.0,0\nx,three,a,2023,0\n"
    assert years(tmp_path, text) == {2022: [VOIDED, 0, NO_LEVEL], 2023: [1, NO_LEVEL, 2]}


def test_other_units_and_years_not_before_the_assessed_one_are_left_out(tmp_path: Path) -> None:
    text = "unit,year,level\nz,2023,unheard\na,2024,unheard\na,2025,five\nz,2023,five\nz,2023,\n"
    assert years(tmp_path, text) == {}


def test_an_empty_history_is_one(tmp_path: Path) -> None:
    assert years(tmp_path, "unit,year,level\n") == {}
    assert years(tmp_path, "unit,year,level,voided\n") == {}


def test_voided_rows_need_no_level(tmp_path: Path) -> None:
    assert years(tmp_path, "unit,year,level,voided\na,2023,five,1\n") == {2023: [VOIDED, NO_LEVEL, NO_LEVEL]}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("a,2023,five,\nb,2023,five,\na,2023,none,\n", [("duplicate_year", 4)]),
        ("a,2023,six,\n", [("unknown_level", 2)]),
        ("a,2023,,\n", [("blank_level", 2)]),
        ("a,2023.5,five,\n", [("not_a_year", 2)]),
        ("a,-1,five,\n", [("not_a_year", 2)]),
        ("a,99999999999999999999,five,\n", [("not_a_year", 2)]),
        ("a,,five,\n", [("blank_field", 2)]),
        ("a,二〇二三,five,\n", [("not_a_number", 2)]),
        (",2023,five,\n", [("blank_unit", 2)]),
        ("a,2023,five,2\n", [("not_voided_mark", 2)]),
        ("a,2023,five,yes\n", [("not_a_number", 2)]),
        ("a,2023,six,\nb,x,five,\nb,2022,six,\n", [("unknown_level", 2), ("not_a_number", 3), ("unknown_level", 4)]),
    ],
)
def test_rows_that_are_wrong_are_named(tmp_path: Path, rows: str, expected: list) -> None:
    found = faults(tmp_path, "unit,year,level,voided\n" + rows)
    assert codes(found) == expected


def test_both_lines_of_a_year_given_twice_are_named(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "unit,year,level\n\na,2023,five\nz,2023,five\na,2023,five\n")
    assert (fault.line, dict(fault.facts)) == (5, {"unit": "a", "year": 2023, "first": 3})


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    found = faults(tmp_path, "a,b\n1,2\n")
    assert [(fault.code, fault.facts["header"]) for fault in found] == [
        ("missing_column", "unit"), ("missing_column", "year"), ("missing_column", "level"),
    ]  # fmt: skip
