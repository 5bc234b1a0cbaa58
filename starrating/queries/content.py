"""The content digest: one SHA-256 over everything that determinations give, shown to whoever confirms them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from starrating.extensions import db
from starrating.models.divisions import Unit
from starrating.models.ratings import Rating
from starrating.queries.ratings import determination


def content_digest(determination_ids: Iterable[int]) -> str:
    """The SHA-256 of everything that determinations give, shown to whoever confirms; the same on every database."""
    whole = sha256()
    for found in sorted(filter(None, map(determination, determination_ids)), key=lambda one: one.kind, reverse=True):
        head = [found.kind, found.scheme_digest, found.input_digest, found.engine_version]
        whole.update(_line(head))
        rows = db.session.execute(
            select(
                Unit.code, Rating.status, Rating.total, Rating.rank, Rating.pool, Rating.level, Rating.level_name,
                Rating.stars, Rating.previous, Rating.change, Rating.movement, Rating.reasons, Rating.consequences,
            )
            .join(Unit, Unit.id == Rating.unit_id)
            .where(Rating.determination_id == found.id)
        ).all()  # fmt: skip
        for row in sorted(rows, key=lambda one: one[0]):
            whole.update(_line(list(row)))
    return whole.hexdigest()


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
