"""The demonstration's cases: in the district to be tried some are approved, put off, waived, carried out and closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from starrating.domain.access import Place
from starrating.domain.case_records import ADMONITION, FAILED, PASSED, RECORDED
from starrating.domain.cases import CaseMove, CaseState
from starrating.queries.cases import CaseFilter, cases_of
from starrating.queries.divisions import path_of
from starrating.queries.standing import schemes_standing
from starrating.services.cases import Given, move_case
from starrating.services.fund_sheets import confirm_sheet as confirm_fund
from starrating.services.fund_sheets import draft_sheet as draft_fund
from starrating.services.fund_sheets import fund, pool_of, shares_of
from starrating.services.fund_sheets import next_sheet as next_fund
from starrating.services.pay import TypedRates, pay_sheet, store_rates
from starrating.services.pay_sheets import confirm_sheet, draft_sheet, next_sheet
from starrating.services.scheme_texts import read_kept
from starrating.services.staying import Shown

MEASURES = 14
"""Of so many measures somebody has decided something; the others wait."""
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
LATER = {"": "本人在外住院，出院以后再谈", "plaque_withdrawn": "新牌还没有制好，送新牌时一起换下来"}
NOT_AT_ALL = {"": "星级下降是因为撤并以后重新核定范围，不是本人责任", "plaque_withdrawn": "上年的牌已经在迁址时收回"}
"""Why something is put off or not done, by measure."""
POOL = "1000000"
RATES = TypedRates("36000", "24000", "1000", "800", "700")


def tell_cases(district: int, year: int, first: int, second: int, turn: Callable[[date], None]) -> None:
    """Decide some of a published year's cases, split its reward money, and confirm the pay sheet of one township."""
    place = Place(*(row.id for row in path_of(district)))
    turn(date(year + 1, 3, 11))
    measures = _measures(district, year)
    tell_admonitions(place, year, measures, first, turn)
    waiting = CaseFilter(year=year, states=(CaseState.PROPOSED,), outcome="measure")
    for number, row in enumerate(cases_of([place], waiting)[:MEASURES]):
        for version, (move, given) in enumerate(_moves(number, measures[row.kind, row.rule], year), row.version):
            move_case(row.id, move, version, given, first)
    for row in cases_of([place], CaseFilter(year=year, outcome="fund_share")):
        move_case(row.id, CaseMove.APPROVE, row.version, Given(), first)
    _fund(district, year, first, second)
    _pay(place, year, first, second)


def tell_admonitions(
    place: Place, year: int, measures: Mapping[tuple[str, str], str], by: int, turn: Callable[[date], None]
) -> None:
    """Three admonitions: one closed after a ballot that was passed, one whose ballot was lost, one without any yet."""
    narrowed = CaseFilter(year=year, states=(CaseState.PROPOSED,), outcome="measure")
    found = [row for row in cases_of([place], narrowed) if measures[row.kind, row.rule] == ADMONITION]
    rows = found[: len(BALLOTS)]
    for number, row in enumerate(rows):
        document = f"区组发〔{year + 1}〕{number + 41}号"
        period = {"begins_on": date(year + 1, 3, 11).isoformat(), "ends_on": date(year + 1, 9, 10).isoformat()}
        move_case(row.id, CaseMove.APPROVE, row.version, Given("同意"), by)
        given = Given(document=document, day=date(year + 1, 3, 10), record=period)
        move_case(row.id, CaseMove.CARRY_OUT, row.version + 1, given, by)
    turn(date(year + 1, 9, 13))
    for row, said in zip(rows, BALLOTS, strict=False):
        if said:
            held = {**said, "ballot_on": date(year + 1, 9, 12).isoformat(), "ballot_by": WHO_VOTED,
                    "ballot_document": f"民主测评汇总表〔{year + 1}〕{row.id}号"}  # fmt: skip
            move_case(row.id, CaseMove.BALLOT, row.version + 2, Given(record=held), by)
        if said.get("ballot_result") == PASSED:
            move_case(row.id, CaseMove.CLOSE, row.version + 3, Given("诫勉期满，测评合格，办结"), by)
    turn(date(year + 1, 3, 11))


def _measures(district: int, year: int) -> dict[tuple[str, str], str]:
    """(kind, rule) → its measure, by the schemes of the year."""
    texts = schemes_standing([Place(None, district)], year)
    return {(kind, rule.code): str(rule.effect.what)
            for (_, kind), text in texts.items() for rule in read_kept(text).scheme.consequences}  # fmt: skip


def _moves(number: int, measure: str, year: int) -> Iterator[tuple[CaseMove, Given]]:
    """What becomes of a case: one in seven waits, is put off, waived, approved, or carried out with its record."""
    document = f"区组发〔{year + 1}〕{number + 11}号"
    day = date(year + 1, 3, 10)
    days = {"follow_up_on": date(year + 1, 6, 10), "reply_by": date(year + 1, 4, 10),
            "begins_on": date(year + 1, 3, 11), "ends_on": date(year + 1, 9, 10)}  # fmt: skip
    known = SAID | {name: one.isoformat() for name, one in days.items()}
    record = {name: known[name] for name in RECORDED.get(measure, {}).get(CaseMove.CARRY_OUT, ())}
    done = Given(document=document, day=day, record=record)
    match number % 7:
        case 1:
            yield CaseMove.DEFER, Given(LATER.get(measure, LATER[""]), day=date(year + 1, 5, 31))
        case 2:
            yield CaseMove.WAIVE, Given(NOT_AT_ALL.get(measure, NOT_AT_ALL[""]))
        case 3:
            yield CaseMove.APPROVE, Given("同意")
        case 4 | 5:
            yield CaseMove.APPROVE, Given("同意")
            yield CaseMove.CARRY_OUT, done
        case 6:
            yield CaseMove.APPROVE, Given("同意")
            yield CaseMove.CARRY_OUT, done
            if measure != ADMONITION:
                yield CaseMove.CLOSE, Given("材料齐全，办结")


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
