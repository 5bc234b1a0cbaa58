"""The demonstration's cases: in the district to be tried some are approved, put off, waived, carried out and closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from starrating.domain.access import Place
from starrating.domain.case_records import ADMONITION, FAILED, PASSED, RECORDED
from starrating.domain.cases import CaseMove, CaseState
from starrating.queries.cases import CaseFilter, CaseRow, cases_of
from starrating.queries.divisions import path_of
from starrating.queries.standing import schemes_standing
from starrating.services.consequences.cases import Given, move_case
from starrating.services.consequences.fund_sheets import confirm_sheet as confirm_fund
from starrating.services.consequences.fund_sheets import draft_sheet as draft_fund
from starrating.services.consequences.fund_sheets import fund, pool_of, shares_of
from starrating.services.consequences.fund_sheets import next_sheet as next_fund
from starrating.services.consequences.pay import TypedRates, pay_sheet, store_rates
from starrating.services.consequences.pay_sheets import confirm_sheet, draft_sheet, next_sheet
from starrating.services.consequences.staying import Shown
from starrating.services.years.scheme_texts import read_kept

MEASURES = 14
"""So many measures stand in all the states there are; the others are done and closed."""
SAID = {
    "present": "区委组织部分管副部长、乡镇街道党（工）委书记",
    "said": "指出星级下降的主要原因，要求对照失分项逐项整改",
    "promised": "本人认账，年底前全部整改到位",
    "body": "乡镇街道党（工）委，按程序提请村（居）民会议",
}
WHO_VOTED = "乡镇街道党（工）委组织，党员和村（居）民代表参加"
BALLOTS: Sequence[Mapping[str, str]] = (
    {"votes_for": "41", "votes_against": "3", "votes_abstain": "2", "ballot_result": PASSED},
    {"votes_for": "14", "votes_against": "22", "votes_abstain": "5", "ballot_result": FAILED,
     "onward": "移送乡镇街道党（工）委，建议按程序调整"},
    {},
)  # fmt: skip
"""What the ballots of the admonitions came to; one is still to be held."""
CLOSED = {PASSED: "诫勉期满，测评合格，办结", FAILED: "测评不合格，已经移送，办结"}
LATER = {"": "本人在外住院，出院以后再谈", "plaque_withdrawn": "新牌还没有制好，送新牌时一起换下来"}
NOT_AT_ALL = {"": "星级下降是因为撤并以后重新核定范围，不是本人责任", "plaque_withdrawn": "上年的牌已经在迁址时收回"}
"""Why something is put off or not done, by measure."""
POOL = "1000000"
RATES = TypedRates("36000", "24000", "1000", "800", "700")


Turn = Callable[[date], None]
"""Says which day it is from now on."""


def settle_measures(district: int, year: int, by: int, turn: Turn) -> None:
    """Every measure of a year that is still proposed is approved, carried out and closed, as it should be."""
    place, measures = _place(district), _measures(district, year)
    rows = _proposed(place, year)
    turn(date(year + 1, 3, 11))
    for number, row in enumerate(rows):
        done = _done(number + 101, measures[row.kind, row.rule], year, date(year + 1, 9, 10))
        move_case(row.id, CaseMove.APPROVE, row.version, Given("同意"), by)
        move_case(row.id, CaseMove.CARRY_OUT, row.version + 1, done, by)
    turn(date(year + 1, 9, 13))
    for row in rows:
        version = row.version + 2
        if measures[row.kind, row.rule] == ADMONITION:
            move_case(row.id, CaseMove.BALLOT, version, _ballot(row.id, BALLOTS[0], year), by)
            version += 1
        move_case(row.id, CaseMove.CLOSE, version, Given("材料齐全，办结"), by)
    turn(date(year + 1, 3, 11))


def tell_cases(district: int, year: int, first: int, second: int, turn: Turn, soon: date) -> None:
    """Decide a published year's cases, split its reward money, and confirm the pay sheet of one township.

    What is not closed has `soon` as its next day, so that the demonstration never looks long forgotten.
    """
    place = _place(district)
    turn(date(year + 1, 3, 11))
    measures = _measures(district, year)
    tell_admonitions(place, year, measures, first, turn, soon)
    for number, row in enumerate(_proposed(place, year)[:MEASURES]):
        moves = _moves(number, measures[row.kind, row.rule], year, soon)
        for version, (move, given) in enumerate(moves, row.version):
            move_case(row.id, move, version, given, first)
    settle_measures(district, year, first, turn)
    for row in cases_of([place], CaseFilter(year=year, outcome="fund_share")):
        move_case(row.id, CaseMove.APPROVE, row.version, Given(), first)
    _fund(district, year, first, second)
    _pay(place, year, first, second)


def _place(district: int) -> Place:
    return Place(*(row.id for row in path_of(district)))


def _proposed(place: Place, year: int) -> Sequence[CaseRow]:
    return cases_of([place], CaseFilter(year=year, states=(CaseState.PROPOSED,), outcome="measure"))


def tell_admonitions(
    place: Place, year: int, measures: Mapping[tuple[str, str], str], by: int, turn: Turn, soon: date
) -> None:
    """Three admonitions: one closed after a ballot that was passed, one after a lost one, one that ends soon."""
    found = [row for row in _proposed(place, year) if measures[row.kind, row.rule] == ADMONITION]
    rows = found[: len(BALLOTS)]
    for number, (row, said) in enumerate(zip(rows, BALLOTS, strict=False)):
        document = f"区组发〔{year + 1}〕{number + 41}号"
        ends = date(year + 1, 9, 10) if said else soon
        period = {"begins_on": date(year + 1, 3, 11).isoformat(), "ends_on": ends.isoformat()}
        move_case(row.id, CaseMove.APPROVE, row.version, Given("同意"), by)
        given = Given(document=document, day=date(year + 1, 3, 10), record=period)
        move_case(row.id, CaseMove.CARRY_OUT, row.version + 1, given, by)
    turn(date(year + 1, 9, 13))
    for row, said in zip(rows, BALLOTS, strict=False):
        if said:
            move_case(row.id, CaseMove.BALLOT, row.version + 2, _ballot(row.id, said, year), by)
            move_case(row.id, CaseMove.CLOSE, row.version + 3, Given(CLOSED[said["ballot_result"]]), by)
    turn(date(year + 1, 3, 11))


def _ballot(case_id: int, said: Mapping[str, str], year: int) -> Given:
    held = {**said, "ballot_on": date(year + 1, 9, 12).isoformat(), "ballot_by": WHO_VOTED,
            "ballot_document": f"民主测评汇总表〔{year + 1}〕{case_id}号"}  # fmt: skip
    return Given(record=held)


def _measures(district: int, year: int) -> dict[tuple[str, str], str]:
    """(kind, rule) → its measure, by the schemes of the year."""
    texts = schemes_standing([Place(None, district)], year)
    return {(kind, rule.code): str(rule.effect.what)
            for (_, kind), text in texts.items() for rule in read_kept(text).scheme.consequences}  # fmt: skip


def _done(number: int, measure: str, year: int, later: date) -> Given:
    """How a measure was carried out: its document, its day, its record with a day that comes later."""
    days = {"follow_up_on": later, "reply_by": later, "begins_on": date(year + 1, 3, 11), "ends_on": later}
    known = SAID | {name: one.isoformat() for name, one in days.items()}
    record = {name: known[name] for name in RECORDED.get(measure, {}).get(CaseMove.CARRY_OUT, ())}
    return Given(document=f"区组发〔{year + 1}〕{number}号", day=date(year + 1, 3, 10), record=record)


def _moves(number: int, measure: str, year: int, soon: date) -> Iterator[tuple[CaseMove, Given]]:
    """What becomes of a case: two in seven are put off, one is waived, the others are carried out with their record."""
    done = _done(number + 11, measure, year, soon)
    match number % 7:
        case 0 | 1:
            yield CaseMove.DEFER, Given(LATER.get(measure, LATER[""]), day=soon)
        case 2:
            yield CaseMove.WAIVE, Given(NOT_AT_ALL.get(measure, NOT_AT_ALL[""]))
        case 6 if measure != ADMONITION:
            yield CaseMove.APPROVE, Given("同意")
            yield CaseMove.CARRY_OUT, done
            yield CaseMove.CLOSE, Given("材料齐全，办结")
        case _:
            yield CaseMove.APPROVE, Given("同意")
            yield CaseMove.CARRY_OUT, done


def _fund(district: int, year: int, first: int, second: int) -> None:
    """Take the split of the year's reward money through two people; every share was approved."""
    due = next_fund(fund(shares_of(district, year), pool_of(POOL), ()), district, year, ())
    if due.rows:
        confirm_fund(draft_fund(district, year, POOL, Shown(due.digest, ""), first), 1, due.digest, second)


def _pay(place: Place, year: int, first: int, second: int) -> None:
    """Approve every coefficient of the first township, and take its sheet through two people."""
    assert place.district is not None
    store_rates(place.district, year, 0, RATES, first)
    rows = cases_of([place], CaseFilter(year=year, outcome="pay_coefficient"))
    town = min(rows, key=lambda row: (row.township, row.unit_id)).township
    for row in rows:
        if row.township == town:
            move_case(row.id, CaseMove.APPROVE, row.version, Given(), first)
    sheet = pay_sheet(place, year)
    township = next(row.unit.township_id for row in sheet.rows if row.unit.township == town)
    due = next_sheet(pay_sheet(Place(place.municipality, place.district, township), year), township, year, ())
    assert due is not None
    confirm_sheet(draft_sheet(township, year, due.digest, "", first), 1, due.digest, second)
