"""The history of an assessment, of the unit, its township and the district; files beside the indicators."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import openpyxl

from starrating.domain.assessment import Move
from starrating.domain.verification import Verdict
from starrating.extensions import db
from starrating.queries.assessment_history import steps_of
from starrating.services.assessment.assessments import save_assessment, submit_assessment
from starrating.services.assessment.reviews import Decision, review_assessments
from starrating.services.assessment.verification import verify_scores
from starrating.services.scoring.scores import save_scores
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_assessment_pages import scoring
from tests.services.test_assessments import PARTS, typed, who
from tests.services.test_verification import put, seen

__all__ = ["scoring"]


def told(year: int, people: dict[str, int], *, verdicts: bool = True) -> list[tuple[str, str, str, str, str, str]]:
    """Stage, who, about what, what, from → to, why; the oldest first."""
    found = steps_of(year, people["first"], verdicts=verdicts)
    db.session.remove()
    return [
        (one.stage, one.by, one.about, one.what,
         f"{one.before.shown if one.before else ''}→{one.entry.shown if one.entry else ''}", one.reason)
        for one in reversed(found)
    ]  # fmt: skip


def test_everything_that_happened_stands_in_its_order(
    app: Any, scoring: int, people: dict[str, int], clock: Any
) -> None:
    with app.app_context():
        unit, town, wang = (who(people, name) for name in ("unit", "town", "wang"))
        header, other = PARTS
        acts = (
            lambda: save_assessment(scoring, people["first"], typed(people, {header: "1", other: "0"}), unit),
            lambda: save_assessment(scoring, people["first"], typed(people, {header: "0"}, 1), unit),
            lambda: submit_assessment(scoring, people["first"], {"V1.3": 2}, unit),
            lambda: review_assessments(scoring, people["first"], [Decision("V1.3", 3, Move.RETURN, "缺档案")], town),
            lambda: save_assessment(scoring, people["first"], typed(people, {header: "1"}, 2), unit),
            lambda: submit_assessment(scoring, people["first"], {"V1.3": 5}, unit),
            lambda: review_assessments(
                scoring,
                people["first"],
                [Decision("V1.3", 6, Move.CHANGE, "查过档案", {header: "0", other: "0"})],
                town,
            ),
            lambda: save_scores(scoring, put(people, "1", 0), who(people, "assessor")),
            lambda: district.step(scoring, "close_scoring", people["wang"]),
            lambda: verify_scores(scoring, Verdict.RETURN, seen(people), "与初评不符", wang),
        )
        for act in acts:
            act()
            clock.advance(minutes=1)
        steps = told(scoring, people)
        assert [one for one in steps if one[2] != other] == [
            ("self", "陈秀兰", header, "", "→1", ""),
            ("self", "陈秀兰", header, "", "1→0", ""),
            ("self", "陈秀兰", "V1.3", "submit", "→", ""),
            ("township", "张建军", "V1.3", "return", "→", "缺档案"),
            ("self", "陈秀兰", header, "", "0→1", ""),
            ("self", "陈秀兰", "V1.3", "submit", "→", ""),
            ("township", "张建军", header, "", "→0", "查过档案"),
            ("township", "张建军", "V1.3", "change", "→", "查过档案"),
            ("verification", "王海燕", header, "returned", "→1", "与初评不符"),
        ]
        assert not [one for one in told(scoring, people, verdicts=False) if one[0] == "verification"]
    page, own = f"/assessments/cycles/{scoring}/units/{people['first']}", Browser(app, "unit")
    assert f'href="{page}/history"' in own.get(f"{page}/parts/V1")
    mine = own.get(f"{page}/history")
    for words in ("缺档案", "查过档案", "陈秀兰"):
        assert words in mine
    assert "与初评不符" not in mine, "what the district says of a score is not the unit's to see before it is published"
    whole = Browser(app, "wang").get(f"{page}/history?indicator=V1.3&stage=verification")
    assert "与初评不符" in whole
    assert "缺档案" not in whole
    own.get(f"{page}/history?indicator=V99", 404)
    assert own.client.get(f"{page}/history.csv?indicator=V99").status_code == 404
    rows = lines_of(own, f"{page}/history.csv")
    assert len(rows) > 6
    assert "与初评不符" not in str(rows)
    (verdict,) = lines_of(Browser(app, "wang"), f"{page}/history.csv?indicator=V1.3&stage=verification")
    assert verdict[1:] == ["复核", "王海燕", header, verdict[4], "1", "1", "退回", "与初评不符"]
    sheet = openpyxl.load_workbook(io.BytesIO(own.client.get(f"{page}/history.xlsx").get_data())).active
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=2)] == rows
    own.get(f"{page}/history?page=9999999")
    Browser(app, "assessor").get(f"/assessments/cycles/{scoring}/units/999999/history", 404)


def lines_of(browser: Browser, address: str) -> list[list[str]]:
    """The rows of a file below its head."""
    text = browser.client.get(address).get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_the_guided_page_takes_files_beside_each_indicator(app: Any, scoring: int, people: dict[str, int]) -> None:
    page = Browser(app, "unit").get(f"/assessments/cycles/{scoring}/units/{people['first']}/parts/V1")
    values = re.search(r'<form class="form assess-form".*?</form>', page, re.DOTALL)
    assert values
    inputs = re.findall(r'<input class="evidence-input"[^>]* form="([^"]+)"', values[0])
    assert inputs == [f"evidence-V1.{number}-form" for number in range(1, 6)]
    assert values[0].count("<form") == 1, "no form within a form"
    behind = page[values.end() :]
    for name in inputs:
        form = re.search(rf'<form id="{re.escape(name)}".*?</form>', behind, re.DOTALL)
        assert form
        assert 'name="csrf_token"' in form[0]
        assert f'value="{name.removeprefix("evidence-").removesuffix("-form")}"' in form[0]
        assert 'name="purpose" value="self_assessment"' in form[0]
    panel = re.search(r'data-panel="([^"]+)"', values[0])
    assert panel
    shown = Browser(app, "unit").client.get(html.unescape(panel[1]), check=False).get_data(as_text=True)
    assert "还没有佐证" in shown
    assert "<form" not in shown, "it is put into a form"
