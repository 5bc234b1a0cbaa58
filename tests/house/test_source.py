"""The house's own rules about code: no binary float near a score, sentences in docstrings, sizes one can hold."""

import ast
from pathlib import Path

import pytest

from tests.house.source import PACKAGE, ROOT, floats_in, functions_in, modules, public_without_docstring

SCORE_PATH = ("domain", "schemes", "interchange")
MODULE_LINES = 300
FUNCTION_LINES = 40
VIEW_LINES = 20
ALLOWED_FLOATS: dict[str, tuple[str, ...]] = {
    "starrating/schemes/fields.py": ("literal 0.6",),  # how alike two words are, for "did you mean"
}
"""By file, what may stand although it is binary, each with its reason: none of it comes near a score."""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules(*SCORE_PATH), ids=named)
def test_no_binary_float_in_the_score_path(path: Path) -> None:
    allowed = ALLOWED_FLOATS.get(named(path), ())
    found = floats_in(path.read_text(encoding="utf-8"))
    assert [line for line in found if line.partition(": ")[2] not in allowed] == []


@pytest.mark.parametrize(
    "text",
    [
        "points = 0.5",
        "points = float(cell)",
        "points: float = cell",
        "points = np.float64(cell)",
        "points = cells.astype('float64')",
        "points = np.array(cells, dtype=float)",
        "points = np.zeros(rows)",
        "points = np.mean(cells)",
        "points = np.round(cells)",
        "points = round(cell, 2)",
        "points = math.sqrt(cell)",
        "from math import log",
        "from numpy import nan",
        "points /= 3",
        "cells = pl.Float64",
        "points = 1e3",
    ],
)
def test_a_binary_float_is_seen(text: str) -> None:
    assert floats_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "points = Fraction(1, 2)",
        "refused = isinstance(cell, float)",
        "points = np.zeros(rows, np.int64)",
        "points = np.ones(rows, dtype=bool)",
        "from math import gcd",
        "path = folder / 'scheme.yaml'",
        "points = rounded(value, 2)",
    ],
)
def test_exact_numbers_pass(text: str) -> None:
    assert floats_in(text) == []


@pytest.mark.parametrize("path", modules(), ids=named)
def test_a_module_opens_with_a_sentence(path: Path) -> None:
    opening = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n\n")[0]
    assert opening.rstrip().endswith((".", "?", "!", ":")), f"{named(path)} opens with {opening!r}"
    assert opening[:1].isupper() or opening[:1] in "`*", f"{named(path)} opens with {opening!r}"


@pytest.mark.parametrize("path", modules("domain"), ids=named)
def test_what_is_public_in_the_rules_says_what_it_is(path: Path) -> None:
    assert public_without_docstring(path.read_text(encoding="utf-8")) == []


def test_a_silent_function_is_seen() -> None:
    assert public_without_docstring("def rate(units):\n    return units\n") == ["1: rate"]


def test_modules_are_short() -> None:
    sizes = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: lines for name, lines in sizes.items() if lines > MODULE_LINES} == {}


def test_functions_are_short() -> None:
    sizes = {
        f"{named(path)}:{node.lineno} {node.name}": lines
        for path in modules()
        for node, lines in functions_in(path.read_text(encoding="utf-8"))
    }
    assert {name: lines for name, lines in sizes.items() if lines > FUNCTION_LINES} == {}


def test_views_are_short() -> None:
    """What answers an address says who is asked and what is shown; how it is done stands elsewhere."""
    sizes = {
        f"{named(path)}:{node.lineno} {node.name}": lines
        for path in modules("blueprints")
        for node, lines in functions_in(path.read_text(encoding="utf-8"))
        if any(isinstance(one, ast.Call) and ast.unparse(one.func).startswith("bp.") for one in node.decorator_list)
    }
    assert len(sizes) > 50
    assert {name: lines for name, lines in sizes.items() if lines > VIEW_LINES} == {}


def test_there_is_a_score_path() -> None:
    assert all((PACKAGE / name).is_dir() for name in SCORE_PATH)
