"""A split pool that stays: two people, the pool to the 分 through deferrals, a star taken away and its answer."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from starrating.domain.cases import CaseMove
from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.cases import ConsequenceCase
from starrating.queries.decisions import decision
from starrating.queries.staying import FUND, SheetRow, sheet_of, sheets_of
from starrating.services.consequences import fund_sheets as service
from starrating.services.consequences.cases import Given, move_case
from starrating.services.consequences.staying import NextSheet, Shown
from starrating.services.decisions.checks import Said
from starrating.services.decisions.decisions import Removal, decide, propose_removal, restatement_of
from starrating.services.decisions.liftings import propose_lifting
from starrating.services.editions.list_text import canonical, digest_of
from starrating.services.publication.publication import publish
from starrating.services.upkeep.sheet_checks import check_sheets
from starrating.services.working_days import today
from tests.services.browser import Browser
from tests.services.test_cases_worked import build
from tests.services.test_honours import RULES, handed, of
from tests.web.city import key_of, token_of

POOL = "1000000.01"
AT = "/consequences"


def due(home: int, pool: str = POOL) -> NextSheet:
    """What could be drafted now."""
    kept = sheets_of(FUND, home, 2024)
    found = service.fund(service.shares_of(home, 2024), service.pool_of(pool), [one for one in kept if one.confirmed])
    return service.next_sheet(found, home, 2024, kept)


def drafted(home: int, by: int, reason: str = "", pool: str = POOL) -> int:
    """A draft of what is due."""
    return service.draft_sheet(home, 2024, pool, Shown(due(home, pool).digest, reason), by)


def stays(home: int, who: Mapping[str, int], reason: str = "", pool: str = POOL) -> SheetRow:
    """What is due, drafted and confirmed."""
    key = drafted(home, who["wang"], reason, pool)
    row = stored(key)
    service.confirm_sheet(key, row.version, row.digest, who["liu"])
    return stored(key)


def stored(key: int) -> SheetRow:
    """A sheet as it stands."""
    found = sheet_of(FUND, key)
    assert found is not None
    return found


def given(home: int) -> dict[str, int]:
    """Unit → what the confirmed sheets gave it together."""
    texts = [json.loads(one.text) for one in sheets_of(FUND, home, 2024) if one.confirmed]
    names = {(one[0], one[1]): one[2] for text_ in texts for one in text_["parts"]}
    found: dict[str, int] = {}
    for key, money in service.given_before(texts).items():
        found[names[key]] = found.get(names[key], 0) + money
    return {unit: money for unit, money in found.items() if money}


def moved(case_id: int, move: CaseMove, by: int, told: Given | None = None) -> None:
    """A move with a case as it stands."""
    version = db.session.scalar(select(ConsequenceCase.version).where(ConsequenceCase.id == case_id)) or 0
    move_case(case_id, move, version, told or Given("按会议纪要"), by)


def refused(code: str) -> Any:
    """The act in the block is refused so."""
    return pytest.raises(RuleError, match=code.replace(".", r"\."))


def test_a_pool_is_split_by_two_people_and_stays_the_pool(app: Any, clock: Any) -> None:
    with app.app_context():
        cycle, who = build(clock, {}, {}, RULES)
        publish(cycle, None, who["wang"])
        home, five, four = key_of("津南区"), of(cycle, "fund5"), of(cycle, "fund4")
        for case_id in (*five, four[0]):
            moved(case_id, CaseMove.APPROVE, who["wang"])
        with refused("fund.open"):
            drafted(home, who["wang"])
        for pool in ("0", "", "1e3", "一百万", "10000000000"):
            with refused("fund.pool"):
                service.draft_sheet(home, 2024, pool, Shown("0" * 64, ""), who["wang"])
        moved(four[1], CaseMove.DEFER, who["wang"], Given("账目在审计", day=today() + timedelta(days=30)))
        first = the_first_sheet(home, who)
        nothing_changes_it()
        what_was_deferred_moves_nobody_else(home, who, four[1], first)
        taken = a_star_taken_away_is_split_anew(clock, home, who, cycle, five[0])
        another_pool_needs_a_reason(home, who)
        a_star_given_back_has_its_share_again(home, who, taken)
        every_sheet_follows_again_and_a_changed_one_does_not(app, first.id)
        acts = select(AuditEvent.act, func.count()).where(AuditEvent.act.like("fund_sheet%")).group_by(AuditEvent.act)
        assert {row[0]: row[1] for row in db.session.execute(acts)} == {
            "fund_sheet_drafted": 6, "fund_sheet_confirmed": 5,
        }  # fmt: skip
        kept = [one.id for one in sheets_of(FUND, home, 2024)]
        db.session.remove()
    the_pages_show_it(app, home, kept)


def the_first_sheet(home: int, who: Mapping[str, int]) -> SheetRow:
    """Only as it was shown, by another person, once; 1.1 three times and a half twice of 1,000,000.01."""
    with refused("pay.sheet_moved"):
        service.draft_sheet(home, 2024, POOL, Shown(due(home, "999").digest, ""), who["wang"])
    key = drafted(home, who["wang"])
    digest = stored(key).digest
    with refused("pay.sheet_own"):
        service.confirm_sheet(key, 1, digest, who["wang"])
    for version, said in ((2, digest), (1, "0" * 64)):
        with refused("pay.sheet_changed"):
            service.confirm_sheet(key, version, said, who["liu"])
    service.confirm_sheet(key, 1, digest, who["liu"])
    with refused("pay.sheet_changed"):
        service.confirm_sheet(key, 2, digest, who["liu"])
    with refused("pay.sheet_none"):
        service.confirm_sheet(key + 9, 1, digest, who["liu"])
    # In 分 1.1 of 4.3 is 25,581,395.604…, a half 11,627,907.093…: two left over go to the first two larger remainders.
    assert sorted(given(home).values()) == [11_627_907, 25_581_395, 25_581_396, 25_581_396]
    row = stored(key)
    assert (row.total, service.frozen(row).kept) == (88_372_094, 11_627_907)
    assert row.total + service.frozen(row).kept == 100_000_001
    assert due(home).rows == 0
    with refused("pay.sheet_nothing"):
        drafted(home, who["wang"], "再来一次")
    return row


def nothing_changes_it() -> None:
    """The database refuses to change or delete what was confirmed."""
    db.session.remove()
    for statement in ("UPDATE fund_sheet SET total = 0", "DELETE FROM fund_sheet", "UPDATE fund_sheet SET number = 9",
                      "UPDATE fund_sheet SET state = 'drafted'"):  # fmt: skip
        with pytest.raises(DatabaseError), db.engine.begin() as connection:
            connection.execute(text(statement))


def what_was_deferred_moves_nobody_else(home: int, who: Mapping[str, int], case_id: int, first: SheetRow) -> None:
    before = given(home)
    moved(case_id, CaseMove.APPROVE, who["wang"])
    with refused("pay.sheet_reason"):
        drafted(home, who["wang"], " ")
    drafted(home, who["wang"], "审计完了")
    row = stays(home, who, "审计完了，补发")
    assert (row.number, row.version, row.total) == (2, 3, 11_627_907)
    now = given(home)
    assert {unit: now[unit] for unit in before} == before
    assert sum(now.values()) == 100_000_001
    assert stored(first.id) == first


def a_star_taken_away_is_split_anew(
    clock: Any, home: int, who: Mapping[str, int], cycle: int, case_id: int
) -> int:  # fmt: skip
    """In review nothing is taken back; rescinded, the share is that of the star that stands, and the pool is split."""
    unit = db.session.scalar(select(ConsequenceCase.unit_id).where(ConsequenceCase.id == case_id)) or 0
    clock.advance(days=2)
    key = propose_removal(
        cycle, Removal("village", (unit,), "four", "安全责任事故", "区发〔2025〕3号", today()), who["wang"]
    )
    found = decision(key)
    assert found is not None
    decide(key, restatement_of(found).digest, who["liu"])
    before = given(home)
    assert due(home).rows == 0, "while it is in review nothing is taken back"
    moved(case_id, CaseMove.RESCIND, who["wang"], Given("星级已降"))
    row = stays(home, who, "星级降了，重新分")
    assert (row.number, row.total) == (3, 0)
    now = given(home)
    # three halves and two of 1.1 are 3.7
    assert sorted(now.values()) == [13_513_513, 13_513_514, 13_513_514, 29_729_730, 29_729_730]
    assert sum(now.values()) == 100_000_001
    assert sum(now[one] < before[one] for one in now) == 1, "only whose star fell gives something back"
    return key


def another_pool_needs_a_reason(home: int, who: Mapping[str, int]) -> None:
    with refused("pay.sheet_reason"):
        drafted(home, who["wang"], "", "900000")
    row = stays(home, who, "资金核减", "900000")
    assert (row.number, row.total, sum(given(home).values())) == (4, -10_000_001, 90_000_000)


def a_star_given_back_has_its_share_again(home: int, who: Mapping[str, int], taken: int) -> None:
    """The case stays rescinded; the share is that of the star that stands."""
    key = propose_lifting(taken, Said("查明不是本村责任", "区发〔2025〕9号", today()), who["wang"])
    found = decision(key)
    assert found is not None
    decide(key, restatement_of(found).digest, who["liu"])
    row = stays(home, who, "星级恢复，重新分", "900000")
    assert (row.number, row.total) == (5, 0)
    assert sorted(given(home).values()) == [10_465_116, 10_465_116, 23_023_256, 23_023_256, 23_023_256]


def every_sheet_follows_again_and_a_changed_one_does_not(app: Any, first: int) -> None:
    checked = check_sheets()
    assert (checked.count, checked.pay, checked.funds) == (5, (), ())
    said = app.test_cli_runner().invoke(args=["check-consequences"])
    assert (said.exit_code, "5份待遇表、奖励资金分配表" in said.output) == (0, True)
    kept = stored(first)
    db.session.remove()
    with db.engine.begin() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON fund_sheet"
        connection.execute(text(f"DROP TRIGGER fund_sheet_refuse_update{on}"))
    changed = json.loads(kept.text)
    changed["parts"][0][7] += 1
    for content, digest, wrong in ((changed, None, True), (json.loads(kept.text), kept.digest, False)):
        said_so = canonical(content)
        told = {"text": said_so, "digest": digest or digest_of(said_so), "id": first}
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE fund_sheet SET text = :text, digest = :digest WHERE id = :id"), told)
        db.session.remove()
        assert (first in check_sheets().funds) is wrong, "with a digest that fits, the part still does not follow"
    said = app.test_cli_runner().invoke(args=["check-consequences"])
    assert said.exit_code == 0


def the_pages_show_it(app: Any, home: int, kept: list[int]) -> None:
    wang = Browser(app, "wang")
    page = wang.get(f"{AT}/divisions/{home}/funds?year=2024")
    for said in ("2024年度奖励资金分配表", "2024年度奖励资金调整第4份", 'value="900000.00"', "没有要发、要补或要扣的",
                 "资金900000.00元，份额合计4.3", "900000.00元×1.1÷4.3，舍到分是"):  # fmt: skip
        assert said in page, said
    for at, key in enumerate(kept):
        shown = wang.get(f"{AT}/fund-sheets/{key}")
        assert "从此不变" in shown
        rows = handed(wang, f"{AT}/fund-sheets/{key}/table.xlsx")
        last = next(place for place, row in enumerate(rows) if row[0] == "合计")
        columns = [4] if at == 0 else [4, 7, 8]
        for column in columns:
            cells = [Decimal(str(row[column])) for row in rows[1:last]]
            assert sum(cells) == Decimal(str(rows[last][column]))
        assert any("摘要" in str(row[0]) for row in rows[last + 1 :])
    auditor_and_others(app, home, kept[-1])


def auditor_and_others(app: Any, home: int, key: int) -> None:
    """A page of the split is nobody's who is not signed in."""
    other = app.test_client()
    assert other.get(f"{AT}/fund-sheets/{key}").status_code == 302
    assert other.get(f"{AT}/divisions/{home}/funds").status_code == 302


