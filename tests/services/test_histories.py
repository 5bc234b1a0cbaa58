"""The history of a unit through the house-rule client and by query: who, when, from what to what, why, from where."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from starrating.domain.verification import Verdict
from starrating.extensions import db
from starrating.queries.histories import ChangeFilter, all_changes, changes_page, sources_known, stood_at
from starrating.services.assessment.verification import Seen, verify_scores
from starrating.services.scoring.scores import Source, save_scores
from starrating.services.scoring.typed_scores import Typed
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_scores import who

CHECK, OTHER, NUMBER = "V1.3.未发展未培养", "V1.3.后备缺失", "V6.1"
HEADERS = (CHECK, OTHER, NUMBER)


@pytest.fixture
def lived(app: Any, people: dict[str, int], entered: int, clock: Any) -> int:
    """A cycle with a history: values typed, taken back, from a workbook; one value loaded without a history."""
    with app.app_context():
        by, first = who(people, "assessor"), people["first"]
        days = [datetime(2024, 3, day, 4, tzinfo=UTC) for day in (2, 3, 4)]
        clock.at = days[0]
        save_scores(entered, [Typed(first, NUMBER, 1, "71.5", reason="=问卷复核")], by, Source.GRID)
        clock.at = days[1]
        save_scores(entered, [Typed(first, NUMBER, 2, "72.5"), Typed(first, CHECK, 1, "")], by, Source.WORKBOOK)
        clock.at = days[2]
        save_scores(entered, [Typed(first, CHECK, 2, "1")], by, Source.FORM)
        db.session.remove()
        return entered


def test_changes_are_told_narrowed_and_paged(app: Any, lived: int, people: dict[str, int]) -> None:
    with app.app_context():
        found = all_changes(lived, people["first"], HEADERS, ChangeFilter())
        said = [(one.header, one.before and one.before.shown, one.entry.shown, one.source) for one in found]
        assert sorted(said[1:3]) == [(CHECK, None, "", "workbook"), (NUMBER, "71.5", "72.5", "workbook")]
        assert (said[0], said[3]) == ((CHECK, "", "1", "entry"), (NUMBER, None, "71.5", "grid"))
        for narrowed, count in (
            (ChangeFilter(person="李"), 4), (ChangeFilter(person="assess"), 4), (ChangeFilter(person="王"), 0),
            (ChangeFilter(source="grid"), 1), (ChangeFilter(header="V6.1"), 2), (ChangeFilter(header="V1.3"), 2),
            (ChangeFilter(header="V1"), 2), (ChangeFilter(since=datetime(2024, 3, 3, 4, tzinfo=UTC)), 3),
            (ChangeFilter(until=datetime(2024, 3, 3, 4, tzinfo=UTC)), 3), (ChangeFilter(header="%"), 0),
        ):  # fmt: skip
            page = changes_page(lived, people["first"], HEADERS, narrowed)
            assert (page.total, len(page.rows)) == (count, count), narrowed
        assert changes_page(lived, people["first"], (OTHER,), ChangeFilter()).total == 0
        db.session.remove()


def test_a_unit_as_it_was_at_an_instant(app: Any, lived: int, people: dict[str, int]) -> None:
    with app.app_context():

        def at(day: int) -> dict[str, str | None]:
            found = stood_at(lived, people["first"], HEADERS, datetime(2024, 3, day, 5, tzinfo=UTC))
            db.session.remove()
            return {header: one.entry.shown if one.entry else None for header, one in found.items()}

        assert at(1) == {NUMBER: None, CHECK: None, OTHER: "0"}, "what was loaded and changed later is not known"
        assert at(2) == {NUMBER: "71.5", CHECK: None, OTHER: "0"}
        assert at(3) == {NUMBER: "72.5", CHECK: "", OTHER: "0"}
        assert at(4) == {NUMBER: "72.5", CHECK: "1", OTHER: "0"}


def test_the_pages_of_a_history(app: Any, lived: int, people: dict[str, int]) -> None:
    assessor, first = Browser(app, "assessor"), people["first"]
    base = f"/scoring/cycles/{lived}/units/{first}"
    page = assessor.get(f"{base}/changes")
    for word in ("李敏", "=问卷复核", "填报表", "表格", "表单", "装入的数", "2024-03-02 12:00:00"):
        assert word in page
    page = assessor.get(f"{base}/changes?source=grid&person=李&since=2024-03-02&until=2024-03-02")
    assert "71.5" in page
    assert "72.5" not in page
    assert "来源" in assessor.get(f"{base}/history?header={CHECK}")
    page = assessor.get(f"{base}/compare?earlier=2024-03-02&later=2024-03-04")
    assert "2格不同" in page
    assert "71.5" in page
    assert "装入的数" in page
    assert "先选一天" in assessor.get(f"{base}/compare")
    assert "没有不同" in assessor.get(f"{base}/compare?earlier=2024-03-04")
    assert OTHER in assessor.get(f"{base}/compare?earlier=2024-03-04&show=all")
    assert f"{base}/changes" in assessor.get(base)


def test_verdicts_stand_in_the_history_of_a_cell_and_of_a_unit(
    app: Any, lived: int, people: dict[str, int], clock: Any
) -> None:
    """Returned and confirmed: who, when, why, about which value; narrowed and handed out like every change."""
    first = people["first"]
    with app.app_context():
        district.step(lived, "close_scoring", people["wang"])
        clock.at = datetime(2024, 3, 6, 4, tzinfo=UTC)
        verify_scores(lived, Verdict.RETURN, [Seen(first, NUMBER, 3)], "=和台账不一样", who(people, "wang"))
        clock.at = datetime(2024, 3, 7, 4, tzinfo=UTC)
        verify_scores(lived, Verdict.CONFIRM, [Seen(first, CHECK, 3)], "", who(people, "wang"))
        found = all_changes(lived, first, HEADERS, ChangeFilter())
        said = [(one.header, one.review, one.entry.shown, one.reason, one.at.day) for one in found[:2]]
        assert said == [(CHECK, "confirmed", "1", "", 7), (NUMBER, "returned", "72.5", "=和台账不一样", 6)]
        assert len(found) == 6
        for narrowed, count in ((ChangeFilter(source="verdict"), 2), (ChangeFilter(source="grid"), 1),
                                (ChangeFilter(person="王"), 2), (ChangeFilter(header="V6.1"), 3),
                                (ChangeFilter(since=datetime(2024, 3, 7, tzinfo=UTC)), 1)):  # fmt: skip
            assert changes_page(lived, first, HEADERS, narrowed).total == count, narrowed
        assert sources_known(lived, first)[-1] == "verdict"
        db.session.remove()
    base, wang = f"/scoring/cycles/{lived}/units/{first}", Browser(app, "wang")
    assert "复核意见：退回" in wang.get(f"{base}/changes")
    cell = wang.get(f"{base}/history?header={NUMBER}")
    assert cell.index("复核意见：退回") < cell.index("填报表")
    assert "=和台账不一样" in cell
    text = wang.client.get(f"{base}/changes.csv?source=verdict").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[4:] for row in rows[1:]] == [["1", "1", "复核意见：确认", ""],
                                             ["72.5", "72.5", "复核意见：退回", "'=和台账不一样"]]  # fmt: skip


def test_a_history_leaves_as_a_file_without_formulas(app: Any, lived: int, people: dict[str, int]) -> None:
    assessor = Browser(app, "assessor")
    base = f"/scoring/cycles/{lived}/units/{people['first']}/changes"
    lines = list(
        csv.reader(io.StringIO(assessor.client.get(f"{base}.csv").get_data(as_text=True).removeprefix("\ufeff")))
    )
    assert lines[0] == ["时间", "谁填的", "哪一格", "指标", "原来", "改成", "来源", "理由"]
    assert len(lines) == 5
    assert lines[-1][4:] == ["", "71.5", "表格", "'=问卷复核"]
    assert (
        len(list(csv.reader(io.StringIO(assessor.client.get(f"{base}.csv?source=grid").get_data(as_text=True))))) == 2
    )
    sheet = openpyxl.load_workbook(io.BytesIO(assessor.client.get(f"{base}.xlsx").get_data())).active
    assert [sheet.cell(5, at).value for at in (6, 7, 8)] == ["71.5", "表格", "=问卷复核"]
    assert sheet.cell(5, 8).data_type == "s"


def test_a_history_is_narrowed_to_what_is_somebody_s(app: Any, lived: int, people: dict[str, int]) -> None:
    base = f"/scoring/cycles/{lived}/units/{people['first']}"
    for end in ("changes", "changes.csv", "compare?earlier=2024-03-02"):
        text = Browser(app, "town").client.get(f"{base}/{end}", check=False).get_data(as_text=True)
        assert "71.5" not in text
        assert "问卷复核" not in text
        assert Browser(app, "auditor").client.get(f"{base}/{end}").status_code == 200
        assert Browser(app, "unit").client.get(f"{base}/{end}", check=False).status_code in (403, 404)
