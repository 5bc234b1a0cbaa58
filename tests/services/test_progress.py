"""Progress on both databases and on its pages: the numbers of every scope, the pace, the pictures, few statements."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from starrating.domain.windows import Stage, Window
from starrating.extensions import db
from starrating.models.divisions import Division, Unit
from starrating.models.scores import ScoreCell
from starrating.queries.cycles import cycle
from starrating.services.scoring.progress_lines import hundredths
from starrating.services.scoring.tasks import tasks_of
from starrating.services.transaction import transaction
from starrating.services.years.extensions import Asked, approve_extension, ask_extension
from starrating.services.years.windows import set_windows
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_scores import who

TARGET = re.compile(r'<a href="([^"]+)"><title>[^<]+：填了([0-9,]+)/([0-9,]+)格')
PICTURE = re.compile(r'src="(/progress/[^"]+\.svg[^"]*)"')
OPENS, CLOSES = datetime(2024, 2, 1, tzinfo=UTC), datetime(2024, 3, 12, tzinfo=UTC)
"""Forty days, of which thirty have passed on 2 March."""
BLANK = ("V1.3.", "V1.2.")


@pytest.fixture
def scoring(app: Any, people: dict[str, int], clock: Any, tmp_path: Path) -> int:
    """The key of a year in scoring, three quarters through, with two indicators blank."""
    app.config["CHART_FOLDER"] = str(tmp_path / "charts")
    clock.at = datetime(2024, 3, 2, tzinfo=UTC)
    with app.app_context():
        key = district.opened(people)
        row = cycle(key)
        assert row is not None
        set_windows(key, {Stage.SCORING: Window(OPENS, CLOSES)}, row.version, None)
        district.step(key, "open_scoring", people["wang"])
        district.fill(key, without=lambda _code, header: header.startswith(BLANK))
        db.session.remove()
        return key


def numbers(browser: Browser, key: int, by: str, more: str = "") -> dict[str, list[str]]:
    """The rows of the file by their names."""
    text = browser.client.get(f"/progress/cycles/{key}/charts/{by}.csv{more}").get_data().decode("utf-8-sig")
    return {row[0]: row[1:] for row in csv.reader(io.StringIO(text))}


def counted(key: int, chosen: Any) -> list[str]:
    """Done and in all of the tasks that are chosen, cell by cell from the tables themselves."""
    headers = {(task.kind, column.header) for task in tasks_of(key) if chosen(task) for column in task.columns}
    units = {row.id: row.kind for row in db.session.query(Unit.id, Unit.kind)}
    done = sum(cell.state != "blank" and (units[cell.unit_id], cell.header) in headers
               for cell in db.session.query(ScoreCell).filter_by(cycle_id=key))  # fmt: skip
    return [str(done), str(sum(kind == own for kind in units.values() for own, _ in headers))]


def test_every_view_counts_the_same_cells(app: Any, people: dict[str, int], scoring: int) -> None:
    wang = Browser(app, "wang")
    departments, indicators = numbers(wang, scoring, "department"), numbers(wang, scoring, "indicator")
    with app.app_context():
        for name in {task.assigned.department for task in tasks_of(scoring)}:
            own = counted(scoring, lambda task, name=name: task.assigned.department == name)
            assert departments[name or "各乡镇街道"][:2] == own
        everything = counted(scoring, lambda _task: True)
    assert departments["合计"][:2] == indicators["合计"][:2] == everything
    towns = numbers(wang, scoring, "township")
    assert towns["合计"][:2] == departments["各乡镇街道"][:2], "townships are counted for what is theirs"
    villages, communities = (numbers(wang, scoring, "indicator", f"?kind={kind}") for kind in district.SCHEMES)
    both = [int(villages["合计"][at]) + int(communities["合计"][at]) for at in range(4)]
    assert [int(text) for text in indicators["合计"][:4]] == both


def test_every_bar_leads_to_exactly_what_it_counts(app: Any, people: dict[str, int], scoring: int) -> None:
    """Followed from the city down to the cells: what a page counts in all is what its bar said."""
    with app.app_context():
        key = db.session.query(Division.parent_id).filter_by(id=people["district"]).scalar()
    browser, cells = Browser(app, "city"), 0
    waiting = [f"/progress/divisions/{key}", f"/progress/cycles/{scoring}", f"/progress/cycles/{scoring}?by=township"]
    while waiting:
        found = set(TARGET.findall(browser.get(waiting.pop())))
        assert found
        for at, done, of in found:
            address = html.unescape(at)
            page = browser.get(address)
            if "/scoring/" in address:
                cells += 1
                continue
            lines = {(*line[1:], line[0]) for line in TARGET.findall(page)}
            assert [sum(whole(line[place]) for line in lines) for place in (0, 1)] == [whole(done), whole(of)], address
            if "by=indicator" in address:
                waiting.append(address)
    assert cells


def whole(text: str) -> int:
    """A number as a page writes it."""
    return int(text.replace(",", ""))


def test_a_narrowed_page_is_of_what_there_is_and_of_nobody_elses(
    app: Any, people: dict[str, int], scoring: int
) -> None:
    wang, town, assessor = (Browser(app, name) for name in ("wang", "town", "assessor"))
    base = f"/progress/cycles/{scoring}?by=indicator"
    with app.app_context():
        other = next(unit.township_id for unit in db.session.query(Unit) if unit.township_id != people["township"])
        department = next(task.assigned.department for task in tasks_of(scoring)
                          if task.assigned.department not in ("", "区委组织部"))  # fmt: skip
    assert "只看区委组织部" in wang.get(f"{base}&department=区委组织部")
    for more in ("&department=没有这个部门", "&township=999999", "&township=x"):
        wang.get(base + more, 404)
    town.get(f"{base}&township={people['township']}")
    town.get(f"{base}&township={other}", 404)
    refused = town.client.get(f"/progress/cycles/{scoring}/charts/indicator.csv?township={other}")
    assert refused.status_code == 404
    assessor.get(f"{base}&department={department}", 404)
    picture = html.unescape(PICTURE.findall(wang.get(f"{base}&township={other}"))[0])
    assert f"township={other}" in picture
    assert wang.client.get(picture).status_code == 200


def test_late_is_said_on_the_page_and_in_the_file(app: Any, people: dict[str, int], scoring: int) -> None:
    wang = Browser(app, "wang")
    found = numbers(wang, scoring, "indicator")
    late = next(row for name, row in found.items() if name.startswith("V1.3 "))
    assert (late[0], late[4], late[5], late[6]) == ("0", "0.0", "75", "落后日程")
    done = [row for row in found.values() if row[4] == "100.0"]
    assert done
    assert all(row[5:] == ["75", "赶得上日程"] for row in done)
    for by in ("department", "township", "indicator"):
        page = wang.get(f"/progress/cycles/{scoring}?by={by}")
        assert "落后日程" in page
        assert ("今天应到75%" in page) == (by != "indicator"), "the alternative text names up to twenty rows"


def test_each_sees_what_is_theirs_and_nobody_more(app: Any, people: dict[str, int], scoring: int) -> None:
    with app.app_context():
        names = {row.id: row.name for row in db.session.query(Division)}
        own = names[people["township"]]
        others = {names[unit.township_id] for unit in db.session.query(Unit)} - {own}
        departments = {task.assigned.department for task in tasks_of(scoring)} - {"", "区委组织部"}
    assert others
    town, assessor, auditor = (Browser(app, name) for name in ("town", "assessor", "auditor"))
    for by in ("department", "township", "indicator"):
        for page in (town.get(f"/progress/cycles/{scoring}?by={by}"), "".join(numbers(town, scoring, by))):
            assert not [name for name in others if name in page]
            assert not [name for name in departments if name in page]
        page = assessor.get(f"/progress/cycles/{scoring}?by={by}")
        assert not [name for name in departments if name in page]
    assert set(numbers(town, scoring, "township")) == {"乡镇街道", own, "合计"}
    assert set(numbers(assessor, scoring, "department")) == {"部门", "区委组织部", "合计"}
    assert numbers(auditor, scoring, "department") == numbers(Browser(app, "wang"), scoring, "department")
    unit = Browser(app, "unit")
    unit.get(f"/progress/cycles/{scoring}", 403)
    unit.get("/progress/", 403)
    town.get("/progress/cycles/999999", 404)


def test_the_city_sees_its_districts_and_a_district_no_city(app: Any, people: dict[str, int], scoring: int) -> None:
    with app.app_context():
        key = db.session.query(Division.parent_id).filter_by(id=people["district"]).scalar()
        everything = counted(scoring, lambda _task: True)
    city, wang = Browser(app, "city"), Browser(app, "wang")
    page = city.get(f"/progress/divisions/{key}")
    assert district.DISTRICT in page
    text = city.client.get(f"/progress/divisions/{key}/chart.csv").get_data().decode("utf-8-sig")
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(text))}
    assert rows[district.DISTRICT][:2] == everything
    assert rows[district.DISTRICT][5] == "75"
    city.get(f"/progress/cycles/{scoring}?by=township")
    assert city.client.get("/progress/").headers["Location"].endswith(f"/progress/divisions/{key}")
    for name in ("wang", "auditor", "assessor", "town"):
        Browser(app, name).get(f"/progress/divisions/{key}", 404)
        Browser(app, name).get(f"/progress/divisions/{key}/chart.csv", 404)
    city.get(f"/progress/divisions/{people['district']}", 404)
    assert wang.client.get("/progress/").headers["Location"].endswith(f"/progress/cycles/{scoring}")


def test_an_extension_moves_the_pace_of_whom_it_reaches(
    app: Any, people: dict[str, int], scoring: int, clock: Any
) -> None:
    wang = Browser(app, "wang")
    before = numbers(wang, scoring, "department")["区委组织部"]
    with app.app_context():
        asked = Asked(Stage.SCORING, OPENS + timedelta(days=60), department="区委组织部")
        approve_extension(scoring, ask_extension(scoring, asked, "数据没有到", who(people, "assessor")),
                          who(people, "wang"))  # fmt: skip
    after = numbers(wang, scoring, "department")
    assert (before[5], after["区委组织部"][5], after["各乡镇街道"][5]) == ("75", "50", "75")
    with app.app_context():
        district.step(scoring, "close_scoring", people["wang"])
    later = numbers(wang, scoring, "department")
    assert (later["区委组织部"][5], later["各乡镇街道"][5]) == ("50", ""), "in verification only what is still open"


def test_a_picture_is_for_whom_it_was_given_to(app: Any, people: dict[str, int], scoring: int) -> None:
    wang, town = Browser(app, "wang"), Browser(app, "town")
    picture = html.unescape(PICTURE.findall(wang.get(f"/progress/cycles/{scoring}"))[0])
    answer = wang.client.get(picture)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.get_data().startswith(b"<?xml") or b"<svg" in answer.get_data()[:400]
    assert wang.client.get(picture, headers={"If-None-Match": answer.headers["ETag"]}).status_code in (200, 304)
    assert town.client.get(picture).status_code == 404, "what somebody else was given"
    assert wang.client.get(re.sub("seal=..", "seal=zz", picture)).status_code == 404
    moved = re.sub(r"digest=[0-9a-f]+", "digest=" + "0" * 64, picture)
    assert wang.client.get(moved).status_code == 404
    led = wang.client.get(f"/progress/cycles/{scoring}/charts/department.svg")
    assert led.status_code == 302
    assert wang.client.get(led.headers["Location"]).status_code == 200
    png = wang.client.get(f"/progress/cycles/{scoring}/charts/township.png?kind=village")
    assert png.get_data().startswith(b"\x89PNG")
    assert wang.client.get(f"/progress/cycles/{scoring}/charts/stars.svg").status_code == 404


def test_a_picture_that_is_out_of_date_leads_to_the_new_one(app: Any, people: dict[str, int], scoring: int) -> None:
    wang = Browser(app, "wang")
    picture = html.unescape(PICTURE.findall(wang.get(f"/progress/cycles/{scoring}"))[0])
    with app.app_context(), transaction() as session:
        session.query(ScoreCell).filter_by(cycle_id=scoring, header="V2.1").delete()
    led = wang.client.get(picture)
    assert led.status_code == 302
    assert led.headers["Location"] != picture
    assert wang.client.get(led.headers["Location"]).status_code == 200


def test_before_anything_is_given_out_it_says_what_comes_first(app: Any, people: dict[str, int]) -> None:
    assert "还没有年度" in Browser(app, "wang").get("/progress/")
    with app.app_context():
        key = district.opened(people)
        city = db.session.query(Division.parent_id).filter_by(id=people["district"]).scalar()
    page = Browser(app, "wang").get(f"/progress/cycles/{key}")
    assert "评分截止的日期没有定，看不出快慢" in page
    assert "落后日程" not in page
    assert "0.0%" in Browser(app, "city").get(f"/progress/divisions/{city}")


def test_the_share_of_a_window_in_hundredths() -> None:
    window = Window(OPENS, CLOSES)
    assert [hundredths(window, OPENS + timedelta(days=days)) for days in (-1, 0, 10, 39, 40, 50)] == [
        0, 0, 25, 97, 100, 100
    ]  # fmt: skip
    assert hundredths(Window(None, CLOSES), OPENS) is None


def test_no_page_asks_more_than_twenty_statements(app: Any, people: dict[str, int], scoring: int) -> None:
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        key = db.session.query(Division.parent_id).filter_by(id=people["district"]).scalar()
    pages = [f"/progress/cycles/{scoring}?by={by}" for by in ("department", "township", "indicator")]
    pages += [f"/progress/cycles/{scoring}/charts/township.csv", "/"]
    for name in ("wang", "assessor", "town", "auditor", "city", "unit"):
        browser = Browser(app, name)
        reached = ["/"] if name == "unit" else [*pages, f"/progress/divisions/{key}"] if name == "city" else pages
        for page in reached:
            browser.get(page)
            asked.clear()
            browser.get(page)
            count = len([one for one in asked if not one.startswith("BEGIN")])
            assert 0 < count <= 20, (name, page, count)
