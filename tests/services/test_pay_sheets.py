"""Pay sheets that stay: two people, nothing moves what is confirmed, differences re-add; seen by few."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from starrating.domain.cases import CaseMove
from starrating.domain.faults import RuleError
from starrating.domain.pay import Paid, PayRole, still_due
from starrating.extensions import db
from starrating.models.cases import ConsequenceCase
from starrating.models.divisions import Unit
from starrating.models.people import Post
from starrating.queries.pay_sheets import sheet_of, sheets_of
from starrating.queries.places import place_of_division
from starrating.queries.staying import SheetRow
from starrating.services.consequences.cases import Given, move_case
from starrating.services.consequences.pay import TypedRates, pay_sheet, store_rates, yuan
from starrating.services.consequences.pay_sheets import confirm_sheet, draft_sheet, next_sheet
from starrating.services.consequences.staying import NextSheet
from starrating.services.transaction import transaction
from tests.services.browser import Browser
from tests.services.public_year import PublicYear
from tests.services.test_pay import TYPED
from tests.web.city import token_of

AGAINST = "/consequences"


def due(year: PublicYear) -> NextSheet:
    """What could be drafted now in the township."""
    town = year.people["township"]
    place = place_of_division(town)
    assert place is not None
    found = next_sheet(pay_sheet(place, 2025), town, 2025, sheets_of(town, 2025))
    assert found is not None
    return found


def stored(key: int) -> SheetRow:
    """A sheet as it stands."""
    found = sheet_of(key)
    assert found is not None
    return found


def approved(year: PublicYear) -> list[int]:
    """Approve every coefficient of the township; the units."""
    found = select(ConsequenceCase.id, ConsequenceCase.version, ConsequenceCase.unit_id).join(
        Unit, Unit.id == ConsequenceCase.unit_id).where(
        ConsequenceCase.cycle_id == year.next_id, ConsequenceCase.outcome == "pay_coefficient",
        Unit.township_id == year.people["township"], ConsequenceCase.state == "proposed",
    )  # fmt: skip
    rows = list(db.session.execute(found))
    for case_id, version, _ in rows:
        move_case(case_id, CaseMove.APPROVE, version, Given(), year.people["wang"])
    return [row[2] for row in rows]


def refused(code: str) -> Any:
    """The act in the block is refused so."""
    return pytest.raises(RuleError, match=code.replace(".", r"\."))


def test_a_sheet_is_drafted_confirmed_by_another_and_stays(year: PublicYear) -> None:
    people, town = year.people, year.people["township"]
    with year.app.app_context():
        store_rates(people["district"], 2025, 0, TypedRates(*TYPED.values()), people["wang"])
        assert (due(year).rows, due(year).left > 0) == (0, True), "nobody has approved a coefficient"
        with refused("pay.sheet_nothing"):
            draft_sheet(town, 2025, due(year).digest, "", people["wang"])
        units = approved(year)
        first = due(year)
        with refused("pay.sheet_moved"):
            draft_sheet(town, 2025, "0" * 64, "", people["wang"])
        key = draft_sheet(town, 2025, first.digest, "", people["wang"])
        with refused("pay.sheet_own"):
            confirm_sheet(key, 1, first.digest, people["wang"])
        with refused("pay.sheet_changed"):
            confirm_sheet(key, 2, first.digest, people["liu"])
        confirm_sheet(key, 1, first.digest, people["liu"])
        with refused("pay.sheet_changed"):
            confirm_sheet(key, 1, first.digest, people["zhao"])
        assert (due(year).rows, due(year).number) == (0, 2)
        nothing_changes_it(key)
        what_moves_is_a_difference(year, key, units)
        a_restated_star_is_paid_by_what_it_is_now(year, units)
    the_pages_show_it(year, key)


def nothing_changes_it(key: int) -> None:
    """The database refuses to change or delete what was confirmed."""
    db.session.remove()
    for statement in (
        "UPDATE pay_sheet SET total = 0", "DELETE FROM pay_sheet", "UPDATE pay_sheet SET state = 'drafted'",
        f"UPDATE pay_sheet SET number = 9 WHERE id = {key}",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), db.engine.begin() as connection:
            connection.execute(text(statement))


def what_moves_is_a_difference(year: PublicYear, key: int, units: list[int]) -> None:
    """Posts and rates that change leave the sheet as it was, and are due on another, which needs a reason."""
    people, before = year.people, stored(key)
    store_rates(people["district"], 2025, 1, TypedRates(**TYPED | {"base": "37200"}), people["liu"])
    with transaction() as session:
        for post in session.scalars(select(Post).where(Post.unit_id == units[0])):
            post.ends_on = date(2025, 6, 30)
    assert stored(key) == before
    second = due(year)
    with refused("pay.sheet_reason"):
        draft_sheet(people["township"], 2025, second.digest, " ", people["liu"])
    other = draft_sheet(people["township"], 2025, second.digest, "标准调整，有人六月离任", people["liu"])
    again = draft_sheet(people["township"], 2025, second.digest, "标准调整，有一人六月离任", people["zhao"])
    assert (other, stored(other).version) == (again, 2)
    confirm_sheet(other, 2, second.digest, people["liu"])
    assert stored(key) == before
    assert stored(key).total + stored(other).total == settled(year)
    assert stored(other).total != 0


def settled(year: PublicYear) -> int:
    """What the live sheet pays of what was approved."""
    place = place_of_division(year.people["township"])
    assert place is not None
    return sum(row.amount or 0 for row in pay_sheet(place, 2025).rows if row.coefficient.approved)


def a_restated_star_is_paid_by_what_it_is_now(year: PublicYear, units: list[int]) -> None:
    """A star that is taken away holds the coefficient back until the review, then pays by the star that stands."""
    from starrating.queries.cases import case_of
    from starrating.queries.decisions import decision
    from starrating.services.decisions.decisions import Removal, decide, propose_removal, restatement_of

    people = year.people
    rows = db.session.execute(
        select(ConsequenceCase.id, ConsequenceCase.unit_id).where(
            ConsequenceCase.cycle_id == year.next_id, ConsequenceCase.outcome == "pay_coefficient",
            ConsequenceCase.unit_id.in_(units[1:]), ConsequenceCase.facts.not_like('%"level":"none"%'))
    ).all()  # fmt: skip
    case_id, unit = rows[0]
    row = case_of(case_id)
    assert row is not None
    cause = Removal(row.kind, (unit,), "none", "安全责任事故", "区发〔2026〕3号", date(2026, 2, 24))
    year.clock.advance(days=2)
    moved = propose_removal(year.next_id, cause, people["wang"])
    found = decision(moved)
    assert found is not None
    decide(moved, restatement_of(found).digest, people["liu"])
    assert due(year).rows == 0, "while it is in review nothing is taken back"
    a_post_put_right_meanwhile_takes_nothing_back(year, unit)
    move_case(case_id, CaseMove.RESCIND, row.version + 1, Given("星级已取消"), people["wang"])
    third = due(year)
    assert (third.rows, third.number, third.total < 0) == (1, 3, True)
    key = draft_sheet(people["township"], 2025, third.digest, "星级取消，扣回", people["wang"])
    confirm_sheet(key, 1, third.digest, people["liu"])
    assert sum(one.total for one in sheets_of(people["township"], 2025)) == settled(year)
    assert '"0.8"' in third.text, "the coefficient of the lowest level"


def a_post_put_right_meanwhile_takes_nothing_back(year: PublicYear, unit: int) -> None:
    """Who is paid in another role, or was never there, stays as confirmed while nobody can say the coefficient."""
    with transaction() as session:
        kept = [(one.person_id, one.kind, one.begins_on) for one in session.scalars(
            select(Post).where(Post.unit_id == unit))]  # fmt: skip
    assert {kind for _, kind, _ in kept} == {"secretary", "director"}
    for left in ("secretary", ""):
        with transaction() as session:
            for post in session.scalars(select(Post).where(Post.unit_id == unit, Post.kind != left)):
                session.delete(post)
        place = place_of_division(year.people["township"])
        assert place is not None
        roles = {row.role for row in pay_sheet(place, 2025).rows if row.unit.id == unit}
        assert roles == ({PayRole.SECRETARY} if left else set())
        assert due(year).rows == 0, "the confirmed role is not clawed back"
    with transaction() as session:
        session.add_all(Post(person_id=who, unit_id=unit, kind=kind, begins_on=day) for who, kind, day in kept)


def the_pages_show_it(year: PublicYear, key: int) -> None:
    """The township's page, each sheet with its workbook, the rates over time, the district's and the city's sums."""
    wang, town, district = Browser(year.app, "wang"), year.people["township"], year.people["district"]
    page = wang.get(f"{AGAINST}/divisions/{town}/pay?year=2025")
    for said in ("2025年度待遇表", "2025年度补发、扣回第1份", "没有要发、要补或要扣的", "已确认"):
        assert said in page, said
    with year.app.app_context():
        kept = sheets_of(town, 2025)
    assert [one.number for one in kept] == [1, 2, 3]
    for one in kept:
        shown = wang.get(f"{AGAINST}/pay-sheets/{one.id}")
        assert one.digest[:4] in shown
        sent = {"csrf_token": token_of(wang.client)}
        answer = wang.client.post(f"{AGAINST}/pay-sheets/{one.id}/table.xlsx", data=sent)
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
        last = next(at for at, row in enumerate(rows) if row[0] == "合计")
        column = 7 if one.number == 1 else 11
        cells = [Decimal(str(row[column])).quantize(Decimal("0.01")) for row in rows[1 : last + 1]]
        assert sum(cells[:-1]) == cells[-1] == Decimal(one.total) / 100
        assert any("确认，从此不变" in str(row[0]) for row in rows[last:])
    history = wang.get(f"{AGAINST}/divisions/{district}/pay-rates")
    assert "2025年度第2版" in history
    assert "36,000.00" in history
    total = f"{sum(one.total for one in kept) / 100:,.2f}"
    assert total in wang.get(f"{AGAINST}/divisions/{district}/pay?year=2025")
    with year.app.app_context():
        place = place_of_division(district)
        assert place is not None
    assert total in Browser(year.app, "city").get(f"{AGAINST}/divisions/{place.municipality}/pay?year=2025")
    for name in ("assessor", "town", "unit"):
        other = Browser(year.app, name).client
        assert other.post(
            f"{AGAINST}/pay-sheets/{key}/table.xlsx", data={"csrf_token": token_of(other)}
        ).status_code == 404  # fmt: skip
        for address in (f"pay-sheets/{key}", f"divisions/{district}/pay-rates"):
            assert other.get(f"{AGAINST}/{address}").status_code == 404
    auditor = Browser(year.app, "auditor")
    assert one.digest[:4] in auditor.get(f"{AGAINST}/pay-sheets/{one.id}")
    form = {"csrf_token": token_of(auditor.client), "version": "1", "digest": one.digest}
    assert auditor.client.post(f"{AGAINST}/pay-sheets/{one.id}/confirm", data=form).status_code == 404


