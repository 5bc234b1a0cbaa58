"""One change tried on all districts of a city at once: who moves, who is left out and why; nothing is stored."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from starrating.demo.raw_values import Columns
from starrating.demo.scores import invent_scores, write_columns
from starrating.demo.units import Unit, rows_of, units_of
from starrating.domain.access import Role
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_what_if_trial import everything
from tests.services.test_year_pages import statements
from tests.worlds import Stood, World, copied

__all__ = ["statements"]

BASE, EACH, MOST = "tianjin-village-2024.yaml", 8, 20
SCHEMES = {
    "北辰区": BASE, "宝坻区": BASE, "西青区": "tianjin-village-2024-xiqing.yaml",
    "静海区": "tianjin-village-2024-jinghai.yaml", "蓟州区": BASE,
}  # fmt: skip
UNTRIED = "蓟州区"
"""The district whose year has no run."""
CHANGE = {"min.four": "85", "quota.four": "20%"}


def chosen(name: str) -> tuple[Unit, ...]:
    """The first villages of a district."""
    return tuple(unit for unit in units_of("village") if unit.district == name)[:EACH]


def city_year(_known: dict[str, Any], _clock: Any) -> dict[str, Any]:
    """Five districts of one city in verification, four of them with a trial; their people and years by name."""
    from starrating.extensions import db
    from starrating.models.divisions import Division
    from starrating.services.divisions.divisions import import_divisions
    from starrating.services.divisions.rows import read_divisions
    from starrating.services.transaction import transaction
    from tests.web.city import add_account

    units = [unit for name in SCHEMES for unit in chosen(name)]
    wanted = {unit.code for unit in units} | {unit.township_code for unit in units}
    rows = [row for row in rows_of("tianjin_divisions_2023.csv")
            if row["code"] in wanted or row["level"] == "province" or row["name"] in SCHEMES]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        write_columns(Path(folder) / "rows.csv", {name: [row[name] for row in rows] for name in rows[0]})
        import_divisions(read_divisions(Path(folder) / "rows.csv"), date(2000, 1, 1), None)
    keys = {name: db.session.query(Division.id).filter_by(name=name).scalar() for name in SCHEMES}
    city = db.session.query(Division.parent_id).filter_by(id=keys["北辰区"]).scalar()
    db.session.remove()
    home = keys["北辰区"]
    people = {
        "city": (Role.CITY_ADMINISTRATOR, "孙丽", city),
        "watch": (Role.AUDITOR, "周正", city),
        "wang": (Role.DISTRICT_ADMINISTRATOR, "王海燕", home),
        "auditor": (Role.AUDITOR, "郭强", home),
    }
    with transaction() as session:
        accounts = {
            name: add_account(session, name, shown, place if place == home else None, role, division_id=place)
            for name, (role, shown, place) in people.items()
        }
    cycles = {name: a_year(name, keys[name], accounts["wang"]) for name in SCHEMES}
    return {"city": city, "cycles": cycles, "accounts": accounts, "keys": keys}


def a_year(name: str, key: int, by: int) -> int:
    """A district's year with its scores, and a trial unless it is the one without."""
    from starrating.services.rating.determination import determine
    from starrating.services.years.cycles import open_cycle

    read = district.read_demo(SCHEMES[name], 2024)
    cycle_id = open_cycle(key, 2024, {"village": read}, by)
    district.step(cycle_id, "open_scoring", by)
    fill(cycle_id, invent_scores(read.scheme, chosen(name), 2024))
    district.step(cycle_id, "close_scoring", by)
    if name != UNTRIED:
        determine(cycle_id, by)
    return cycle_id


def fill(cycle_id: int, columns: Columns) -> None:
    """Put the invented scores and events of a district in."""
    from sqlalchemy import insert, select

    from starrating.models.divisions import Unit as StoredUnit
    from starrating.models.events import EventRecord
    from starrating.models.scores import ScoreCell
    from starrating.services.transaction import transaction

    with transaction() as session:
        keys = {row.code: row.id for row in session.execute(select(StoredUnit.code, StoredUnit.id))}
        cells, events = district.rows_of_year(cycle_id, columns, keys, lambda _code, _header: False)
        session.execute(insert(ScoreCell), cells)
        if events:
            session.execute(insert(EventRecord), events)


CITY_YEAR = World("city_year", city_year)


@pytest.fixture
def stood(request: pytest.FixtureRequest, server: Any, clock: Any) -> Iterator[Stood]:
    """A copy of the city's year."""
    yield from copied(server, (CITY_YEAR,), ["city_year"], clock)


@pytest.fixture
def year(app: Any, stood: Stood) -> dict[str, Any]:
    """What is known of the city's year, in the application in use."""
    return stood.known


def page_of(year: dict[str, Any], file: str = "", **changes: Any) -> str:
    address = f"/what-if/divisions/{year['city']}/2024/village/{file}"
    return f"{address}?{urlencode(changes, doseq=True)}" if changes else address


