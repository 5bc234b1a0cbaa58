"""The invented scores: the same bytes every time, and every value one that its leaf's method takes."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from starrating.demo.scheme_files import KINDS, SchemeFile, scheme_files, years
from starrating.demo.scores import invent_scores, scores_of, write_year
from starrating.demo.units import kind_of, rated_units, units_of
from starrating.domain.inputs import decimal
from starrating.domain.methods import Cases, Checklist, Choice, Count, Direct, Missing
from starrating.domain.scheme import Indicator

SCHEMES = [file for year in years() for kind in KINDS for file in scheme_files(year, kind)]
drawn = cache(scores_of)


def test_units_are_the_committees_of_sixteen_districts() -> None:
    units = rated_units()
    assert Counter(unit.kind for unit in units) == {"village": 3542, "community": 1934}
    assert len({unit.district for unit in units}) == 16
    assert len({unit.code for unit in units}) == 5476


def test_units_lie_in_252_townships_and_five_parks() -> None:
    """Codes of parks and farms have 400–599 as their township digits."""
    townships = {unit.township_code for unit in rated_units()}
    parks = {code for code in townships if 400 <= int(code[6:9]) <= 599}
    assert (len(townships - parks), len(parks)) == (252, 5)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("120101001001", "community"), ("120110402400", "community"), ("120115101201", "village")],
)
def test_kind_is_read_from_the_code(code: str, kind: str) -> None:
    assert kind_of(code) == kind


def test_a_code_of_no_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="120101001600"):
        kind_of("120101001600")


@pytest.mark.parametrize("file", SCHEMES, ids=lambda file: file.name)
def test_every_value_is_valid(file: SchemeFile) -> None:
    columns = drawn(file)
    assert len({len(texts) for texts in columns.values()}) == 1
    for leaf in file.scheme().leaves():
        assert leaf.leaf is not None
        headers = leaf.leaf.columns(leaf.code)
        for header in headers:
            wrong = {text for text in columns[header] if not is_valid(leaf, text)}
            assert not wrong, (header, wrong)
    known = {header for leaf in file.scheme().leaves() for header in leaf.leaf.columns(leaf.code)}  # type: ignore[union-attr]
    codes = {node.code for node in file.scheme().nodes()}
    assert not [header for header in columns if header.partition(".")[0] in codes and header not in known]


def is_valid(leaf: Indicator, text: str) -> bool:
    assert leaf.leaf is not None
    if not text:
        return leaf.leaf.missing is not Missing.REJECT
    match leaf.leaf.method:
        case Choice(options=options):
            return text in options
        case Checklist():
            return text in ("0", "1")
        case Count() | Cases():
            return text.isdigit()
        case Direct(step=step):
            value = decimal(text)
            assert value is not None
            assert leaf.low is not None
            assert leaf.high is not None
            return leaf.low <= value <= leaf.high and (step is None or value % step == 0)
    return decimal(text) is not None


def test_some_blanks_are_left_where_missing_has_a_meaning() -> None:
    columns = drawn(scheme_files(2024, "village")[0])
    for header in ("V1.5.通报", "V2.4.抛荒亩数", "VB.1"):
        assert 0 < columns[header].count("") < len(columns[header])


def test_leaders_and_events_are_plausible() -> None:
    columns = drawn(scheme_files(2024, "village")[0])
    number = len(columns["unit"])
    assert 0.90 < columns["leader.dual_role"].count("1") / number < 0.94
    assert set(columns["appraisal"]) == {"好", "较好", "一般", "差"}
    for veto in ("flag.accident", "flag.crime"):
        happened = [text for year in years() for text in drawn(scheme_files(year, "village")[0])[veto] if text != "0"]
        assert 0 < len(happened) < number / 100
    assert all(
        0 <= int(post) <= int(months) for post, months in zip(columns["leader.months"], columns["months"], strict=True)
    )
    assert any(int(months) < 12 for months in columns["months"])


def test_a_unit_scores_the_same_whoever_else_is_scored() -> None:
    file = scheme_files(2024, "village")[0]
    units = [unit for unit in units_of("village") if file.rates(unit)]
    alone = invent_scores(file.scheme(), units[100:101], 2024)
    row = drawn(file)["unit"].index(units[100].code)
    assert {header: texts[0] for header, texts in alone.items()} == {
        header: texts[row] for header, texts in drawn(file).items()
    }


def test_units_persist_and_are_never_older_than_they_are() -> None:
    first, last = (drawn(scheme_files(year, "village")[0]) for year in (2022, 2023))
    before = dict(zip(first["unit"], first["months"], strict=True))
    after = dict(zip(last["unit"], last["months"], strict=True))
    assert before.keys() < after.keys()
    assert all(int(after[unit]) == int(months) + 12 for unit, months in before.items())


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    digests = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        paths = write_year(folder, 2024, mark="-示例")
        assert [path.name for path in paths] == ["village-2024-scores-示例.csv", "community-2024-scores-示例.csv"]
        digests.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in paths])
    assert digests[0] == digests[1]


@pytest.mark.parametrize(("kind", "number"), [("village", 3542), ("community", 1934)])
def test_the_last_year_has_every_unit_once(kind: str, number: int, tmp_path: Path) -> None:
    write_year(tmp_path, 2024)
    with (tmp_path / f"{kind}-2024-scores.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["unit"] for row in rows] == [unit.code for unit in units_of(kind)]
