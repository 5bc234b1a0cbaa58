"""Saving scores on both databases: conflicts, double clicks, other people's cells, the window, events, the trail."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.domain.entry import EntryState
from starrating.domain.faults import RuleError
from starrating.domain.windows import Stage, Window
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.events import EventRecord
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries.identities import Identity, grants_of
from starrating.queries.scores import cells_of, history_of
from starrating.services import bulk
from starrating.services.audit import verify_chain
from starrating.services.clock import now
from starrating.services.rating.events import flags_of, record_event, withdraw_event
from starrating.services.scoring import scores
from starrating.services.scoring.scores import save_scores
from starrating.services.scoring.typed_scores import EntriesRefused, ScoresConflict, Typed
from starrating.services.years.windows import set_windows
from tests.services import district

V21, CHECK = "V1.3", "V1.3.未发展未培养"
OWN = "V1.2.支委会@Q1"
"""A cell of the department of the assessor (区委组织部), and one of the townships."""


def who(people: dict[str, int], name: str) -> Identity:
    grants = tuple(row.granted for row in grants_of(people[name]))
    return Identity(people[name], name, name, False, 0, now(), grants)


def cell(people: dict[str, int], text: str, version: int = 0, header: str = CHECK, **more: Any) -> Typed:
    return Typed(more.pop("unit", people["first"]), header, version, text, **more)


def stored(cycle: int, people: dict[str, int], header: str = CHECK) -> tuple[int, str, str] | None:
    found = cells_of(cycle, [people["first"]], [header]).get((people["first"], header))
    db.session.remove()
    return (found.version, found.entry.state, found.entry.value) if found else None


def counts() -> tuple[int, int, int]:
    tables = (ScoreCell, ScoreValue, AuditEvent)
    found = tuple(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    db.session.remove()
    return found[0], found[1], found[2]


@pytest.fixture
def scoring(app: Any, in_scoring: int) -> Any:
    """A cycle that takes scores, in the application's context; its key."""
    with app.app_context():
        yield in_scoring


def test_a_value_is_saved_changed_and_emptied_with_its_history(scoring: int, people: dict[str, int]) -> None:
    assessor, before = who(people, "assessor"), counts()
    assert save_scores(scoring, [cell(people, "1")], assessor).changed == 1
    assert save_scores(scoring, [cell(people, "０", 1, reason="核对过")], assessor).changed == 1
    assert save_scores(scoring, [cell(people, "", 2)], assessor).changed == 1
    assert stored(scoring, people) == (3, EntryState.BLANK, "")
    history = history_of(scoring, people["first"], CHECK)
    assert [(one.version, one.entry.shown, one.reason) for one in history] == [
        (3, "", ""),
        (2, "0", "核对过"),
        (1, "1", ""),
    ]
    assert [after - first for first, after in zip(before, counts(), strict=True)] == [1, 3, 3]
    assert verify_chain().broken_at is None


def test_the_same_save_twice_is_one_effect(scoring: int, people: dict[str, int]) -> None:
    sheet = [cell(people, "1", reason="一"), cell(people, "0", header="V1.3.后备缺失", reason="一")]
    assert save_scores(scoring, sheet, who(people, "assessor")).changed == 2
    once = counts()
    assert save_scores(scoring, sheet, who(people, "assessor")).changed == 0
    assert counts() == once


def test_a_conflict_stores_nothing_and_names_base_theirs_and_mine(scoring: int, people: dict[str, int]) -> None:
    assessor = who(people, "assessor")
    save_scores(scoring, [cell(people, "1")], assessor)
    save_scores(scoring, [cell(people, "0", 1)], assessor)
    kept = counts()
    other = cell(people, "1", header="V1.3.后备缺失")
    with pytest.raises(ScoresConflict) as refused:
        save_scores(scoring, [cell(people, "", 1), other], assessor)
    one = refused.value.conflicts[0]
    assert (one.base.shown, one.theirs.entry.shown, one.theirs.version, one.mine.shown) == ("1", "0", 2, "")
    assert one.theirs.by == "李敏"
    assert counts() == kept
    assert save_scores(scoring, [cell(people, "1", 1), other], assessor).changed == 1, (
        "an untouched cell is no conflict"
    )
    assert stored(scoring, people) == (2, EntryState.VALUE, "0")


def test_what_may_not_stand_stops_the_whole_page(scoring: int, people: dict[str, int]) -> None:
    kept = counts()
    with pytest.raises(EntriesRefused) as refused:
        save_scores(scoring, [cell(people, "三"), cell(people, "1", header="V1.3.后备缺失")], who(people, "assessor"))
    assert {key[1]: fault.code for key, fault in refused.value.faults.items()} == {CHECK: "entry.number"}
    assert counts() == kept


