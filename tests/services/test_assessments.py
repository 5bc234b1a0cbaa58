"""Self-assessment and its review on both databases: who, when, in which state, in which version; nothing is lost."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.domain.assessment import MOVES, AssessmentState, Move, Stage, find_move
from starrating.domain.entry import EntryState
from starrating.domain.faults import RuleError
from starrating.domain.methods import Missing
from starrating.domain.windows import Stage as Timed
from starrating.domain.windows import Window
from starrating.extensions import db
from starrating.models.assessments import Assessment, AssessmentCell, AssessmentValue
from starrating.models.audit import AuditEvent
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries.assessments import assessed_cells, assessments_of
from starrating.queries.identities import Identity, grants_of
from starrating.services.assessment.assessments import save_assessment, submit_assessment
from starrating.services.assessment.reviews import Decision, review_assessments
from starrating.services.audit import verify_chain
from starrating.services.clock import now
from starrating.services.scoring.tasks import tasks_of
from starrating.services.scoring.typed_scores import EntriesRefused, ScoresConflict, Typed
from starrating.services.years.windows import set_windows
from tests.services import district

PARTS = ("V1.3.未发展未培养", "V1.3.后备缺失")
"""The cells of an indicator of a department; those of V1.2 are the township's own."""
OWN = tuple(f"V1.2.{part}@{period}" for period in ("Q1", "Q2", "Q3", "Q4")
            for part in ("支委会", "党员大会", "党课", "主题党日"))  # fmt: skip


def who(people: dict[str, int], name: str) -> Identity:
    grants = tuple(row.granted for row in grants_of(people[name]))
    return Identity(people[name], name, name, False, 0, now(), grants)


def typed(people: dict[str, int], texts: dict[str, str], version: int = 0, reason: str = "") -> list[Typed]:
    return [Typed(people["first"], header, version, text, reason) for header, text in texts.items()]


def state(cycle: int, people: dict[str, int], code: str = "V1.3") -> tuple[str, int, str] | None:
    found = assessments_of(cycle, [people["first"]]).get((people["first"], code))
    db.session.remove()
    return (found.state.value, found.version, found.reason) if found else None


def value(cycle: int, people: dict[str, int], header: str, stage: Stage = Stage.SELF) -> str | None:
    found = assessed_cells(cycle, stage, [people["first"]], [header]).get((people["first"], header))
    db.session.remove()
    return found.entry.shown if found else None


def counts() -> list[int]:
    tables = (Assessment, AssessmentCell, AssessmentValue, ScoreCell, ScoreValue, AuditEvent)
    found = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    db.session.remove()
    return found


@pytest.fixture
def scoring(app: Any, in_scoring: int) -> Any:
    """A cycle that is being scored, in the application's context; its key."""
    with app.app_context():
        yield in_scoring


def submitted(cycle: int, people: dict[str, int], code: str = "V1.3", **texts: str) -> None:
    """An indicator that the unit filled in and submitted."""
    unit = who(people, "unit")
    headers = PARTS if code == "V1.3" else OWN
    wanted = {header: texts.get(header, "1") for header in headers}
    save_assessment(cycle, people["first"], typed(people, wanted), unit)
    assert submit_assessment(cycle, people["first"], {code: 1}, unit) == 1


def test_the_table_of_moves_is_all_there_is() -> None:
    legal = {(row.move, row.source) for row in MOVES}
    assert len(legal) == len(MOVES), "a move has one target"
    for move in Move:
        for source in AssessmentState:
            assert (find_move(move, source) is not None) == ((move, source) in legal)
    assert find_move(Move.SAVE, AssessmentState.SUBMITTED) is None
    assert find_move(Move.ACCEPT, AssessmentState.DRAFT) is None
    assert all(row.needs_reason == (row.move in (Move.CHANGE, Move.RETURN)) for row in MOVES)


