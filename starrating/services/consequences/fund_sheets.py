"""A district's pool of reward money: the shares that its published year gave, and the sheets of it that stay.

The shares of a year are those of its cases; of one that was rescinded, what follows from the star that stands. Of a
share that is deferred or in review the part is kept in the pool; of one that nobody has said anything about there is
none.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from starrating.domain.access import Place
from starrating.domain.cases import UNDONE, CaseState
from starrating.domain.faults import RuleError
from starrating.domain.fund import Part, PartState, ShareKey, parts_due
from starrating.domain.scheme import Outcome
from starrating.queries.cases import CaseFilter, CaseRow, cases_of
from starrating.queries.places import place_of_division
from starrating.queries.standing import schemes_standing
from starrating.queries.staying import FUND, SheetRow, sheets_of
from starrating.services.consequences.pay import fen_of
from starrating.services.consequences.pay_coefficients import SETTLED
from starrating.services.consequences.restated_rules import Schemes, number_of, rules_again
from starrating.services.consequences.staying import Kind, NextSheet, Shown, confirm, draft
from starrating.services.editions.list_text import canonical, digest_of
from starrating.services.years.scheme_texts import read_kept

FORMAT = "starrating-fund/1"
RESTATED = "restated"
"""What stands last in a stored part whose case was rescinded."""
POOL = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")
"""A pool in 元 as it is typed: that of several hundred villages is more than anybody's pay."""
SHEETS = Kind(FUND, "fund_sheet", "fund_sheet_drafted", "fund_sheet_confirmed")


class ShareState(StrEnum):
    """Whether people have agreed to a share, hold it back (deferred, or in review), or have not said anything yet."""

    SETTLED = "settled"
    HELD = "held"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Named:
    """Of which unit and rule a share is, and of which case; `restated` where that case was rescinded and the share is
    what follows from the star that stands, which nobody approved."""

    unit: str
    township: str
    rule: str
    case_id: int
    restated: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A unit's share of the pool by a rule of the scheme, and how far people are with it."""

    key: ShareKey
    names: Named
    share: Fraction
    state: ShareState


@dataclass(frozen=True, slots=True)
class FundRow:
    """A part of the pool with the names of what it is a part of."""

    names: Named
    part: Part


@dataclass(frozen=True, slots=True)
class Fund:
    """A pool in 分 and every part of it; in the order of townships and units."""

    pool: int
    rows: tuple[FundRow, ...]
    open: tuple[Share, ...] = ()
    """The shares that nobody has said anything about; they have no part, and no sheet is drafted before."""

    @property
    def whole(self) -> Fraction:
        """The sum of the shares."""
        return sum((row.part.share for row in self.rows), Fraction(0))

    @property
    def given(self) -> int:
        """What the parts given come to, with everything that was confirmed before."""
        return sum(row.part.before + row.part.difference for row in self.rows)

    @property
    def kept(self) -> int:
        """What stays in the pool until it is approved or reviewed."""
        return sum(row.part.kept for row in self.rows)

    @property
    def raised(self) -> int:
        """How many 分 rounding down left over."""
        return sum(row.part.slice.more for row in self.rows)


def shares_of(district_id: int, year: int) -> tuple[Share, ...]:
    """Every share of a district's year; waived ones are none, and words are none."""
    place = place_of_division(district_id)
    assert place is not None
    schemes = {key: read_kept(text).scheme for key, text in schemes_standing([place], year).items()}
    rows = cases_of([Place(place.municipality, place.district)], CaseFilter(year, outcome=Outcome.FUND_SHARE))
    found = {one.key: one for row in rows if row.state not in UNDONE for one in _own(row, schemes)}
    for one in _restated(rows, schemes):
        found.setdefault(one.key, one)
    return tuple(found[key] for key in sorted(found))


def fund(shares: Iterable[Share], pool: int, confirmed: Iterable[SheetRow]) -> Fund:
    """The pool split by the shares, after the sheets that are confirmed."""
    texts, kept = [json.loads(one.text) for one in confirmed], {one.key: one for one in shares}
    names = {key: found for text in texts for key, found in _names(text).items()}
    names |= {key: one.names for key, one in kept.items()}
    before = given_before(texts)
    open_ = {key for key, one in kept.items() if one.state is ShareState.OPEN and not before.get(key)}
    waiting = {key for key, one in kept.items() if one.state is not ShareState.SETTLED}
    parts = parts_due(pool, {key: one.share for key, one in kept.items() if key not in open_}, waiting, before)
    return Fund(pool, _rows(parts, names), tuple(kept[key] for key in sorted(open_)))


def next_sheet(found: Fund, district_id: int, year: int, kept: Iterable[SheetRow]) -> NextSheet:
    """What is due of a pool after the sheets that are confirmed."""
    number = sum(one.confirmed for one in kept) + 1
    rows = sorted(found.rows, key=lambda row: row.part.key)
    text = canonical({
        "format": FORMAT, "district": district_id, "year": year, "number": number, "pool": found.pool,
        "parts": [[*row.part.key, row.names.unit, row.names.township, row.names.rule, row.names.case_id,
                   str(row.part.share), row.part.part, row.part.before, row.part.state, *_told(row)] for row in rows],
    })  # fmt: skip
    due = [row.part.difference for row in rows if row.part.difference]
    return NextSheet(number, text, digest_of(text), sum(due), len(due),
                     sum(row.part.state is PartState.KEPT for row in rows))  # fmt: skip


