"""What a roster would do: which posts begin, change or end, held against what is stored; nothing is written here.

Who is meant by a name: whoever holds or held a post in that unit, or the person whose number the row gives. Of anybody
else of that name the row must say whether it is them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from starrating.domain.faults import RuleError
from starrating.domain.posts import PostKind
from starrating.domain.terms import Ending, last_day_before
from starrating.interchange import roster_sheet as sheet
from starrating.queries.people import PostRow
from starrating.services.people.roster_reading import ANOTHER, RosterRow
from starrating.services.sheet_rows import Wrong

MOST_NAMED = 5
KEPT = ("how", "filed_with", "filed_on", "ends_on", "ending")
"""What a row can add to a post that is stored already."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of the places of a roster: units by code, posts by unit, all posts of those who are named."""

    units: Mapping[str, tuple[int, str]]
    posts: Mapping[int, Sequence[PostRow]]
    named: Mapping[str, Sequence[PostRow]]
    people: Mapping[int, tuple[int | None, str]]
    """Person → birth year and schooling as stored."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do: `new`, `changed` or `ended`, in which unit, to which post, with what."""

    sort: str
    unit_id: int
    unit: str
    kind: PostKind
    name: str
    person_id: int | None
    post_id: int | None
    version: int
    values: dict[str, Any]
    person: dict[str, Any]
    before: str = ""


@dataclass
class Plan:
    """All that a roster would do, or all that is wrong with it."""

    changes: list[Change] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    already: int = 0

    def digest(self) -> str:
        """What a page showed: the same plan has the same digest."""
        told = [[one.sort, one.unit_id, one.kind, one.name, one.person_id, one.post_id, one.version, one.values,
                 one.person] for one in self.changes]  # fmt: skip
        return sha256(json.dumps(told, ensure_ascii=False, default=str).encode()).hexdigest()

    def count(self, sort: str) -> int:
        """How many changes of a sort there are."""
        return sum(one.sort == sort for one in self.changes)


@dataclass
class _Slot:
    """A post of a unit as it would be: its terms as (begins, ends, post or None, name)."""

    terms: list[tuple[date, date | None, PostRow | None, str]]