def test_a_draft_is_kept_submitted_once_and_leaves_its_history(scoring: int, people: dict[str, int]) -> None:
    unit, before = who(people, "unit"), counts()
    assert (
        save_assessment(scoring, people["first"], typed(people, {PARTS[0]: "１"}, reason="看过档案"), unit).changed == 1
    )
    assert save_assessment(scoring, people["first"], typed(people, {PARTS[0]: "0"}, 1), unit).changed == 1
    assert save_assessment(scoring, people["first"], typed(people, {PARTS[0]: "0"}, 2), unit).changed == 0
    assert (state(scoring, people), value(scoring, people, PARTS[0])) == (("draft", 2, ""), "0")
    with pytest.raises(RuleError, match=r"assessment\.changed"):
        submit_assessment(scoring, people["first"], {"V1.3": 1}, unit)
    missing = next(task.node.leaf.missing for task in tasks_of(scoring) if task.node.code == "V1.3" and task.node.leaf)
    if missing is Missing.REJECT:
        with pytest.raises(RuleError, match=r"assessment\.missing"):
            submit_assessment(scoring, people["first"], {"V1.3": 2}, unit)
        save_assessment(scoring, people["first"], typed(people, {PARTS[1]: "0"}), unit)
    at = state(scoring, people)
    assert at is not None
    assert submit_assessment(scoring, people["first"], {"V1.3": at[1]}, unit) == 1
    assert submit_assessment(scoring, people["first"], {"V1.3": at[1]}, unit) == 0, "a double click is one submission"
    assert (state(scoring, people) or ("",))[0] == "submitted"
    grown = [after - first for first, after in zip(before, counts(), strict=True)]
    assert grown[3:5] == [0, 0], "the rating reads nothing of it"
    assert grown[5] == grown[2] + 1, "an event a value, and the submission"
    assert verify_chain().broken_at is None


def test_nobody_writes_what_lies_with_the_other_side(scoring: int, people: dict[str, int]) -> None:
    submitted(scoring, people)
    unit, town, kept = who(people, "unit"), who(people, "town"), counts()
    with pytest.raises(RuleError, match=r"assessment\.no_move"):
        save_assessment(scoring, people["first"], typed(people, {PARTS[0]: "0"}, 1), unit)
    with pytest.raises(RuleError, match=r"assessment\.no_move"):
        submit_assessment(scoring, people["first"], {"V1.3": 2, "V1.5": 0}, unit)
    for version in (0, 1, 3, 99):
        with pytest.raises(RuleError, match=r"assessment\.changed"):
            review_assessments(scoring, people["first"], [Decision("V1.3", version, Move.ACCEPT)], town)
    for move in (Move.CHANGE, Move.RETURN):
        with pytest.raises(EntriesRefused) as refused:
            review_assessments(scoring, people["first"], [Decision("V1.3", 2, move, " ", {PARTS[0]: "1"})], town)
        assert "entry.review_reason" in [fault.code for fault in refused.value.faults.values()]
    assert counts() == kept
    assert review_assessments(scoring, people["first"], [Decision("V1.3", 2, Move.RETURN, "材料不全")], town) == 1
    assert review_assessments(scoring, people["first"], [Decision("V1.3", 2, Move.RETURN, "材料不全")], town) == 0
    assert state(scoring, people) == ("returned", 3, "材料不全")
    with pytest.raises(RuleError, match=r"assessment\.no_move"):
        review_assessments(scoring, people["first"], [Decision("V1.3", 3, Move.ACCEPT)], town)
    save_assessment(scoring, people["first"], typed(people, {PARTS[0]: "0"}, 1), unit)
    assert state(scoring, people) == ("returned", 4, "材料不全"), "why it was returned stays to be read"
    submit_assessment(scoring, people["first"], {"V1.3": 4}, unit)
    assert review_assessments(scoring, people["first"], [Decision("V1.3", 5, Move.ACCEPT)], town) == 1
    assert state(scoring, people) == ("reviewed", 6, "")
    assert value(scoring, people, PARTS[0], Stage.TOWNSHIP) == "0"
    assert counts()[3:5] == [0, 0], "a department's indicator gets a preliminary value, no score"


