"""Points put right under the same star: the coefficient on a line over points, the cases, the pay, the split pool."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from starrating.domain.cases import CaseMove
from starrating.domain.pay import PayRole, Rates, amount
from starrating.extensions import db
from starrating.models.cases import ConsequenceCase, RestatedFacts
from starrating.models.decisions import DecisionUnit
from starrating.models.divisions import Unit
from starrating.queries.decisions import decision
from starrating.queries.pay_sheets import sheet_of, sheets_of
from starrating.queries.places import place_of_division
from starrating.services.consequences.cases import Given, check_cases
from starrating.services.consequences.fund_sheets import shares_of
from starrating.services.consequences.pay import TypedRates, pay_sheet, store_rates
from starrating.services.consequences.pay_sheets import confirm_sheet, draft_sheet, next_sheet
from starrating.services.consequences.staying import NextSheet
from starrating.services.decisions.case_restating import wrong_restated
from starrating.services.decisions.checks import Said
from starrating.services.decisions.corrected_values import Correction, Right
from starrating.services.decisions.corrections import propose_correction
from starrating.services.decisions.decisions import Removal, decide, propose_removal, restatement_of
from starrating.services.publication.publication import publish
from starrating.services.upkeep.sheet_checks import check_sheets
from starrating.services.working_days import today
from tests.services.browser import Browser
from tests.services.test_cases_worked import build
from tests.services.test_fund_sheets import moved
from tests.web.city import key_of

RULES = """
  - {code: line, name: 按分折算, for: dual_role, when: {}, effect: {pay_coefficient: {of: total, at: [[0, 0.1], [100, 1]], times: 0.9}}, group: pay}
  - {code: top, name: 高分奖, for: team, when: {total: {at_least: 95}}, effect: {fund_share: 1}}
