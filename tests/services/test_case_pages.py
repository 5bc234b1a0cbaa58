"""The pages of cases: the list, one case and its acts, what a township sees, the workbook; and nobody else anything."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest

from tests.services.browser import Browser
from tests.services.public_year import PublicYear
from tests.web.city import token_of


def first_case(year: PublicYear, **wanted: str) -> int:
    """The key of a case of 2025 that is as wanted and was not touched."""
    from sqlalchemy import select

    from starrating.extensions import db
    from starrating.models.cases import ConsequenceCase

    with year.app.app_context():
        found = select(ConsequenceCase.id).filter_by(cycle_id=year.next_id, state="proposed", **wanted)
        return int(db.session.scalars(found.order_by(ConsequenceCase.id)).first() or 0)


def test_a_case_is_read_and_decided(year: PublicYear) -> None:
    key, wang = first_case(year, outcome="pay_coefficient"), Browser(year.app, "wang")
    listed = wang.get(f"/consequences/divisions/{year.people['district']}?year=2025")
    assert f"/consequences/cases/{key}" in listed
    page = wang.get(f"/consequences/cases/{key}")
    for said in ("为什么", "当时的值", "按冻结的事实重算，这一条仍然成立", "批准，转办理", "2025年度名单发布"):
        assert said in page, said
    form = {"csrf_token": token_of(wang.client), "move": "waive", "version": "1", "reason": ""}
    refused = wang.client.post(f"/consequences/cases/{key}/move", data=form)
    assert refused.status_code == 422
    assert "理由要写明，没有存" in refused.text
    done = wang.client.post(f"/consequences/cases/{key}/move", data={**form, "reason": "已调离本区"})
    assert done.status_code == 303
    after = wang.get(f"/consequences/cases/{key}")
    assert "免办" in after
    assert "已调离本区" in after
    again = wang.client.post(f"/consequences/cases/{key}/move", data={**form, "reason": "再办一次"})
    assert again.status_code == 409
    assert "再办一次" in again.text


@pytest.mark.parametrize("name", ["assessor", "town", "unit", ""])
def test_nobody_else_finds_a_case(year: PublicYear, name: str) -> None:
    key, district = first_case(year), year.people["district"]
    client = Browser(year.app, name).client if name else year.app.test_client()
    within = [f"/consequences/divisions/{district}/{page}" for page in ("eligible", "due")]
    for address in (f"/consequences/cases/{key}", *within):
        assert client.get(address).status_code == (404 if name else 302), address
    for page in ("cases.xlsx", "eligible.xlsx"):
        sent = {"csrf_token": token_of(client)} if name else {}
        refused = client.post(f"/consequences/divisions/{district}/{page}", data=sent)
        assert refused.status_code in ((404,) if name else (302, 400)), page


def test_the_auditor_reads_and_cannot_act(year: PublicYear) -> None:
    key, auditor = first_case(year), Browser(year.app, "auditor")
    page = auditor.get(f"/consequences/cases/{key}")
    assert "批准，转办理" not in page
    form = {"csrf_token": token_of(auditor.client), "move": "approve", "version": "1"}
    assert auditor.client.post(f"/consequences/cases/{key}/move", data=form).status_code == 404


def test_the_township_sees_its_own_due_list(year: PublicYear) -> None:
    town = Browser(year.app, "town")
    page = town.get(f"/consequences/divisions/{year.people['township']}/due")
    assert "到期要办的事项" in page
    assert "/consequences/cases/" not in page


def test_the_workbook_holds_texts_and_masked_names(year: PublicYear) -> None:
    wang = Browser(year.app, "wang")
    at, sent = f"/consequences/divisions/{year.people['district']}", {"csrf_token": token_of(wang.client)}
    answer = wang.client.post(f"{at}/cases.xlsx?year=2025&tab=proposed", data=sent)
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert rows[0][0] == "案号"
    assert len(rows) > 5
    assert {row[5] for row in rows[1:]} <= {"示*", "班子", "村（社区）", "空缺"}
    assert "no-store" in answer.headers["Cache-Control"]
    list_of = wang.client.post(f"{at}/eligible.xlsx?year=2025&who=met", data=sent)
    eligible = list(openpyxl.load_workbook(io.BytesIO(list_of.data)).active.iter_rows(values_only=True))
    assert {(row[3], row[5], row[6]) for row in eligible[1:]} == {("示*", "符合", 0)}
    with year.app.app_context():
        from sqlalchemy import select

        from starrating.extensions import db
        from starrating.models.audit import AuditEvent

        told = select(AuditEvent.facts).where(AuditEvent.act == "people_list_exported").order_by(AuditEvent.sequence)
        kept = [json.loads(one) for one in db.session.scalars(told)]
    assert kept[-2:] == [{"list": "cases", "rows": len(rows) - 1},
                         {"list": "eligible", "rows": len(eligible) - 1}]  # fmt: skip


def test_the_eligibility_list_says_what_is_missing(year: PublicYear) -> None:
    wang, at = Browser(year.app, "wang"), f"/consequences/divisions/{year.people['district']}/eligible?year=2025"
    page = wang.get(at)
    assert "逐条" in page
    assert "成立" in page
    supposed = wang.get(f"{at}&suppose=five")
    assert "假设只改星级、升降、连续年数" in supposed


def test_the_walk_counts_what_is_missing() -> None:
    from starrating.blueprints.consequences.telling import walked_lines
    from starrating.domain.supposed_year import next_year
    from starrating.domain.walk import Remembered, walk
    from starrating.services.years.scheme_texts import read_demo

    scheme = read_demo("tianjin-village-2024.yaml", 2024).scheme
    rule = next(one for one in scheme.consequences if one.effect.what == "institutional_post")
    values: dict[str, Any] = {"level": "five", "streak.five": "2", "appraisal": "好", "leader.months": "40",
                              "leader.dual_role": "1"}  # fmt: skip
    known = Remembered(scheme, values)
    found = walk(rule.when, known)
    assert (found.met, found.misses) == (False, 1)
    assert [line.gap for line in walked_lines(found, scheme) if line.gap] == ["还差1个五星年度"]
    assert walk(rule.when, next_year(known, "five")).met
    assert not walk(rule.when, next_year(known, "four")).met


def test_an_office_reads_words_and_days_not_codes(year: PublicYear) -> None:
    wang = Browser(year.app, "wang")
    district = year.people["district"]
    talk = wang.get(f"/consequences/cases/{first_case(year, outcome='measure')}")
    civil = wang.get(f"/consequences/cases/{first_case(year, rule='civil')}")
    lists = [wang.get(f"/consequences/divisions/{district}{rest}") for rest in ("?year=2025", "/eligible?year=2025")]
    for page in (talk, civil, *lists):
        assert "flag." not in page
        assert "months）" not in page
    assert "没有在届书记、主任受党纪政务处分" in civil
    assert "任职满36个月" in lists[1]
    assert "2026年3月24日（发布的次日起按日历天数算）" in talk
    assert "书记，2021年4月1日起任" in talk
    assert "到2025年12月31日满56个月" in talk


def test_what_leads_on_is_offered_before_what_holds_up() -> None:
    from starrating.domain.cases import STEPS, CaseMove, CaseState, steps_from

    assert steps_from(CaseState.APPROVED, in_review=False)[0].move is CaseMove.CARRY_OUT
    assert steps_from(CaseState.PROPOSED, in_review=False)[0].move is CaseMove.APPROVE
    assert len({one.move for one in STEPS}) == len(CaseMove)


def test_what_is_missing_is_said_only_where_it_is_needed() -> None:
    from starrating.blueprints.consequences.telling import walked_lines
    from starrating.domain.walk import Remembered, walk
    from starrating.services.years.scheme_texts import read_demo

    scheme = read_demo("tianjin-village-2024.yaml", 2024).scheme
    rule = next(one for one in scheme.consequences if one.effect.what == "civil_service")

    def told(level: str, change: str) -> list[tuple[str, str]]:
        known = {"level": level, "change": change, "flag.punished": "0", "leader.dual_role": "1"}
        return [(one.value, one.gap) for one in walked_lines(walk(rule.when, Remembered(scheme, known)), scheme)]

    assert told("four", "0") == [("", ""), ("四星", ""), ("与上年相同", ""), ("0次", "")]
    assert told("three", "-1") == [("", ""), ("三星", "还差1级"), ("降1级", "还差2级"), ("0次", "")]