def rows_in(browser: Browser, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(browser.get(address).removeprefix("\ufeff"))))


def row_of(page: str, name: str) -> str:
    """The line of a district in the table by district."""
    table = page.partition("各区变的个数")[2].partition("</table>")[0]
    (found,) = [row for row in table.split("<tr")[1:] if name in row]
    return found


def test_the_city_and_its_auditors_may_try_and_nobody_else(app: Any, year: dict[str, Any]) -> None:
    for name in ("city", "watch"):
        page = Browser(app, name).get(page_of(year))
        assert "照着3个区共用的办法改" in page
        assert 'name="quota.five" type="text" value="10%"' in page
    for name in ("wang", "auditor"):
        Browser(app, name).get(page_of(year), 404)
        Browser(app, name).get(page_of(year, "moves.csv", **CHANGE), 404)
    city = Browser(app, "city")
    city.get(page_of(year).replace("2024", "2023"), 404)
    city.get(page_of({"city": year["keys"]["北辰区"]}), 404)
    city.get(page_of(year, "moves.csv"), 422)
    assert page_of(year) in city.get("/cycles/")
    assert page_of(year) not in Browser(app, "wang").get("/cycles/")


def test_every_district_moves_as_it_does_on_its_own_page(app: Any, year: dict[str, Any]) -> None:
    city = Browser(app, "city")
    together = rows_in(city, page_of(year, "moves.csv", **CHANGE))
    assert {row["区"] for row in together} == {"北辰区", "宝坻区"}
    for name in ("北辰区", "宝坻区"):
        alone = f"/what-if/cycles/{year['cycles'][name]}/village/moves.csv?{urlencode(CHANGE)}"
        own = [{key: cell for key, cell in row.items() if key != "区"} for row in together if row["区"] == name]
        assert own == rows_in(city, alone)
    page = city.get(page_of(year, **CHANGE))
    assert f"改了2处，全市{len(together)}个单位会变" in page
    assert all(row["单位"] in page for row in together)
    assert f"/what-if/cycles/{year['cycles']['北辰区']}/village/?" in row_of(page, "北辰区")


def test_who_is_left_out_is_told_with_the_reason(app: Any, year: dict[str, Any]) -> None:
    city = Browser(app, "city")
    page = city.get(page_of(year, **CHANGE))
    lacking = row_of(page, "静海区").partition("办法里没有")[2]
    assert "“四星分数线”" in lacking
    assert "“四星名额”" in lacking
    assert "不受影响" in row_of(page, "静海区")
    assert "还没有试算" in row_of(page, UNTRIED)
    assert "自己另定了" in row_of(page, "西青区")
    assert "“四星名额”" in row_of(page, "西青区")
    both = rows_in(city, page_of(year, "moves.csv", everywhere=1, **{**CHANGE, "min.four": "100"}))
    assert "西青区" in {row["区"] for row in both}


def test_a_part_of_a_change_reaches_those_that_have_it(app: Any, year: dict[str, Any]) -> None:
    """The weights are everybody's; a quota is not that of a district whose stars are lit."""
    changes = {"weight.V1": "35", "weight.V2": "10", "quota.five": "30%"}
    page = Browser(app, "city").get(page_of(year, **changes))
    line = row_of(page, "静海区")
    assert "办法里没有“五星名额”" in line
    assert "不受影响" not in line
    assert "weight.V1=35" in line
    assert "quota.five" not in line


def test_scores_entered_since_leave_a_district_out(app: Any, year: dict[str, Any]) -> None:
    from starrating.models.scores import ScoreCell
    from starrating.services.transaction import transaction

    with app.app_context(), transaction() as session:
        cell = session.query(ScoreCell).filter_by(cycle_id=year["cycles"]["宝坻区"], header="V1.3.后备缺失").first()
        assert cell is not None
        cell.value = "0" if cell.value != "0" else "1"
    page = Browser(app, "city").get(page_of(year, **CHANGE))
    assert "试算以后分数有改动" in row_of(page, "宝坻区")
    assert "升" in row_of(page, "北辰区")


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_tried(app: Any, year: dict[str, Any]) -> None:
    page = Browser(app, "city").get(page_of(year, **{"quota.five": "一成", "min.five": "91"}), 422)
    assert "有1处不对，没有算" in page
    assert 'name="quota.five" type="text" value="一成"' in page
    assert 'name="min.five" type="text" value="91"' in page
    assert "各区变的个数" not in page


def test_nothing_of_it_touches_anything_and_few_questions_are_asked(
    app: Any, year: dict[str, Any], statements: list[str]
) -> None:
    city = Browser(app, "city")
    city.get(page_of(year))
    with app.app_context():
        before = everything()
    statements.clear()
    city.get(page_of(year, **CHANGE, off="accident"))
    assert len(statements) <= MOST
    statements.clear()
    city.get(page_of(year, "moves.csv", **CHANGE))
    assert len(statements) <= MOST
    with app.app_context():
        assert everything() == before