"""  # noqa: E501 - one rule, one line
TYPED = TypedRates("36000", "24000.10", "1000", "800", "700")
RATES = Rates(3_600_000, 2_400_010, {PayRole.DUAL: 1000, PayRole.SECRETARY: 800, PayRole.DIRECTOR: 700})


def on_the_line(points: str) -> Fraction:
    """The coefficient of some points, worked out by hand."""
    return (Fraction("0.1") + Fraction("0.9") * Fraction(points) / 100) * Fraction("0.9")


def corrected(cycle: int, who: Mapping[str, int], unit: str, before: str, after: str) -> int:
    """Points of a unit put right, by two people."""
    said = Said("录入时抄错了一行", "津南组发〔2025〕15号", today())
    right = Right(key_of(unit), "S", before, after)
    return decided(propose_correction(cycle, Correction("village", (right,), said), who["wang"]), who)


def decided(key: int, who: Mapping[str, int]) -> int:
    """A proposed decision, taken as it is shown."""
    found = decision(key)
    assert found is not None
    decide(key, restatement_of(found).digest, who["liu"])
    return key


def in_review(cycle: int) -> set[tuple[str, str]]:
    """(unit, rule) of the cases that wait for the answer to a review."""
    rows = db.session.execute(
        select(Unit.name, ConsequenceCase.rule)
        .join(Unit, Unit.id == ConsequenceCase.unit_id)
        .where(ConsequenceCase.cycle_id == cycle, ConsequenceCase.review_id.is_not(None))
    )
    return {(row[0], row[1]) for row in rows}


def case(cycle: int, unit: str, rule: str) -> int:
    """A case of a unit."""
    found = select(ConsequenceCase.id).filter_by(cycle_id=cycle, unit_id=key_of(unit), rule=rule)
    return db.session.scalars(found).one()


def due() -> NextSheet:
    """What of pay could be drafted now."""
    town = key_of("一镇")
    place = place_of_division(town)
    assert place is not None
    found = next_sheet(pay_sheet(place, 2024), town, 2024, sheets_of(town, 2024))
    assert found is not None
    return found


def paid(who: Mapping[str, int], reason: str = "") -> int:
    """What is due, drafted and confirmed; its sum."""
    found = due()
    key = draft_sheet(key_of("一镇"), 2024, found.digest, reason, who["wang"])
    row = sheet_of(key)
    assert row is not None
    confirm_sheet(key, row.version, found.digest, who["liu"])
    return row.total


def test_points_that_move_without_a_star_move_what_follows_from_them(app: Any, clock: Any) -> None:
    with app.app_context():
        cycle, who = build(clock, {}, {}, RULES)
        publish(cycle, None, who["wang"])
        store_rates(key_of("津南区"), 2024, 0, TYPED, who["wang"])
        rules = select(ConsequenceCase.id).where(ConsequenceCase.rule.in_(("line", "top")))
        for one in list(db.session.scalars(rules)):
            moved(one, CaseMove.APPROVE, who["wang"])
        first = paid(who)
        assert first > 0
        case_id = points_put_right_are_reviewed(cycle, who)
        db.session.remove()
    page = Browser(app, "wang").get(f"/consequences/cases/{case_id}")
    for said in ("依据的星级或数据由发布以后的决定更正了", "按更正以后的事实重算，这一条是：绩效系数0.8433"):
        assert said in page, said
    with app.app_context():
        whoever_rescinds_pays_by_the_points_that_stand(cycle, who, case_id)
        whoever_upholds_keeps_what_was_approved(cycle, who)
        a_star_taken_away_leaves_the_points(clock, cycle, who)
        nothing_stored_changes()
        checked = check_cases()
        assert (checked.changed, checked.underived, wrong_restated()) == ((), (), ())
        assert check_sheets().pay == ()
        assert app.test_cli_runner().invoke(args=["check-consequences"]).exit_code == 0
        db.session.remove()


def points_put_right_are_reviewed(cycle: int, who: Mapping[str, int]) -> int:
    """v1 has 93 instead of 95: five stars as before, the line gives less, the share for 95 does not follow."""
    assert {one.names.unit for one in shares_of(key_of("津南区"), 2024)} == {"v1", "v2", "v3", "v9"}
    before = corrected_points()
    corrected(cycle, who, "v1", "95", "93")
    assert db.session.scalar(select(func.count()).select_from(DecisionUnit)) == 0, "no star moved"
    assert in_review(cycle) == {("v1", "line"), ("v1", "top")}
    assert corrected_points() == before + 1, "of the others nothing moved that a rule asks for"
    assert due().rows == 0, "while it is in review nothing is taken back"
    return case(cycle, "v1", "line")


def corrected_points() -> int:
    """How many facts were put right."""
    return db.session.scalar(select(func.count()).select_from(RestatedFacts)) or 0


def whoever_rescinds_pays_by_the_points_that_stand(cycle: int, who: Mapping[str, int], case_id: int) -> None:
    moved(case_id, CaseMove.RESCIND, who["wang"], Given("分数已更正"))
    moved(case(cycle, "v1", "top"), CaseMove.RESCIND, who["wang"], Given("分数已更正"))
    assert {one.names.unit for one in shares_of(key_of("津南区"), 2024)} == {"v2", "v3", "v9"}
    months = next(row.months for row in sheet("v1"))
    was, now, again = (amount(RATES, on_the_line(points), PayRole.DUAL, months) for points in ("95", "93", "97"))
    assert (due().rows, due().total) == (1, now - was)
    paid(who, "分数更正，扣回")
    corrected(cycle, who, "v1", "93", "97")
    assert in_review(cycle) == set(), "what was rescinded is answered"
    assert (due().rows, due().total) == (1, again - now), "the same facts, put right again"
    assert {one.names.unit for one in shares_of(key_of("津南区"), 2024)} == {"v1", "v2", "v3", "v9"}
    paid(who, "分数再次更正，补发")


def sheet(unit: str) -> list[Any]:
    """The rows of a unit on the live sheet."""
    place = place_of_division(key_of("一镇"))
    assert place is not None
    return [row for row in pay_sheet(place, 2024).rows if row.unit.name == unit]


def whoever_upholds_keeps_what_was_approved(cycle: int, who: Mapping[str, int]) -> None:
    corrected(cycle, who, "v2", "95", "92")
    assert in_review(cycle) == {("v2", "line"), ("v2", "top")}
    for rule in ("line", "top"):
        moved(case(cycle, "v2", rule), CaseMove.UPHOLD, who["wang"], Given("按原数发"))
    assert due().rows == 0
    assert [row.coefficient.number for row in sheet("v2")] == [on_the_line("95")]
    corrected(cycle, who, "v3", "95", "90.5")
    assert in_review(cycle) == {("v3", "line"), ("v3", "top")}, "an answer holds until the unit's own facts move"
    moved(case(cycle, "v3", "line"), CaseMove.RESCIND, who["wang"], Given("分数已更正"))
    paid(who, "分数更正，扣回")


def a_star_taken_away_leaves_the_points(clock: Any, cycle: int, who: Mapping[str, int]) -> None:
    """The line asks for points alone: rescinded or not, the coefficient is that of the points that stand."""
    clock.advance(days=2)
    cause = Removal("village", (key_of("v3"),), "four", "安全责任事故", "区发〔2025〕3号", today())
    decided(propose_removal(cycle, cause, who["wang"]), who)
    assert due().rows == 0
    assert [row.coefficient.number for row in sheet("v3")] == [Fraction("0.8231")], "0.82305, half up"


def nothing_stored_changes() -> None:
    """What a correction made of the facts stays."""
    db.session.remove()
    for statement in ("UPDATE restated_facts SET digest = facts", "DELETE FROM restated_facts"):
        with pytest.raises(DatabaseError), db.engine.begin() as connection:
            connection.execute(text(statement))
