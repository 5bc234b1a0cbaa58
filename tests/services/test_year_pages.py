"""The pages of a year and of its results through the house-rule client: who sees what, from draft to determined."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import event

from tests.services import district
from tests.services.browser import Browser


@pytest.fixture
def statements(app: Any) -> Any:
    """Counts the statements of a request."""
    from starrating.extensions import db

    counted: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    return counted


def test_a_year_from_its_form_to_its_determination(app: Any, people: dict[str, int]) -> None:
    wang, liu, town = Browser(app, "wang"), Browser(app, "liu"), Browser(app, "town")
    new = f"/cycles/districts/{people['district']}/new"
    wang.get("/cycles/")
    wang.get(new)
    wang.fill_in(new, year="2024", village=district.SCHEMES["village"], community=district.SCHEMES["community"])
    assert "2024年度已经建立" in wang.fill_in(new, 409, year="2024", village=district.SCHEMES["village"], community="")
    offered = wang.get(new)
    assert [f'selected value="{one}"' in offered for one in district.SCHEMES.values()] == [True, True], "as last year"
    for page in ("/cycles/1", "/cycles/1/schemes/village", "/cycles/1/schemes/community", "/cycles/1/assignments"):
        wang.get(page)
    dates = "/calendar/cycles/1/dates"
    wang.get(dates)
    days: dict[str, Any] = {"scoring-opens": "2024-01-01", "scoring-closes": "2024-12-25"}
    wang.fill_in(dates, 303, version="1", **days)
    assert "2024-12-20" in wang.fill_in(dates, 409, version="1", **days | {"scoring-closes": "2024-12-20"})
    wang.fill_in(dates, 422, version="2", **days | {"scoring-closes": "2023-10-26"})
    assert "不是日期" in wang.fill_in(dates, 422, version="2", **days | {"scoring-closes": "2024-13-45"})
    assigned: dict[str, Any] = {"version": "2", "village:V1.1": "乡镇街道"}
    wang.fill_in("/cycles/1/assignments", **assigned)
    wang.fill_in("/cycles/1/steps", version="3", step="open_scoring")
    wang.fill_in("/cycles/1/steps", 409, version="4", step="open_scoring")
    wang.fill_in("/cycles/1/steps", 409, version="4", step="publish")
    assert "要补或要改" in wang.fill_in("/ratings/cycles/1/trials", 422)
    with app.app_context():
        district.fill(1)
    wang.fill_in("/cycles/1/steps", version="4", step="close_scoring")
    wang.get("/ratings/cycles/1/determination")
    wang.fill_in("/ratings/cycles/1/trials")
    page = wang.get("/ratings/cycles/1/determination")
    assert "是你提交的试算" in page
    digest = page.partition('name="digest" value="')[2][:64]
    wang.fill_in("/ratings/cycles/1/confirm", 409, digest=digest)
    town.get("/ratings/cycles/1/village", 404)
    liu.get("/ratings/cycles/1/village")
    liu.fill_in("/ratings/cycles/1/confirm", digest=digest)
    liu.fill_in("/ratings/cycles/1/confirm", digest=digest)
    assert "已确认" in liu.get("/ratings/cycles/1/determination")
    town.get("/ratings/cycles/1/village")
    assert "从“复核”转到“审定”" in liu.client.get("/audit/", check=False).get_data(as_text=True)


def test_faults_of_an_uploaded_scheme_are_shown_by_line(app: Any, people: dict[str, int]) -> None:
    wang = Browser(app, "wang")
    new = f"/cycles/districts/{people['district']}/new"
    text = "format: starrating/1\nextends: tianjin-village-2024.yaml\nallocation:\n  levels:\n    fife: {quota: 10%}\n"
    sent: dict[str, Any] = {"year": "2024", "village": "", "community": ""}
    page = wang.fill_in(new, 422, **sent, village_file=(io.BytesIO(text.encode()), "办法.yaml"))
    assert "fife" in page
    stolen = b"format: starrating/1\nextends: ../../../../etc/passwd\n"
    page = wang.fill_in(new, 422, **sent, village_file=(io.BytesIO(stolen), "办法.yaml"))
    assert "root" not in page
    good = "format: starrating/1\nextends: tianjin-village-2024.yaml\ntitle: 北辰办法\n".encode()
    wang.fill_in(new, **sent, village_file=(io.BytesIO(good), "办法.yaml"))
    assert "北辰办法" in wang.get("/cycles/1/schemes/village")
    wang.fill_in("/cycles/1/schemes/village", 422, version="1", file=(io.BytesIO(b"x: [\n"), "办法.yaml"))
    wang.fill_in("/cycles/1/schemes/village", version="1", file=(io.BytesIO(good), "a.yaml"))


def test_results_pages_hold_few_statements_and_only_the_scope(
    app: Any, people: dict[str, int], verified: int, statements: list[str]
) -> None:
    from starrating.queries.content import content_digest
    from starrating.services.rating.determination import confirm_determination, determine

    with app.app_context():
        ids = determine(verified, people["wang"])
        confirm_determination(verified, content_digest(ids), people["liu"])
    browsers = {name: Browser(app, name) for name in ("wang", "town", "unit", "assessor", "auditor", "city")}
    unit = f"/ratings/units/{people['first']}"
    for name, browser in browsers.items():
        for page in ("/ratings/", f"/ratings/cycles/{verified}/village", unit, f"{unit}?cycle={verified}",
                     f"/cycles/{verified}", "/cycles/", f"/cycles/{verified}/schemes/village"):  # fmt: skip
            browser.get(page)
            del statements[:]
            said = browser.get(page)
            assert len(statements) <= 20, (name, page, len(statements))
            assert ("结果运用" in said and page.startswith(unit)) <= (name in ("wang", "auditor", "city"))
    whole = browsers["wang"].get(f"/ratings/cycles/{verified}/village")
    assert "row--quota" in whole
    own = browsers["unit"].get(f"/ratings/cycles/{verified}/village")
    assert own.count("/ratings/units/") == 1
    assert "row--quota" not in own
    browsers["wang"].get(f"/ratings/cycles/{verified}/village?level=five&changed=first&q=1&township=99&page=7")
    browsers["town"].get(f"/ratings/cycles/{verified}/determination", 404)
    browsers["assessor"].get(f"/ratings/cycles/{verified}/determination", 403)


def test_the_file_of_results_holds_no_formula(app: Any, people: dict[str, int], verified: int) -> None:
    from sqlalchemy import update

    from starrating.models.divisions import Unit
    from starrating.services.rating.determination import determine
    from starrating.services.transaction import transaction

    with app.app_context():
        determine(verified, people["wang"])
        with transaction() as session:
            session.execute(update(Unit).where(Unit.id == people["first"]).values(name="=1+1"))
    file = Browser(app, "wang").get(f"/ratings/cycles/{verified}/village.csv")
    assert ",'=1+1," in file
    assert file.startswith("\ufeff名次,代码,")
    assert len(file.splitlines()) == 16
