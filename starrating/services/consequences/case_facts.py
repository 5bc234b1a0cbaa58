"""The chain of facts behind a case: one canonical text, from which what followed can be worked out again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from starrating.domain.cases import About
from starrating.domain.faults import RuleError
from starrating.domain.figures import fixed
from starrating.domain.inputs import NO_LEVEL, VOIDED
from starrating.domain.posts import Post, PostKind, dual_roles, holders, unbroken_since, whole_months
from starrating.domain.rating import Rating, without_result
from starrating.domain.scheme import Consequence, Scheme
from starrating.domain.walk import Remembered, codes_again, columns_said, subjects_asked
from starrating.services.editions.list_text import canonical

FORMAT = "starrating-case/1"
POSTS: Mapping[About, PostKind] = {About.SECRETARY: PostKind.SECRETARY, About.DIRECTOR: PostKind.DIRECTOR}


@dataclass(frozen=True, slots=True)
class Holding:
    """Who held which post in a district on the cut-off day, and every post that had begun by then."""

    day: date
    posts: Mapping[int, tuple[Post, ...]]
    secretaries: Mapping[int, tuple[int, ...]]
    directors: Mapping[int, tuple[int, ...]]
    both: Mapping[int, int]

    def bearer(self, about: About, unit: int) -> int | None:
        """The person whom a matter of a unit concerns; None where the post is vacant, or it is about no person."""
        match about:
            case About.PERSON:
                return self.both.get(unit)
            case About.SECRETARY | About.DIRECTOR:
                held = (self.secretaries if about is About.SECRETARY else self.directors).get(unit, ())
                whole = self.both.get(unit)
                return whole if whole in held else next(iter(held), None)
        return None

    def led_since(self, unit: int) -> date | None:
        """Since when the leader (whoever holds both posts, else the secretary) has been secretary without a gap."""
        leader = self.bearer(About.SECRETARY, unit)
        terms = [post for post in self.posts.get(unit, ())
                 if post.person == leader and post.kind is PostKind.SECRETARY]  # fmt: skip
        return None if leader is None else unbroken_since(terms, self.day)


def holding(posts: Iterable[Post], day: date) -> Holding:
    """The posts that had begun by a day, as the matters of the year need them."""
    kept = tuple(posts)
    by_unit: dict[int, list[Post]] = {}
    for post in kept:
        by_unit.setdefault(post.unit, []).append(post)
    return Holding(
        day,
        {unit: tuple(sorted(own, key=lambda one: (one.begins_on, one.kind))) for unit, own in by_unit.items()},
        holders(kept, PostKind.SECRETARY, day),
        holders(kept, PostKind.DIRECTOR, day),
        dual_roles(kept, day),
    )


class Chain:
    """The facts of the units of a rating, unit by unit, for whoever opens their cases."""

    def __init__(self, rating: Rating, held: Holding, about: Mapping[str, Any]) -> None:
        self.scheme, self.held, self.about = rating.scheme, held, dict(about)
        self.rating = rating
        self.row = {code: place for place, code in enumerate(rating.inputs.units)}
        self.values = values_of(rating)

    def text(self, code: str, unit: int, entry: Consequence, written: str, about: About) -> str:
        """The canonical text of one case."""
        row = self.row[code]
        person = self.held.bearer(about, unit)
        return canonical({
            **self.about, "format": FORMAT, "unit": code, "rule": entry.code, "written": written, "about": about,
            "voided": bool(self.rating.level[row] < 0),
            "values": {subject: column[row] for subject, column in self.values.items() if column[row] is not None},
            "total": self._total(row), "rank": int(self.rating.rank[row]),
            "reasons": self.rating.reasons.name(row) or "",
            "years": self._years(row, unit), "person": person, "posts": self._posts(unit, person),
        })  # fmt: skip

    def _total(self, row: int) -> str:
        total = self.rating.total.value(row)
        return "" if total is None else fixed(total, self.scheme.decimals)

    def _years(self, row: int, unit: int) -> list[list[Any]]:
        """The years behind the star, the newest first: year, level, whether it counts as the leader's own."""
        history, codes = self.rating.inputs.history.years, [level.code for level in self.scheme.levels]
        named: dict[int, str | None] = {VOIDED: "", NO_LEVEL: None, **dict(enumerate(codes))}
        levels = {year: named[int(column[row])] for year, column in history.items()}
        own = int(self.rating.level[row])
        levels[self.scheme.year] = codes[own] if own >= 0 else ""
        since, day = self.held.led_since(unit), self.held.day
        return [[year, level, since is not None and since <= day.replace(year=year)]
                for year, level in sorted(levels.items(), reverse=True) if level is not None]  # fmt: skip

    def _posts(self, unit: int, person: int | None) -> list[list[Any]]:
        """The posts that the person holds there on the cut-off day: kind, first day, whole months."""
        day = self.held.day
        return [[post.kind, post.begins_on.isoformat(), whole_months(post.begins_on, day)]
                for post in self.held.posts.get(unit, ()) if post.person == person and post.held_on(day)]  # fmt: skip


def values_of(rating: Rating) -> dict[str, list[str | None]]:
    """Subject → what it was for every unit of the inputs."""
    facts, size = rating.standing.facts, len(rating.inputs)
    subjects = subjects_asked(rating.scheme)
    found: dict[str, list[str | None]] = {str(one): [None] * size for one in subjects}
    scored = range(size) if facts.rows is None else facts.rows.tolist()
    left = np.flatnonzero(rating.voids.true)
    parts = [(scored, columns_said(facts, subjects))]
    if len(left):
        parts.append((left.tolist(), columns_said(without_result(rating.everyone(), left), subjects)))
    for rows, said in parts:
        for subject, column in said.items():
            for row, value in zip(rows, column, strict=True):
                found[subject][row] = value
    return found


def remembered_of(facts: Mapping[str, Any], scheme: Scheme) -> Remembered:
    """What a case's text remembers of its unit, asked as the rules ask."""
    return Remembered(scheme, facts["values"])


def derived(facts: Mapping[str, Any], scheme: Scheme) -> bool:
    """True where what followed follows again from the stored facts and the scheme of that digest alone."""
    return facts["written"] in codes_again(remembered_of(facts, scheme), voided=facts["voided"])


def read_facts(text: str) -> dict[str, Any]:
    """The facts of a case; refused where the text is of a form that this program does not know."""
    found: dict[str, Any] = json.loads(text)
    if found.get("format") != FORMAT:
        raise RuleError("case.format")
    return found