@pytest.mark.parametrize("name", ["wang", "assessor", "city", "auditor"])
def test_only_the_unit_writes_and_only_its_township_reviews(scoring: int, people: dict[str, int], name: str) -> None:
    submitted(scoring, people)
    kept, one = counts(), who(people, name)
    for person in (one, who(people, "town")):
        with pytest.raises(RuleError, match=r"assessment\.none"):
            save_assessment(scoring, people["first"], typed(people, {PARTS[0]: "0"}), person)
        with pytest.raises(RuleError, match=r"assessment\.none"):
            submit_assessment(scoring, people["first"], {"V1.3": 2}, person)
    for person in (one, who(people, "unit")):
        with pytest.raises(RuleError, match=r"assessment\.none"):
            review_assessments(scoring, people["first"], [Decision("V1.3", 2, Move.ACCEPT)], person)
    assert counts() == kept


def test_other_units_and_unknown_cells_do_not_exist(scoring: int, people: dict[str, int]) -> None:
    from starrating.models.divisions import Unit

    unit, town = who(people, "unit"), who(people, "town")
    other = db.session.scalars(select(Unit.id).where(Unit.id != people["first"]).order_by(Unit.id)).first() or 0
    away = db.session.scalars(select(Unit.id).where(Unit.township_id != people["township"])).first() or 0
    db.session.remove()
    kept = counts()
    for wrong in (other, 999_999):
        with pytest.raises(RuleError, match=r"assessment\.none"):
            save_assessment(scoring, wrong, [Typed(wrong, PARTS[0], 0, "1")], unit)
    with pytest.raises(RuleError, match=r"assessment\.none"):
        save_assessment(scoring, people["first"], [Typed(other, PARTS[0], 0, "1")], unit)
    with pytest.raises(RuleError, match=r"assessment\.none"):
        save_assessment(scoring, people["first"], typed(people, {"V99": "1"}), unit)
    with pytest.raises(RuleError, match=r"assessment\.none"):
        submit_assessment(scoring, people["first"], {"V99": 0}, unit)
    with pytest.raises(RuleError, match=r"assessment\.none"):
        review_assessments(scoring, away, [Decision("V1.3", 1, Move.ACCEPT)], town)
    assert counts() == kept


def test_not_applicable_needs_the_scheme_and_a_reason(scoring: int, people: dict[str, int]) -> None:
    unit, kept = who(people, "unit"), counts()
    leaves = {task.node.code: task for task in tasks_of(scoring) if task.kind == "village" and task.node.leaf}
    excluded = next(
        (one for one in leaves.values() if one.node.leaf and one.node.leaf.missing is Missing.EXCLUDE), None
    )
    with pytest.raises(EntriesRefused) as refused:
        save_assessment(scoring, people["first"], typed(people, dict.fromkeys(PARTS, "／"), reason="没有"), unit)
    assert {fault.code for fault in refused.value.faults.values()} == {"entry.always_applies"}
    assert excluded is not None, "the demonstration's scheme leaves some indicator out"
    texts = {column.header: "不适用" for column in excluded.columns}
    with pytest.raises(EntriesRefused) as refused:
        save_assessment(scoring, people["first"], typed(people, texts), unit)
    assert {fault.code for fault in refused.value.faults.values()} == {"entry.inapplicable_reason"}
    assert counts() == kept
    assert save_assessment(scoring, people["first"], typed(people, texts, reason="本村没有"), unit).changed == len(
        texts
    )
    stored = assessed_cells(scoring, Stage.SELF, [people["first"]], texts)
    assert {cell.entry.state for cell in stored.values()} == {EntryState.NOT_APPLICABLE}


