"""The demonstration schemes: they load, add up to 100 points, and the districts differ as they say."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from starrating.demo.scheme_files import FOLDER, KINDS, scheme_files, years
from starrating.demo.units import units_of
from starrating.domain.methods import Missing
from starrating.domain.scheme import NamedStars, NodeKind, Quotas, Rounding, Scheme, Ties
from starrating.schemes.reader import read_scheme

FILES = sorted(FOLDER.glob("*.yaml"))


def scheme(name: str) -> Scheme:
    return read_scheme(FOLDER / f"{name}.yaml").scheme


def quotas(name: str) -> Quotas:
    allocation = scheme(name).allocation
    assert isinstance(allocation, Quotas)
    return allocation


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_loads_and_is_named_as_an_example(path: Path) -> None:
    loaded = read_scheme(path).scheme
    assert "示例" in loaded.title
    assert [level.name for level in loaded.levels] == ["无星", "三星", "四星", "五星"]
    assert str(loaded.year) in path.stem
    assert loaded.applies_to == (path.stem.split("-")[1],)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_roots_sum_to_a_hundred_and_the_bonus_stays_within_five(path: Path) -> None:
    roots = scheme(path.stem).indicators
    base = [root.high or Fraction(0) for root in roots if root.kind is NodeKind.BASE]
    assert sum(base) == 100
    assert [root.high for root in roots if root.kind is NodeKind.BONUS] == [5]
    assert sorted(base) == sorted([25, 20, 15, 20, 10, 10] if "village" in path.stem else [25, 15, 20, 15, 15, 10])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_leaf_says_who_enters_it_and_with_what(path: Path) -> None:
    for leaf in scheme(path.stem).leaves():
        assert leaf.source, leaf.code
        assert leaf.evidence.startswith(("文件：", "说明：")), leaf.code


def test_a_blank_never_beats_a_missing_event() -> None:
    """A blank period under `zero` or `full` takes nothing off, so an indicator with `required` must reject it."""
    for path in FILES:
        for leaf in scheme(path.stem).leaves():
            if leaf.leaf is not None and getattr(leaf.leaf.method, "required", None):
                assert leaf.leaf.missing is Missing.REJECT, leaf.code


def test_the_city_rates_one_four_four_one_by_district() -> None:
    for kind in KINDS:
        city = quotas(f"tianjin-{kind}-2024")
        assert city.pool == ("district",)
        assert city.rounding is Rounding.CUMULATIVE
        shares = {index: rule.quota.share for index, rule in city.levels.items() if rule.quota is not None}
        assert shares == {3: Fraction(1, 10), 2: Fraction(4, 10)}
        assert city.bottom is not None
        assert city.bottom.share == Fraction(1, 10)


def test_xiqing_has_its_own_lines() -> None:
    lines = {index: rule.least for index, rule in quotas("tianjin-village-2024-xiqing").levels.items()}
    assert lines == {3: 95, 2: 85, 1: 75}
    assert quotas("tianjin-village-2024-xiqing").bottom_rounding is Rounding.UP


def test_heping_leaves_ties_out_and_breaks_them_by_the_appraisal() -> None:
    own = quotas("tianjin-community-2024-heping")
    assert own.ties is Ties.EXCLUDE
    assert own.carry
    assert [str(key.subject) for key in own.rank_by] == ["total", "points.C1.6", "flag.petition"]
    assert own.levels[3].quota is not None
    assert own.levels[3].quota.share == Fraction(15, 100)
    assert quotas("tianjin-community-2024").ties is Ties.INCLUDE


def test_jinghai_lights_five_stars_at_points_of_their_own() -> None:
    own = scheme("tianjin-village-2024-jinghai")
    assert isinstance(own.allocation, NamedStars)
    assert own.allocation.requires_total == 90
    assert own.allocation.lit == {"V1": 20, "V2": 14, "V3": 12, "V4": 16, "V6": 8}
    for code, points in own.allocation.lit.items():
        assert points < (own.node(code).high or 0)
        assert own.node(code).name.endswith("星")


def test_the_first_year_does_not_limit_units_without_a_previous_level() -> None:
    assert scheme("tianjin-village-2022").movement.no_previous == 3
    assert scheme("tianjin-village-2023").movement.no_previous == 2


def test_every_unit_is_rated_by_one_scheme_a_year() -> None:
    for year in years():
        for kind in KINDS:
            files = scheme_files(year, kind)
            assert all(file.path.is_file() for file in files)
            assert all(file.scheme().year == year for file in files)
            for unit in units_of(kind):
                assert sum(file.rates(unit) for file in files) == 1
    assert {file.name for year in years() for kind in KINDS for file in scheme_files(year, kind)} == {
        path.name for path in FILES
    }
