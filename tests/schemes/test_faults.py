"""Every fault of a scheme: found where it is written, alone, with a sentence that says what would be right."""

from pathlib import Path

import pytest

from starrating.domain.faults import FileFault
from starrating.domain.scheme_check import check
from starrating.wording.scheme_faults import SCHEME_FAULTS
from tests.schemes.base import BASE, changed, faults_of, read
from tests.schemes.faulty import EFFECT, RULES, SHAPES, TWICE, WHEN
from tests.schemes.test_extends import EXTENDING_FAULTS
from tests.schemes.test_hostile_yaml import FILE_FAULTS, TEXT_FAULTS

ALL = [(code, [(old, new)], at) for code, old, new, at in [*SHAPES, *RULES]] + TWICE


def line_of(text: str, piece: str) -> int:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if piece in line]
    return lines[-1]


@pytest.mark.parametrize(
    ("code", "changes", "at"), ALL, ids=[f"{code[7:]}-{index}" for index, (code, _, _) in enumerate(ALL)]
)
def test_the_fault_is_named_alone_and_with_its_line(
    tmp_path: Path, code: str, changes: list[tuple[str, str]], at: str
) -> None:
    text = BASE
    for old, new in changes:
        text = changed(old, new, text)
    found = [(fault.code, fault.line) for fault in faults_of(tmp_path, text)]
    assert found == [(code, line_of(text, at))]


def test_every_fault_is_provoked_by_some_test() -> None:
    provoked = {code for code, _, _ in ALL} | EXTENDING_FAULTS | FILE_FAULTS | TEXT_FAULTS.keys()
    assert SCHEME_FAULTS.keys() - provoked == set()
    assert provoked - SCHEME_FAULTS.keys() == set()


def test_the_base_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, BASE) == ()
    assert check(read(tmp_path, BASE).scheme) == []


def codes(faults: tuple[FileFault, ...]) -> list[str]:
    return [fault.code.removeprefix("scheme.") for fault in faults]


def test_all_faults_are_told_in_the_order_of_lines(tmp_path: Path) -> None:
    text = changed("title: 基本方案", "titel: 基本方案")
    text = changed("full_score: 100", "full_score: 90", text)
    text = changed("{优: 20, 良: 10}", "{优: 20, 良: 十}", text)
    text = changed(WHEN, "{flag.weak: 是}", text)
    text = changed(EFFECT, "{cap: four}", text)
    text = changed("[total, points.A]", "[total, points.X]", text)
    text = changed("within_days: 30", "within_days: -3", text)
    faults = faults_of(tmp_path, text)
    assert codes(faults) == [
        "unknown_key_like",
        "not_number",
        "unknown_level",
        "test_needs_number",
        "unknown_node",
        "out_of_range",
    ]
    assert [fault.line for fault in faults] == sorted(fault.line or 0 for fault in faults)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("max: 60}", "max: 六十}", ["not_number"]),
        ("code: B, ", "", ["missing_key"]),
        ("code: A, ", "", ["missing_key"]),
        ("code: three, name: 三星", "code: 三 星, name: 三星", ["bad_code"]),
        ("indicators:", "indicator:", ["unknown_key_like"]),
        ("levels:\n  - {code: none", "level:\n  - {code: none", ["unknown_key_like"]),
        ("    children:", "    childrens:", ["unknown_key_like"]),
        ("method: choice", "method: choise", ["not_a_choice_like"]),
        ("full_score: 100", "full_score: 100\nfull_score: 90", ["duplicate_key"]),
        ("max: 60}", "max: 60, max: 50}", ["duplicate_key"]),
        ("options: {优: 20, 良: 10}", "options: {优: 20, 优: 10}", ["duplicate_key"]),
    ],
)
def test_nothing_untrue_follows_from_a_fault(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    assert codes(faults_of(tmp_path, changed(old, new))) == expected


def test_at_most_a_hundred_faults_are_told(tmp_path: Path) -> None:
    strange = "".join(f"键{number}: 1\n" for number in range(5000))
    faults = faults_of(tmp_path, BASE + strange)
    assert len(faults) == 100


def test_a_word_out_of_place_is_told_in_one_line(tmp_path: Path) -> None:
    text = changed("year: 2024", 'year: "2024\\n\\nabc' + "x" * 5000 + '"')
    (fault,) = faults_of(tmp_path, text)
    assert len(fault.facts["text"]) < 400