def test_what_is_the_townships_own_becomes_the_score_in_the_same_act(scoring: int, people: dict[str, int]) -> None:
    submitted(scoring, people, "V1.2", **{OWN[0]: "3"})
    town, before = who(people, "town"), counts()
    assert review_assessments(scoring, people["first"], [Decision("V1.2", 2, Move.ACCEPT)], town) == 1
    scores = {row.header: (row.value, row.version) for row in db.session.scalars(select(ScoreCell))}
    assert scores == {header: ("3" if header == OWN[0] else "1", 1) for header in OWN}
    assert set(db.session.scalars(select(ScoreValue.source))) == {"review"}
    grown = [after - first for first, after in zip(before, counts(), strict=True)]
    assert grown == [0, len(OWN), len(OWN), len(OWN), len(OWN), len(OWN) + 1]
    texts = dict.fromkeys(OWN, "1") | {OWN[0]: "2"}
    kept = counts()
    with pytest.raises(ScoresConflict):
        review_assessments(scoring, people["first"], [Decision("V1.2", 3, Move.CHANGE, "核对会议记录", texts)], town)
    assert counts() == kept, "a score that was changed meanwhile takes the whole review back"
    assert state(scoring, people, "V1.2") == ("reviewed", 3, "")
    changed = Decision("V1.2", 3, Move.CHANGE, "核对会议记录", texts, dict.fromkeys(OWN, 1))
    assert review_assessments(scoring, people["first"], [changed], town) == 1
    assert db.session.scalars(select(ScoreCell.value).where(ScoreCell.header == OWN[0])).one() == "2"
    assert value(scoring, people, OWN[0]) == "3", "the unit's own value is untouched"
    assert verify_chain().broken_at is None


def test_a_score_that_may_not_stand_takes_the_review_back(scoring: int, people: dict[str, int]) -> None:
    submitted(scoring, people)
    submitted(scoring, people, "V1.2")
    kept, town = counts(), who(people, "town")
    wrong = Decision("V1.2", 2, Move.CHANGE, "改", dict.fromkeys(OWN, "1") | {OWN[3]: "三"})
    with pytest.raises(EntriesRefused) as refused:
        review_assessments(scoring, people["first"], [Decision("V1.3", 2, Move.ACCEPT), wrong], town)
    assert {key[1]: fault.code for key, fault in refused.value.faults.items()} == {OWN[3]: "entry.number"}
    assert counts() == kept
    assert state(scoring, people) == ("submitted", 2, "")


def test_the_window_is_shut_outside_at_the_microsecond(scoring: int, people: dict[str, int], clock: Any) -> None:
    submitted(scoring, people)
    opens, closes = datetime(2024, 11, 1, tzinfo=UTC), datetime(2024, 12, 25, 15, 59, 59, 999_999, tzinfo=UTC)
    once, later = Window(opens, closes), Window(opens, closes + timedelta(microseconds=1))
    set_windows(scoring, {Timed.SELF_ASSESSMENT: once, Timed.REVIEW: later}, 2, people["wang"])
    unit, town, tick = who(people, "unit"), who(people, "town"), timedelta(microseconds=1)
    acts = {
        "self": lambda: save_assessment(scoring, people["first"], typed(people, {OWN[0]: "1"}), unit),
        "submission": lambda: submit_assessment(scoring, people["first"], {"V1.2": 0}, unit),
        "review": lambda: review_assessments(
            scoring, people["first"], [Decision("V1.3", 2, Move.RETURN, "再看")], town
        ),
    }
    for at in (opens - tick, closes + 2 * tick):
        clock.at, kept = at, counts()
        for act in acts.values():
            with pytest.raises(RuleError, match=r"window\.(not_yet|over)"):
                act()
        assert counts() == kept
    clock.at = closes
    assert save_assessment(scoring, people["first"], typed(people, {OWN[0]: "1"}), unit).changed == 1
    assert review_assessments(scoring, people["first"], [Decision("V1.3", 2, Move.RETURN, "再看")], town) == 1
    district.step(scoring, "close_scoring", people["wang"])
    for act in acts.values():
        with pytest.raises(RuleError, match=r"window\.not_now"):
            act()


