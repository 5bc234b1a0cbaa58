"""Plaques given and taken back, and a pool of money that re-adds to the 分."""

from __future__ import annotations

import io
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from starrating.domain.cases import CaseMove
from starrating.domain.fund import split
from starrating.extensions import db
from starrating.models.cases import ConsequenceCase
from starrating.services.consequences.cases import Given, move_case
from starrating.services.publication.publication import publish
from tests.conftest import SQLITE_ONLY
from tests.services.browser import Browser
from tests.services.public_year import PublicYear
from tests.services.test_cases_worked import build
from tests.web.city import key_of, token_of


@given(
    st.integers(0, 10**12), st.dictionaries(st.integers(1, 40), st.fractions(0, 5, max_denominator=1000), max_size=20)
)
def test_nothing_of_a_pool_is_lost_or_added(pool: int, shares: dict[int, Fraction]) -> None:
    found, whole = split(pool, shares), sum(shares.values(), Fraction(0))
    assert set(found) == set(shares)
    assert sum(found.values()) == (pool if whole else 0)
    for key, share in shares.items():
        exact = pool * share / whole if whole else Fraction(0)
        assert exact - 1 < found[key] < exact + 1
        assert all(abs(found[key] - found[other]) <= 1 for other, same in shares.items() if same == share)


RULES = """
  - {code: fund5, name: 班子奖励1.1倍, for: team, when: {level: five}, effect: {fund_share: 1.1}}
  - {code: fund4, name: 班子奖励一半, for: team, when: {level: four}, effect: {fund_share: 0.5}}
  - {code: off, name: 摘牌, for: unit, when: {change: {at_most: -1}}, effect: {measure: plaque_withdrawn}}
"""


def of(cycle_id: int, rule: str) -> list[int]:
    """The cases of a rule."""
    found = select(ConsequenceCase.id).filter_by(cycle_id=cycle_id, rule=rule).order_by(ConsequenceCase.id)
    return list(db.session.scalars(found))


@SQLITE_ONLY
def test_honours_are_listed_and_a_pool_is_split_over_what_was_approved(app: Any, clock: Any) -> None:
    with app.app_context():
        key, who = build(clock, {}, {}, RULES)
        publish(key, None, who["wang"])
        five, four, given_to, taken = (of(key, rule) for rule in ("fund5", "fund4", "plaque", "off"))
        assert (len(five), len(four), len(given_to)) == (3, 2, 3)
        for case_id in (*five, four[0]):
            move_case(case_id, CaseMove.APPROVE, 1, Given(), who["wang"])
        at = f"/consequences/divisions/{key_of('津南区')}"
    wang = Browser(app, "wang")
    money_re_adds(wang, at)
    page = wang.get(f"{at}/honours?year=2024")
    assert all(f"/consequences/cases/{one}" in page for one in (*given_to, *taken))
    rows = handed(wang, f"{at}/honours.xlsx?year=2024")
    assert [row[6] for row in rows[1:]] == ["授"] * len(given_to) + ["摘"] * len(taken)
    assert taken


def money_re_adds(wang: Browser, at: str) -> None:
    """Three shares of 1.1 and one of a half of 1,000,000.01; the other half's was not approved."""
    page = wang.get(f"{at}/funds?year=2024&pool=1000000.01")
    assert "还没有批准，没有分" in page
    assert "1,000,000.01" in page
    assert "写成0到9999999999.99" in wang.get(f"{at}/funds?year=2024&pool=一百万")
    rows = handed(wang, f"{at}/funds.xlsx?year=2024&pool=1000000.01")
    parts = [Decimal(str(row[4])) for row in rows[1:-1]]
    assert sum(parts) == Decimal(str(rows[-1][4])) == Decimal("1000000.01")
    # 1.1 of 3.8 is 289,473.687…, a half 131,578.948…: of three 分 left over the half gets one, two others one each
    assert sorted(map(str, parts)) == ["0.00", "131578.95", "289473.68", "289473.69", "289473.69"]


def handed(browser: Browser, address: str) -> list[Any]:
    """The rows of a workbook that is handed out."""
    answer = browser.client.post(address, data={"csrf_token": token_of(browser.client)})
    return list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))


@pytest.mark.parametrize("name", ["assessor", "town", "unit"])
def test_nobody_else_finds_them(year: PublicYear, name: str) -> None:
    other, at = Browser(year.app, name).client, f"/consequences/divisions/{year.people['district']}"
    for page in ("honours", "funds"):
        assert other.get(f"{at}/{page}").status_code == 404
        assert other.post(f"{at}/{page}.xlsx?pool=1", data={"csrf_token": token_of(other)}).status_code == 404