@pytest.mark.parametrize("name", ["town", "unit", "auditor", "city", "wang"])
def test_only_who_was_given_the_indicator_enters_it(scoring: int, people: dict[str, int], name: str) -> None:
    kept = counts()
    with pytest.raises(RuleError, match=r"score\.none"):
        save_scores(scoring, [cell(people, "1")], who(people, name))
    assert counts() == kept


def test_a_township_enters_its_own_units_only(scoring: int, people: dict[str, int]) -> None:
    from starrating.models.divisions import Unit

    other = (
        db.session.scalars(
            select(Unit.id).where(Unit.kind == "village", Unit.township_id != people["township"]).limit(1)
        ).one_or_none()
        or db.session.scalars(select(Unit.id).where(Unit.kind == "community").limit(1)).one()
    )
    town = who(people, "town")
    assert save_scores(scoring, [cell(people, "3", header=OWN)], town).changed == 1
    kept = counts()
    for wrong in (cell(people, "3", header=OWN, unit=other), cell(people, "3", header="V9.9"),
                  cell(people, "3", header=OWN, unit=999_999), cell(people, "3", 7, "V1.2.党课@Q1")):  # fmt: skip
        with pytest.raises(RuleError, match=r"score\.none"):
            save_scores(scoring, [cell(people, "2", 1, OWN), wrong], town)
    with pytest.raises(RuleError, match=r"score\.none"):
        save_scores(scoring, [cell(people, "3", header=OWN)], who(people, "assessor"))
    assert counts() == kept


def test_the_window_is_open_inside_and_shut_outside_at_the_microsecond(
    app: Any, scoring: int, people: dict[str, int], clock: Any
) -> None:
    opens, closes = datetime(2024, 11, 1, tzinfo=UTC), datetime(2024, 12, 25, 15, 59, 59, 999_999, tzinfo=UTC)
    set_windows(scoring, {Stage.SCORING: Window(opens, closes)}, 2, people["wang"])
    tick, assessor, version = timedelta(microseconds=1), who(people, "assessor"), 0
    for at, inside in ((opens - tick, False), (opens, True), (closes, True), (closes + tick, False)):
        clock.at = at
        typed = [cell(people, str(version % 2), version)]
        if inside:
            save_scores(scoring, typed, assessor)
            version += 1
        else:
            with pytest.raises(RuleError, match=r"window\.(not_yet|over)"):
                save_scores(scoring, typed, assessor)
    assert stored(scoring, people) == (2, EntryState.VALUE, "1")
    clock.at = opens
    district.step(scoring, "close_scoring", people["wang"])
    with pytest.raises(RuleError, match=r"window\.not_now"):
        save_scores(scoring, [cell(people, "0", 2)], assessor)


def test_of_ten_saves_at_once_one_is_stored(app: Any, scoring: int, people: dict[str, int]) -> None:
    assessor = who(people, "assessor")
    save_scores(scoring, [cell(people, "1")], assessor)
    db.session.remove()
    answers: list[str] = []

    def save(number: int) -> None:
        with app.app_context():
            try:
                save_scores(scoring, [cell(people, "0", 1, reason=f"第{number}人")], assessor)
                answers.append("saved")
            except ScoresConflict as conflict:
                answers.append(f"conflict with {conflict.conflicts[0].theirs.version}")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["conflict with 2"] * 9 + ["saved"]
    assert len(history_of(scoring, people["first"], CHECK)) == 2


@pytest.mark.parametrize("many", [bulk.STREAMED, 1], ids=["few", "as-an-import"])
def test_of_six_who_fill_an_empty_cell_at_once_one_is_stored(
    app: Any, scoring: int, people: dict[str, int], many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores, "STREAMED", many)
    monkeypatch.setattr(bulk, "STREAMED", many)
    assessor, before = who(people, "assessor"), counts()
    answers: list[str] = []
    ready = threading.Barrier(6)

    def save(number: int) -> None:
        with app.app_context():
            try:
                ready.wait(30)
                save_scores(scoring, [cell(people, str(number % 2), reason=f"第{number}人")], assessor)
                answers.append("saved")
            except ScoresConflict as conflict:
                answers.append(f"conflict with {conflict.conflicts[0].theirs.version}")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["conflict with 1"] * 5 + ["saved"]
    assert counts() == tuple(count + 1 for count in before)
    assert verify_chain().broken_at is None


