"""The words of a pay sheet: as what somebody was in post, the formula with its numbers, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext

from starrating.domain.figures import plain
from starrating.domain.pay import PayRole
from starrating.domain.posts import PostKind
from starrating.queries.pay import KeptRates, PaidUnit
from starrating.services.pay import Coefficient, PayRow, yuan
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
    "rates": _l("区里还没有存这一年的标准，没有算。"),
}


def role_word(role: PayRole) -> str:
    """As what somebody was in post."""
    return str(gettext(ROLES[role]))


def missing_word(missing: str) -> str:
    """Why a row has no amount."""
    return str(gettext(MISSING[missing]))


def settled_word(coefficient: Coefficient) -> str:
    """That nobody has approved a coefficient yet; nothing where somebody has."""
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
