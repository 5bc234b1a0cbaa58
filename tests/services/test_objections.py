"""Objections: receipts, days, who may decide, and that what is accepted is what was shown; races are apart."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from starrating.domain.access import EVERYWHERE, Granted, Place, Role
from starrating.domain.evidence import Purpose
from starrating.domain.faults import RuleError
from starrating.domain.objections import Channel, ObjectionState, Part, Step
from starrating.domain.verification import Verdict
from starrating.domain.workflow import CycleState
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.events import EventRecord
from starrating.models.scores import ScoreCell
from starrating.queries import objections as question
from starrating.queries.content import content_digest
from starrating.queries.cycles import cycle
from starrating.queries.publications import confirmed_of
from starrating.queries.ratings import all_ratings, latest_trials
from starrating.queries.scores import cells_of, history_of
from starrating.services.assessment.verification import Seen, verify_scores
from starrating.services.audit import verify_chain
from starrating.services.evidence.evidence import add_evidence, open_evidence
from starrating.services.evidence.objection_rights import parts_in
from starrating.services.evidence.rights import Slot, seen_purposes
from starrating.services.objections import objection_decisions as decisions
from starrating.services.objections.objections import Lodging, by_receipt, lodge_objection, take_up, withdraw
from starrating.services.publication.publication import publish
from starrating.services.rating.determination import confirm_determination, determine
from starrating.services.rating.events import record_event
from tests.services import district, files
from tests.services.objected import (
    GROUNDS,
    REJECTED,
    app,
    clock,
    kept,
    lodged,
    noticed,
    on_notice,
    people,
    seen,
    typed,
    upheld,
    who,
)

__all__ = ["app", "clock", "kept", "noticed", "people"]
LIFTING = {"V1.5.通报": "0", "V5.1": "100", "V4.2.治安案件@Q4": "0", "V4.1.越级访@Q4": "0", "V6.1": "98", "V2.1": "300",
           "V3.1@Q4": "0"}  # fmt: skip
"""Values with which the unit rises, so that others fall out of a quota."""


def refusal(act: Any, *arguments: Any) -> str:
    with pytest.raises(RuleError) as refused:
        act(*arguments)
    db.session.remove()
    return refused.value.code


def acts() -> list[str]:
    """What the trail says since the beginning, in its order."""
    found = list(db.session.scalars(select(AuditEvent.act).order_by(AuditEvent.sequence)))
    db.session.remove()
    return found


def test_a_unit_lodges_within_the_days_and_gets_a_receipt(noticed: int, people: dict[str, int], clock: Any) -> None:
    before = acts()
    row = lodged(noticed, people, indicators=("V3.1",))
    assert lodged(noticed, people, indicators=("V3.1",)).id == row.id
    assert (row.number, row.state, row.channel) == ("2024-120113-0001", ObjectionState.LODGED, Channel.ONLINE)
    assert (row.received_on, row.due_on) == (date(2025, 1, 10), date(2025, 1, 17))
    assert acts()[len(before) :] == ["objection_lodged"]
    found = by_receipt(row.number.lower(), f" {row.code[:4]} {row.code[4:].lower()}")
    assert found is not None
    assert found.id == row.id
    assert by_receipt(row.number, "A" * 8) is None
    assert by_receipt("2024-120113-0002", row.code) is None
    assert by_receipt("2024-120113-0002", "-" * 8) is None
    assert lodged(noticed, people, "另一件事，另外再提一次异议。").number == "2024-120113-0002"
    unit = who(people, "unit")
    assert refusal(lodge_objection, noticed, people["first"], Lodging("太短"), unit) == "objection.grounds"
    unknown = Lodging(GROUNDS, ("V9.9",))
    assert refusal(lodge_objection, noticed, people["first"], unknown, unit) == "objection.indicator"
    for name in ("assessor", "town", "auditor", "wang", "city"):
        code = refusal(lodge_objection, noticed, people["first"], Lodging(GROUNDS), who(people, name))
        assert code == "objection.none", name
    assert refusal(lodge_objection, noticed, people["first"] + 1, Lodging(GROUNDS), unit) == "objection.none"
    clock.at = datetime(2025, 1, 16, 16, 0, tzinfo=UTC)
    assert refusal(lodge_objection, noticed, people["first"], Lodging(GROUNDS), unit) == "window.over"


def test_the_office_enters_what_came_in_by_the_day_it_came(noticed: int, people: dict[str, int], clock: Any) -> None:
    letter = Lodging(GROUNDS, (), Channel.PAPER, "村民甲", date(2025, 1, 16))
    wang = who(people, "wang")
    assert refusal(lodge_objection, noticed, people["first"], letter, wang) == "objection.received", "still to come"
    clock.at = datetime(2025, 1, 20, 1, 0, tzinfo=UTC)
    for day in (date(2025, 1, 9), date(2025, 1, 17), None):
        wrong = replace(letter, received_on=day)
        assert refusal(lodge_objection, noticed, people["first"], wrong, wang) == "objection.received", day
    nameless = replace(letter, raised_by=" ")
    assert refusal(lodge_objection, noticed, people["first"], nameless, wang) == "objection.raised_by"
    row = seen(lodge_objection(noticed, people["first"], letter, wang))
    assert (row.received_on, row.due_on) == (date(2025, 1, 16), date(2025, 1, 23))
    assert row.raised_by == "村民甲"
    places = [Place()]
    assert question.objections(places, question.ObjectionFilter(own_only=True)).total == 0
    assert question.objections(places, question.ObjectionFilter()).total == 1


def test_whoever_had_a_hand_in_the_result_decides_nothing(noticed: int, people: dict[str, int]) -> None:
    row = lodged(noticed, people)
    assert parts_in(row, who(people, "wang")) == (Part.DETERMINED,)
    assert parts_in(row, who(people, "liu")) == (Part.CONFIRMED,)
    assert parts_in(row, who(people, "unit")) == (Part.LODGED,)
    assert parts_in(row, who(people, "zhao")) == parts_in(row, who(people, "city")) == ()
    for name in ("wang", "liu"):
        assert refusal(take_up, row.id, 1, who(people, name)) == "objection.part"
        assert refusal(decisions.decide, row.id, 1, REJECTED, "", who(people, name)) == "objection.part"
        assert refusal(decisions.weigh, row.id, 1, upheld(row, **LIFTING), who(people, name)) == "objection.part"
    for name in ("assessor", "town", "auditor", "unit"):
        assert refusal(decisions.decide, row.id, 1, REJECTED, "", who(people, name)) == "objection.none", name
    cell = db.session.scalars(select(ScoreCell.id).where(ScoreCell.unit_id == people["first"]).limit(1)).one()
    at = "2024-06-01 00:00:00+00:00"
    key = people["assessor"]
    db.session.execute(text(
        "INSERT INTO score_value (cell_id, version, state, value, account_id, at, source, reason)"
        f" VALUES ({cell}, 7, 'value', '1', {key}, '{at}', 'entry', '')"
    ))  # fmt: skip
    db.session.commit()
    district = Granted(Role.DISTRICT_ADMINISTRATOR, Place(None, people["district"]))
    promoted = replace(who(people, "assessor"), grants=(district,))
    assert parts_in(row, promoted) == (Part.SCORED,)
    assert refusal(decisions.decide, row.id, 1, REJECTED, "", promoted) == "objection.part", "also in another role"


def test_every_part_is_found_in_the_histories(noticed: int, people: dict[str, int]) -> None:
    row, key, at = lodged(noticed, people), people["town"], "2024-06-01 00:00:00+00:00"
    cell = db.session.scalars(select(ScoreCell.id).where(ScoreCell.unit_id == row.unit_id).limit(1)).one()
    db.session.execute(text(
        "INSERT INTO cell_review (cell_id, version, review, account_id, at, reason)"
        f" VALUES ({cell}, 1, 'confirmed', {key}, '{at}', '')"
    ))  # fmt: skip
    db.session.execute(text(
        "INSERT INTO assessment (cycle_id, unit_id, indicator, state, version, reason, account_id, at, submitted_at)"
        f" VALUES ({noticed}, {row.unit_id}, 'V1.3', 'reviewed', 2, '', {key}, '{at}', '{at}')"
    ))  # fmt: skip
    db.session.execute(text(
        "INSERT INTO event_record (cycle_id, unit_id, flag, count, reason, account_id, at, withdrawn_reason)"
        f" VALUES ({noticed}, {row.unit_id}, 'punished', 1, '某号', {key}, '{at}', '')"
    ))  # fmt: skip
    db.session.commit()
    assert parts_in(row, who(people, "town")) == (Part.ASSESSED, Part.VERIFIED, Part.EVENTS)


def test_a_rejection_has_reasons_is_final_and_changes_nothing(noticed: int, people: dict[str, int]) -> None:
    row, zhao = lodged(noticed, people), who(people, "zhao")
    blank = replace(REJECTED, reasons=" ")
    assert refusal(decisions.decide, row.id, 1, blank, "", zhao) == "objection.reasons"
    take_up(row.id, 1, zhao)
    take_up(row.id, 1, zhao)
    assert seen(row.id).state is ObjectionState.IN_HAND
    assert refusal(decisions.decide, row.id, 1, REJECTED, "", zhao) == "objection.changed"
    before = acts()
    decisions.decide(row.id, 2, REJECTED, "", zhao)
    decisions.decide(row.id, 2, REJECTED, "", zhao)
    assert acts()[len(before) :] == ["objection_decided"]
    done = seen(row.id)
    assert (done.state, done.reasons, done.moved) == (ObjectionState.REJECTED, REJECTED.reasons, ())
    assert refusal(decisions.decide, row.id, 3, REJECTED, "", who(people, "city")) == "objection.no_move"
    assert refusal(withdraw, row.id, 3, "不提了", who(people, "unit")) == "objection.no_move"
    for statement in (
        f"UPDATE objection SET reasons = '改了' WHERE id = {row.id}",
        f"DELETE FROM objection WHERE id = {row.id}",
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()
    assert verify_chain().broken_at is None


def test_what_was_said_cannot_be_changed_while_it_is_open_either(noticed: int, people: dict[str, int]) -> None:
    row = lodged(noticed, people)
    for column, value in (("grounds", "'别的'"), ("code", "'AAAAAAAA'"), ("due_on", "'2026-01-01'")):
        with pytest.raises(DBAPIError):
            db.session.execute(text(f"UPDATE objection SET {column} = {value} WHERE id = {row.id}"))
        db.session.rollback()


def test_an_upheld_one_stores_what_was_shown_and_shows_everyone_it_moves(noticed: int, people: dict[str, int]) -> None:
    row, zhao = lodged(noticed, people), who(people, "zhao")
    stood = {one.unit_id: one for one in all_ratings(_confirmed(noticed), [EVERYWHERE])}
    decision = upheld(row, **LIFTING)
    before = acts()
    shown = decisions.weigh(row.id, 1, decision, zhao)
    db.session.remove()
    assert acts() == before, "weighing stores nothing"
    assert seen(row.id).state is ObjectionState.LODGED
    assert shown.moved[0].unit_id == row.unit_id
    assert [one["header"] for one in shown.changes] == sorted(LIFTING)
    assert refusal(decisions.decide, row.id, 1, decision, "0" * 64, zhao) == "objection.trial_changed"
    decisions.decide(row.id, 1, decision, shown.digest, zhao)
    decisions.decide(row.id, 1, decision, shown.digest, zhao)
    assert acts()[len(before) :] == ["score_saved"] * len(LIFTING) + ["cycle_step", "trial_run", "objection_decided"]
    trials = latest_trials(noticed)
    assert content_digest(one.id for one in trials) == shown.digest
    after = {one.unit_id: one for one in all_ratings([one.id for one in trials], [EVERYWHERE])}
    starred = {key for key, one in after.items() if one.level != stood[key].level}
    assert {one.unit_id for one in shown.moved if one.starred} == starred
    assert len(starred) > 1, "somebody else moves too"
    for one in shown.moved:
        assert (one.before.level, one.after.level) == (stood[one.unit_id].level, after[one.unit_id].level)
        assert one.after.reasons == after[one.unit_id].reasons
    row_of_year = cycle(noticed)
    assert row_of_year is not None
    assert row_of_year.state is CycleState.VERIFICATION
    last = history_of(noticed, row.unit_id, "V5.1")[0]
    assert (last.entry.value, last.source) == ("100", "objection")
    assert row.number in last.reason
    done = seen(row.id)
    assert (done.state, done.trial_digest) == (ObjectionState.UPHELD, shown.digest)
    assert [one["unit_id"] for one in done.moved] == [one.unit_id for one in shown.moved]
    for name, code in (("zhao", "determination.own"), ("liu", "")):
        if code:
            assert refusal(confirm_determination, noticed, shown.digest, people[name]) == code
        else:
            assert confirm_determination(noticed, shown.digest, people[name]) == tuple(one.id for one in trials)
    assert verify_chain().broken_at is None


def test_who_upheld_one_does_not_confirm_another_persons_trial(noticed: int, people: dict[str, int]) -> None:
    row, zhao = lodged(noticed, people), who(people, "zhao")
    decision = upheld(row, **{"V5.1": "100"})
    decisions.decide(row.id, 1, decision, decisions.weigh(row.id, 1, decision, zhao).digest, zhao)
    again = content_digest(determine(noticed, people["wang"]))
    code = refusal(confirm_determination, noticed, again, people["zhao"])
    assert code == "determination.decided_objection"


def test_what_moved_meanwhile_makes_the_shown_trial_worthless(noticed: int, people: dict[str, int]) -> None:
    one, zhao = lodged(noticed, people), who(people, "zhao")
    other = lodged(noticed, people, "另一件事，另外再提一次异议。")
    first, second = upheld(one, **LIFTING), upheld(other, **{"V4.4@Q4": "3"})
    shown = decisions.weigh(one.id, 1, first, zhao)
    late = decisions.weigh(other.id, 1, second, who(people, "city"))
    decisions.decide(one.id, 1, first, shown.digest, zhao)
    before = acts()
    code = refusal(decisions.decide, other.id, 1, second, late.digest, who(people, "city"))
    assert code == "objection.trial_changed"
    clashing = replace(second, cells=(typed(other, "V5.1", "90")._replace(version=1),))
    assert refusal(decisions.weigh, other.id, 1, clashing, who(people, "city")) == "objection.trial_changed"
    assert acts() == before
    again = decisions.weigh(other.id, 1, second, who(people, "city"))
    assert {one.unit_id for one in again.moved} == {other.unit_id}, "against the trial of the first one"
    decisions.decide(other.id, 1, second, again.digest, who(people, "city"))
    assert acts()[len(before) :] == ["score_saved", "trial_run", "objection_decided"], "the year is in verification"


def test_an_upheld_one_changes_something_and_only_of_its_unit(noticed: int, people: dict[str, int]) -> None:
    row, zhao = lodged(noticed, people), who(people, "zhao")
    assert refusal(decisions.weigh, row.id, 1, upheld(row), zhao) == "objection.no_change"
    foreign = replace(upheld(row), cells=(typed(row, "V5.1", "90")._replace(unit_id=row.unit_id + 1),))
    assert refusal(decisions.weigh, row.id, 1, foreign, zhao) == "objection.none"
    assert refusal(decisions.weigh, row.id, 1, replace(upheld(row), events=(999,)), zhao) == "objection.trial_changed"


def test_a_veto_is_taken_back_and_a_confirmed_score_is_opened(noticed: int, people: dict[str, int]) -> None:
    first, liu = people["first"], who(people, "liu")
    district.step(noticed, "return_to_verification", people["liu"], "补记事项")
    record_event(noticed, first, "punished", 1, "某号", liu)
    verify_scores(noticed, Verdict.CONFIRM, [Seen(first, "V5.1", 1)], "", liu)
    confirm_determination(noticed, content_digest(determine(noticed, people["wang"])), people["liu"])
    on_notice(noticed, people)
    row, zhao = lodged(noticed, people), who(people, "zhao")
    event = db.session.scalars(select(EventRecord.id).where(EventRecord.reason == "某号")).one()
    decision = replace(upheld(row, **{"V5.1": "100"}), step=Step.UPHOLD_PARTLY, events=(event,))
    shown = decisions.weigh(row.id, 1, decision, zhao)
    before = acts()
    decisions.decide(row.id, 1, decision, shown.digest, zhao)
    assert acts()[len(before) :] == ["score_reopened", "score_saved", "event_withdrawn", "cycle_step", "trial_run",
                                     "objection_decided"]  # fmt: skip
    assert content_digest(one.id for one in latest_trials(noticed)) == shown.digest
    stands = cells_of(noticed, [row.unit_id], ["V5.1"])[row.unit_id, "V5.1"]
    assert (stands.entry.value, stands.review.value) == ("100", "open")
    assert confirm_determination(noticed, shown.digest, people["liu"])


def test_nothing_is_published_while_one_is_open(noticed: int, people: dict[str, int], clock: Any) -> None:
    row = lodged(noticed, people)
    assert question.disputed_codes(noticed) == {_code(people)}
    assert question.disputed_units([noticed]) == {row.unit_id}
    clock.advance(days=30)
    assert refusal(publish, noticed, None, people["wang"]) == "publication.objections"
    assert row.overdue(date(2025, 1, 18))
    assert not row.overdue(date(2025, 1, 17))
    withdraw(row.id, 1, "核对以后没有异议", who(people, "unit"))
    withdraw(row.id, 1, "核对以后没有异议", who(people, "unit"))
    assert question.disputed_units([noticed]) == frozenset()
    assert publish(noticed, None, people["wang"])


def test_files_of_an_objection_are_for_who_may_read_it(noticed: int, people: dict[str, int]) -> None:
    own = lodged(noticed, people)
    wang = who(people, "wang")
    letter = Lodging(GROUNDS, (), Channel.PAPER, "村民甲", date(2025, 1, 10))
    of_others = seen(lodge_objection(noticed, people["first"], letter, wang))
    first = people["first"]
    mine = add_evidence(Slot(noticed, first, "", Purpose.OBJECTION, objection_id=own.id), "照片.pdf",
                        io.BytesIO(files.PDF), who(people, "unit"))  # fmt: skip
    secret = Slot(noticed, first, "", Purpose.OBJECTION, objection_id=of_others.id)
    theirs = add_evidence(secret, "来信.pdf", io.BytesIO(files.PDF), wang)
    assert refusal(add_evidence, secret, "x.pdf", io.BytesIO(files.PDF), who(people, "unit")) == "evidence.none"
    for name, key, there in (
        ("unit", mine, True), ("unit", theirs, False), ("zhao", theirs, True), ("auditor", theirs, True),
        ("assessor", mine, False), ("assessor", theirs, False), ("town", theirs, False),
    ):  # fmt: skip
        if there:
            assert open_evidence(noticed, first, key, who(people, name))[1] == files.PDF
        else:
            assert refusal(open_evidence, noticed, first, key, who(people, name)) == "evidence.none", (name, key)
    place = Place(None, people["district"], people["township"], first)
    assert Purpose.OBJECTION not in seen_purposes(who(people, "wang").grants, place), "nor in lists and archives"
    withdraw(own.id, 1, "核对以后没有异议", who(people, "unit"))
    closed = Slot(noticed, first, "", Purpose.OBJECTION, objection_id=own.id)
    assert refusal(add_evidence, closed, "x.pdf", io.BytesIO(files.PDF), who(people, "unit")) == "evidence.settled"


def _confirmed(cycle_id: int) -> list[int]:
    return [one.determination_id for one in confirmed_of(cycle_id).values()]


def _code(people: dict[str, int]) -> str:
    from starrating.models.divisions import Unit

    return str(db.session.scalars(select(Unit.code).where(Unit.id == people["first"])).one())
