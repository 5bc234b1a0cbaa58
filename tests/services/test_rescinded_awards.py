"""An award that people rescind while its rule still holds: it is gone, and no star brings it back by itself."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select, text

from starrating.domain.cases import CaseMove
from starrating.extensions import db
from starrating.models.cases import RestatedFacts
from starrating.queries.places import place_of_division
from starrating.services.consequences.cases import Given, check_cases
from starrating.services.consequences.fund_sheets import ShareState, shares_of
from starrating.services.consequences.pay_coefficients import Coefficient, coefficients
from starrating.services.decisions.case_restating import wrong_restated
from starrating.services.decisions.checks import Said
from starrating.services.decisions.decisions import Removal, propose_removal
from starrating.services.decisions.liftings import propose_lifting
from starrating.services.publication.publication import publish
from starrating.services.upkeep.sheet_checks import check_sheets
from starrating.services.working_days import today
from tests.services.browser import Browser
from tests.services.test_cases_worked import build
from tests.services.test_fund_sheets import due, given, moved, stays
from tests.services.test_honours import RULES, of
from tests.services.test_restated_points import RULES as POINTS
from tests.services.test_restated_points import case, corrected, decided
from tests.web.city import key_of

AT_LEAST = """
  - {code: good, name: 四星以上奖励, for: team, when: {level: {at_least: four}}, effect: {fund_share: 1}}
  - {code: high, name: 四星以上系数, for: dual_role, when: {level: {at_least: four}}, effect: {pay_coefficient: 1.1}, group: pay}
"""  # noqa: E501 - one rule, one line
RESCINDED = Given("不再奖励")


def removed(cycle: int, who: Mapping[str, int], unit: str, level: str) -> int:
    """A star of a unit taken away, by two people."""
    cause = Removal("village", (key_of(unit),), level, "安全责任事故", "区发〔2025〕3号", today())
    return decided(propose_removal(cycle, cause, who["wang"]), who)


def lifted(removal: int, who: Mapping[str, int]) -> int:
    """A removal lifted, by two people."""
    said = Said("查明不是本村责任", "区发〔2025〕9号", today())
    return decided(propose_lifting(removal, said, who["wang"]), who)


def coefficient(unit: str) -> Coefficient:
    """What a unit's star makes of the performance pay."""
    place = place_of_division(key_of("津南区"))
    assert place is not None
    return coefficients(place, 2024)[key_of(unit)]


def settled() -> dict[str, str]:
    """Unit → the rule of its share that people agreed to."""
    found = shares_of(key_of("津南区"), 2024)
    return {one.names.unit: one.key[1] for one in found if one.state is ShareState.SETTLED}


def approved(cycle: int, who: Mapping[str, int], *rules: str) -> None:
    """Every case of some rules approved."""
    for one in (key for rule in rules for key in of(cycle, rule)):
        moved(one, CaseMove.APPROVE, who["wang"])


def test_what_is_rescinded_while_its_rule_holds_is_taken_back(app: Any, clock: Any) -> None:
    """Four stars are enough for the rule: the removal leaves it as it was, and only people take it away."""
    with app.app_context():
        cycle, who = build(clock, {}, {}, AT_LEAST)
        publish(cycle, None, who["wang"])
        home = key_of("津南区")
        approved(cycle, who, "good", "high")
        assert stays(home, who).total == 100_000_001
        before = given(home)
        assert len(before) == 5
        clock.advance(days=2)
        removal = removed(cycle, who, "v1", "four")
        assert "v1" not in settled(), "it is in review"
        for rule in ("good", "high"):
            moved(case(cycle, "v1", rule), CaseMove.RESCIND, who["wang"], RESCINDED)
        gone(home)
        stays(home, who, "撤销以后重新分")
        now = given(home)
        assert (set(before) - set(now), sum(now.values())) == ({"v1"}, 100_000_001)
        assert all(now[unit] > before[unit] for unit in now), "what one gives back goes to the others"
        lifted(removal, who)
        gone(home)
        assert due(home).rows == 0, "the star given back leaves the rule as it was when people rescinded it"
        assert stays(home, who, "全区资金", "9999999999.99").total == 999_999_999_999 - 100_000_001
        assert sum(given(home).values()) == 999_999_999_999
        case_id = case(cycle, "v1", "good")
        db.session.remove()
    assert "edition" not in Browser(app, "wang").get(f"/consequences/cases/{case_id}")


def gone(home: int) -> None:
    """The unit has no share and no coefficient."""
    assert "v1" not in {one.names.unit for one in shares_of(home, 2024)}
    assert coefficient("v1") == Coefficient(missing="rescinded")


