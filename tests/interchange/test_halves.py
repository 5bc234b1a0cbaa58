"""A file read by two processes is the file read by one: values, lines and faults."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from starrating.domain.faults import FilesRefused
from starrating.interchange import halves
from starrating.interchange.shape import CellKind, TableBuilder
from starrating.interchange.table import Table, read_table

KINDS = {"unit": CellKind.NAME, "a": CellKind.NUMBER, "b": CellKind.NUMBER, "w": CellKind.WORD}


@pytest.fixture(autouse=True)
def always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halves, "WORTH_A_PROCESS", 1)


def table(path: Path, *, helped: bool) -> Table:
    return read_table(path, lambda _header: KINDS, block_size=512, helped=helped)


def contents(read: Table) -> list[tuple[object, ...]]:
    numbers, words = read.numbers, read.words
    return [
        (
            words["unit"].name(row),
            numbers["a"].value(row),
            numbers["b"].value(row),
            words["w"].name(row),
            read.line_of(row),
        )
        for row in range(read.rows)
    ]


def lines(rows: int, seed: int) -> list[str]:
    dice = Random(seed)
    cells = (
        (
            dice.choice(["0", "12.5", "", "-3", "123456789012345678.25"]),
            str(dice.randrange(9)),
            dice.choice(["甲", "", "b"]),
        )
        for _ in range(rows)
    )
    return [f"v{row},{a},{b},{w}" for row, (a, b, w) in enumerate(cells)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_both_ways_read_the_same(tmp_path: Path, seed: int, end: str) -> None:
    path = tmp_path / "t.csv"
    rows = lines(200, seed)
    rows.insert(150, "")
    path.write_text("unit,a,b,w\n" + "\n".join(rows) + end, encoding="utf-8")
    with path.open("rb") as file:
        assert halves.middle_of(file) is not None
    helped = table(path, helped=True)
    assert contents(helped) == contents(table(path, helped=False))
    assert helped.line_of(199) == 202


def test_the_second_process_is_really_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.csv"
    path.write_text("unit,a,b,w\n" + "\n".join(lines(50, 1)), encoding="utf-8")
    asked = []
    whole = halves.read_halves

    def noted(*arguments: Any) -> TableBuilder | None:
        asked.append(arguments)
        return whole(*arguments)

    monkeypatch.setattr("starrating.interchange.csv_table.read_halves", noted)
    assert table(path, helped=True).rows == 50
    assert table(path, helped=False).rows == 50
    assert len(asked) == 1


@pytest.mark.parametrize("place", [10, 190])
def test_faults_are_named_as_by_one_process(tmp_path: Path, place: int) -> None:
    rows = lines(200, 3)
    rows[place] = "v,1e5,2,b"
    rows[place + 3] = "v,1"
    path = tmp_path / "t.csv"
    path.write_text("unit,a,b,w\n" + "\n".join(rows), encoding="utf-8")
    found = []
    for helped in (True, False):
        with pytest.raises(FilesRefused) as refused:
            table(path, helped=helped)
        found.append([(fault.code, fault.line) for fault in refused.value.faults])
    assert found[0] == found[1]
    assert {line for _, line in found[0]} == {place + 2, place + 5}


def test_a_helper_that_dies_costs_nothing_but_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.csv"
    path.write_text("unit,a,b,w\n" + "\n".join(lines(100, 5)), encoding="utf-8")
    monkeypatch.setattr(halves, "_read_second", lambda *_: None)
    assert contents(table(path, helped=True)) == contents(table(path, helped=False))


def test_a_file_with_quotes_is_read_by_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('unit,a,b,w\nv1,1,2,"甲,乙"\nv2,1,2,b\n', encoding="utf-8")
    with path.open("rb") as file:
        assert halves.middle_of(file) is None
    assert table(path, helped=True).rows == 2
