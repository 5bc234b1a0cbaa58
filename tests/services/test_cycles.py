"""A district's year on both databases: opened once, changed by version, stepped by the table and by nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from starrating.domain.faults import RuleError
from starrating.domain.workflow import STEPS, CycleState, CycleStep, find_step
from tests.services import district
from tests.web.city import post, sign_in

ANSWERS = {"wang": 302, "city": 403, "assessor": 403, "auditor": 403, "town": 404, "unit": 404}
"""What an account gets for a step that the table allows."""


@pytest.fixture
def cycle(app: Any, people: dict[str, int]) -> int:
    with app.app_context():
        return district.opened(people)


def put(cycle_id: int, state: CycleState) -> None:
    from starrating.models.cycles import Cycle
    from starrating.services.transaction import transaction

    with transaction() as session:
        session.execute(update(Cycle).where(Cycle.id == cycle_id).values(state=state))


def refused(code: str, act: Any, *given: Any) -> None:
    with pytest.raises(RuleError) as refusal:
        act(*given)
    assert refusal.value.code == code


def test_every_state_and_step(app: Any, people: dict[str, int], cycle: int) -> None:
    """What the table has happens once; everything else is refused and changes nothing."""
    from starrating.queries import cycles as question
    from starrating.services.audit import verify_chain
    from starrating.services.transaction import transaction
    from starrating.services.years.cycles import advance

    def take(step: CycleStep, version: int) -> None:
        with transaction() as session:
            advance(session, cycle, step, version, people["wang"], "理由")

    with app.app_context():
        taken = 0
        for state in CycleState:
            for step in CycleStep:
                put(cycle, state)
                before = question.cycle(cycle)
                assert before is not None
                row = find_step(step, state)
                if row is None:
                    refused("cycle.no_step", take, step, before.version)
                    assert question.cycle(cycle) == before
                    continue
                refused("cycle.changed", take, step, before.version - 1)
                take(step, before.version)
                after = question.cycle(cycle)
                assert after is not None
                assert (after.state, after.version) == (row.target, before.version + 1)
                taken += 1
        assert taken == len(STEPS)
        assert verify_chain().broken_at is None


def test_every_role_and_step(app: Any, people: dict[str, int], cycle: int) -> None:
    from starrating.queries import cycles as question
    from starrating.services.years.cycles import BY_OTHERS

    for name, answer in ANSWERS.items():
        client = app.test_client()
        sign_in(client, name)
        for row in STEPS:
            with app.app_context():
                put(cycle, row.source)
                before = question.cycle(cycle)
                assert before is not None
            wanted = 409 if answer == 302 and row.step in BY_OTHERS else answer
            got = post(
                client, f"/cycles/{cycle}/steps", step=row.step.value, version=str(before.version), reason="理由"
            )
            assert got.status_code == wanted, (name, row, got.status_code)
            with app.app_context():
                after = question.cycle(cycle)
                assert after is not None
                assert (after.state != before.state) == (wanted == 302)


def test_a_step_back_needs_a_reason(app: Any, people: dict[str, int], cycle: int) -> None:
    with app.app_context():
        district.step(cycle, "open_scoring", people["wang"])
        refused("cycle.reason", district.step, cycle, "return_to_draft", people["wang"], "  ")
        district.step(cycle, "return_to_draft", people["wang"], "指标有误")


def test_a_year_is_opened_once_and_with_fitting_schemes(app: Any, people: dict[str, int], cycle: int) -> None:
    from starrating.queries.cycles import assignments_of, schemes_of
    from starrating.services.years.cycles import open_cycle
    from starrating.services.years.scheme_texts import read_demo, read_kept

    with app.app_context():
        refused("cycle.taken", district.opened, people)
        village = read_demo(district.SCHEMES["village"], 2023)
        refused("cycle.scheme_kind", open_cycle, people["district"], 2023, {"community": village}, None)
        refused("cycle.scheme_year", open_cycle, people["district"], 2022, {"village": village}, None)
        refused("cycle.no_district", open_cycle, people["township"], 2023, {"village": village}, None)
        refused("cycle.no_scheme", open_cycle, people["district"], 2023, {}, None)
        kept = schemes_of(cycle)
        assert list(kept) == ["village", "community"]
        for one in kept.values():
            assert read_kept(one.text).digest == one.digest
        given = assignments_of(cycle)
        assert given["village", "V1.1"].department == "区委组织部"
        assert given["village", "V1.2"].by_township


def test_scoring_opens_when_every_indicator_has_somebody(app: Any, people: dict[str, int], cycle: int) -> None:
    from starrating.queries.cycles import cycle as one
    from starrating.services.years.cycles import assign

    with app.app_context():
        assert assign(cycle, {("village", "V1.1"): "", ("village", "nothing"): "区民政局"}, 1, people["wang"]) == 1
        refused("cycle.unassigned", district.step, cycle, "open_scoring", people["wang"])
        assert one(cycle).state is CycleState.DRAFT  # type: ignore[union-attr]
        assert assign(cycle, {("village", "V1.1"): "区民政局"}, 2, people["wang"]) == 1
        district.step(cycle, "open_scoring", people["wang"])


def test_a_scheme_changes_in_draft_only_and_keeps_assignments(app: Any, people: dict[str, int], cycle: int) -> None:
    from starrating.queries.cycles import assignments_of
    from starrating.services.years.cycles import assign, replace_scheme
    from starrating.services.years.scheme_texts import read_demo

    with app.app_context():
        assign(cycle, {("village", "V1.1"): "区民政局"}, 1, people["wang"])
        other = read_demo("tianjin-village-2024-xiqing.yaml", 2024)
        replace_scheme(cycle, "village", other, 2, people["wang"])
        assert assignments_of(cycle)["village", "V1.1"].department == "区民政局"
        refused("cycle.changed", replace_scheme, cycle, "village", other, 2, people["wang"])
        district.step(cycle, "open_scoring", people["wang"])
        refused("cycle.locked", replace_scheme, cycle, "village", other, 4, people["wang"])


def test_of_ten_changes_at_once_one_is_stored(app: Any, people: dict[str, int], cycle: int) -> None:
    from starrating.domain.windows import Stage, Window
    from starrating.extensions import db
    from starrating.queries.cycles import cycle as one
    from starrating.services.years.windows import set_windows

    def change(day: int) -> str:
        with app.app_context():
            try:
                set_windows(cycle, {Stage.SCORING: Window(datetime(2024, 11, day, tzinfo=UTC))}, 1, people["wang"])
                return f"{day}"
            except RuleError as refusal:
                return refusal.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(change, range(1, 11)))
    stored = [answer for answer in answers if answer.isdecimal()]
    assert len(stored) == 1
    assert answers.count("cycle.changed") == 9
    with app.app_context():
        found = one(cycle)
        assert found is not None
        assert found.scoring_opens == datetime(2024, 11, int(stored[0]), tzinfo=UTC)
