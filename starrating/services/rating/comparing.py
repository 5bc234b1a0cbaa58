"""Two runs of a year beside one another, or a run and what stands now: what every unit had, has, and why.

The inputs of a run are not kept: they are made again from what stands, with every later entry of the history undone.
That they are those of the run is told by their digest; where it is another one, the comparison says what it lacks.
What a decision after publication put right is laid over them, as it was by the run; the tables never hold it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from starrating.domain.faults import InputsRefused
from starrating.domain.rating import Rating, rate
from starrating.domain.scheme import Scheme
from starrating.domain.workflow import CycleState
from starrating.queries.between import Given, RunMade, SchemeMade, Since, described, given_by, schemes_since, since
from starrating.queries.corrections import corrected_in, firsts_like
from starrating.queries.cycles import CycleRow, KeptScheme, earlier_schemes, schemes_of
from starrating.queries.decisions import UnitDecision, decided_between
from starrating.queries.inputs import NOTHING_SUPPOSED, Known, Run, Supposed, known_by_run, known_of
from starrating.queries.run_facts import facts_of
from starrating.queries.scores import SheetUnit, units_of
from starrating.queries.stands import Facts, Stands, what_stands
from starrating.services.rating.tracing import Attributed, Reached, attribute
from starrating.services.rating.trials import Worked, rows_of
from starrating.services.years.scheme_texts import read_kept


class Lack(StrEnum):
    """Why a run's rating is not worked out again exactly as it was."""

    NOTHING = ""
    SCHEME = "scheme"
    """It was made by another scheme than the second one; by that one the inputs of then are rated."""
    VALUES = "values"
    """A value of then was loaded without a history and overwritten; nothing can be rated."""
    FACTS = "facts"
    """Units or earlier years are otherwise now, or posts of a run that kept none; those of now are used."""
    REFUSED = "refused"
    """Values are missing or wrong: what stands cannot be rated."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the two: a run (None: now), what it gave by unit, its inputs and rating as far as they can be had.

    Both sides are rated by one scheme, that of the second. `own` is the scheme that the run was made by, None where it
    is gone; `moved_by_rules` are the units to which it gives another level on the same inputs.
    """

    run: RunMade | None
    given: Mapping[int, Given]
    known: Known | None
    rating: Rating | None
    lack: Lack
    own: Scheme | None
    moved_by_rules: Mapping[int, ByRules]


@dataclass(frozen=True, slots=True)
class ByRules:
    """The codes of the level by the rules of then and by those of the second, on what was known then."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UnitCompared:
    """A unit's result before and after (None: it was not part of the run), and why it is another one: by values and
    facts, by other rules, by decisions after publication."""

    unit: SheetUnit
    before: Given | None
    after: Given | None
    why: Attributed
    rules: ByRules | None
    decided: tuple[UnitDecision, ...]

    @property
    def moved(self) -> bool:
        """True where it has another level, or is rated on one side only."""
        first, second = (one.level if one else "" for one in (self.before, self.after))
        return first != second

    @property
    def otherwise(self) -> bool:
        """True where anything that is shown of it is another."""
        first, second = ((one.level, one.total, one.rank) if one else None for one in (self.before, self.after))
        return first != second or bool(self.why.causes or self.decided)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The whole comparison; `tried` of `could` changes were put back one at a time."""

    first: Side
    second: Side
    scheme: Scheme
    units: Sequence[UnitCompared]
    schemes: tuple[SchemeMade, ...]
    ids: Sequence[int]
    """Row → the unit, for the rows that causes name."""
    tried: int
    could: int


def compare(row: CycleRow, kind: str, first: RunMade, second: RunMade | None) -> Compared | None:
    """What is otherwise in the second run (None: now) than in the first, the earlier one; None for no scheme."""
    stood = schemes_of(row.id).get(kind)
    if stood is None:
        return None
    runs = [one for one in (first, second) if one is not None]
    earlier = earlier_schemes(row.id, kind) if any(one.scheme_digest != stood.digest for one in runs) else ()
    schemes = {one.digest: one for one in (*earlier, stood)}
    kept = stood if second is None else schemes.get(second.scheme_digest, stood)
    scheme = read_kept(kept.text).scheme
    stored = given_by(one.id for one in (first, second) if one is not None)
    stands = what_stands([row], kind)[row.id]
    # What is saved meanwhile is in the history that is read last, and undone again.
    happened = since(row.id, kind, first.at)
    then = _then(row, kind, happened, runs)
    sides = [_side(one, stored, stands, then, _Rules(scheme, kept.digest, schemes)) for one in (first, second)]
    until = None if second is None else second.at
    units = {unit.id: unit for unit in units_of(row, kind=kind)}
    found = attribute(_reached(sides[0]), _reached(sides[1]), scheme, _within(happened, until))
    between = second is not None and first.id < second.id and row.state is CycleState.PUBLISHED
    decided = decided_between(row.id, kind, first.id, second.id) if second is not None and between else {}
    lines = [
        UnitCompared(units[key], sides[0].given.get(key), sides[1].given.get(key), found.of(key),
                     sides[0].moved_by_rules.get(key), decided.get(key, ()))
        for key in {**sides[0].given, **sides[1].given} if key in units
    ]  # fmt: skip
    replaced = schemes_since(row.id, kind, first.at) if first.scheme_digest != _digest(second, stood.digest) else ()
    return Compared(sides[0], sides[1], scheme, lines, replaced, found.ids, found.tried, found.could)


