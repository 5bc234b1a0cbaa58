"""Explanations of a determination's ratings, worked out again from inputs of the same digest: never from others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app

from starrating.domain.explain import Explanation, explain
from starrating.domain.marks import MarkBook, PoolMarks
from starrating.domain.rating import Rating, rate
from starrating.domain.scheme import Quotas, Scheme
from starrating.domain.workflow import CycleState
from starrating.queries import ratings as question
from starrating.queries.corrections import corrected_in, first_like
from starrating.queries.cycles import CycleRow, cycle, scheme_by
from starrating.queries.inputs import NOTHING_SUPPOSED, Run, known_by_run
from starrating.queries.run_facts import facts_of
from starrating.queries.stands import what_stands
from starrating.services.memory import Memory
from starrating.services.years.scheme_texts import read_kept

KEPT = 40
"""Ratings kept in memory, as many as a large city has districts; each is of one determination, which does not change.
A district of 500 units and 60 indicators takes about 1 MB."""
EXTENSION = "starrating_ratings"


def scheme_of(determination_id: int) -> Scheme | None:
    """The scheme by which a determination rated, from the text kept with its cycle."""
    found = question.determination(determination_id)
    kept = None if found is None else scheme_by(found.cycle_id, found.kind, found.scheme_digest)
    return None if kept is None else read_kept(kept.text).scheme


def explanation_of(determination_id: int, unit_id: int) -> tuple[Explanation, Scheme] | None:
    """One unit's result in words and sums; None where the scores have changed since, or the unit is not in it."""
    found = question.determination(determination_id)
    rating = None if found is None else rating_of(found)
    if found is None or rating is None:
        return None
    row = question.rating_of(determination_id, unit_id)
    if row is None or row.code not in rating.inputs.units:
        return None
    return next(explain(rating, [rating.inputs.units.index(row.code)])), rating.scheme


def marks_of(determination_id: int) -> PoolMarks | None:
    """The edges of every level, where the units of a determination are one pool ranked by quotas."""
    found = question.determination(determination_id)
    rating = None if found is None else rating_of(found)
    if rating is None or not isinstance(rating.scheme.allocation, Quotas) or len(rating.pool.names) != 1:
        return None
    return MarkBook(rating).of_pool(0)


def _known_to(found: question.DeterminationRow) -> int | None:
    """What was confirmed of earlier years later on is not what a confirmed determination was made of."""
    if found.state != "confirmed":
        return None
    return first_like(found.id)


def rating_of(found: question.DeterminationRow) -> Rating | None:
    """The rating behind a determination, worked out again from inputs of the same digest; None where they changed."""
    held = _memory().get(found.id)
    if held is not None:
        return held
    row, kept = cycle(found.cycle_id), scheme_by(found.cycle_id, found.kind, found.scheme_digest)
    if row is None or kept is None:
        return None
    wanted = Wanted(found.id, row, kept.text, found.input_digest, _known_to(found))
    return ratings_of(found.kind, [wanted]).get(found.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A determination whose rating is asked for: its cycle, the scheme by which it was rated, the digest of its inputs,
    and before which determination earlier years had been confirmed."""

    id: int
    cycle: CycleRow
    text: str
    input_digest: str
    known_to: int | None


def ratings_of(kind: str, wanted: Sequence[Wanted]) -> dict[int, Rating]:
    """The same for the determinations of several districts of a year at once; those with other inputs are left out."""
    memory = _memory()
    found = {one.id: held for one in wanted if (held := memory.get(one.id)) is not None}
    rest = [one for one in wanted if one.id not in found]
    stands = what_stands([one.cycle for one in rest], kind) if rest else {}
    facts = facts_of([one.id for one in rest])
    over = corrected_in({one.id: one.cycle.id for one in rest if one.cycle.state is CycleState.PUBLISHED}, kind)
    for one in rest:
        scheme = read_kept(one.text).scheme
        run = Run(one.input_digest, one.known_to, facts[one.id])
        known = known_by_run(stands[one.cycle.id], scheme, run, over.get(one.id, NOTHING_SUPPOSED))
        if known.digest == one.input_digest:
            found[one.id] = rate(scheme, known.inputs, keep_all=True)
            memory.put(one.id, found[one.id])
    return found


def _memory() -> Memory[Rating]:
    memory: Memory[Rating] = current_app.extensions.setdefault(EXTENSION, Memory[Rating](KEPT))
    return memory