@given(st.lists(st.dictionaries(st.integers(1, 4), st.tuples(st.integers(0, 900), st.booleans())), max_size=6))
def test_what_was_confirmed_always_re_adds_to_what_is_due(years: list[dict[int, tuple[int, bool]]]) -> None:
    confirmed: list[Paid] = []
    for year in years:
        now = [Paid(1, who, PayRole.DUAL, 12, "1", "甲", amount) for who, (amount, known) in year.items() if known]
        unknown = {(1, who, PayRole.DUAL) for who, (_, known) in year.items() if not known}
        paid = {who: sum(one.difference for one in confirmed if one.person == who) for who in range(1, 5)}
        confirmed += still_due(confirmed, now, unknown)
        for who in range(1, 5):
            amount, known = year.get(who, (0, True))
            told = sum(one.difference for one in confirmed if one.person == who)
            assert told == (amount if known else paid[who])
        assert still_due(confirmed, now, unknown) == ()


def test_nobody_gives_back_what_is_only_not_approved_yet() -> None:
    """A post put right to both posts: the new row waits for its coefficient, so the old one is not taken back."""
    paid = [Paid(1, 7, PayRole.SECRETARY, 12, "1", "甲", 900), Paid(1, 8, PayRole.DIRECTOR, 12, "1", "甲", 500)]
    both = {(1, 7, PayRole.DUAL)}
    assert still_due(paid, paid[1:], both) == ()
    assert still_due(paid, [replace(paid[0], months=6, amount=450), paid[1]], both) == ()
    assert [(one.person, one.difference) for one in still_due(paid, paid[:1], both)] == [(8, -500)]
    approved = Paid(1, 7, PayRole.DUAL, 12, "1", "甲", 1200)
    told = still_due(paid, [approved, paid[1]], set())
    assert sorted((one.role, one.difference) for one in told) == [(PayRole.DUAL, 1200), (PayRole.SECRETARY, -900)]


def test_money_below_nothing_is_written_so() -> None:
    from starrating.blueprints.consequences.pay import money

    assert (money(-123456), money(0), money(5), yuan(-5)) == ("-1,234.56", "0.00", "0.05", "-0.05")
