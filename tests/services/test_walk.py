"""A year never stands where it cannot, whatever is tried in whatever order: a short walk of the long one's kind."""

from __future__ import annotations

import random
from typing import Any

import pytest

from benchmarks.walk import MODEL, Astray, expected, walk
from starrating.domain import workflow
from starrating.domain.access import Act
from starrating.domain.workflow import CycleState, CycleStep, Step
from starrating.services.years import cycles
from tests.services import district

ACTS = 200


def test_the_table_of_steps_is_the_models() -> None:
    """All pairs of state and step: what the model does not have is no step, and only steps back ask for a reason."""
    for state in CycleState:
        for step in CycleStep:
            row = workflow.find_step(step, state)
            assert (row.target.value if row else None) == MODEL[state.value].get(step.value), (state, step)
            told = expected(state.value, step.value, stale=False, reason="")
            assert (told == "cycle.reason") == bool(row and row.needs_reason)


def test_a_walk_never_leads_to_where_no_step_leads(app: Any, people: dict[str, int]) -> None:
    with app.app_context():
        years = [district.opened(people, year) for year in (2024, 2025)]
        found = walk(years, ACTS, random.Random(7), people["wang"])
    assert found.moved > 20
    assert found.moved + found.refused == ACTS


def test_a_table_with_one_step_too_many_is_found(
    app: Any, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of a draft every step is taken: what no list of expected refusals would think of trying."""
    steps = workflow.find_step

    def too_many(step: CycleStep, state: CycleState) -> Step | None:
        found = Step(step, state, CycleState.SCORING, Act.PREPARE_CYCLE) if state is CycleState.DRAFT else None
        return found or steps(step, state)

    monkeypatch.setattr(cycles, "find_step", too_many)
    with app.app_context(), pytest.raises(Astray, match="taken"):
        walk([district.opened(people)], ACTS, random.Random(7), people["wang"])
