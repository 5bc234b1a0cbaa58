"""The quarterly brief: the quarter's values and events, what is due, what changed; internal, and without a person."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.services.public_year import PublicYear
from tests.services.test_yearbook import texts


@pytest.fixture(scope="module")
def running(year: PublicYear) -> PublicYear:
    """The same district with 2026 under way, all scores entered."""
    from tests.services import district

    year.clock.at = datetime(2026, 3, 1, 1, tzinfo=UTC)
    with year.app.app_context():
        key = district.opened(year.people, 2026)
        district.step(key, "open_scoring", year.people["wang"])
        district.fill(key, 2026, 6)
    return year


def told(year: PublicYear, number: int = 1, of: int = 2026) -> str:
    from starrating.queries.divisions import path_of
    from starrating.services.brief.files import brief
    from starrating.services.brief.reading import brief_source

    with year.app.app_context():
        return texts(brief(brief_source(path_of(year.people["district"]), of, number)))


@pytest.mark.parametrize(
    ("number", "first", "last", "periods"),
    [(1, date(2026, 1, 1), date(2026, 3, 31), ("Q1", "M01", "M02", "M03")),
     (2, date(2026, 4, 1), date(2026, 6, 30), ("Q2", "M04", "M05", "M06")),
     (4, date(2026, 10, 1), date(2026, 12, 31), ("Q4", "M10", "M11", "M12"))],
)  # fmt: skip
def test_a_quarter_has_its_days_and_periods(number: int, first: date, last: date, periods: tuple[str, ...]) -> None:
    from starrating.services.brief.reading import Quarter

    quarter = Quarter(2026, number)
    assert (quarter.first, quarter.last, quarter.periods) == (first, last, periods)


def test_progress_and_values_are_those_of_the_tables(running: PublicYear) -> None:
    from sqlalchemy import func, select

    from starrating.extensions import db
    from starrating.models.divisions import Unit
    from starrating.models.scores import ScoreCell
    from starrating.queries.briefs import values_of
    from starrating.queries.cycles import cycles
    from starrating.queries.divisions import path_of
    from starrating.services.brief.reading import brief_source
    from starrating.services.brief.sections import values

    with running.app.app_context():
        source = brief_source(path_of(running.people["district"]), 2026, 2)
        keys = [row.id for row in cycles([source.years[0].place]) if row.year == 2026]
        count = db.session.scalar(
            select(func.count()).select_from(ScoreCell).join(Unit, Unit.id == ScoreCell.unit_id)
            .where(ScoreCell.cycle_id.in_(keys), ScoreCell.header.like("%@Q2"), ScoreCell.state != "blank")
        )  # fmt: skip
        assert sum(one.cells for one in values_of(keys, ("Q2",))) == count
        grids = list(values(source))
    assert sum(int(row[3].replace(",", "")) for grid in grids for row in getattr(grid, "rows", ())) == count
    own = source.lines[""]
    assert sum(line.done for line in own) == sum(line.done for kind in ("village", "community")
                                                 for line in source.lines[kind])  # fmt: skip
    whole = told(running)
    assert "2026年度在“评分”这一步。" in whole
    assert "2026年第1季度村按季（月）填报的指标" in whole
    assert "内部资料" not in whole


def test_events_of_the_quarter_alone_and_no_reason(running: PublicYear) -> None:
    from sqlalchemy import delete, insert

    from starrating.models.events import EventRecord
    from starrating.queries.divisions import path_of
    from starrating.services.brief.reading import brief_source
    from starrating.services.transaction import transaction

    with running.app.app_context():
        key = brief_source(path_of(running.people["district"]), 2026, 1).years[0].id
        row = {"cycle_id": key, "unit_id": running.people["first"], "flag": "accident", "reason": "标记事由张三",
               "withdrawn_reason": ""}  # fmt: skip
        edge = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)
        with transaction() as session:
            session.execute(delete(EventRecord).where(EventRecord.cycle_id == key))
            session.execute(insert(EventRecord), [
                row | {"count": 2, "at": edge}, row | {"count": 5, "at": edge + timedelta(minutes=1)},
            ])  # fmt: skip
        source = brief_source(path_of(running.people["district"]), 2026, 1)
    assert [(one.flag, one.times, one.units) for one in source.events] == [("accident", 2, 1)]
    whole = told(running)
    assert "重大安全责任事故（一票否决）" in whole
    assert "标记" not in whole
    assert "本季度没有登记事项。" in told(running, 4)


def test_a_removal_of_the_quarter_is_named(running: PublicYear) -> None:
    assert "本季度没有单位的星级有变动。" in told(running)
    from starrating.queries.divisions import path_of
    from starrating.services.brief.reading import brief_source
    from starrating.services.brief.sections import roster

    with running.app.app_context():
        source = brief_source(path_of(running.people["district"]), 2026, 1)
    from dataclasses import replace

    from starrating.queries.public_lists import PublicDecision

    one = source.published[-1]
    unit = one.units[0]
    removed = PublicDecision(unit.code, unit.name, unit.kind, unit.district_code, unit.district, unit.township_code,
                             unit.township, "五星", 0, "无星", 3, 4, "事由", "文号", date(2026, 2, 3), 2)  # fmt: skip
    changed = replace(source, published=(replace(one, decisions=(removed, replace(removed, on=date(2026, 4, 1)))),))
    words, grid = roster(changed)
    assert getattr(words, "text", "") == "本季度1个单位的星级有变动：摘星1个。"
    assert getattr(grid, "rows", ()) == [
        ("2026-02-03", f"{unit.township}{unit.name}", "2025年度", "摘星", "五星", "无星")
    ]


def test_near_a_line_by_the_last_results(running: PublicYear) -> None:
    whole = told(running)
    assert "按2025年度的结果，" in whole


def test_the_command_writes_both(running: PublicYear, tmp_path: Path) -> None:
    runner = running.app.test_cli_runner()
    done = runner.invoke(args=["brief", "120113000000", "2026", "2", "--folder", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "北辰区2026年第2季度评星定级简报.docx", "北辰区2026年第2季度评星定级简报.pdf",
    ]  # fmt: skip
    refused = runner.invoke(args=["brief", "北辰区", "2019", "2", "--folder", str(tmp_path)])
    assert "没有2019年度，没有做简报" in refused.output