def _reached(side: Side) -> Reached:
    return Reached(side.known, side.rating)


def _digest(run: RunMade | None, now: str) -> str:
    return now if run is None else run.scheme_digest


def _within(happened: Since, until: datetime | None) -> Since:
    """Without what happened after the second run."""
    if until is None:
        return happened
    events = (one for one in happened.events if one.at <= until or one.counts_at(until))
    return Since(tuple(one for one in happened.entries if one.at <= until), tuple(events))


@dataclass(frozen=True, slots=True)
class _Then:
    """What to suppose of the tables for a run (None: not known), and by when earlier years had been confirmed."""

    supposed: Supposed | None
    known_to: int | datetime | None
    facts: Facts


NOW = _Then(NOTHING_SUPPOSED, None, {})


@dataclass(frozen=True, slots=True)
class _Rules:
    """The scheme that both sides are rated by, its digest, and all that are known by theirs."""

    scheme: Scheme
    digest: str
    known: Mapping[str, KeptScheme]

    def of(self, run: RunMade | None) -> Scheme | None:
        """The scheme that a run was made by; None where it is not kept."""
        if run is None or run.scheme_digest == self.digest:
            return self.scheme
        kept = self.known.get(run.scheme_digest)
        return None if kept is None else read_kept(kept.text).scheme


def _then(row: CycleRow, kind: str, happened: Since, runs: Sequence[RunMade]) -> dict[int, _Then]:
    """Run → what its inputs are made again with."""
    facts = facts_of([run.id for run in runs])
    if row.state is not CycleState.PUBLISHED:
        return {run.id: _Then(happened.supposed_at(run.at), run.at, facts[run.id]) for run in runs}
    over = corrected_in({run.id: row.id for run in runs}, kind)
    known_to = firsts_like([run.id for run in runs if run.state == "confirmed"])
    return {
        run.id: _Then(_with(happened.supposed_at(run.at), over[run.id]), known_to.get(run.id, run.at), facts[run.id])
        for run in runs
    }


def _with(stood: Supposed | None, over: Supposed) -> Supposed | None:
    """What stood, with corrected values over it."""
    return stood and replace(stood, cells={**stood.cells, **over.cells}, counts={**stood.counts, **over.counts})


def _side(
    run: RunMade | None, stored: Mapping[int, Mapping[int, Given]], stands: Stands, then: Mapping[int, _Then],
    rules: _Rules,
) -> Side:  # fmt: skip
    of, own = NOW if run is None else then[run.id], rules.of(run)
    if of.supposed is None:
        assert run is not None
        return Side(run, stored[run.id], None, None, Lack.VALUES, own, {})
    if run is None:
        known = known_of(stands, rules.scheme, of.supposed, of.known_to)
        rating = _rated(rules.scheme, known)
        rows = rows_of(Worked(rules.scheme.title, known, rules.digest, rating), 0) if rating else ()
        given = {row["unit_id"]: described(row) for row in rows}
        return Side(None, given, known, rating, Lack.NOTHING if rating else Lack.REFUSED, own, {})
    was = known_by_run(stands, own or rules.scheme, Run(run.input_digest, of.known_to, of.facts), of.supposed)
    known = was if own is rules.scheme else known_of(stands.saying(was.facts), rules.scheme, of.supposed, of.known_to)
    rating = _rated(rules.scheme, known)
    lack = _lack(run, was if own else None, rating, rules.digest)
    moved = {} if own is None or own is rules.scheme else _moved_by_rules(_rated(own, was), rating, was)
    return Side(run, stored[run.id], known, rating, lack, own, moved)


def _moved_by_rules(was: Rating | None, by: Rating | None, known: Known) -> dict[int, ByRules]:
    """Unit → the levels that two schemes give it on the same inputs, where they are not the same."""
    if was is None or by is None:
        return {}
    pairs = zip(known.unit_ids, _codes(was), _codes(by), strict=True)
    return {unit: ByRules(first, second) for unit, first, second in pairs if first != second}


def _codes(rating: Rating) -> list[str]:
    codes = [level.code for level in rating.scheme.levels]
    return [codes[level] if level >= 0 else "" for level in rating.level.tolist()]


def _lack(run: RunMade, known: Known | None, rating: Rating | None, digest: str) -> Lack:
    if rating is None:
        return Lack.REFUSED
    if run.scheme_digest != digest:
        return Lack.SCHEME
    return Lack.NOTHING if known is not None and known.digest == run.input_digest else Lack.FACTS


def _rated(scheme: Scheme, known: Known) -> Rating | None:
    if known.faults:
        return None
    try:
        return rate(scheme, known.inputs, keep_all=True)
    except InputsRefused:
        return None
