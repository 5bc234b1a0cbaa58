"""What the demonstration's units could have scored in a year: invented from a fixed seed, valid under the scheme.

Every unit has a quality that lasts, with a little drift from year to year; districts, townships and indicators have
theirs. Nothing here is about a real village: all files made from it are marked 示例.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from starrating.demo.draw import ALL, Draw
from starrating.demo.happenings import draw_happenings
from starrating.demo.noise import ONE, Chance, Whole, word_bell
from starrating.demo.people import appraisal_grades, holds_both_posts, months_in_post, months_since_founding
from starrating.demo.raw_values import Columns, draw_columns
from starrating.demo.scheme_files import KINDS, SchemeFile, scheme_files
from starrating.demo.units import Unit, units_of
from starrating.domain.methods import Line
from starrating.domain.scheme import Indicator, NodeKind, Scheme

_USUAL, _SLOPE, _NOISE, _RATE_NOISE = 8_450, 560, 900, 500
_BONUS_USUAL, _BONUS_SLOPE, _BONUS_NOISE = 900, 700, 1_400
_BAD_YEAR, _BAD_YEAR_LOSS = 30, 3_000


def invent_scores(scheme: Scheme, units: Sequence[Unit], year: int) -> Columns:
    """The columns of a score file, `unit` first, for those of the units that were set up by the end of the year."""
    founded = months_since_founding(_chance(units), year)
    units = [unit for unit, months in zip(units, founded.tolist(), strict=True) if months >= 0]
    chance = _chance(units)
    quality = ability(units, year)
    months = months_since_founding(chance, year)
    columns: Columns = {
        "unit": [unit.code for unit in units],
        "name": [unit.name for unit in units],
        "kind": [unit.kind for unit in units],
        "district": [unit.district for unit in units],
        "township": [unit.township for unit in units],
        "months": _texts(months),
    }
    for root in scheme.indicators:
        for leaf in root.walk():
            if leaf.leaf is not None:
                columns |= draw_columns(Draw(leaf, year, chance, _share(root, leaf, year, chance, quality)))
    for header, counts in draw_happenings(scheme, chance, year, quality).items():
        columns[header] = _texts(counts)
    columns["leader.dual_role"] = _texts(holds_both_posts(chance))
    columns["leader.months"] = _texts(months_in_post(chance, year, months))
    columns["appraisal"] = appraisal_grades(chance, year, quality)
    return columns


def ability(units: Sequence[Unit], year: int) -> Whole:
    """How good each unit is in a year, in thousandths of a standard deviation."""
    chance = _chance(units)
    drift = chance.bell("drift", year) + chance.bell("drift", year - 1)
    around = np.array([_around(unit) for unit in units], dtype=np.int64)
    quality: Whole = (85 * chance.bell("quality") + 30 * drift + around) // 100
    return quality


def _around(unit: Unit) -> int:
    return 25 * word_bell("district", unit.district, unit.kind) + 25 * word_bell("township", unit.township_code)


def _share(root: Indicator, leaf: Indicator, year: int, chance: Chance, quality: Whole) -> Whole:
    """What part of a leaf's points each unit comes near."""
    apt = chance.bell("apt", root.code) * 4 // 10 + quality
    noise = (7 * chance.bell("noise", leaf.code) + 7 * chance.bell("noise", leaf.code, year)) // 10
    if root.kind is not NodeKind.BASE:
        return _within(_BONUS_USUAL + (apt * _BONUS_SLOPE + noise * _BONUS_NOISE) // ONE)
    assert leaf.leaf is not None
    width = _RATE_NOISE if isinstance(leaf.leaf.method, Line) else _NOISE
    usual = _USUAL + word_bell("difficulty", leaf.code) * 300 // ONE + word_bell("year", year) * 40 // ONE
    bad = chance.below(ALL, "bad year", leaf.code, year) < _BAD_YEAR
    return _within(usual + (apt * _SLOPE + noise * width) // ONE - bad * _BAD_YEAR_LOSS)


def _within(share: Whole) -> Whole:
    clipped: Whole = np.clip(share, 0, ALL)
    return clipped


def _chance(units: Sequence[Unit]) -> Chance:
    return Chance(np.array([int(unit.code) for unit in units], dtype=np.int64))


def _texts(numbers: Whole) -> list[str]:
    return [str(number) for number in np.asarray(numbers).tolist()]


def write_year(folder: Path, year: int, *, mark: str = "") -> list[Path]:
    """Write `village-YEAR-scoresMARK.csv` and `community-YEAR-scoresMARK.csv`, every district's units in one file."""
    written = []
    for kind in KINDS:
        path = folder / f"{kind}-{year}-scores{mark}.csv"
        write_columns(path, merged(scores_of(file) for file in scheme_files(year, kind)))
        written.append(path)
    return written


def scores_of(file: SchemeFile) -> Columns:
    """The scores of the units that a demonstration scheme rates."""
    units = [unit for unit in units_of(file.kind) if file.rates(unit)]
    return invent_scores(file.scheme(), units, file.year)


def merged(tables: Iterable[Columns]) -> Columns:
    """Several tables as one, in the order of units; a column that a table does not have is blank there."""
    every = list(tables)
    headers = list(dict.fromkeys(header for table in every for header in table))
    rows = [row for table in every for row in _rows(table, headers)]
    rows.sort(key=lambda row: row[0])
    return dict(zip(headers, map(list, zip(*rows, strict=True)), strict=True))


def _rows(table: Columns, headers: Sequence[str]) -> Iterable[tuple[str, ...]]:
    blank = [""] * len(table["unit"])
    return zip(*(table.get(header, blank) for header in headers), strict=True)


def write_columns(path: Path, columns: Columns) -> None:
    """A CSV file of columns: UTF-8 without BOM, one line feed a row."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
