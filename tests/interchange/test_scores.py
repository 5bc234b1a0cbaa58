from fractions import Fraction
from pathlib import Path

import pytest

from starrating.domain.faults import FileFault, FilesRefused
from starrating.domain.scheme import Scheme
from starrating.interchange.scores import Scores, fields_needed, read_scores
from starrating.schemes.reader import read_scheme
from tests.interchange.base import codes, file_with, said

SCHEME = """\
format: starrating/1
code: t
title: 试
year: 2024
applies_to: [village]
levels:
  - {code: none, name: 无星, stars: 0}
  - {code: five, name: 五星, stars: 5}
full_score: 100
indicators:
  - {code: J11, name: 甲, method: direct, max: 40}
  - {code: J12, name: 乙, method: relative, to: minmax, max: 20, within: [type]}
  - code: G
    name: 组
    children:
      - {code: V1.1, name: 丙, method: choice, options: {优: 20, 良: 10}}
      - {code: V1.2, name: 丁, method: cases, start: 20, each: {letter: -1, group: -2}, periods: [H1, H2]}
  - {code: X, name: 戊, kind: bonus, max: 5, method: value, of: unit.months}
overrides:
  - {code: weak, name: 软弱, when: {flag.weak: 1}, effect: {cap: none}}
  - {code: out, name: 撤, when: {any: [{unit.closed: 是}, {leader.gone: 1}]}, effect: {set: none}}
allocation:
  pool: [district]
  rank_by: [total, -flag.petition]
  levels: {five: {quota: 10%, requires: {appraisal: [好]}}}
consequences:
  - {code: p, name: 绩效, for: dual_role, when: {level: five}, effect: {pay_coefficient: 1.2}}
"""
HEADER = "unit,kind,district,type,months,closed,J11,J12,V1.1," + ",".join(
    f"V1.2.{part}@{half}" for half in ("H1", "H2") for part in ("letter", "group")
)
OPTIONAL = ",flag.weak,flag.petition,leader.gone,leader.dual_role,appraisal"
ROW = "{unit},village,津南区,山区,12,否,30.5,7,优,0,1,,0"
FLAGS = ",,2,,1,好"


@pytest.fixture(scope="module")
def scheme(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    return read_scheme(file_with(tmp_path_factory.mktemp("scheme"), SCHEME, "s.yaml")).scheme


def text(*rows: str, header: str = HEADER + OPTIONAL) -> str:
    return "\n".join((header, *(rows or (ROW.format(unit="甲村") + FLAGS,)))) + "\n"


def read(folder: Path, scheme: Scheme, *rows: str, header: str = HEADER + OPTIONAL) -> Scores:
    return read_scores(file_with(folder, text(*rows, header=header)), scheme)


def faults(folder: Path, scheme: Scheme, *rows: str, header: str = HEADER + OPTIONAL) -> tuple[FileFault, ...]:
    with pytest.raises(FilesRefused) as refused:
        read(folder, scheme, *rows, header=header)
    return said(refused.value)


def with_column(name: str, value: str = "1") -> tuple[str, str]:
    return HEADER + OPTIONAL + "," + name, ROW.format(unit="a") + FLAGS + "," + value


def test_scores_are_read_as_the_scheme_needs_them(tmp_path: Path, scheme: Scheme) -> None:
    scores = read(tmp_path, scheme, ROW.format(unit="乙村") + FLAGS, ROW.format(unit="甲村") + FLAGS)
    assert scores.units == ["乙村", "甲村"]
    assert scores.numbers["J11"].value(0) == Fraction(61, 2)
    assert scores.numbers["V1.2.letter@H2"].value(0) is None
    assert scores.words["V1.1"].name(0) == "优"
    assert scores.words["months"].name(1) == "12"
    assert scores.words["appraisal"].name(1) == "好"
    assert scores.notices == ()
    assert scores.line_of(1) == 3
    assert not {"unit"} & scores.words.keys()


def test_a_blank_event_did_not_happen(tmp_path: Path, scheme: Scheme) -> None:
    scores = read(tmp_path, scheme)
    assert scores.numbers["flag.weak"].value(0) == 0
    assert scores.numbers["flag.weak"].present is None
    assert scores.numbers["flag.petition"].value(0) == 2


def test_the_fields_needed_come_from_everywhere_in_the_scheme(scheme: Scheme) -> None:
    assert fields_needed(scheme) == ("kind", "district", "type", "closed", "months")


@pytest.mark.parametrize("column", HEADER.split(","))
def test_every_needed_column_must_be_there(tmp_path: Path, scheme: Scheme, column: str) -> None:
    header = ",".join("xyz" if name == column else name for name in HEADER.split(","))
    found = faults(tmp_path, scheme, ROW.format(unit="a"), header=header)
    assert [(fault.code, fault.facts["header"]) for fault in found] == [("missing_column", column)]


@pytest.mark.parametrize(
    ("column", "like"),
    [("V1.1", "v1.1"), ("J12", "Ｊ12"), ("district", "District"), ("months", "month"), ("unit", "Unit")],
)
def test_a_column_that_is_nearly_right_is_named(tmp_path: Path, scheme: Scheme, column: str, like: str) -> None:
    header = ",".join(like if name == column else name for name in HEADER.split(","))
    found = faults(tmp_path, scheme, ROW.format(unit="a"), header=header)
    assert [(fault.code, dict(fault.facts)) for fault in found] == [
        ("missing_column_like", {"header": column, "like": like})
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("J13", "unknown_code_column"),
        ("J1", "unknown_code_column"),
        ("V1.3", "unknown_code_column"),
        ("V1.2.other@H1", "unknown_code_column"),
        ("abc@Q1", "unknown_code_column"),
        ("G.b", "unknown_code_column"),
        ("G", "column_is_computed"),
        ("X", "column_is_computed"),
        ("V1.2", "column_in_parts"),
    ],
)
def test_a_code_column_the_scheme_does_not_know_is_a_fault(
    tmp_path: Path, scheme: Scheme, name: str, code: str
) -> None:
    header, row = with_column(name)
    assert [(fault.code, fault.facts["header"]) for fault in faults(tmp_path, scheme, row, header=header)] == [
        (code, name)
    ]


