"""The page on which two runs are compared, and its file: who sees it, what it says, filters, statements, Chromium."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from starrating.queries.between import RunMade
from tests.services.browser import Browser
from tests.services.compared_year import Year, loaded, scored, swapping, would_move
from tests.services.test_year_pages import statements

__all__ = ["loaded", "scored", "statements"]

PAGE = "/what-if/cycles/{}/village/compare"
MOST = 20


@pytest.fixture
def two(scored: Year) -> tuple[RunMade, RunMade, int, str, set[int]]:
    """Two runs with one entry between them: the runs, the unit, the header, everybody it moved."""
    first = scored.run()
    unit, header, value = swapping(scored, first)
    moved = would_move(scored, unit, header, value)
    scored.write(unit, header, "value", value, "核对了<b>台账")
    return first, scored.run(), unit, header, moved


def rows_of(browser: Browser, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(browser.get(address).removeprefix("\ufeff"))))


def test_who_may_see_trials_may_compare_them_and_nobody_else(app: Any, scored: Year) -> None:
    page = PAGE.format(scored.id)
    wang = Browser(app, "wang")
    assert "还没有试算" in wang.get(page)
    wang.get(page + ".csv", 404)
    run = scored.run()
    for name in ("wang", "auditor", "city"):
        Browser(app, name).get(page)
    for name, status in (("assessor", 403), ("town", 404), ("unit", 404)):
        for address in (page, page + ".csv"):
            Browser(app, name).get(address, status)
    wang.get(page + f"?first={run.id + 100}", 404)
    wang.get(PAGE.format(scored.id + 1), 404)
    assert "没有符合条件的单位" in wang.get(page)
    assert page in wang.get(f"/ratings/cycles/{scored.id}/determination")


def test_the_page_names_the_entry_and_whom_it_moved(app: Any, two: Any, scored: Year) -> None:
    first, second, unit, _header, moved = two
    wang = Browser(app, "wang")
    page = wang.get(PAGE.format(scored.id))
    assert f"{len(moved)}个单位的星级变了" in page
    assert "李敏把“" in page
    assert "理由：核对了&lt;b&gt;台账" in page
    assert "试过：只把这一处改回去，就还是" in page
    assert f"另有{len(moved) - 1}个单位也回到原来的星级" in page
    assert page.count("自己的没有改，是同组别的单位带动的") == len(moved) - 1
    backwards = wang.get(PAGE.format(scored.id) + f"?first={second.id}&second={first.id}")
    assert backwards.count("李敏把“") == page.count("李敏把“")
    rows = rows_of(wang, PAGE.format(scored.id) + ".csv?show=moved")
    assert len(rows) == len(moved)
    assert all(row["前一次星级"] != row["后一次星级"] and row["原因"] for row in rows)
    (own,) = rows_of(wang, PAGE.format(scored.id) + ".csv?show=own")
    assert f"/ratings/units/{unit}?cycle={scored.id}" in page
    assert own["原因"].count("核对了<b>台账") == 1
    assert len(rows_of(wang, PAGE.format(scored.id) + ".csv?show=all")) == 15


def test_the_filters_narrow_by_township_and_name(app: Any, two: Any, scored: Year) -> None:
    wang, page = Browser(app, "wang"), PAGE.format(scored.id)
    every = rows_of(wang, page + ".csv?show=all")
    name = every[0]["单位"]
    assert [row["单位"] for row in rows_of(wang, page + f".csv?show=all&q={name}")] == [
        row["单位"] for row in every if name in row["单位"]
    ]
    town = scored.people["township"]
    inside = rows_of(wang, page + f".csv?show=all&township={town}")
    assert 0 < len(inside) < len(every)
    assert len({row["乡镇街道"] for row in inside}) == 1


def test_a_comparison_asks_the_database_no_more_than_it_may(
    app: Any, two: Any, scored: Year, statements: list[str]
) -> None:
    wang = Browser(app, "wang")
    for address in (PAGE.format(scored.id), PAGE.format(scored.id) + "?second=now"):
        wang.get(address)
        statements.clear()
        wang.get(address)
        assert len(statements) <= MOST, len(statements)
