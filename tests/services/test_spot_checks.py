"""Spot checks on both databases: answered before they count, counted as everything counts, never quietly changed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from starrating.domain.evidence import Purpose
from starrating.domain.faults import RuleError
from starrating.domain.spot_checks import Effect, SpotCheckState, may_count
from starrating.domain.windows import Stage, Window
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.events import EventRecord
from starrating.models.scores import ScoreCell, ScoreValue
from starrating.queries.content import content_digest
from starrating.queries.identities import Identity, grants_of
from starrating.queries.spot_checks import SpotCheckFilter, SpotCheckRow, spot_check, spot_checks, undecided
from starrating.services.assessment.spot_checks import (
    Finding,
    answer_spot_check,
    count_spot_check,
    record_spot_check,
    withdraw_spot_check,
)
from starrating.services.clock import now
from starrating.services.evidence.evidence import add_evidence, open_evidence, remove_evidence
from starrating.services.evidence.rights import Slot
from starrating.services.rating.determination import confirm_determination, determine
from starrating.services.scoring.scores import Source, save_scores
from starrating.services.scoring.typed_scores import ScoresConflict, Typed
from starrating.services.years.windows import set_windows
from tests.services import district, files
from tests.services.browser import Browser

HEADER = "V1.3.后备缺失"


@pytest.fixture
def scoring(app: Any, in_scoring: int, tmp_path: Path) -> Iterator[int]:
    app.config["EVIDENCE_FOLDER"] = str(tmp_path / "evidence")
    with app.app_context():
        yield in_scoring


def who(people: dict[str, int], name: str) -> Identity:
    grants = tuple(row.granted for row in grants_of(people[name]))
    return Identity(people[name], name, name, False, 0, now(), grants)


def finding(at: datetime, **more: Any) -> Finding:
    usual = Finding("村委会东侧", at - timedelta(hours=3), "区暗访二组", "垃圾堆了3天没有清", Effect.NOTED,
                    answer_due=at + timedelta(days=3))  # fmt: skip
    return replace(usual, **more)


def found(key: int) -> SpotCheckRow:
    row = spot_check(key)
    assert row is not None
    return row


def flag_of(kind: str = "village") -> str:
    from starrating.services.rating.events import flags_of

    return flags_of(1, kind)[0]


def acts() -> list[str]:
    wanted = AuditEvent.act.like("spot_check%") | AuditEvent.act.in_(("event_recorded", "score_saved"))
    return list(db.session.scalars(select(AuditEvent.act).where(wanted).order_by(AuditEvent.sequence)))


def test_an_answer_comes_first_or_its_day_has_passed(scoring: int, people: dict[str, int], clock: Any) -> None:
    wang, unit = who(people, "wang"), who(people, "unit")
    due = clock.at + timedelta(days=3)
    answered = record_spot_check(1, people["first"], finding(clock.at), wang)
    silent = record_spot_check(1, people["first"], finding(clock.at, found="没有人值班"), wang)
    assert found(answered).state is SpotCheckState.ANSWER_DUE
    with pytest.raises(RuleError, match=r"spot_check\.unanswered"):
        count_spot_check(answered, 1, "属实", wang)
    answer_spot_check(answered, 1, "当天清了，照片在后面", unit)
    answer_spot_check(answered, 1, "当天清了，照片在后面", unit)
    with pytest.raises(RuleError, match=r"spot_check\.changed"):
        answer_spot_check(answered, 2, "换一个说法", unit)
    count_spot_check(answered, 2, "属实", wang)
    count_spot_check(answered, 2, "属实", wang)
    clock.at = due
    with pytest.raises(RuleError, match=r"spot_check\.unanswered"):
        count_spot_check(silent, 1, "没有说明", wang)
    clock.at = due + timedelta(microseconds=1)
    count_spot_check(silent, 1, "没有说明", wang)
    assert [found(key).state for key in (answered, silent)] == [SpotCheckState.COUNTED] * 2
    assert (found(answered).answer, found(silent).settled_reason) == ("当天清了，照片在后面", "没有说明")
    assert acts() == ["spot_check_recorded"] * 2 + ["spot_check_answered"] + ["spot_check_counted"] * 2


def test_where_no_answer_is_asked_for_it_counts_at_once(scoring: int, people: dict[str, int], clock: Any) -> None:
    key = record_spot_check(
        1, people["first"], finding(clock.at, answer_needed=False, answer_due=None), who(people, "city")
    )
    assert found(key).state is SpotCheckState.RECORDED
    answer_spot_check(key, 1, "也想说明一下", who(people, "unit"))
    count_spot_check(key, 2, "属实", who(people, "wang"))
    assert found(key).state is SpotCheckState.COUNTED


def test_a_veto_becomes_an_event(scoring: int, people: dict[str, int], clock: Any) -> None:
    wang = who(people, "wang")
    typed = finding(clock.at, effect=Effect.VETO, flag=flag_of(), count=1, answer_needed=False, answer_due=None)
    key = record_spot_check(1, people["first"], typed, wang)
    assert db.session.scalars(select(EventRecord)).all() == []
    for name in ("assessor", "town", "unit", "auditor", "city"):
        with pytest.raises(RuleError, match=r"spot_check\.none"):
            count_spot_check(key, 1, "属实", who(people, name))
    count_spot_check(key, 1, "属实，津辰纪〔2024〕5号", wang)
    [event] = db.session.execute(select(EventRecord.flag, EventRecord.count, EventRecord.reason, EventRecord.by)).all()
    assert tuple(event) == (flag_of(), 1, "属实，津辰纪〔2024〕5号", people["wang"])
    assert acts() == ["spot_check_recorded", "event_recorded", "spot_check_counted"]


def test_a_deduction_is_saved_by_whoever_enters_the_cell(scoring: int, people: dict[str, int], clock: Any) -> None:
    wang, assessor = who(people, "wang"), who(people, "assessor")
    typed = finding(clock.at, effect=Effect.DEDUCTION, header=HEADER, value="１", answer_needed=False, answer_due=None)
    key = record_spot_check(1, people["first"], typed, wang)
    assert found(key).value == "1"
    for name in ("wang", "town", "unit", "city"):
        with pytest.raises(RuleError, match=r"spot_check\.none"):
            count_spot_check(key, 1, "属实", who(people, name), ("1", 0))
    save_scores(1, [Typed(people["first"], HEADER, 0, "0")], assessor)
    with pytest.raises(ScoresConflict):
        count_spot_check(key, 1, "属实", assessor, ("1", 0))
    assert found(key).state is SpotCheckState.RECORDED, "nothing was stored"
    count_spot_check(key, 1, "暗访属实", assessor, ("1", 1))
    values = db.session.execute(
        select(ScoreValue.value, ScoreValue.source, ScoreValue.reason).order_by(ScoreValue.version)
    )
    assert [tuple(row) for row in values] == [("0", Source.FORM, ""), ("1", Source.SPOT_CHECK, "暗访属实")]
    assert db.session.scalar(select(ScoreCell.value)) == "1"
    assert acts() == ["spot_check_recorded", "score_saved", "score_saved", "spot_check_counted"]


def test_a_deduction_counts_in_verification_too(scoring: int, people: dict[str, int], clock: Any) -> None:
    district.step(1, "close_scoring", people["wang"])
    typed = finding(clock.at, effect=Effect.DEDUCTION, header=HEADER, value="1", answer_needed=False, answer_due=None)
    key = record_spot_check(1, people["first"], typed, who(people, "wang"))
    count_spot_check(key, 1, "属实", who(people, "assessor"), ("1", 0))
    assert found(key).state is SpotCheckState.COUNTED


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"place": " \u202e "}, "spot_check.found"),
        ({"found": ""}, "spot_check.found"),
        ({"found_by": ""}, "spot_check.found"),
        ({"seen_at": None}, "spot_check.seen_at"),
        ({"seen_at": "later"}, "spot_check.seen_at"),
        ({"answer_due": None}, "spot_check.due"),
        ({"header": "V9.9"}, "spot_check.header"),
        ({"effect": Effect.DEDUCTION}, "spot_check.header"),
        ({"effect": Effect.DEDUCTION, "header": HEADER}, "spot_check.value"),
        ({"effect": Effect.DEDUCTION, "header": HEADER, "value": "三"}, "entry."),
        ({"effect": Effect.DEDUCTION, "header": HEADER, "value": "7"}, "entry."),
        ({"effect": Effect.VETO, "flag": "没有这种", "count": 1}, "event.unknown"),
        ({"effect": Effect.VETO, "flag": "*", "count": 0}, "event.count"),
        ({"effect": Effect.VETO, "flag": "*", "count": 1_000}, "event.count"),
    ],
)
def test_what_may_not_be_recorded(
    scoring: int, people: dict[str, int], clock: Any, more: dict[str, Any], code: str
) -> None:
    if more.get("seen_at") == "later":
        more = {"seen_at": clock.at + timedelta(microseconds=1)}
    if more.get("flag") == "*":
        more = more | {"flag": flag_of()}
    with pytest.raises(RuleError) as refusal:
        record_spot_check(1, people["first"], finding(clock.at, **more), who(people, "wang"))
    assert refusal.value.code.startswith(code)
    assert spot_checks(_everywhere(), SpotCheckFilter()).total == 0


def _everywhere() -> Any:
    from starrating.domain.access import EVERYWHERE

    return [EVERYWHERE]


def test_whose_it_is(scoring: int, people: dict[str, int], clock: Any) -> None:
    for name in ("assessor", "town", "unit", "auditor"):
        with pytest.raises(RuleError, match=r"spot_check\.none"):
            record_spot_check(1, people["first"], finding(clock.at), who(people, name))
    key = record_spot_check(1, people["first"], finding(clock.at), who(people, "wang"))
    assert record_spot_check(1, people["first"], finding(clock.at), who(people, "wang")) == key, "a double click"
    for name in ("wang", "town", "assessor", "auditor", "city"):
        with pytest.raises(RuleError, match=r"spot_check\.none"):
            answer_spot_check(key, 1, "替它说", who(people, name))
    for name in ("unit", "town", "assessor", "auditor"):
        with pytest.raises(RuleError, match=r"spot_check\.none"):
            withdraw_spot_check(key, 1, "不想要", who(people, name))
    with pytest.raises(RuleError, match=r"spot_check\.reason"):
        withdraw_spot_check(key, 1, " ", who(people, "wang"))
    withdraw_spot_check(key, 1, "看错了村", who(people, "wang"))
    for step in (
        lambda: answer_spot_check(key, 2, "说明", who(people, "unit")),
        lambda: count_spot_check(key, 2, "属实", who(people, "liu")),
        lambda: withdraw_spot_check(key, 2, "再撤", who(people, "liu")),
    ):
        with pytest.raises(RuleError, match=r"spot_check\.changed"):
            step()
    again = record_spot_check(1, people["first"], finding(clock.at), who(people, "wang"))
    assert again != key, "after withdrawing, the same can be recorded anew"
    with pytest.raises(RuleError, match=r"spot_check\.none"):
        count_spot_check(10**6, 1, "属实", who(people, "wang"))


def test_out_of_the_year_nothing_moves(scoring: int, people: dict[str, int], clock: Any) -> None:
    wang, unit = who(people, "wang"), who(people, "unit")
    key = record_spot_check(1, people["first"], finding(clock.at), wang)
    district.step(1, "return_to_draft", people["wang"], "还没有准备好")
    for step in (
        lambda: record_spot_check(1, people["first"], finding(clock.at, found="另一件"), wang),
        lambda: answer_spot_check(key, 1, "说明", unit),
        lambda: count_spot_check(key, 1, "属实", wang),
        lambda: withdraw_spot_check(key, 1, "撤", wang),
    ):
        with pytest.raises(RuleError, match=r"window\.not_now"):
            step()
    with pytest.raises(RuleError, match=r"window\.not_now"):
        _photo(people, "wang", key)


def _photo(people: dict[str, int], name: str, key: int) -> int:
    slot = Slot(1, people["first"], "", Purpose.SPOT_CHECK, key)
    return add_evidence(slot, "现场.jpg", io.BytesIO(files.picture()), who(people, name))


def test_photographs_go_with_it(scoring: int, people: dict[str, int], clock: Any) -> None:
    key = record_spot_check(1, people["first"], finding(clock.at), who(people, "wang"))
    other = record_spot_check(1, people["first"], finding(clock.at, found="另一件"), who(people, "wang"))
    theirs, own = _photo(people, "wang", key), _photo(people, "unit", key)
    assert (found(key).files, found(other).files) == (2, 0)
    for name in ("unit", "town", "assessor", "auditor"):
        assert open_evidence(1, people["first"], theirs, who(people, name))[0].spot_check_id == key
    for name in ("assessor", "town", "auditor"):
        with pytest.raises(RuleError, match=r"evidence\.none"):
            _photo(people, name, key)
    with pytest.raises(RuleError, match=r"evidence\.none"):
        remove_evidence(1, people["first"], theirs, "不要", who(people, "unit"))
    with pytest.raises(RuleError, match=r"evidence\.none"):
        remove_evidence(1, people["first"], own, "不要", who(people, "wang"))
    with pytest.raises(RuleError, match=r"evidence\.none"):
        _photo(people, "wang", 10**6)
    slot = Slot(1, people["first"] + 1, "", Purpose.SPOT_CHECK, key)
    with pytest.raises(RuleError, match=r"evidence\.none"):
        add_evidence(slot, "别村.jpg", io.BytesIO(files.picture()), who(people, "wang"))
    answer_spot_check(key, 1, "看照片", who(people, "unit"))
    with pytest.raises(RuleError, match=r"evidence\.settled"):
        _photo(people, "unit", key)
    remove_evidence(1, people["first"], theirs, "拍错了", who(people, "wang"))
    count_spot_check(key, 2, "属实", who(people, "wang"))
    with pytest.raises(RuleError, match=r"evidence\.settled"):
        _photo(people, "wang", key)


def test_ten_at_once_have_one_effect(app: Any, scoring: int, people: dict[str, int], clock: Any) -> None:
    typed = finding(clock.at, effect=Effect.VETO, flag=flag_of(), count=1, answer_needed=False, answer_due=None)
    key = record_spot_check(1, people["first"], typed, who(people, "wang"))

    def one(number: int) -> str:
        with app.app_context():
            try:
                if number % 2:
                    count_spot_check(key, 1, "属实", who(people, "liu" if number % 4 == 1 else "zhao"))
                else:
                    withdraw_spot_check(key, 1, "看错了", who(people, "wang"))
            except RuleError as refusal:
                return refusal.code
            finally:
                db.session.remove()
        return ""

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(one, range(10)))
    db.session.rollback()
    row = found(key)
    assert set(answers) == {"", "spot_check.changed"}
    assert row.version == 2
    events = db.session.scalars(select(EventRecord.id)).all()
    assert len(events) == (1 if row.state is SpotCheckState.COUNTED else 0)
    assert len([act for act in acts() if act in ("spot_check_counted", "spot_check_withdrawn")]) == 1


def test_the_database_itself_keeps_findings(scoring: int, people: dict[str, int], clock: Any) -> None:
    key = record_spot_check(1, people["first"], finding(clock.at), who(people, "wang"))
    db.session.remove()

    def refused(statement: str) -> None:
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()

    refused("DELETE FROM spot_check")
    refused("UPDATE spot_check SET found = '别的事'")
    refused("UPDATE spot_check SET effect = 'veto', flag = 'x', count = 1")
    refused("UPDATE spot_check SET state = 'counted'")
    withdraw_spot_check(key, 1, "看错了村", who(people, "wang"))
    refused("UPDATE spot_check SET settled_reason = '别的'")
    refused("UPDATE spot_check SET state = 'recorded', settled_at = NULL, settled_reason = ''")


def test_when_a_finding_may_count(clock: Any) -> None:
    at = clock.at
    before, after = at - timedelta(microseconds=1), at + timedelta(microseconds=1)
    states = {
        state: [may_count(state, at, one) for one in (before, at, after)] for state in SpotCheckState
    }  # fmt: skip
    assert states[SpotCheckState.ANSWER_DUE] == [False, False, True]
    assert states[SpotCheckState.RECORDED] == states[SpotCheckState.ANSWERED] == [True] * 3
    assert states[SpotCheckState.COUNTED] == states[SpotCheckState.WITHDRAWN] == [False] * 3
    assert not may_count(SpotCheckState.ANSWER_DUE, None, at)


def test_the_day_for_an_answer_ends_before_spot_checks_do(scoring: int, people: dict[str, int], clock: Any) -> None:
    """On the last instant of the window nothing could come of it any more: neither an answer nor counting."""
    closes = clock.at + timedelta(days=3)
    set_windows(scoring, {Stage.EVENTS: Window(None, closes)}, 2, people["wang"])
    wang, tick = who(people, "wang"), timedelta(microseconds=1)
    for due in (closes, closes + tick, closes + timedelta(days=90)):
        with pytest.raises(RuleError) as refused:
            record_spot_check(1, people["first"], finding(clock.at, answer_due=due), wang)
        assert (refused.value.code, refused.value.facts["closes"]) == ("spot_check.due_late", closes)
    key = record_spot_check(1, people["first"], finding(clock.at, answer_due=closes - tick), wang)
    clock.at = closes
    count_spot_check(key, 1, "没有说明", wang)
    assert found(key).state is SpotCheckState.COUNTED


def test_the_same_finding_with_another_day_is_another(scoring: int, people: dict[str, int], clock: Any) -> None:
    wang, typed = who(people, "wang"), finding(clock.at)
    first = record_spot_check(1, people["first"], typed, wang)
    assert record_spot_check(1, people["first"], typed, wang) == first, "a double click is one"
    later = record_spot_check(1, people["first"], replace(typed, answer_due=clock.at + timedelta(days=5)), wang)
    none = record_spot_check(1, people["first"], replace(typed, answer_needed=False), wang)
    assert len({first, later, none}) == 3
    assert record_spot_check(1, people["first"], replace(typed, answer_needed=False), wang) == none
    assert [found(key).answer_due for key in (first, later, none)] == [
        clock.at + timedelta(days=3), clock.at + timedelta(days=5), None,
    ]  # fmt: skip


def test_what_would_weigh_is_settled_before_determination(
    app: Any, verified: int, people: dict[str, int], clock: Any
) -> None:
    """Open findings that would deduct or veto stop the confirmation, and only those."""
    with app.app_context():
        wang, liu, usual = who(people, "wang"), who(people, "liu"), finding(clock.at, answer_needed=False)
        veto = replace(usual, effect=Effect.VETO, flag=flag_of(), count=1, found="假台账")
        taken = replace(finding(clock.at), effect=Effect.DEDUCTION, header=HEADER, value="1", found="没有人")
        record_spot_check(verified, people["first"], usual, wang)
        keys = [record_spot_check(verified, people["first"], one, wang) for one in (veto, taken)]
        shown, total = undecided(verified, 1)
        assert (len(shown), total) == (1, 2)
        digest = content_digest(determine(verified, people["wang"]))
        for left in (2, 1):
            with pytest.raises(RuleError) as refused:
                confirm_determination(verified, digest, people["liu"])
            assert (refused.value.code, refused.value.facts["count"]) == ("determination.findings", left)
            withdraw_spot_check(keys[left - 1], 1, "看错了村", liu)
        confirm_determination(verified, digest, people["liu"])
        assert undecided(verified, 9) == ((), 0)


def test_the_page_of_determination_lists_them(app: Any, verified: int, people: dict[str, int], clock: Any) -> None:
    with app.app_context():
        noted = finding(clock.at, answer_needed=False, found="只是记一下")
        taken = finding(clock.at, effect=Effect.DEDUCTION, header=HEADER, value="1", found="值班<b>没有人")
        keys = [record_spot_check(verified, people["first"], one, who(people, "wang")) for one in (noted, taken)]
        db.session.remove()
    page = Browser(app, "wang").get(f"/ratings/cycles/{verified}/determination")
    assert "还有1件会扣分或者一票否决的暗访没有办完" in page
    assert f'href="/spot-checks/{keys[1]}"' in page
    assert "值班&lt;b&gt;没有人" in page
    assert f'href="/spot-checks/{keys[0]}"' not in page
    clock.at += timedelta(days=4)
    assert "期满未说明" in Browser(app, "wang").get(f"/ratings/cycles/{verified}/determination")