@pytest.mark.parametrize("name", ["flag.other", "leader.name", "unit.x", "备注", "K", "note1", "leader.age"])
def test_other_columns_are_no_fault(tmp_path: Path, scheme: Scheme, name: str) -> None:
    header, row = with_column(name)
    assert read(tmp_path, scheme, row, header=header).notices == ()


def test_what_is_not_there_and_optional_is_noticed(tmp_path: Path, scheme: Scheme) -> None:
    scores = read(tmp_path, scheme, ROW.format(unit="a") + ",1", header=HEADER + ",flag.weakk")
    assert [(notice.code, notice.facts["header"]) for notice in scores.notices] == [
        ("no_flag_column_like", "flag.weak"),
        ("no_flag_column", "flag.petition"),
        ("no_leader_column", "leader.gone"),
        ("no_leader_column", "appraisal"),
        ("no_leader_column", "leader.dual_role"),
    ]
    assert scores.notices[0].facts["like"] == "flag.weakk"


def test_rows_are_checked_all_at_once(tmp_path: Path, scheme: Scheme) -> None:
    good = ROW.format(unit="{unit}")
    rows = [
        good.format(unit="a"),
        good.format(unit=""),
        good.format(unit=" b"),
        good.format(unit="c").replace("village", "town"),
        good.format(unit="d").replace("village", ""),
        good.format(unit="e").replace("津南区", ""),
        good.format(unit="f").replace("津南区", "津南区 "),
        good.format(unit="g").replace("山区", "\u3000山区"),
        good.format(unit="h").replace("30.5", "３"),
        good.format(unit="a"),
        good.format(unit="a"),
        good.format(unit="i"),
        good.format(unit="a\tb"),
    ]
    rows = [row + FLAGS for row in rows]
    rows[-2] = rows[-2].replace(",,2,,", ",-1,0.5,,")
    found = faults(tmp_path, scheme, *rows)
    assert codes(found) == [
        ("blank_unit", 3),
        ("spaces_around", 4),
        ("wrong_kind", 5),
        ("blank_field", 6),
        ("blank_field", 7),
        ("spaces_around", 8),
        ("spaces_around", 9),
        ("not_a_number_full_width", 10),
        ("duplicate_unit", 11),
        ("duplicate_unit", 12),
        ("not_an_event_count", 13),
        ("not_an_event_count", 13),
        ("control_character", 14),
    ]
    assert [fault.facts["first"] for fault in found if fault.code == "duplicate_unit"] == [2, 2]


def test_at_most_a_hundred_faults(tmp_path: Path, scheme: Scheme) -> None:
    found = faults(tmp_path, scheme, *[ROW.format(unit="a") + FLAGS] * 500)
    assert [fault.line for fault in found] == list(range(3, 103))


def test_whole_event_counts_may_have_decimals(tmp_path: Path, scheme: Scheme) -> None:
    scores = read(tmp_path, scheme, ROW.format(unit="a") + ",2.0,0,,1,好")
    assert scores.numbers["flag.weak"].value(0) == 2


def test_blank_fields_that_make_no_groups_are_fine(tmp_path: Path, scheme: Scheme) -> None:
    scores = read(tmp_path, scheme, ROW.format(unit="a").replace(",12,否,", ",,,") + FLAGS)
    assert scores.words["closed"].name(0) is None
