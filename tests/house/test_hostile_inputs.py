"""The page of hostile inputs: every row of forms, uploads and spreadsheets is there, every test it names exists."""

import ast
import re
from functools import cache

import pytest

from tests.house.source import ROOT

ROW = re.compile(r"^\| (B[0-9]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::([\w:]+)`")
TEXT = (ROOT / "docs" / "hostile-inputs.md").read_text(encoding="utf-8")
ROWS = {row: held for row, _, _, held in ROW.findall(TEXT)}
WANTED = [f"B{number}" for number in (33, 34, *range(43, 61), *range(73, 91))]


@cache
def names_in(path: str) -> frozenset[str]:
    """The tests of a file by name, those of a class behind its name."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for group in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        found |= {f"{group.name}::{node.name}" for node in group.body if isinstance(node, ast.FunctionDef)}
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test_"))


def missing(held: str) -> list[str]:
    """What a cell names and does not exist; a cell that names nothing is missing as a whole."""
    named = NAMED.findall(held)
    plain = NAMED.sub("", held).strip(" ,")
    if not named or plain:
        return [held]
    return [f"{path}::{name}" for path, name in named if not (ROOT / path).exists() or name not in names_in(path)]


@pytest.mark.parametrize("row", WANTED)
def test_every_row_of_forms_uploads_and_spreadsheets_is_there(row: str) -> None:
    assert ROWS.get(row)


@pytest.mark.parametrize("row", sorted(ROWS))
def test_the_tests_that_hold_a_row_exist(row: str) -> None:
    assert missing(ROWS[row]) == []


def test_no_row_stands_twice_and_none_is_passed_over() -> None:
    assert len(ROW.findall(TEXT)) == len(ROWS) == len(re.findall(r"^\| B", TEXT, re.MULTILINE))


@pytest.mark.parametrize(
    "held", ["`tests/house/test_hostile_inputs.py::test_none`", "`tests/none.py::test_x`", "see", ""]
)
def test_what_does_not_exist_is_found(held: str) -> None:
    assert missing(held)
