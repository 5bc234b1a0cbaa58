"""The lines of the protected list: each consequence of a rating with its rule in words and the person it is about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from starrating.domain.masking import masked_name
from starrating.domain.posts import PostKind, dual_roles, holders
from starrating.domain.scheme import Bearer, Consequence, Outcome, Scheme
from starrating.queries.consequences import FollowingRow, HolderRow
from starrating.services.scheme_texts import read_kept
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


@dataclass(frozen=True, slots=True)
class Standing:
    """A level as a badge shows it: its name, its place from the highest, how many levels there are."""

    name: str
    place: int | None
    of: int


@dataclass(frozen=True, slots=True)
class Line:
    """One consequence: of which unit, for whom, by which rule, what."""

    row: FollowingRow
    outcome: Outcome
    bearer: str
    people: tuple[str, ...]
    posts: str
    dual: bool
    rule: str
    code: str
    condition: str
    effect: str
    days: int | None
    level: Standing
    previous: Standing


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


def lines(
    rows: Iterable[FollowingRow], texts: Mapping[tuple[int, str], str], office: Office, outcome: str = ""
) -> Iterator[Line]:
    """Every consequence of the ratings, unit by unit, in the order of the scheme's rules; names are masked."""
    said: dict[tuple[int, str, str], tuple[str, str]] = {}
    schemes = {key: read_kept(text).scheme for key, text in texts.items()}
    rules = {key: {entry.code: entry for entry in scheme.consequences} for key, scheme in schemes.items()}
    for row in rows:
        at = (row.cycle_id, row.kind)
        for written in json.loads(row.consequences):
            code, _, coefficient = str(written).partition("=")
            entry = rules.get(at, {}).get(code)
            if entry is None or outcome not in ("", entry.effect.outcome):
                continue
            scheme = schemes[at]
            key = (*at, str(written))
            if key not in said:
                said[key] = (
                    condition_text(entry.when, scheme),
                    effect_text(entry.effect, scheme, coefficient=coefficient),
                )
            yield _line(row, scheme, entry, said[key], office)


def _line(row: FollowingRow, scheme: Scheme, entry: Consequence, said: tuple[str, str], office: Office) -> Line:
    people = office.of(entry.bearer, row.unit_id)
    dual = bool(people) and office.both.get(row.unit_id) in people
    return Line(
        row,
        entry.effect.outcome,
        bearer_text(entry.bearer),
        tuple(masked_name(office.names[person]) for person in people),
        _posts(entry.bearer),
        dual,
        entry.name,
        entry.code,
        said[0],
        said[1],
        entry.effect.within_days,
        _standing(scheme, row.level),
        _standing(scheme, row.previous),
    )


def _posts(bearer: Bearer) -> str:
    if bearer is Bearer.DUAL_ROLE:
        return str(gettext("书记、主任"))
    return str(POST_NAMES[POSTS[bearer]]) if bearer in POSTS else ""


def _standing(scheme: Scheme, code: str) -> Standing:
    of = len(scheme.levels)
    for index, level in enumerate(scheme.levels):
        if level.code == code:
            return Standing(level.name, of - 1 - index, of)
    return Standing("", None, of)
