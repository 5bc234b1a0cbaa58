"""The text of a list as it is shown and published: one canonical JSON, so that its digest says whether it is the one.

Sorted keys, no spaces, Chinese as it is, units by code. Nothing of leaders or consequences is in it; points and ranks
only where the scheme shows them. The day and hour of the act are kept beside the text, not in it: computing it again
gives the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from starrating.domain.scheme import Scheme
from starrating.queries.cycles import CycleRow, KeptScheme
from starrating.queries.publications import Confirmed, ListedUnit

FORMAT = "starrating-list/1"


def list_text(cycle: CycleRow, kept: KeptScheme, scheme: Scheme, confirmed: Confirmed, units: Sequence[ListedUnit],
              days: tuple[date, date]) -> str:  # fmt: skip
    """The text of a list of one kind as its notice shows it."""
    return canonical(list_content(cycle, kept, scheme, confirmed, units, days))


def list_content(cycle: CycleRow, kept: KeptScheme, scheme: Scheme, confirmed: Confirmed, units: Sequence[ListedUnit],
                 days: tuple[date, date]) -> dict[str, Any]:  # fmt: skip
    """What a list says, before it is written."""
    shown = scheme.notice.show_scores
    return {
        "format": FORMAT,
        "year": cycle.year,
        "kind": confirmed.kind,
        "district": {"code": confirmed.district_code, "name": cycle.district},
        "scheme": {"title": kept.title, "digest": kept.digest},
        "determination": {"inputs": confirmed.input_digest, "engine": confirmed.engine_version},
        "notice": {"opens": days[0].isoformat(), "closes": days[1].isoformat(), "days": scheme.notice.days,
                   "working_days": scheme.notice.working_days},
        "show_scores": shown,
        "levels": [{"code": one.code, "name": one.name, "stars": one.stars} for one in reversed(scheme.levels)],
        "counts": dict(sorted(Counter(unit.level for unit in units).items())),
        "movements": dict(sorted(Counter(unit.movement for unit in units).items())),
        "townships": {unit.township_code: unit.township for unit in units},
        "units": [_unit(unit, shown) for unit in units],
    }  # fmt: skip


def canonical(content: dict[str, Any]) -> str:
    """Content as its one text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """The SHA-256 of a text's UTF-8."""
    return sha256(text.encode()).hexdigest()


def _unit(unit: ListedUnit, shown: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "code": unit.code, "name": unit.name, "township": unit.township_code, "level": unit.level,
        "previous": unit.previous, "change": unit.change, "movement": unit.movement,
    }  # fmt: skip
    return {**found, "total": unit.total if unit.level else "", "rank": unit.rank} if shown else found
