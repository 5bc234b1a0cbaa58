"""Saving cell by cell on both databases: what may be saved is, each has its answer, a batch twice is one effect."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.domain.windows import Stage, Window
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries.identities import Identity, grants_of
from starrating.queries.scores import cells_of
from starrating.services.audit import verify_chain
from starrating.services.clock import now
from starrating.services.scoring.batches import Answered, check_each, save_each
from starrating.services.scoring.typed_scores import Typed
from starrating.services.years.windows import set_windows

FIRST, SECOND, SHARE = "V1.3.未发展未培养", "V1.3.后备缺失", "V6.1"
AWAY = ("V2.4.抛荒亩数", "V2.4.任务缺口")


def who(people: dict[str, int], name: str = "assessor", department: str = "") -> Identity:
    grants = tuple(row.granted for row in grants_of(people[name]))
    if department:
        from dataclasses import replace

        grants = tuple(replace(one, department=department) for one in grants)
    return Identity(people[name], name, name, False, 0, now(), grants)


def cell(people: dict[str, int], text: str, version: int = 0, header: str = FIRST, **more: Any) -> Typed:
    return Typed(more.pop("unit", people["first"]), header, version, text, **more)


def told(answers: tuple[Answered, ...]) -> dict[str, tuple[str, int, str]]:
    return {one.header: (one.outcome.value, one.version, one.entry.shown) for one in answers}


def stored(cycle: int, people: dict[str, int], *headers: str) -> dict[str, tuple[int, str]]:
    found = cells_of(cycle, [people["first"]], headers)
    db.session.remove()
    return {header: (row.version, row.entry.shown) for (_, header), row in found.items()}


def counts() -> list[int]:
    found = [
        db.session.scalar(select(func.count()).select_from(one)) or 0 for one in (ScoreCell, ScoreValue, AuditEvent)
    ]
    db.session.remove()
    return found


@pytest.fixture
def scoring(app: Any, in_scoring: int) -> Any:
    with app.app_context():
        yield in_scoring


def test_every_cell_has_its_own_answer(scoring: int, people: dict[str, int]) -> None:
    batch = [cell(people, "１"), cell(people, "三", header=SHARE), cell(people, "1", header="V1.2.党课@Q1"),
             cell(people, "1", header="V9.9"), cell(people, "1", 4, SECOND)]  # fmt: skip
    answers = save_each(scoring, batch, who(people))
    assert told(answers) == {
        FIRST: ("saved", 1, "1"), SHARE: ("refused", 0, ""), "V1.2.党课@Q1": ("none", 0, ""), "V9.9": ("none", 0, ""),
        SECOND: ("none", 0, ""),
    }  # fmt: skip
    assert {one.header: one.fault.code for one in answers if one.fault} == {SHARE: "entry.number"}
    assert stored(scoring, people, FIRST, SHARE, SECOND) == {FIRST: (1, "1")}
    with db.session.begin():
        assert db.session.scalar(select(ScoreValue.source)) == "grid"
    assert verify_chain().broken_at is None


def test_a_batch_sent_again_is_one_effect(scoring: int, people: dict[str, int]) -> None:
    batch = [cell(people, "1"), cell(people, "80", header=SHARE)]
    once = told(save_each(scoring, batch, who(people)))
    before = counts()
    assert told(save_each(scoring, batch, who(people))) == once
    assert counts() == before


def test_a_conflict_names_three_values_and_the_rest_is_saved(scoring: int, people: dict[str, int]) -> None:
    save_each(scoring, [cell(people, "1")], who(people))
    save_each(scoring, [cell(people, "0", 1)], who(people))
    answers = save_each(scoring, [cell(people, "", 1), cell(people, "70", header=SHARE)], who(people))
    assert told(answers) == {FIRST: ("conflict", 2, "0"), SHARE: ("saved", 1, "70")}
    conflict = next(one.conflict for one in answers if one.conflict)
    assert (conflict.base.shown, conflict.theirs.entry.shown, conflict.theirs.by) == ("1", "0", "李敏")
    assert told(save_each(scoring, [cell(people, "", 2)], who(people))) == {FIRST: ("saved", 3, "")}


def test_not_applicable_is_all_cells_of_an_indicator_or_none(scoring: int, people: dict[str, int]) -> None:
    rural = who(people, department="区农业农村委")
    one, both = [cell(people, "／", header=AWAY[0])], [cell(people, "／", header=header) for header in AWAY]
    alone = save_each(scoring, [*one, cell(people, "30", header="V2.1")], rural)
    assert told(alone) == {AWAY[0]: ("refused", 0, ""), "V2.1": ("saved", 1, "30")}
    assert [answer.fault.code for answer in alone if answer.fault] == ["entry.half_applicable"]
    assert set(told(save_each(scoring, both, rural)).values()) == {("saved", 1, "／")}


def test_half_an_indicator_is_not_left_where_the_other_half_is_in_conflict(
    scoring: int, people: dict[str, int]
) -> None:
    rural = who(people, department="区农业农村委")
    save_each(scoring, [cell(people, "1", header=header) for header in AWAY], rural)
    save_each(scoring, [cell(people, "2", 1, AWAY[0])], rural)
    answers = save_each(scoring, [cell(people, "／", 1, header) for header in AWAY], rural)
    assert {one.header: one.outcome.value for one in answers} == {AWAY[0]: "conflict", AWAY[1]: "refused"}
    assert stored(scoring, people, *AWAY) == {AWAY[0]: (2, "2"), AWAY[1]: (1, "1")}


def test_out_of_the_window_nothing_is_stored(app: Any, scoring: int, people: dict[str, int], clock: Any) -> None:
    save_each(scoring, [cell(people, "1")], who(people))
    end = datetime(2024, 4, 1, tzinfo=UTC)
    from starrating.queries.cycles import cycle

    row = cycle(scoring)
    assert row is not None
    set_windows(scoring, {Stage.SCORING: Window(closes=end)}, row.version, people["wang"])
    clock.at = end
    assert told(save_each(scoring, [cell(people, "0", 1)], who(people))) == {FIRST: ("saved", 2, "0")}
    clock.advance(seconds=1)
    before = counts()
    assert told(save_each(scoring, [cell(people, "1", 2)], who(people))) == {FIRST: ("closed", 2, "0")}
    assert counts() == before


def test_looking_ahead_stores_nothing(scoring: int, people: dict[str, int]) -> None:
    before = counts()
    answers = check_each(scoring, [cell(people, "1"), cell(people, "三", header=SHARE)], who(people))
    assert [one.outcome.value for one in answers] == ["saved", "refused"]
    assert counts() == before
