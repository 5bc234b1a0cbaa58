"""The words of the pool of reward money: the rule by which it is split, every formula, what the sheets are called."""

from __future__ import annotations

from flask_babel import gettext

from starrating.blueprints.consequences.pay_words import sheet_notes
from starrating.domain.figures import plain
from starrating.domain.fund import Part, PartState
from starrating.queries.staying import SheetRow
from starrating.services.consequences.fund_sheets import Fund, FundRow
from starrating.services.consequences.pay import yuan


def rule_text(found: Fund) -> str:
    """How the pool is split, with its numbers."""
    return str(gettext(
        "资金%(pool)s元，份额合计%(whole)s。各自舍到分，一共余下%(left)s分，按舍去的零头从大到小各加1分，零头一样大的，登记在前的先加。",
        pool=yuan(found.pool), whole=plain(found.whole), left=found.raised,
    ))  # fmt: skip


def sum_text(found: Fund) -> str:
    """That what was given and what is kept are the pool."""
    return str(gettext(
        "到这一份为止分给%(given)s元，暂留%(kept)s元，合起来是%(whole)s元。",
        given=yuan(found.given), kept=yuan(found.kept), whole=yuan(found.given + found.kept),
    ))  # fmt: skip


def formula_of(part: Part, found: Fund) -> str:
    """How a part comes about, with its numbers."""
    if part.state is PartState.GONE:
        return str(gettext("现在没有份额。"))
    said = {"pool": yuan(found.pool), "share": plain(part.share), "whole": plain(found.whole),
            "floor": yuan(part.slice.floor)}  # fmt: skip
    if part.slice.more:
        return str(gettext("%(pool)s元×%(share)s÷%(whole)s，舍到分是%(floor)s元，零头大，加1分。", **said))
    return str(gettext("%(pool)s元×%(share)s÷%(whole)s，舍到分是%(floor)s元。", **said))


def note_of(row: FundRow) -> str:
    """That a part is held back, or that nobody approved the rule by which it is given; or nothing."""
    if row.part.state is PartState.KEPT:
        return str(gettext("缓办或待复核，暂留%(amount)s元。", amount=yuan(row.part.kept)))
    if row.names.restated and row.part.state is PartState.GIVEN:
        return str(gettext("按现在的星级重算，原来的一条已撤销。"))
    return ""


def sheet_name(row: SheetRow) -> str:
    """What a stored sheet is called."""
    if row.number == 1:
        return str(gettext("%(year)s年度奖励资金分配表", year=row.year))
    return str(gettext("%(year)s年度奖励资金调整第%(number)s份", year=row.year, number=row.number - 1))


def notes_of(row: SheetRow, found: Fund) -> list[str]:
    """The rule, the sum, who drafted and who confirmed a stored sheet, why, and its digest, as sentences."""
    return [rule_text(found), sum_text(found), *sheet_notes(row)]
