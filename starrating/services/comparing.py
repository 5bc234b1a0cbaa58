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
from starrating.queries.cycles import CycleRow, schemes_of
from starrating.queries.inputs import NOTHING_SUPPOSED, Known, Supposed, known_of
from starrating.queries.scores import SheetUnit, units_of
from starrating.queries.stands import Stands, what_stands
from starrating.services.scheme_texts import read_kept
from starrating.services.tracing import Attributed, Reached, attribute
from starrating.services.trials import Worked, rows_of


class Lack(StrEnum):
    """Why a run's rating is not worked out again exactly as it was."""

    NOTHING = ""
    SCHEME = "scheme"
    """Another scheme stands now; it is what the inputs of then are rated by."""
    VALUES = "values"
    """A value of then was loaded without a history and overwritten; nothing can be rated."""
    FACTS = "facts"
    """Posts, units or earlier years are otherwise now; those of now are used."""
    REFUSED = "refused"
    """Values are missing or wrong: what stands cannot be rated."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the two: a run (None: now), what it gave by unit, its inputs and rating as far as they can be had."""

    run: RunMade | None
    given: Mapping[int, Given]
    known: Known | None
    rating: Rating | None
    lack: Lack


@dataclass(frozen=True, slots=True)
class UnitCompared:
    """A unit's result before and after (None: it was not part of the run), and why it is another one."""

    unit: SheetUnit
    before: Given | None
    after: Given | None
    why: Attributed

    @property
    def moved(self) -> bool:
        """True where it has another level, or is rated on one side only."""
        first, second = (one.level if one else "" for one in (self.before, self.after))
        return first != second

    @property
    def otherwise(self) -> bool:
        """True where anything that is shown of it is another."""
        first, second = ((one.level, one.total, one.rank) if one else None for one in (self.before, self.after))
        return first != second or bool(self.why.causes)


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
    kept = schemes_of(row.id).get(kind)
    if kept is None:
        return None
    scheme = read_kept(kept.text).scheme
    stored = given_by(one.id for one in (first, second) if one is not None)
    stands = what_stands([row], kind)[row.id]
    # What is saved meanwhile is in the history that is read last, and undone again.
    happened = since(row.id, kind, first.at)
    then = _then(row, kind, happened, [one for one in (first, second) if one is not None])
    sides = [_side(one, stored, stands, then, scheme, kept.digest) for one in (first, second)]
    until = None if second is None else second.at
    units = {unit.id: unit for unit in units_of(row, kind=kind)}
    found = attribute(_reached(sides[0]), _reached(sides[1]), scheme, _within(happened, until))
    lines = [
        UnitCompared(units[key], sides[0].given.get(key), sides[1].given.get(key), found.of(key))
        for key in {**sides[0].given, **sides[1].given} if key in units
    ]  # fmt: skip
    replaced = schemes_since(row.id, kind, first.at) if first.scheme_digest != _digest(second, kept.digest) else ()
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


NOW = _Then(NOTHING_SUPPOSED, None)


def _then(row: CycleRow, kind: str, happened: Since, runs: Sequence[RunMade]) -> dict[int, _Then]:
    """Run → what its inputs are made again with."""
    if row.state is not CycleState.PUBLISHED:
        return {run.id: _Then(happened.supposed_at(run.at), run.at) for run in runs}
    over = corrected_in({run.id: row.id for run in runs}, kind)
    known_to = firsts_like([run.id for run in runs if run.state == "confirmed"])
    return {
        run.id: _Then(_with(happened.supposed_at(run.at), over[run.id]), known_to.get(run.id, run.at)) for run in runs
    }


def _with(stood: Supposed | None, over: Supposed) -> Supposed | None:
    """What stood, with corrected values over it."""
    return stood and replace(stood, cells={**stood.cells, **over.cells}, counts={**stood.counts, **over.counts})


def _side(
    run: RunMade | None, stored: Mapping[int, Mapping[int, Given]], stands: Stands, then: Mapping[int, _Then],
    scheme: Scheme, digest: str,
) -> Side:  # fmt: skip
    of = NOW if run is None else then[run.id]
    if run is not None and of.supposed is None:
        return Side(run, stored[run.id], None, None, Lack.VALUES)
    assert of.supposed is not None
    known = known_of(stands, scheme, of.supposed, of.known_to)
    rating = _rated(scheme, known)
    if run is not None:
        return Side(run, stored[run.id], known, rating, _lack(run, known, rating, digest))
    rows = rows_of(Worked(scheme.title, known, digest, rating), 0) if rating else ()
    given = {row["unit_id"]: described(row) for row in rows}
    return Side(None, given, known, rating, Lack.NOTHING if rating else Lack.REFUSED)


def _lack(run: RunMade, known: Known, rating: Rating | None, digest: str) -> Lack:
    if run.scheme_digest != digest:
        return Lack.SCHEME if rating else Lack.REFUSED
    if known.digest != run.input_digest:
        return Lack.FACTS if rating else Lack.REFUSED
    return Lack.NOTHING


def _rated(scheme: Scheme, known: Known) -> Rating | None:
    if known.faults:
        return None
    try:
        return rate(scheme, known.inputs, keep_all=True)
    except InputsRefused:
        return None
