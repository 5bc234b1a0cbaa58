"""What runs knew that no history can tell again: as it is stored with them, and read back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from starrating.domain.inputs import Labels
from starrating.extensions import db
from starrating.models.cards import DeterminationFacts
from starrating.queries.stands import Facts


def facts_text(units: Sequence[int], facts: Mapping[str, Labels]) -> str:
    """What a run knew of its units, as it is stored: by header one word a unit, null where there is none."""
    words = {header: [labels.name(row) for row in range(len(units))] for header, labels in sorted(facts.items())}
    return json.dumps({"units": list(units), "words": words}, ensure_ascii=False, separators=(",", ":"))


def facts_of(determinations: Collection[int]) -> dict[int, Facts]:
    """Run → what it knew, in one statement; nothing of a run of which nothing was kept."""
    found: dict[int, Facts] = {key: {} for key in determinations}
    if not found:
        return found
    rows = db.session.execute(
        select(DeterminationFacts.determination_id, DeterminationFacts.content).where(
            DeterminationFacts.determination_id.in_(found)
        )
    )
    for key, content in rows:
        found[key] = _read(content)
    return found


def _read(content: str) -> Facts:
    said = json.loads(content)
    return {
        header: {unit: word for unit, word in zip(said["units"], words, strict=True) if word is not None}
        for header, words in said["words"].items()
    }