def draft_sheet(district_id: int, year: int, pool: str, shown: Shown, by: int) -> int:
    """Draft the split of a pool as it was shown, in place of a draft that nobody has confirmed; its key."""
    money = pool_of(pool)
    return draft(SHEETS, district_id, year, lambda: _due(district_id, year, money), shown, by)


def confirm_sheet(sheet_id: int, version: int, digest: str, by: int) -> None:
    """Confirm a draft as it was shown: by somebody else, and only while it is still what is due."""
    confirm(SHEETS, sheet_id, version, digest, lambda row: _due(row.division_id, row.year, pool_said(row)), by)


def frozen(row: SheetRow) -> Fund:
    """A stored sheet as its text says it: the parts are those that the pool and the shares give."""
    text = json.loads(row.text)
    return Fund(text["pool"], _rows(parts_again(text), _names(text)))


def parts_again(text: Mapping[str, Any]) -> tuple[Part, ...]:
    """The parts of a stored sheet, worked out again from its pool, its shares and what was given before."""
    said = {(one[0], one[1]): one for one in text["parts"]}
    shares = {key: Fraction(one[6]) for key, one in said.items() if one[9] != PartState.GONE}
    waiting = {key for key, one in said.items() if one[9] == PartState.KEPT}
    return parts_due(text["pool"], shares, waiting, {key: one[8] for key, one in said.items()})


def given_before(texts: Iterable[Mapping[str, Any]]) -> dict[ShareKey, int]:
    """What some stored sheets gave together, part by part."""
    found: Counter[ShareKey] = Counter()
    for text in texts:
        for said in text["parts"]:
            found[said[0], said[1]] += 0 if said[9] == PartState.KEPT else said[7] - said[8]
    return dict(found)


def pool_said(row: SheetRow) -> int:
    """The pool of a stored sheet, in 分."""
    return int(json.loads(row.text)["pool"])


def pool_of(text: str) -> int:
    """A pool as typed in 元, in 分; `fund.pool` where it is none."""
    try:
        pool = fen_of(text, POOL)
    except RuleError:
        pool = 0
    if not pool:
        raise RuleError("fund.pool")
    return pool


def _due(district_id: int, year: int, pool: int) -> NextSheet:
    """What is due now; not before something was said of every share, nor while what is held back is more than its
    part of the pool."""
    kept = sheets_of(FUND, district_id, year)
    found = fund(shares_of(district_id, year), pool, [one for one in kept if one.confirmed])
    if found.open:
        raise RuleError("fund.open", count=len(found.open))
    if any(row.part.kept < 0 for row in found.rows):
        raise RuleError("fund.review_first")
    return next_sheet(found, district_id, year, kept)


def _own(row: CaseRow, schemes: Schemes) -> Iterator[Share]:
    """The share of a case that stands; none where the scheme says it in words."""
    rule = next(one for one in schemes[row.cycle_id, row.kind].consequences if one.code == row.rule)
    share = number_of(rule, row.written)
    if share is not None:
        names = Named(row.unit, row.township, rule.name, row.id)
        yield Share((row.unit_id, row.rule), names, share, _state(row))


def _state(row: CaseRow) -> ShareState:
    if row.review_id is not None or row.state is CaseState.DEFERRED:
        return ShareState.HELD
    return ShareState.SETTLED if row.state in SETTLED else ShareState.OPEN


def _restated(rows: Iterable[CaseRow], schemes: Schemes) -> Iterator[Share]:
    """The shares that follow from the star that stands, where people rescinded those of the one before."""
    kept = tuple(rows)
    waived = {(row.unit_id, row.rule) for row in kept if row.state is CaseState.WAIVED}
    gone = {row.id: row for row in kept if row.state is CaseState.RESCINDED}
    for case_id, found in rules_again(gone.values(), schemes).items():
        row = gone[case_id]
        for rule, share in found:
            if (row.unit_id, rule.code) not in waived:
                names = Named(row.unit, row.township, rule.name, case_id, restated=True)
                yield Share((row.unit_id, rule.code), names, share, ShareState.SETTLED)


def _names(text: Mapping[str, Any]) -> dict[ShareKey, Named]:
    """The names that a stored sheet says."""
    return {(one[0], one[1]): Named(one[2], one[3], one[4], one[5], RESTATED in one[10:]) for one in text["parts"]}


def _told(row: FundRow) -> tuple[str, ...]:
    """That a part is of a restated share, where there is one."""
    return (RESTATED,) if row.names.restated and row.part.state is not PartState.GONE else ()


def _rows(parts: Iterable[Part], names: Mapping[ShareKey, Named]) -> tuple[FundRow, ...]:
    """Parts with their names, by township and unit."""
    rows = (FundRow(names[part.key], part) for part in parts)
    return tuple(sorted(rows, key=lambda row: (row.names.township, row.names.unit, row.part.key)))
