"""The rows of consequences and pay in the table of guards; whoever may not see any of it learns nothing of it: 404."""

from __future__ import annotations

from collections.abc import Callable

from starrating.blueprints.places import cycle, division
from starrating.domain.access import Act, Place
from starrating.queries.cases import place_of_case
from starrating.queries.pay_sheets import place_of_sheet
from starrating.queries.staying import place_of_fund

CONSEQUENCE_ROWS: tuple[tuple[str, str, Act, Callable[..., Place | None] | None], ...] = (
    ("consequences.index", "GET", Act.VIEW_CONSEQUENCES, None),
    ("consequences.show", "GET", Act.VIEW_CONSEQUENCES, division),
    ("consequences.workbook", "POST", Act.VIEW_CONSEQUENCES, division),
    ("consequences.eligible", "GET", Act.VIEW_CONSEQUENCES, division),
    ("consequences.eligible_workbook", "POST", Act.VIEW_CONSEQUENCES, division),
    ("consequences.honours", "GET", Act.VIEW_CONSEQUENCES, division),
    ("consequences.honours_workbook", "POST", Act.VIEW_CONSEQUENCES, division),
    ("consequences.funds", "GET", Act.VIEW_CONSEQUENCES, division),
    ("consequences.funds_workbook", "POST", Act.VIEW_CONSEQUENCES, division),
    ("consequences.draft_fund", "POST", Act.DECIDE_CONSEQUENCES, division),
    ("consequences.show_fund", "GET", Act.VIEW_CONSEQUENCES, place_of_fund),
    ("consequences.fund_workbook", "POST", Act.VIEW_CONSEQUENCES, place_of_fund),
    ("consequences.confirm_fund", "POST", Act.DECIDE_CONSEQUENCES, place_of_fund),
    ("consequences.pay", "GET", Act.VIEW_CONSEQUENCES, division),
    ("consequences.pay_workbook", "POST", Act.VIEW_CONSEQUENCES, division),
    ("consequences.store_rates", "POST", Act.DECIDE_CONSEQUENCES, division),
    ("consequences.rates", "GET", Act.VIEW_CONSEQUENCES, division),
    ("consequences.draft_sheet", "POST", Act.DECIDE_CONSEQUENCES, division),
    ("consequences.show_sheet", "GET", Act.VIEW_CONSEQUENCES, place_of_sheet),
    ("consequences.sheet_workbook", "POST", Act.VIEW_CONSEQUENCES, place_of_sheet),
    ("consequences.confirm_sheet", "POST", Act.DECIDE_CONSEQUENCES, place_of_sheet),
    ("consequences.due", "GET", Act.VIEW_DUE_CONSEQUENCES, division),
    ("consequences.open_missing", "POST", Act.DECIDE_CONSEQUENCES, cycle),
    ("consequences.show_case", "GET", Act.VIEW_CONSEQUENCES, place_of_case),
    ("consequences.approval", "GET", Act.DECIDE_CONSEQUENCES, division),
    ("consequences.approve_many", "POST", Act.DECIDE_CONSEQUENCES, division),
    ("consequences.move", "POST", Act.DECIDE_CONSEQUENCES, place_of_case),
)
"""Endpoint, method, act, and where it is asked for."""
