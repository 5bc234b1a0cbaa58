"""The lines of the protected list: each consequence of a rating with its rule in words and the person it is about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from starrating.domain.masking import masked_name
from starrating.domain.posts import PostKind, dual_roles, holders
from starrating.domain.scheme import Bearer, Consequence, Outcome, Scheme
from starrating.queries.consequences import FollowingCodes, FollowingRow, HolderRow
from starrating.wording.conditions import condition_text
from starrating.wording.outcomes import bearer_text, effect_text

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.MEASURE: _l("约谈、诫勉、调整等措施"),
    Outcome.ELIGIBLE: _l("编制、招录资格"),
    Outcome.PAY_COEFFICIENT: _l("绩效系数"),
    Outcome.AT_MOST: _l("考核等次上限"),
    Outcome.HONOUR: _l("授牌"),
    Outcome.FUND_SHARE: _l("经费份额"),
}
POSTS: Mapping[Bearer, PostKind] = {Bearer.SECRETARY: PostKind.SECRETARY, Bearer.DIRECTOR: PostKind.DIRECTOR}
POST_NAMES: Mapping[PostKind, str] = {PostKind.SECRETARY: _l("书记"), PostKind.DIRECTOR: _l("主任")}

Schemes = Mapping[tuple[int, str], Scheme]
"""(cycle, kind) → the scheme by which its units were rated."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A level as a badge shows it: its name, its place from the highest, how many levels there are."""

    name: str
    place: int | None
    of: int


class Item(NamedTuple):
    """A consequence of a rating before it is put into words: as it is stored, and its rule."""

    row: FollowingCodes
    written: str
    entry: Consequence


@dataclass(frozen=True, slots=True)
class Line:
    """One consequence: of which unit, for whom, by which rule, what."""

    row: FollowingRow
    bearer: str
    people: tuple[str, ...]
    posts: str
    dual: bool
    rule: str
    condition: str
    effect: str
    level: Standing
    previous: Standing
    restated: int | None = None
    """The year whose level a decision changed after this was worked out; what follows rests on the one before."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who holds which post on the cut-off day, and who holds both."""

    names: Mapping[int, str]
    secretaries: Mapping[int, tuple[int, ...]]
    directors: Mapping[int, tuple[int, ...]]
    both: Mapping[int, int]

    def of(self, bearer: Bearer, unit: int) -> tuple[int, ...]:
        """The people whom a consequence of a unit is about; none where it is about the team or the unit."""
        match bearer:
            case Bearer.DUAL_ROLE:
                return (self.both[unit],) if unit in self.both else ()
            case Bearer.SECRETARY:
                return self.secretaries.get(unit, ())
            case Bearer.DIRECTOR:
                return self.directors.get(unit, ())
        return ()


def office_on(rows: Iterable[HolderRow], day: date) -> Office:
    """The posts of a day, by unit."""
    kept = tuple(rows)
    posts = [row.held for row in kept]
    return Office(
        {row.held.person: row.name for row in kept},
        holders(posts, PostKind.SECRETARY, day),
        holders(posts, PostKind.DIRECTOR, day),
        dual_roles(posts, day),
    )


def items(rows: Iterable[FollowingCodes], schemes: Schemes, outcome: str = "") -> list[Item]:
    """Every consequence of the ratings, unit by unit, in the order in which it is stored; of one outcome or of all."""
    known: dict[tuple[int, str, str], list[tuple[str, Consequence]]] = {}
    found: list[Item] = []
    for row in rows:
        key = (row.cycle_id, row.kind, row.consequences)
        if key not in known:
            known[key] = list(_entries(row, schemes, outcome))
        found += (Item(row, written, entry) for written, entry in known[key])
    return found


def _entries(row: FollowingCodes, schemes: Schemes, outcome: str) -> Iterator[tuple[str, Consequence]]:
    scheme = schemes.get((row.cycle_id, row.kind))
    rules = {entry.code: entry for entry in scheme.consequences} if scheme else {}
    for written in json.loads(row.consequences):
        entry = rules.get(str(written).partition("=")[0])
        if entry is not None and outcome in ("", entry.effect.outcome):
            yield str(written), entry


def line(item: Item, row: FollowingRow, scheme: Scheme, office: Office, restated: int | None = None) -> Line:
    """A consequence in words, with the person it is about; names are masked."""
    entry, coefficient = item.entry, item.written.partition("=")[2]
    people = office.of(entry.bearer, row.unit_id)
    return Line(
        row,
        bearer_text(entry.bearer),
        tuple(masked_name(office.names[person]) for person in people),
        _posts(entry.bearer, bool(people)),
        bool(people) and office.both.get(row.unit_id) in people,
        entry.name,
        condition_text(entry.when, scheme, codes=False),
        effect_text(entry.effect, scheme, coefficient=coefficient),
        standing_of(scheme, row.level),
        standing_of(scheme, row.previous),
        restated,
    )


def _posts(bearer: Bearer, held: bool) -> str:
    """The post that a consequence is about, or that nobody held it."""
    if bearer is Bearer.DUAL_ROLE:
        return str(gettext("书记、主任") if held else gettext("没有一肩挑"))
    if bearer not in POSTS:
        return str(gettext("不对个人"))
    post = str(POST_NAMES[POSTS[bearer]])
    return post if held else str(gettext("%(post)s空缺", post=post))


def standing_of(scheme: Scheme, code: str) -> Standing:
    """A level as a badge shows it; one that the scheme does not have is blank."""
    of = len(scheme.levels)
    for index, level in enumerate(scheme.levels):
        if level.code == code:
            return Standing(level.name, of - 1 - index, of)
    return Standing("", None, of)
