"""The demonstration's years one after another: scores, ratings by the offline command, history of the next year."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starrating.demo.raw_values import Columns
from starrating.demo.scheme_files import KINDS, SchemeFile, scheme_files, years
from starrating.demo.scores import scores_of, write_columns, write_year

MARK = "-示例"
Row = dict[str, str]
VOID = "void"


class RatingFailed(Exception):
    """The offline command refused a demonstration scheme; the text is what it said."""


@dataclass(frozen=True, slots=True)
class YearStars:
    """How many units of a kind have each level in a year; `VOID` counts those that were not rated."""

    year: int
    kind: str
    names: Mapping[str, str]
    counts: Mapping[str, int]


def rate_all(folder: Path) -> list[YearStars]:
    """Write every year's scores, rate them in order, and write ratings and history beside them."""
    history: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    results = []
    for year in years():
        write_year(folder, year, mark=MARK)
        results += [_rate_year(folder, year, kind, history[kind]) for kind in KINDS]
    for kind in KINDS:
        write_columns(
            folder / f"{kind}-history{MARK}.csv", _columns(history[kind], ("unit", "year", "level", "voided"))
        )
    return results


def _rate_year(folder: Path, year: int, kind: str, history: list[Row]) -> YearStars:
    """One year of one kind, district scheme by district scheme; its levels are added to `history`."""
    rated: list[Row] = []
    files = scheme_files(year, kind)
    for file in files:
        rated += _rate_scheme(folder / f"{Path(file.name).stem}{MARK}", file, history)
    rated.sort(key=lambda row: row["unit"])
    write_columns(folder / f"{kind}-{year}-ratings{MARK}.csv", _columns(rated, tuple(rated[0])))
    history.extend(_past(row, year) for row in rated)
    history.sort(key=lambda row: (row["unit"], row["year"]))
    names = {level.code: level.name for level in files[0].scheme().levels}
    counts = Counter(VOID if row["status"] == VOID else row["level"] for row in rated)
    return YearStars(year, kind, names, counts)


def _past(row: Row, year: int) -> Row:
    voided = "1" if row["status"] == VOID else ""
    return {"unit": row["unit"], "year": str(year), "level": row["level"], "voided": voided}


def _rate_scheme(folder: Path, file: SchemeFile, history: Iterable[Row]) -> list[Row]:
    """The ratings of one scheme's units, by the command that anyone can repeat on the files left in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    scores = scores_of(file)
    units = set(scores["unit"])
    past = [row for row in history if row["unit"] in units]
    write_columns(folder / "scores.csv", scores)
    write_columns(folder / "history.csv", _columns(past, ("unit", "year", "level", "voided")))
    ratings = folder / "ratings.csv"
    command = [sys.executable, "-m", "starrating", "rate", str(file.path), str(folder / "scores.csv")]
    command += ["--history", str(folder / "history.csv"), "--out", str(ratings)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise RatingFailed(done.stderr)
    with ratings.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _columns(rows: Iterable[Row], headers: Iterable[str]) -> Columns:
    kept = list(rows)
    return {header: [row[header] for row in kept] for header in headers}
