"""The pay sheet: rates stored by version, rows that re-add, what is missing in words, masked, and for nobody else."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.domain.pay import PayRole
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.cases import ConsequenceCase
from starrating.queries.divisions import path_of
from starrating.queries.pay import rates_of
from starrating.services.consequences.pay import TypedRates, pay_sheet, store_rates
from tests.services.browser import Browser
from tests.services.public_year import PublicYear
from tests.web.city import token_of

TYPED = {"base": "36000", "performance": "24000.10", "dual": "1000", "secretary": "800", "director": "700"}
AGAINST = "/consequences/divisions"
FORMULA = re.compile(
    r"基本([\d.]+)元÷12×(\d+)＋绩效([\d.]+)元×系数([\d.]+)×份额(\d+)‰×\2÷12＝([\d.]+)元"
)  # fmt: skip


@pytest.mark.usefixtures("app")
def test_rates_are_kept_version_by_version(app: Any, people: dict[str, int], determined: int) -> None:
    with app.app_context():
        district, by = people["district"], people["wang"]
        assert store_rates(district, 2024, 0, TypedRates(*TYPED.values()), by) == 1
        assert store_rates(district, 2024, 1, TypedRates("0", "0.5", "0", "0", "0"), by) == 2
        for version in (0, 1, 3):
            with pytest.raises(RuleError, match=r"pay\.changed"):
                store_rates(district, 2024, version, TypedRates(*TYPED.values()), by)
        kept = rates_of(district, 2024)
        assert kept is not None
        assert (kept.version, kept.rates.base, kept.rates.performance) == (2, 0, 50)
        assert rates_of(district, 2023) is None
        acts = select(func.count()).select_from(AuditEvent).where(AuditEvent.act == "pay_rates_stored")
        assert db.session.scalar(acts) == 2
        db.session.remove()
        for change in ("UPDATE pay_rate SET base = 1", "DELETE FROM pay_rate"):
            with pytest.raises(DatabaseError), db.engine.begin() as connection:
                connection.execute(text(change))


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [("base", "1.234", "pay.money"), ("base", "-1", "pay.money"), ("performance", "１２", "pay.money"),
     ("performance", "", "pay.money"), ("dual", "2001", "pay.share"), ("director", "0.5", "pay.share")],
)  # fmt: skip
def test_what_cannot_be_a_rate_is_refused(field: str, typed: str, code: str) -> None:
    with pytest.raises(RuleError, match=re.escape(code)):
        store_rates(1, 2024, 0, TypedRates(**TYPED | {field: typed}), 1)


def form(browser: Browser, version: int, **changed: str) -> dict[str, str]:
    """The form of the rates as a browser sends it."""
    return {"csrf_token": token_of(browser.client), "year": "2025", "version": str(version), **TYPED, **changed}


def test_the_sheet_from_no_rates_to_a_workbook_that_re_adds(year: PublicYear) -> None:
    district, town = year.people["district"], year.people["township"]
    wang = Browser(year.app, "wang")
    assert "区里还没有存2025年度的标准" in wang.get(f"{AGAINST}/{town}/pay?year=2025")
    at = f"{AGAINST}/{district}/pay-rates"
    refused = wang.client.post(at, data=form(wang, 0, base="三万六"))
    assert (refused.status_code, "基本和绩效要写成" in refused.text, "三万六" in refused.text) == (422, True, True)
    assert wang.client.post(at, data=form(wang, 0)).status_code == 303
    slower = wang.client.post(at, data=form(wang, 0, base="12345.67"))
    assert slower.status_code == 409
    for said in ("别人存过这一年度的标准", 'value="12345.67"', "36,000.00元", 'name="version" value="1"'):
        assert said in slower.text, said

    page = wang.get(f"{AGAINST}/{town}/pay?year=2025")
    for said in ("每月15日在任的人算这一个月", "书记兼主任", "基本36000.00元÷12×12＋绩效24000.10元×系数"):
        assert said in page, said
    whole = wang.get(f"{AGAINST}/{district}/pay?year=2025")
    within = set(re.findall(rf"{AGAINST}/(\d+)/pay\?year=2025", whole)) - {str(district)}
    townships = [added(wang, int(key)) for key in within]
    assert len(townships) > 1
    assert sum(townships) == added(wang, district) > 0
    assert f"{sum(townships):,}元" in whole
    a_waived_case_pays_nothing_and_says_so(year, wang)


def a_waived_case_pays_nothing_and_says_so(year: PublicYear, wang: Browser) -> None:
    """The sum without the rows of a unit whose coefficient was waived; the page says why."""
    with year.app.app_context():
        place = Place(*(row.id for row in path_of(year.people["township"])))
        before = pay_sheet(place, 2025)
        row = next(one for one in before.rows if one.role is PayRole.DUAL and one.coefficient.number is not None)
        assert before.unsettled == before.total > 0
        case_id = db.session.scalar(
            select(ConsequenceCase.id).filter_by(cycle_id=year.next_id, unit_id=row.unit.id, outcome="pay_coefficient")
        )
    move = {"csrf_token": token_of(wang.client), "move": "waive", "version": "1", "reason": "已调离本区"}
    assert wang.client.post(f"/consequences/cases/{case_id}/move", data=move).status_code == 303
    assert "系数事项免办了，没有算。" in wang.get(f"{AGAINST}/{year.people['township']}/pay?year=2025")
    with year.app.app_context():
        after = pay_sheet(place, 2025)
        assert after.total == before.total - sum(
            one.amount or 0 for one in before.rows if one.unit.id == row.unit.id
        )  # fmt: skip
        assert {one.missing for one in after.rows if one.unit.id == row.unit.id} == {"waived"}


def added(browser: Browser, division: int) -> Decimal:
    """The sum of a workbook, after its rows were added up and each was worked out from its own text."""
    at = f"{AGAINST}/{division}/pay.xlsx?year=2025"
    answer = browser.client.post(at, data={"csrf_token": token_of(browser.client)})
    assert "no-store" in answer.headers["Cache-Control"]
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    last = next(at for at, row in enumerate(rows) if row[0] == "合计")
    for row in rows[1:last]:
        assert row[2] == "示*"
        told = FORMULA.fullmatch(str(row[8]))
        assert told, row[8]
        base, months, performance, coefficient, share, worth = map(Decimal, told.groups())
        again = (base + performance * coefficient * share / 1000) * months / 12
        assert abs(again - worth) <= Decimal("0.005")
        assert (worth, months) == (Decimal(str(row[7])), row[4])
    total = Decimal(str(rows[last][7])).quantize(Decimal("0.01"))
    assert sum((Decimal(str(row[7])).quantize(Decimal("0.01")) for row in rows[1:last]), Decimal(0)) == total
    return total


@pytest.mark.parametrize("name", ["assessor", "town", "unit", ""])
def test_nobody_else_finds_the_sheet(year: PublicYear, name: str) -> None:
    client = Browser(year.app, name).client if name else year.app.test_client()
    for division in (year.people["district"], year.people["township"]):
        assert client.get(f"{AGAINST}/{division}/pay").status_code == (404 if name else 302)
        sent = {"csrf_token": token_of(client)} if name else {}
        refused = client.post(f"{AGAINST}/{division}/pay.xlsx", data=sent)
        assert refused.status_code in ((404,) if name else (302, 400))


def test_the_auditor_reads_and_cannot_store(year: PublicYear) -> None:
    auditor, district = Browser(year.app, "auditor"), year.people["district"]
    assert "存为新的一版" not in auditor.get(f"{AGAINST}/{district}/pay?year=2025")
    assert auditor.client.post(f"{AGAINST}/{district}/pay-rates", data=form(auditor, 0)).status_code == 404
