"""The cases of a year: opened by its publication, in the same transaction, each once; and their reviews.

What follows is worked out when a year is determined, but it is due only when the list can no longer be taken back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from starrating.domain.cases import UNDONE, About, CaseState, last_day, matters_of
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Consequence, Scheme
from starrating.models.cases import ConsequenceCase
from starrating.models.cycles import Cycle
from starrating.models.decisions import DecisionUnit
from starrating.queries import cases as question
from starrating.queries import ratings
from starrating.queries.corrections import first_like
from starrating.queries.cycles import CycleRow, schemes_of
from starrating.services.bulk import add_rows, many_values
from starrating.services.clock import now
from starrating.services.consequences.case_facts import Chain, Holding, holding
from starrating.services.editions.list_text import digest_of
from starrating.services.rating.explaining import rating_of
from starrating.services.transaction import rows_changed
from starrating.services.working_days import BEIJING

TABLE = cast("Table", ConsequenceCase.__table__)
WRITTEN = (
    "cycle_id", "unit_id", "determination_id", "rule", "written", "about", "outcome", "person_id", "state", "version",
    "due_on", "review_id", "opened_at", "facts", "digest",
)  # fmt: skip


def open_cases(session: Session, row: CycleRow) -> int:
    """Within a transaction that holds the year: open every case of a published year that is not there; how many.

    Raises `case.inputs_changed` where what the year was determined from is no longer what stands, so that the chain of
    facts could not be frozen as it was.
    """
    posts = holding(question.posts_begun(row.district_id, row.cut_off), row.cut_off)
    there = question.known_keys(row.id)
    with many_values():
        rows = [one for found in ratings.standing(row.id) for one in _rows(row, found.kind, posts, there)]
    add_rows(session, TABLE, WRITTEN, rows)
    return len(rows)


def open_reviews(session: Session, decision_id: int, district_id: int, year: int) -> int:
    """Ask for a review of what followed, in a year or after it, for the units of a decision; how many cases.

    None of them is undone.
    """
    session.flush()
    years = select(Cycle.id).where(Cycle.district_id == district_id, Cycle.year >= year)
    units = select(DecisionUnit.unit_id).where(DecisionUnit.decision_id == decision_id)
    return rows_changed(
        session,
        update(ConsequenceCase)
        .where(ConsequenceCase.unit_id.in_(units), ConsequenceCase.cycle_id.in_(years),
               ConsequenceCase.state.not_in(tuple(UNDONE)))
        .values(review_id=decision_id, version=ConsequenceCase.version + 1),
    )  # fmt: skip


def _rows(row: CycleRow, kind: str, posts: Holding, there: frozenset[Any]) -> list[Any]:
    """The rows of the cases of a kind that are not there yet, of what its first edition published.

    A correction since gives other facts than those that what follows was worked out from; it asks for a review.
    """
    published = question.published_first(row.id, kind)
    if published is None:
        return []
    found = ratings.determination(published[2])
    assert found is not None
    kept, rating = schemes_of(row.id)[kind], rating_of(found)
    if rating is None:
        raise RuleError("case.inputs_changed")
    at, day = now(), published[0].astimezone(BEIJING).date()
    chain = Chain(rating, posts, {
        "year": row.year, "district": row.district, "cut_off": row.cut_off.isoformat(), "scheme": kept.digest,
        "inputs": found.input_digest, "engine": found.engine_version, "edition": published[1],
        "published_on": day.isoformat(),
    })  # fmt: skip
    restated = _restated(row, found)
    rows = []
    for unit, code, written, entry, matter in _matters(found.id, rating.scheme):
        if (unit, entry.code, matter) not in there:
            text = chain.text(code, unit, entry, written, matter)
            rows.append((
                row.id, unit, found.id, entry.code, written, matter.value, entry.effect.outcome.value,
                posts.bearer(matter, unit), CaseState.PROPOSED.value, 1, last_day(day, entry.effect.within_days),
                restated.get(unit), at, text, digest_of(text),
            ))  # fmt: skip
    return rows


def _matters(determination_id: int, scheme: Scheme) -> Iterator[tuple[int, str, str, Consequence, About]]:
    """Everything that followed: the unit, its code, the code as it is stored, the rule, the matter."""
    rules = {entry.code: entry for entry in scheme.consequences}
    for unit, code, stored in question.followed_of(determination_id):
        for written in map(str, json.loads(stored)):
            entry = rules[written.partition("=")[0]]
            for matter in matters_of(entry):
                yield unit, code, written, entry, matter


def _restated(row: CycleRow, found: ratings.DeterminationRow) -> Mapping[int, int]:
    """Unit → the decision that changed a star that the results rest on, since they were first confirmed."""
    first = ratings.determination(first_like(found.id))
    since = first.confirmed_at if first else None
    return question.restating(row.id, found.kind, row.year, since) if since else {}
