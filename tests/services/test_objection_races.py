"""Objections on both databases: ten decisions at once have one effect, and it is what was shown; final is final."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.queries.content import content_digest
from starrating.queries.ratings import latest_trials
from starrating.services.audit import verify_chain
from starrating.services.objections import objection_decisions as decisions
from tests.services.objected import brought_to_notice, lodged, seen, upheld, who
from tests.services.test_objections import acts

SHOWN: set[str] = set()
"""The digest that was shown, on either database."""


def test_of_ten_decisions_at_once_one_has_effect(app: Any, clock: Any, people: dict[str, int]) -> None:
    with app.app_context():
        noticed = brought_to_notice(clock, people)
        row, zhao = lodged(noticed, people), who(people, "zhao")
        decision = upheld(row, **{"V5.1": "100"})
        digest = decisions.weigh(row.id, 1, decision, zhao).digest
        before = acts()

    def once(number: int) -> str:
        with app.app_context():
            by = who(people, "zhao" if number % 2 else "city")
            try:
                decisions.decide(row.id, 1, decision, digest, by)
            except RuleError as refused:
                return refused.code
            return "done"

    with ThreadPoolExecutor(4) as pool:
        said = set(pool.map(once, range(10)))
    assert "done" in said
    assert said <= {"done", "objection.no_move", "objection.changed", "objection.trial_changed", "objection.part"}
    with app.app_context():
        assert acts()[len(before) :] == ["score_saved", "cycle_step", "trial_run", "objection_decided"]
        assert content_digest(one.id for one in latest_trials(noticed)) == digest
        SHOWN.add(digest)
        for statement in ("UPDATE objection SET reasons = '改了'", "DELETE FROM objection"):
            with pytest.raises(DBAPIError):
                db.session.execute(text(statement))
            db.session.rollback()
        assert seen(row.id).trial_digest == digest
        assert verify_chain().broken_at is None
    assert len(SHOWN) == 1, "SQLite and PostgreSQL showed different results"
