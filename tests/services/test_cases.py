"""Cases of consequences: opened once by the publication, for the right post, moved by the table, derived again."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from starrating.domain.access import Place
from starrating.domain.cases import About, CaseMove, CaseState
from starrating.domain.faults import RuleError
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.cases import ConsequenceCase
from starrating.models.ratings import Rating
from starrating.queries import cases as question
from starrating.queries.case_records import waiting
from starrating.services.consequences.case_facts import read_facts
from starrating.services.consequences.cases import Given, check_cases, move_case, open_missing
from starrating.services.publication.publication import open_notice, publish


@pytest.fixture(autouse=True)
def _in_use(app: Any) -> Any:
    with app.app_context():
        yield


@pytest.fixture
def published(_in_use: None, determined: int, people: dict[str, int], clock: Any) -> int:
    """The year of the district, published."""
    open_notice(determined, date(2025, 1, 10), None, people["wang"])
    clock.advance(days=40)
    publish(determined, None, people["wang"])
    db.session.remove()
    return determined


def cases(cycle_id: int) -> list[ConsequenceCase]:
    """The cases of a year in their order."""
    db.session.remove()
    found = select(ConsequenceCase).where(ConsequenceCase.cycle_id == cycle_id).order_by(ConsequenceCase.id)
    return list(db.session.scalars(found))


def a_measure(cycle_id: int) -> ConsequenceCase:
    """A case of a measure with a last day."""
    return next(one for one in cases(cycle_id) if one.outcome == "measure" and one.due_on)


def events() -> int:
    """How many events the trail has."""
    return db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_every_code_opens_its_matters_and_nothing_else(published: int) -> None:
    from starrating.domain.cases import matters_of
    from starrating.queries.cycles import schemes_of
    from starrating.queries.ratings import standing
    from starrating.services.years.scheme_texts import read_kept

    expected = set()
    for run in standing(published):
        scheme = read_kept(schemes_of(published)[run.kind].text).scheme
        rules = {one.code: one for one in scheme.consequences}
        rows = db.session.execute(select(Rating.unit_id, Rating.consequences).where(Rating.determination_id == run.id))
        for unit, stored in rows:
            for written in json.loads(stored):
                entry = rules[written.partition("=")[0]]
                expected |= {(unit, entry.code, about.value) for about in matters_of(entry)}
    found = [(one.unit_id, one.rule, one.about) for one in cases(published)]
    assert len(found) == len(set(found)) > 20
    assert set(found) == expected
    posts = {(one.outcome, one.about) for one in cases(published)}
    assert ("pay_coefficient", "person") in posts
    assert {about for outcome, about in posts if outcome in ("pay_coefficient", "eligible")} == {"person"}


def test_nothing_is_opened_before_publication_or_twice(determined: int, people: dict[str, int], clock: Any) -> None:
    with pytest.raises(RuleError, match=r"case\.not_published"):
        open_missing(determined, people["wang"])
    assert cases(determined) == []
    open_notice(determined, date(2025, 1, 10), None, people["wang"])
    assert cases(determined) == []
    clock.advance(days=40)
    publish(determined, None, people["wang"])
    first = [(one.id, one.digest) for one in cases(determined)]
    publish(determined, None, people["wang"])
    before = events()
    assert open_missing(determined, people["wang"]) == 0
    assert events() == before
    assert [(one.id, one.digest) for one in cases(determined)] == first != []


def unopened(cycle_id: int) -> int:
    """Leave a year without its cases, as one that was published before there were any; how many there were."""
    db.session.remove()  # PostgreSQL drops no trigger beside a transaction that has read the table
    with db.engine.begin() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON consequence_case"
        connection.execute(text(f"DROP TRIGGER consequence_case_refuse_delete{on}"))
        gone = text("DELETE FROM consequence_case WHERE cycle_id = :key")
        return connection.execute(gone, {"key": cycle_id}).rowcount


def test_ten_at_once_open_them_once(published: int, people: dict[str, int], app: Any) -> None:
    done: list[int] = []
    gone = unopened(published)

    def opened() -> None:
        with app.app_context():
            done.append(open_missing(published, people["wang"]))
            db.session.remove()

    threads = [threading.Thread(target=opened) for _ in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == [0] * 9 + [gone]
    assert len(cases(published)) == gone > 0


def test_the_last_day_counts_from_the_day_after_publication(published: int) -> None:
    one = a_measure(published)
    days = {"talk": 30, "admonish": 30, "replace": 60, "removal": 60}
    published_on = date.fromisoformat(read_facts(one.facts)["published_on"])
    assert published_on == date(2025, 2, 19)
    assert one.due_on is not None
    assert (one.due_on - published_on).days == days[one.rule]


def test_every_case_is_derived_again_from_its_facts_alone(published: int, app: Any) -> None:
    checked, runner = check_cases(), app.test_cli_runner()
    assert (checked.count, checked.changed, checked.underived) == (len(cases(published)), (), ())
    said = runner.invoke(args=["check-consequences"])
    assert (said.exit_code, f"{checked.count}件" in said.output) == (0, True)
    db.session.remove()
    with db.engine.begin() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON consequence_case"
        connection.execute(text(f"DROP TRIGGER consequence_case_refuse_update{on}"))
        one = connection.execute(
            text("SELECT id, facts FROM consequence_case WHERE outcome = 'eligible' ORDER BY id LIMIT 1")
        ).one()
        facts = json.loads(one.facts)
        facts["values"]["level"] = "none"
        facts["values"] |= {name: "0" for name in facts["values"] if name.startswith("streak.")}
        facts["values"]["change"] = "-1"
        changed = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        connection.execute(text("UPDATE consequence_case SET facts = :facts WHERE id = :id"),
                           {"facts": changed, "id": one.id})  # fmt: skip
    db.session.remove()
    checked = check_cases()
    assert (checked.changed, checked.underived) == ((one.id,), (one.id,))
    said = runner.invoke(args=["check-consequences"])
    assert (said.exit_code, f"第{one.id}件" in said.output) == (1, True)


def test_the_table_of_moves(published: int, people: dict[str, int], clock: Any) -> None:
    one, by = a_measure(published), people["wang"]
    case_id, before = one.id, events()
    assert move_case(case_id, CaseMove.APPROVE, 1, Given(), by) is CaseState.APPROVED
    with pytest.raises(RuleError, match=r"case\.no_step"):
        move_case(case_id, CaseMove.CLOSE, 2, Given(), by)
    with pytest.raises(RuleError, match=r"case\.changed"):
        move_case(case_id, CaseMove.DEFER, 1, Given("等测评", day=date(2025, 5, 1)), by)
    with pytest.raises(RuleError, match=r"case\.reason"):
        move_case(case_id, CaseMove.DEFER, 2, Given(day=date(2025, 5, 1)), by)
    with pytest.raises(RuleError, match=r"case\.until"):
        move_case(case_id, CaseMove.DEFER, 2, Given("等测评", day=date(2025, 2, 1)), by)
    assert move_case(case_id, CaseMove.DEFER, 2, Given("等测评", day=date(2025, 5, 1)), by) is CaseState.DEFERRED
    row = question.case_of(case_id)
    assert row is not None
    assert row.due_on == date(2025, 5, 1)
    assert move_case(case_id, CaseMove.APPROVE, 3, Given(), by) is CaseState.APPROVED
    clock.advance(days=3)
    with pytest.raises(RuleError, match=r"case\.document"):
        move_case(case_id, CaseMove.CARRY_OUT, 4, Given(day=date(2025, 2, 21)), by)
    with pytest.raises(RuleError, match=r"case\.done_on"):
        move_case(case_id, CaseMove.CARRY_OUT, 4, Given(day=date(2025, 3, 21), document="谈话记录1号"), by)
    record = {"present": "组织部长", "said": "指出问题", "promised": "年底改完"}
    kept = Given(day=date(2025, 2, 21), document="谈话记录1号", record=record)
    assert move_case(case_id, CaseMove.CARRY_OUT, 4, kept, by) is CaseState.CARRIED_OUT
    assert move_case(case_id, CaseMove.CLOSE, 5, Given(), by) is CaseState.CLOSED
    assert events() == before + 5
    moves = question.events_of(case_id)
    assert [one.move for one in moves] == ["approve", "defer", "approve", "carry_out", "close"]
    assert json.loads(moves[3].record) == record
    assert (moves[3].document, moves[3].day) == ("谈话记录1号", date(2025, 2, 21))


def test_what_is_written_about_a_case_is_whole_or_refused(published: int, people: dict[str, int]) -> None:
    key, by, said = a_measure(published).id, people["wang"], events()
    move_case(key, CaseMove.APPROVE, 1, Given(), by)
    done = Given(document="谈话记录", day=date(2025, 2, 19))
    for wrong, code in (
        (replace(done, record={"said": "说" * 1001}), "text.long"),
        (replace(done, reason="甲" * 501), "text.long"),
        (replace(done, record={"said": "请打138 0013 8000"}), "person.digits"),
        (replace(done, document="11010519491231002X"), "person.digits"),
    ):
        with pytest.raises(RuleError, match=code.replace(".", r"\.")):
            move_case(key, CaseMove.CARRY_OUT, 2, wrong, by)
    assert events() == said + 1
    assert move_case(key, CaseMove.CARRY_OUT, 2, done, by) is CaseState.CARRIED_OUT


def test_ten_approvals_at_once_are_one(published: int, people: dict[str, int], app: Any) -> None:
    case_id, before = a_measure(published).id, events()
    said: list[str] = []

    def approve() -> None:
        with app.app_context():
            try:
                said.append(move_case(case_id, CaseMove.APPROVE, 1, Given(), people["wang"]))
            except RuleError as refusal:
                said.append(refusal.code)
            db.session.remove()

    threads = [threading.Thread(target=approve) for _ in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == ["approved"] + ["case.changed"] * 9
    db.session.remove()
    assert events() == before + 1


def test_what_was_frozen_stays(published: int, people: dict[str, int]) -> None:
    case_id = a_measure(published).id
    move_case(case_id, CaseMove.APPROVE, 1, Given(), people["wang"])
    for statement in (
        "UPDATE consequence_case SET facts = '{}'", "DELETE FROM consequence_case",
        "UPDATE case_event SET reason = 'x'", "DELETE FROM case_event",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_decision_after_publication_opens_a_review_and_undoes_nothing(
    published: int, people: dict[str, int], clock: Any
) -> None:
    from starrating.queries.decisions import decision
    from starrating.services.decisions.decisions import Removal, decide, propose_removal, restatement_of

    several = [one.unit_id for one in cases(published) if one.outcome != "pay_coefficient"]
    five = next(one for one in cases(published) if one.outcome == "pay_coefficient" and one.unit_id in several
                and '"level":"none"' not in one.facts)  # fmt: skip
    level = read_facts(five.facts)["values"]["level"]
    others = [one.id for one in cases(published) if one.unit_id != five.unit_id]
    kind = next(row.kind for row in [question.case_of(five.id)] if row)
    clock.advance(days=1)
    moved = propose_removal(
        published,
        Removal(kind, (five.unit_id,), "none", "安全责任事故", "区发〔2025〕3号", date(2025, 2, 20)),
        people["wang"],
    )
    found = decision(moved)
    assert found is not None
    decide(moved, restatement_of(found).digest, people["liu"])
    row = question.case_of(five.id)
    assert row is not None
    assert (row.review_id, row.state, row.version) == (moved, CaseState.PROPOSED, 2)
    assert (row.facts, row.level) == (five.facts, level)
    untouched = [one for one in cases(published) if one.id in others]
    assert {(one.review_id, one.version) for one in untouched} == {(None, 1)}
    with pytest.raises(RuleError, match=r"case\.review"):
        move_case(five.id, CaseMove.APPROVE, 2, Given(), people["wang"])
    with pytest.raises(RuleError, match=r"case\.reason"):
        move_case(five.id, CaseMove.RESCIND, 2, Given(), people["wang"])
    assert move_case(five.id, CaseMove.RESCIND, 2, Given("星级已取消"), people["wang"]) is CaseState.RESCINDED
    second = next(one for one in cases(published) if one.review_id == moved)
    assert move_case(second.id, CaseMove.UPHOLD, 2, Given("授牌另行处理"), people["wang"]) is CaseState.PROPOSED
    assert check_cases().underived == ()


def test_who_is_due_and_who_is_reached(published: int, people: dict[str, int]) -> None:
    district = Place(None, people["district"])
    count, day = question.due_count([district], (CaseState.PROPOSED,), date(2026, 1, 1))
    due = [one.due_on for one in cases(published) if one.due_on]
    assert (count, day) == (len(due), min(due))
    assert waiting([district], date(2026, 1, 1)) == (len(due), min(due), 0)
    assert waiting([district], min(due) - timedelta(days=1)) == (0, None, 0)
    assert question.due_count([], (CaseState.PROPOSED,), date(2026, 1, 1)) == (0, None)
    assert question.cases_page([], question.CaseFilter()).total == 0
    assert question.years_with_cases([district]) == (2024,)
    talk = a_measure(published)
    assert About(talk.about) in (About.SECRETARY, About.DIRECTOR, About.UNIT)
    assert talk.opened_at >= datetime(2025, 2, 19, tzinfo=UTC) - timedelta(days=1)


def test_cases_opened_after_a_correction_follow_from_what_was_published(published: int, people: dict[str, int]) -> None:
    from tests.services.test_corrections import best, corrected, wanted

    first = {(one.unit_id, one.rule, one.about): one.facts for one in cases(published)}
    unopened(published)
    change = wanted(published, best(published).unit_id, **{"flag.accident": "1"})
    corrected(published, people, replace(change, said=replace(change.said, on=date(2025, 2, 19))))
    assert open_missing(published, people["wang"]) == len(first)
    assert {(one.unit_id, one.rule, one.about): one.facts for one in cases(published)} == first
    checked = check_cases()
    assert (checked.changed, checked.underived) == ((), ())
    assert {one.unit_id for one in cases(published) if one.review_id} >= {change.values[0].unit_id}
