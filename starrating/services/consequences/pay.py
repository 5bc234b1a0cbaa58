"""The pay sheet of a place and year, worked out from posts, cases and rates whenever it is read; and storing rates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from starrating.domain.access import Place
from starrating.domain.faults import RuleError
from starrating.domain.pay import PayRole, Tenure, amount, tenures, vacant_months
from starrating.domain.posts import PostKind
from starrating.models.pay import MOST_SHARE, PayRate
from starrating.queries.divisions import path_of
from starrating.queries.pay import KeptRates, PaidUnit, held_in, rates_of, units_paid
from starrating.services.audit import Subject, record
from starrating.services.clock import now
from starrating.services.consequences.pay_coefficients import Coefficient, coefficients
from starrating.services.transaction import transaction

MONEY, SHARE = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?"), re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class PayRow:
    """A row of the sheet: `person` is the name in clear, which pages mask; no amount where something is missing."""

    unit: PaidUnit
    person_id: int
    person: str
    role: PayRole
    months: int
    coefficient: Coefficient
    amount: int | None

    @property
    def missing(self) -> str:
        """Why there is no amount: what is missing of the coefficient, or `rates`; empty where there is one."""
        return self.coefficient.missing or ("rates" if self.amount is None else "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A pay sheet: its rows, and (unit, post, months) of every vacancy."""

    rates: KeptRates | None
    rows: tuple[PayRow, ...]
    vacancies: tuple[tuple[PaidUnit, PostKind, int], ...]
    open_units: frozenset[int]
    """The units whose coefficient is missing or approved by nobody, those where nobody was in post too."""

    @property
    def total(self) -> int:
        """The sum of the rounded rows, in 分."""
        return total_of(self.rows)

    @property
    def unsettled(self) -> int:
        """What of the sum nobody has approved yet."""
        return total_of(row for row in self.rows if not row.coefficient.approved)


@dataclass(frozen=True, slots=True)
class TypedRates:
    """Rates as somebody typed them: 元, and thousandths."""

    base: str
    performance: str
    dual: str
    secretary: str
    director: str


def total_of(rows: Iterable[PayRow]) -> int:
    """The sum of rounded rows, in 分; a row without an amount adds nothing."""
    return sum(row.amount or 0 for row in rows)


def pay_sheet(place: Place, year: int) -> Sheet:
    """The sheet of a district or township: every holder of every post of its units, unit by unit."""
    assert place.district is not None
    rates = rates_of(place.district, year)
    posts, names = held_in(place, year)
    by_unit: dict[int, list[Tenure]] = {}
    for one in tenures(posts, year):
        by_unit.setdefault(one.unit, []).append(one)
    known = coefficients(place, year)
    rows: list[PayRow] = []
    vacancies = []
    open_units = set()
    for unit in units_paid(place, year):
        held, coefficient = by_unit.get(unit.id, []), known.get(unit.id, Coefficient(missing="case"))
        if coefficient.number is None or not coefficient.approved:
            open_units.add(unit.id)
        rows += (PayRow(unit, one.person, names[one.person], one.role, one.months, coefficient,
                        _amount(rates, coefficient, one)) for one in held)  # fmt: skip
        vacancies += [(unit, kind, months) for kind, months in vacant_months(held).items() if months]
    return Sheet(rates, tuple(rows), tuple(vacancies), frozenset(open_units))


def store_rates(district_id: int, year: int, version: int, typed: TypedRates, by: int) -> int:
    """Store the rates of a year after the version that was shown, 0 where there were none; the new version.

    The version is the condition: whoever is slower meets the key of the table and changes nothing.
    """
    money = [fen_of(text) for text in (typed.base, typed.performance)]
    shares = [_share(text) for text in (typed.dual, typed.secretary, typed.director)]
    with transaction() as session:
        kept = rates_of(district_id, year)
        if version != (kept.version if kept else 0):
            raise RuleError("pay.changed")
        session.add(PayRate(
            district_id=district_id, year=year, version=version + 1, base=money[0], performance=money[1],
            dual_share=shares[0], secretary_share=shares[1], director_share=shares[2], by=by, at=now(),
        ))  # fmt: skip
        try:
            session.flush()
        except IntegrityError:
            raise RuleError("pay.changed") from None
        path = path_of(district_id)
        subject = Subject("district", district_id, f"{path[-1].name}{year}", Place(*(row.id for row in path)))
        record(session, "pay_rates_stored", by, subject, year=year, version=version + 1, base=yuan(money[0]),
               performance=yuan(money[1]), dual=shares[0], secretary=shares[1], director=shares[2])  # fmt: skip
    return version + 1


def yuan(fen: int) -> str:
    """Money in 元 with two decimals; below 0 with a minus."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def fen_of(text: str, form: re.Pattern[str] = MONEY) -> int:
    """元 as typed, in 分; `pay.money` where it is none, or more than the form allows."""
    kept = text.strip()
    if not form.fullmatch(kept):
        raise RuleError("pay.money")
    whole, _, rest = kept.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def _share(text: str) -> int:
    kept = text.strip()
    if not SHARE.fullmatch(kept) or int(kept) > MOST_SHARE:
        raise RuleError("pay.share", most=MOST_SHARE)
    return int(kept)


def _amount(rates: KeptRates | None, coefficient: Coefficient, one: Tenure) -> int | None:
    if rates is None or coefficient.number is None:
        return None
    return amount(rates.rates, coefficient.number, one.role, one.months)