class Planner:
    """Goes over the rows of each post in the order of their days."""

    def __init__(self, known: Known) -> None:
        self.known, self.plan = known, Plan()
        self.given: dict[tuple[int, str], int | None] = {}

    def run(self, rows: Sequence[RosterRow]) -> Plan:
        """The plan of all rows."""
        by_slot: dict[tuple[str, PostKind], list[RosterRow]] = {}
        for row in sorted(rows, key=lambda one: (one.code, one.begins_on)):
            by_slot.setdefault((row.code, row.kind), []).append(row)
        for (code, kind), own in by_slot.items():
            unit = self.known.units.get(code)
            if unit is None:
                self.plan.wrong += [self._wrong(row, sheet.CODE, "roster.unit", unit=code) for row in own]
                continue
            stored = [post for post in self.known.posts.get(unit[0], ()) if post.kind is kind]
            slot = _Slot([(one.begins_on, one.ends_on, one, one.name) for one in stored])
            for row in own:
                self._row(unit, slot, row)
        return self.plan

    def _row(self, unit: tuple[int, str], slot: _Slot, row: RosterRow) -> None:
        same = next((one for one in slot.terms if one[0] == row.begins_on and one[2] is not None), None)
        if same is not None and same[2] is not None:
            self._stored(unit, slot, row, same[2])
            return
        open_now = next((one for one in slot.terms if one[3] == row.name and one[1] is None), None)
        if open_now is not None and row.ends_on is None:
            told = {"stored": open_now[0], "written": row.begins_on}
            self.plan.wrong.append(self._wrong(row, sheet.BEGINS, "roster.begins_differ", **told))
            return
        self._new(unit, slot, row)

    def _stored(self, unit: tuple[int, str], slot: _Slot, row: RosterRow, post: PostRow) -> None:
        """A post of that first day is stored: what the row adds to it."""
        if post.name != row.name:
            self.plan.wrong.append(self._wrong(row, sheet.NAME, "roster.other_name", begins=row.begins_on))
            return
        values = {name: getattr(row, name) for name in KEPT if getattr(row, name)}
        values = {name: value for name, value in values.items() if value != getattr(post, name)}
        if post.ends_on is not None and "ends_on" in values:
            self.plan.wrong.append(self._wrong(row, sheet.ENDS, "roster.ended", ends=post.ends_on))
            return
        person = self._person_values(row, post.person_id)
        if not values and not person:
            self.plan.already += 1
            return
        sort = "ended" if "ends_on" in values else "changed"
        if "ends_on" in values:
            slot.terms = [
                (a, values["ends_on"], c, d) if c is post else (a, b, c, d) for a, b, c, d in slot.terms
            ]  # fmt: skip
            if not self._fits(row, slot, post.begins_on, values["ends_on"], post):
                return
        self.plan.changes.append(Change(sort, unit[0], unit[1], row.kind, row.name, post.person_id, post.id,
                                        post.version, values, person))  # fmt: skip

    def _new(self, unit: tuple[int, str], slot: _Slot, row: RosterRow) -> None:
        """A post that is not stored; whoever holds it still, and began before, ends the day before."""
        last = next((one for one in slot.terms if one[1] is None and one[0] < row.begins_on), None)
        if last is not None and last[2] is not None:
            ends = last_day_before(row.begins_on)
            slot.terms = [(a, ends, c, d) if c is last[2] else (a, b, c, d) for a, b, c, d in slot.terms]
        if not self._fits(row, slot, row.begins_on, row.ends_on, None):
            return
        who = self._who(unit[0], row)
        if isinstance(who, Wrong):
            self.plan.wrong.append(who)
            return
        if last is not None and last[2] is not None:
            self._end(unit, last[2], last_day_before(row.begins_on))
        values = {name: getattr(row, name) for name in ("begins_on", *KEPT)}
        person = {"name": row.name, "birth_year": row.birth_year, "education": row.education}
        self.plan.changes.append(
            Change("new", unit[0], unit[1], row.kind, row.name, who, None, 0, values,
                   person if who is None else self._person_values(row, who))
        )  # fmt: skip
        slot.terms.append((row.begins_on, row.ends_on, None, row.name))

    def _end(self, unit: tuple[int, str], post: PostRow, ends: date) -> None:
        """End a stored post for a successor; what an earlier row of the file adds to it is done by the same change."""
        known = next((at for at, one in enumerate(self.plan.changes) if one.post_id == post.id), None)
        values = {"ends_on": ends, "ending": Ending.OTHER}
        if known is None:
            self.plan.changes.append(Change("ended", unit[0], unit[1], post.kind, post.name, post.person_id, post.id,
                                            post.version, values, {}))  # fmt: skip
            return
        before = self.plan.changes[known]
        self.plan.changes[known] = replace(before, sort="ended", values=values | before.values)

    def _fits(self, row: RosterRow, slot: _Slot, begins: date, ends: date | None, but: PostRow | None) -> bool:
        for first, last, post, name in slot.terms:
            if but is not None and post is but:
                continue
            if (ends is None or first <= ends) and (last is None or last >= begins):
                del name
                self.plan.wrong.append(self._wrong(row, sheet.BEGINS, "roster.overlap", begins=first, ends=last or ""))
                return False
        return True

    def _who(self, unit_id: int, row: RosterRow) -> int | Wrong | None:
        """The key of whoever is meant, None for somebody new."""
        named = self.known.named.get(row.name, ())
        if row.number and row.number != ANOTHER:
            if any(one.person_id == int(row.number) for one in named):
                return int(row.number)
            return self._wrong(row, sheet.NUMBER, "roster.number_unknown", number=row.number)
        here = {one.person_id for one in named if one.unit_id == unit_id}
        if len(here) == 1 and row.number != ANOTHER:
            return here.pop()
        if named and row.number != ANOTHER:
            people = {one.person_id: one for one in named}
            who = tuple(f"{key}（{one.township}{one.unit}）" for key, one in sorted(people.items())[:MOST_NAMED])
            return self._wrong(row, sheet.NUMBER, "roster.which", who=who)
        return None

    def _person_values(self, row: RosterRow, person_id: int) -> dict[str, Any]:
        """What the row says of a stored person that is not stored yet; a year or schooling that differs is taken."""
        birth, education = self.known.people.get(person_id, (None, ""))
        found: dict[str, Any] = {}
        if row.birth_year is not None and row.birth_year != birth:
            found["birth_year"] = row.birth_year
        if row.education and row.education != education:
            found["education"] = row.education
        return found

    def _wrong(self, row: RosterRow, head: str, code: str, **facts: Any) -> Wrong:
        return Wrong(row.line.address(head), RuleError(code, **facts))


def plan_of(rows: Sequence[RosterRow], known: Known) -> Plan:
    """What the rows would do; with anything wrong, nothing of it is to be done."""
    found = Planner(known).run(rows)
    return replace(found, changes=[]) if found.wrong else found
