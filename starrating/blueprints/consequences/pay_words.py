"""The words of a pay sheet: as what somebody was in post, the formula with its numbers, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext

from starrating.blueprints.languages import day_name
from starrating.domain.figures import plain
from starrating.domain.masking import masked_name
from starrating.domain.pay import PayRole
from starrating.domain.posts import PostKind
from starrating.queries.pay import KeptRates, PaidUnit
from starrating.queries.pay_sheets import SheetSum
from starrating.queries.staying import SheetRow
from starrating.services.consequences.pay import PayRow, yuan
from starrating.services.consequences.pay_coefficients import Coefficient
from starrating.services.working_days import BEIJING
from starrating.wording.language import mark as _l

ROLES: Mapping[PayRole, str] = {
    PayRole.DUAL: _l("书记兼主任"),
    PayRole.SECRETARY: _l("只任书记"),
    PayRole.DIRECTOR: _l("只任主任"),
}
MISSING: Mapping[str, str] = {
    "case": _l("这一年没有系数事项，没有算。"),
    "several": _l("同时有几条系数事项，没有算。请先在结果运用里定下留哪一条。"),
    "waived": _l("系数事项免办了，没有算。"),
    "rescinded": _l("系数事项复核后撤销了，没有算。"),
    "unapproved": _l("系数还没有批准，或待复核，没有列入这一份。"),
    "rates": _l("区里还没有存这一年的标准，没有算。"),
}


def role_word(role: PayRole) -> str:
    """As what somebody was in post."""
    return str(gettext(ROLES[role]))


def missing_word(missing: str) -> str:
    """Why a row has no amount."""
    return str(gettext(MISSING[missing]))


def settled_word(coefficient: Coefficient) -> str:
    """That nobody has approved a coefficient yet, or of which star it is; nothing where somebody has."""
    if coefficient.restated:
        return str(gettext("原来的系数事项复核后撤销了，按更正后的星级算。"))
    return "" if coefficient.approved else str(gettext("系数还没有批准，或待复核。"))


def formula_of(row: PayRow, kept: KeptRates | None) -> str:
    """The formula of a row with its numbers; nothing where there is no amount."""
    if kept is None or row.amount is None or row.coefficient.number is None:
        return ""
    return str(gettext(
        "基本%(base)s元÷12×%(months)s＋绩效%(performance)s元×系数%(coefficient)s×份额%(share)s‰×%(months)s÷12＝%(amount)s元",
        base=yuan(kept.rates.base), months=row.months, performance=yuan(kept.rates.performance),
        coefficient=plain(row.coefficient.number), share=kept.rates.shares[row.role], amount=yuan(row.amount),
    ))  # fmt: skip


def vacancy_lines(vacancies: Iterable[tuple[PaidUnit, PostKind, int]]) -> list[str]:
    """Every vacancy as a sentence."""
    return [
        str(gettext("%(unit)s的书记空缺%(months)s个月。", unit=unit.name, months=months)
            if kind is PostKind.SECRETARY else
            gettext("%(unit)s的主任空缺%(months)s个月。", unit=unit.name, months=months))
        for unit, kind, months in vacancies
    ]  # fmt: skip


def left_lines(rows: Iterable[PayRow]) -> list[str]:
    """Whom a stored sheet leaves out, and why, as sentences; names are masked."""
    return [
        str(gettext("%(unit)s的%(person)s（%(role)s）：%(why)s", unit=row.unit.name, person=masked_name(row.person),
                    role=role_word(row.role), why=missing_word(row.coefficient.missing)))
        for row in rows
    ]  # fmt: skip


def sheet_name(row: SheetRow) -> str:
    """What a stored sheet is called."""
    if row.number == 1:
        return str(gettext("%(year)s年度待遇表", year=row.year))
    return str(gettext("%(year)s年度补发、扣回第%(number)s份", year=row.year, number=row.number - 1))


def sheet_notes(row: SheetRow) -> list[str]:
    """Who drafted and who confirmed a stored sheet, why, and its digest, as sentences."""
    day = day_name(row.drafted_at.astimezone(BEIJING).date())
    found = [gettext("%(who)s%(day)s送审。", who=row.drafter, day=day)]
    if row.confirmed_at is not None:
        day = day_name(row.confirmed_at.astimezone(BEIJING).date())
        found.append(gettext("%(who)s%(day)s确认，从此不变。", who=row.confirmer, day=day))
    else:
        found.append(gettext("还没有确认，不能照着发。"))
    if row.reason:
        found.append(gettext("理由：%(reason)s", reason=row.reason))
    return [*map(str, found), str(gettext("摘要：%(digest)s", digest=row.digest))]


def state_of(kept: SheetSum) -> tuple[str, str]:
    """Where a township's sheet stands, and how that is tagged."""
    if kept.waiting:
        return str(gettext("待确认")), "now"
    return (str(gettext("已确认")), "ok") if kept.confirmed else (str(gettext("没有送审")), "")