def test_a_reason_is_asked_for_where_the_scheme_says_so(scoring: int, people: dict[str, int]) -> None:
    from starrating.domain.entry import needs_reason
    from starrating.services.scoring.tasks import tasks_of

    task = next(task for task in tasks_of(scoring) if task.kind == "village" and needs_reason(task.node))
    from starrating.services.years.cycles import assign

    assign(scoring, {("village", task.node.code): "区委组织部"}, 2, people["wang"])
    header, assessor = task.columns[0].header, who(people, "assessor")
    with pytest.raises(EntriesRefused) as refused:
        save_scores(scoring, [cell(people, "1", header=header)], assessor)
    assert [fault.code for fault in refused.value.faults.values()] == ["entry.reason"]
    assert save_scores(scoring, [cell(people, "1", header=header, reason="看过现场")], assessor).changed == 1
    assert save_scores(scoring, [cell(people, "1", 1, header)], assessor).changed == 0


def test_a_failing_trail_takes_the_scores_back(scoring: int, people: dict[str, int], monkeypatch: Any) -> None:
    from starrating.services.scoring import scores

    def fail(*_given: object) -> None:
        raise RuntimeError("no trail")

    kept = counts()
    monkeypatch.setattr(scores, "record_all", fail)
    with pytest.raises(RuntimeError):
        save_scores(scoring, [cell(people, "1")], who(people, "assessor"))
    assert counts() == kept


def test_events_are_recorded_and_withdrawn_once_with_reasons(scoring: int, people: dict[str, int], clock: Any) -> None:
    wang, liu = who(people, "wang"), who(people, "liu")
    flag = flags_of(scoring, "village")[0]
    made = record_event(scoring, people["first"], flag, 1, "津辰纪〔2024〕5号", wang)
    assert record_event(scoring, people["first"], flag, 1, "津辰纪〔2024〕5号", wang) == made
    for code, given in {
        "event.unknown": ("没有这个", 1, "理由"), "event.count": (flag, 0, "理由"), "event.reason": (flag, 1, "  "),
    }.items():  # fmt: skip
        with pytest.raises(RuleError, match=code):
            record_event(scoring, people["first"], *given, wang)
    for name in ("assessor", "town", "unit", "auditor", "city"):
        with pytest.raises(RuleError, match=r"score\.none"):
            record_event(scoring, people["first"], flag, 1, "理由", who(people, name))
        with pytest.raises(RuleError, match=r"score\.none"):
            withdraw_event(scoring, people["first"], made, "理由", who(people, name))
    with pytest.raises(RuleError, match=r"event\.reason"):
        withdraw_event(scoring, people["first"], made, "", wang)
    with pytest.raises(RuleError, match=r"event\.none"):
        withdraw_event(scoring, people["first"], 999_999, "理由", wang)
    withdraw_event(scoring, people["first"], made, "记错了村", wang)
    withdraw_event(scoring, people["first"], made, "记错了村", wang)
    with pytest.raises(RuleError, match=r"event\.withdrawn"):
        withdraw_event(scoring, people["first"], made, "我也撤", liu)
    acts = db.session.scalars(select(AuditEvent.act).where(AuditEvent.subject_kind == "event_record")).all()
    assert acts == ["event_recorded", "event_withdrawn"]
    db.session.remove()
    set_windows(scoring, {Stage.EVENTS: Window(closes=clock())}, 2, people["wang"])
    record_event(scoring, people["first"], flag, 2, "最后一刻", wang)
    clock.at += timedelta(microseconds=1)
    with pytest.raises(RuleError, match=r"window\.(over|not_now)"):
        record_event(scoring, people["first"], flag, 3, "晚了", wang)
    assert db.session.scalar(select(func.count()).select_from(EventRecord)) == 2


def test_who_enters_an_indicator_is_asked_anew_as_soon_as_it_was_given_to_others(
    scoring: int, people: dict[str, int]
) -> None:
    """Tasks are kept in memory for a version of the year: what changes them changes the version."""
    from starrating.services.years.cycles import assign

    assessor = who(people, "assessor")
    assert save_scores(scoring, [cell(people, "1")], assessor).changed == 1
    assign(scoring, {("village", V21): "区水务局"}, 2, people["wang"])
    with pytest.raises(RuleError, match=r"score\.none"):
        save_scores(scoring, [cell(people, "0", 1)], assessor)
    assign(scoring, {("village", V21): "区委组织部"}, 3, people["wang"])
    assert save_scores(scoring, [cell(people, "0", 1)], assessor).changed == 1
    assert stored(scoring, people) == (2, EntryState.VALUE, "0")