def at_once(app: Any, *acts: Any) -> list[str]:
    """Run acts at the same time, each with its own session; what each answered."""
    answers: list[str] = []
    begin = threading.Barrier(len(acts))

    def run(act: Any) -> None:
        with app.app_context():
            begin.wait()
            try:
                answers.append(f"{act()}")
            except RuleError as refusal:
                answers.append(refusal.code)
            except ScoresConflict:
                answers.append("conflict")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_ten_reviews_at_once_one_counts(app: Any, scoring: int, people: dict[str, int]) -> None:
    submitted(scoring, people, "V1.2")
    town, kept = who(people, "town"), counts()
    db.session.remove()

    def review(number: int) -> Any:
        texts = dict.fromkeys(OWN, str(number % 3))
        decision = Decision("V1.2", 2, Move.CHANGE, f"第{number}人", texts)
        return lambda: review_assessments(scoring, people["first"], [decision], town)

    answers = at_once(app, *(review(number) for number in range(10)))
    assert sorted(answers) == ["1"] + ["assessment.changed"] * 9
    assert counts()[4] - kept[4] == len(OWN)
    found = {row.header: row.value for row in db.session.scalars(select(ScoreCell))}
    seen = assessed_cells(scoring, Stage.TOWNSHIP, [people["first"]], OWN)
    assert found == {key[1]: cell.entry.value for key, cell in seen.items()}, "what was reviewed is what was scored"


def test_review_and_edit_at_once_never_review_what_was_not_seen(app: Any, scoring: int, people: dict[str, int]) -> None:
    """The unit corrects and submits again while the township decides on what it saw before."""
    unit, town = who(people, "unit"), who(people, "town")
    submitted(scoring, people)
    version, text = 2, "1"
    for number in range(6):
        review_assessments(scoring, people["first"], [Decision("V1.3", version, Move.RETURN, "再看")], town)
        cell = assessed_cells(scoring, Stage.SELF, [people["first"]], [PARTS[0]])[people["first"], PARTS[0]]
        db.session.remove()
        text = "0" if text == "1" else "1"
        edit = typed(people, {PARTS[0]: text}, cell.version)

        def resubmit(edit: list[Typed] = edit, seen: int = version) -> int:
            save_assessment(scoring, people["first"], edit, unit)
            return submit_assessment(scoring, people["first"], {"V1.3": seen + 2}, unit)

        def accept(seen: int = version) -> int:
            return review_assessments(scoring, people["first"], [Decision("V1.3", seen, Move.ACCEPT)], town)

        answers = at_once(app, resubmit, accept)
        assert sorted(answers) == ["1", "assessment.changed"], (number, answers)
        version += 3
        assert state(scoring, people) == ("submitted", version, "再看")
        assert value(scoring, people, PARTS[0]) == text


def test_two_people_of_a_unit_on_one_cell(app: Any, scoring: int, people: dict[str, int]) -> None:
    unit = who(people, "unit")
    save_assessment(scoring, people["first"], typed(people, {PARTS[0]: "1"}), unit)
    db.session.remove()

    def save(number: int) -> Any:
        one = typed(people, {PARTS[0]: "0"}, 1, reason=f"第{number}人")
        return lambda: save_assessment(scoring, people["first"], one, unit).changed

    answers = at_once(app, *(save(number) for number in range(8)))
    assert answers.count("1") == 1
    assert set(answers) <= {"1", "conflict", "assessment.changed"}
    assert counts()[2] == 2


def test_a_failing_trail_takes_the_review_back(scoring: int, people: dict[str, int], monkeypatch: Any) -> None:
    from starrating.services.assessment import reviews

    submitted(scoring, people, "V1.2")
    kept = counts()

    def fail(*_given: object) -> None:
        raise RuntimeError("no trail")

    monkeypatch.setattr(reviews, "record_each", fail)
    with pytest.raises(RuntimeError):
        review_assessments(scoring, people["first"], [Decision("V1.2", 2, Move.ACCEPT)], who(people, "town"))
    assert counts() == kept
