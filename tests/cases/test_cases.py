"""The worked cases: each folder's expected columns come out exactly, whatever the order of the rows."""

import csv
import random
from pathlib import Path

import pytest

from tests.support import CASES, SHARED_CASES, rows_of, run_rate

FOLDERS = sorted(path for path in CASES.iterdir() if (path / "expected.csv").exists())
if (SHARED_CASES / "fhrs").exists():
    FOLDERS.append(SHARED_CASES / "fhrs")


def paths_of(folder: Path) -> dict[str, Path]:
    names = {"scheme": "scheme.yaml", "scores": "scores.csv", "history": "history.csv"}
    return {name: folder / file for name, file in names.items() if (folder / file).exists()}


def expected(folder: Path) -> list[dict[str, str]]:
    with (folder / "expected.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_expected_columns_come_out(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "ratings.csv"
    assert run_rate(paths_of(folder), out) == 0
    rated = {row["unit"]: row for row in rows_of(out.read_text(encoding="utf-8"))}
    wanted = expected(folder)
    assert set(rated) == {row["unit"] for row in wanted}
    for row in wanted:
        assert {column: rated[row["unit"]][column] for column in row} == row


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_order_of_rows_and_columns_changes_no_byte(folder: Path, tmp_path: Path) -> None:
    paths = paths_of(folder)
    outputs = []
    for seed in range(3):
        shuffled = {**paths, "scores": tmp_path / f"scores-{seed}.csv"}
        shuffle(paths["scores"], shuffled["scores"], seed)
        out, explained = tmp_path / f"ratings-{seed}.csv", tmp_path / f"explain-{seed}.jsonl"
        assert run_rate(shuffled, out, explained) == 0
        outputs.append((out.read_bytes(), explained.read_bytes()))
    assert outputs[0] == outputs[1] == outputs[2]


def shuffle(source: Path, target: Path, seed: int) -> None:
    dice = random.Random(seed)
    with source.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    columns = dice.sample(range(len(head)), len(head))
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[row[place] for place in columns] for row in [head, *dice.sample(rows, len(rows))]])