@pytest.mark.parametrize("known", [True, False])
def test_a_star_given_back_in_review_is_what_people_rescinded(app: Any, clock: Any, known: bool) -> None:
    """Removal, lifting, and only then the answer: the rule held again, and it is what people took away; also where the
    edition was not kept with the move yet, and the time tells."""
    with app.app_context():
        cycle, who = build(clock, {}, {}, RULES)
        publish(cycle, None, who["wang"])
        home = key_of("津南区")
        approved(cycle, who, "fund5", "fund4", "pay120")
        clock.advance(days=2)
        removal = removed(cycle, who, "v1", "four")
        lifted(removal, who)
        clock.advance(days=1)
        for rule in ("fund5", "pay120"):
            moved(case(cycle, "v1", rule), CaseMove.RESCIND, who["wang"], RESCINDED)
        clock.advance(days=1)
        if not known:
            forgotten()
        gone(home)
        second = removed(cycle, who, "v1", "four")
        assert (settled()["v1"], coefficient("v1").number) == ("fund4", Fraction(1)), "a later decision gave another"
        lifted(second, who)
        gone(home)


def forgotten() -> None:
    """The moves as they were stored before they kept the edition."""
    db.session.remove()
    with db.engine.begin() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON case_event"
        connection.execute(text(f"DROP TRIGGER case_event_refuse_update{on}"))
        connection.execute(text("UPDATE case_event SET record = '{}'"))


def test_what_fell_before_it_was_rescinded_comes_back_with_the_star(app: Any, clock: Any) -> None:
    """The rule did not hold when people rescinded it; a later edition makes it hold again."""
    with app.app_context():
        cycle, who = build(clock, {}, {}, RULES)
        publish(cycle, None, who["wang"])
        approved(cycle, who, "fund5", "fund4", "pay120")
        clock.advance(days=2)
        removal = removed(cycle, who, "v1", "four")
        for rule in ("fund5", "pay120"):
            moved(case(cycle, "v1", rule), CaseMove.RESCIND, who["wang"], Given("星级已降"))
        home = key_of("津南区")
        db.session.remove()
    live = Browser(app, "wang").get(f"/consequences/divisions/{home}/funds?year=2024&pool=900000")
    assert ("要发的有5行" in live, "已经批准的有" in live) == (True, False)
    with app.app_context():
        assert (settled()["v1"], coefficient("v1").number) == ("fund4", Fraction(1))
        sheets = [stays(home, who).id, stays(home, who, "资金核减", "900000").id]
        assert (check_sheets().funds, due(home, "900000").rows) == ((), 0)
        db.session.remove()
    the_row_says_that_nobody_approved_it(app, home, sheets)
    with app.app_context():
        lifted(removal, who)
        assert settled()["v1"] == "fund5"
        assert (coefficient("v1").number, coefficient("v1").restated) == (Fraction("1.2"), True)


def the_row_says_that_nobody_approved_it(app: Any, home: int, sheets: list[int]) -> None:
    """On the live page, and on each sheet that two people made of it; of nobody else's row."""
    wang, said = Browser(app, "wang"), "按现在的星级重算，原来的一条已撤销。"
    live = wang.get(f"/consequences/divisions/{home}/funds?year=2024&pool=900000")
    assert live.count(said) == 1
    assert [wang.get(f"/consequences/fund-sheets/{one}").count(said) for one in sheets] == [1, 1]


@pytest.mark.parametrize("content", ["这不是JSON", "{}", "[1]"])
def test_what_is_not_what_was_stored_is_named_and_not_read(app: Any, clock: Any, content: str) -> None:
    """Whatever stands in a text instead: of a sheet with those that rest on it, of facts put right, of a case."""
    with app.app_context():
        cycle, who = build(clock, {}, {}, POINTS + RULES)
        publish(cycle, None, who["wang"])
        home = key_of("津南区")
        approved(cycle, who, "fund5", "fund4", "top")
        sheets = [stays(home, who).id, stays(home, who, "资金核减", "900000").id]
        corrected(cycle, who, "v1", "95", "93")
        assert (check_sheets().funds, wrong_restated(), check_cases().changed) == ((), (), ())
        case_id, facts = case(cycle, "v2", "fund5"), db.session.scalars(select(RestatedFacts.id)).one()
        put_instead(content, ("fund_sheet", "text", sheets[0]), ("restated_facts", "facts", facts),
                    ("consequence_case", "facts", case_id))  # fmt: skip
        assert check_sheets().funds == tuple(sheets), "the second rests on what the first gave"
        assert (wrong_restated(), check_cases().changed, check_cases().underived) == ((facts,), (case_id,), (case_id,))
        told = app.test_cli_runner().invoke(args=["check-consequences"])
        assert told.exit_code == 1
        for said in (f"第{case_id}件", f"第{sheets[0]}份奖励资金分配表", f"第{facts}份事实"):
            assert said in told.output, said
        db.session.remove()


def put_instead(content: str, *places: tuple[str, str, int]) -> None:
    """A text of a table in place of what was stored, past the trigger."""
    db.session.remove()
    with db.engine.begin() as connection:
        for table, column, key in places:
            on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER {table}_refuse_update{on}"))
            told = {"text": content, "id": key}
            connection.execute(text(f"UPDATE {table} SET {column} = :text WHERE id = :id"), told)