def test_the_page_drafts_and_confirms_as_it_showed(app: Any, clock: Any) -> None:
    with app.app_context():
        cycle, who = build(clock, {}, {}, RULES)
        publish(cycle, None, who["wang"])
        home = key_of("津南区")
        for case_id in (*of(cycle, "fund5"), *of(cycle, "fund4")):
            moved(case_id, CaseMove.APPROVE, who["wang"])
        digest = due(home).digest
        db.session.remove()
    wang, liu = Browser(app, "wang"), Browser(app, "liu")
    assert digest in wang.get(f"{AT}/divisions/{home}/funds?year=2024&pool={POOL}")
    form = {"csrf_token": token_of(wang.client), "year": "2024", "pool": POOL, "digest": "0" * 64}
    slower = wang.client.post(f"{AT}/divisions/{home}/fund-sheets", data=form)
    assert (slower.status_code, "依据的数有变动" in slower.text, f'value="{POOL}"' in slower.text) == (409, True, True)
    wrong = wang.client.post(f"{AT}/divisions/{home}/fund-sheets", data=form | {"pool": "很多"})
    assert (wrong.status_code, "资金总数要大于0" in wrong.text) == (422, True)
    unknown = wang.client.post(f"{AT}/divisions/{home}/fund-sheets", data=form | {"year": "1999"})
    assert unknown.status_code == 404
    made = wang.client.post(f"{AT}/divisions/{home}/fund-sheets", data=form | {"digest": digest})
    assert made.status_code == 303
    address = made.headers["Location"]
    own = {"csrf_token": token_of(wang.client), "version": "1", "digest": digest}
    assert "这份是你送审的" in wang.get(address)
    assert wang.client.post(f"{address}/confirm", data=own).status_code == 409
    assert "确认这份分配表" in liu.get(address)
    done = liu.client.post(f"{address}/confirm", data=own | {"csrf_token": token_of(liu.client)})
    assert done.status_code == 303
    assert "从此不变" in liu.get(address)
    answer = liu.client.post(f"{address}/table.xlsx", data={"csrf_token": token_of(liu.client)})
    assert "no-store" in answer.headers["Cache-Control"]
    told = [str(row[0]) for row in openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)]
    assert any(one.startswith("到这一份为止分给1000000.01元，暂留0.00元") for one in told)
    with app.app_context():
        assert date.fromisoformat("2025-02-19") == today()
