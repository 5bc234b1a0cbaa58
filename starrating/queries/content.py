"""The content digest: one SHA-256 over everything that determinations give, shown to whoever confirms them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.ratings import Rating
from starrating.queries.ratings import determination

RATED = ("status", "total", "rank", "pool", "level", "level_name", "stars", "previous", "change", "movement", "reasons",
         "consequences")  # fmt: skip
"""What a unit was given, in the order in which the digest covers it, after the unit's code."""
Run = tuple[str, str, str, str, Iterable[Sequence[Any]]]
"""A run's kind, the digests of its scheme and inputs, the engine's version, and its units' codes and results."""


def content_digest(determination_ids: Iterable[int]) -> str:
    """The SHA-256 of everything that determinations give, shown to whoever confirms; the same on every database."""
    found = filter(None, map(determination, determination_ids))
    return digest_of_runs(
        (one.kind, one.scheme_digest, one.input_digest, one.engine_version, _results(one.id)) for one in found
    )


def digest_of_runs(runs: Iterable[Run]) -> str:
    """The same of runs that may not be stored yet."""
    whole = sha256()
    for *head, rows in sorted(runs, key=lambda run: run[0], reverse=True):
        whole.update(_line(head))
        for row in sorted(rows, key=lambda one: one[0]):
            whole.update(_line(list(row)))
    return whole.hexdigest()


def _results(determination_id: int) -> Sequence[Sequence[Any]]:
    columns = [getattr(Rating, name) for name in RATED]
    return db.session.execute(
        select(Unit.code, *columns)
        .join(Unit, Unit.id == Rating.unit_id)
        .where(Rating.determination_id == determination_id)
    ).all()


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
