"""An objection upheld before publication: what follows rests on the stars that were published, not on the first."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from starrating.extensions import db
from starrating.models.cases import ConsequenceCase
from starrating.queries import cases as question
from starrating.queries.publications import confirmed_of
from starrating.services.consequences.cases import check_cases
from starrating.services.objections import objection_decisions as decisions
from starrating.services.publication.publication import open_notice, publish
from starrating.services.rating.determination import confirm_determination
from starrating.services.working_days import today
from tests.services.objected import app, clock, kept, lodged, noticed, people, upheld, who
from tests.services.test_objections import LIFTING

__all__ = ["app", "clock", "kept", "noticed", "people"]


def followed(cycle_id: int) -> dict[int, set[str]]:
    """Unit → the codes of what follows by the determination that stands."""
    rows = question.followed_of(confirmed_of(cycle_id)["village"].determination_id)
    return {unit: {str(one) for one in json.loads(stored)} for unit, _, stored in rows}


def test_cases_follow_from_the_stars_after_the_objection(noticed: int, people: dict[str, int], clock: Any) -> None:
    before = followed(noticed)
    row, zhao = lodged(noticed, people), who(people, "zhao")
    decision = upheld(row, **LIFTING)
    shown = decisions.weigh(row.id, 1, decision, zhao)
    decisions.decide(row.id, 1, decision, shown.digest, zhao)
    confirm_determination(noticed, shown.digest, people["liu"])
    open_notice(noticed, today(), None, people["wang"])
    clock.advance(days=40)
    publish(noticed, None, people["wang"])
    after = followed(noticed)
    assert after.get(row.unit_id) != before.get(row.unit_id), "the star rose, and what follows with it"
    assert len({unit for unit in before if after.get(unit) != before[unit]}) > 1, "somebody fell out of a quota"
    rows = db.session.execute(
        select(ConsequenceCase.unit_id, ConsequenceCase.written).where(ConsequenceCase.cycle_id == noticed)
    )
    found: dict[int, set[str]] = {}
    for unit, written in rows:
        found.setdefault(unit, set()).add(written)
    assert {unit: codes for unit, codes in found.items() if unit in after} == after
    assert not (set(before) - set(after)) & set(found), "whose star follows nothing any more has no case"
    checked = check_cases()
    assert (checked.changed, checked.underived) == ((), ())
