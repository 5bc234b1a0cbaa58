"""An admonition from its first day to the ballot after it; a talk looked at again; a referral answered: all typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from starrating.domain.access import Place
from starrating.domain.case_records import BALLOT, Making, asked, last_of_period, settled, watched
from starrating.domain.cases import CaseMove, CaseState
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Effect, Outcome
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.queries import cases as question
from starrating.queries.case_records import records_open
from starrating.services import cases as service
from starrating.services.cases import Given, move_case
from starrating.services.scheme_texts import read_kept
from starrating.wording.outcomes import effect_text
from tests.services.browser import Browser
from tests.services.public_year import PublicYear

PLAIN = Effect(Outcome.MEASURE, "admonition", 30)
RULED = Effect(Outcome.MEASURE, "admonition", 30, 6, ballot=True, failed="removal")
PERIOD = {"begins_on": "2026-03-02", "ends_on": "2026-09-01"}
HELD = {"ballot_on": "2026-09-03", "ballot_result": "passed", "ballot_document": "测评表1号"}
VOTES = {"votes_for": "31", "votes_against": "04", "votes_abstain": "0"}
DAY, AFTER = date(2026, 3, 1), date(2026, 9, 10)


def carried(said: Mapping[str, str], effect: Effect = PLAIN) -> dict[str, str]:
    """What is kept of an admonition that is carried out on a day."""
    return settled(Making(effect, CaseMove.CARRY_OUT, {}, DAY, DAY, ""), said)


def closed(said: Mapping[str, str], effect: Effect = PLAIN, on: date = AFTER, reason: str = "") -> dict[str, str]:
    """What is kept of an admonition that is closed on a day."""
    return settled(Making(effect, CaseMove.CLOSE, PERIOD, None, on, reason), said)


def test_the_period_is_two_days_or_the_rules_months() -> None:
    assert carried({**PERIOD, "answer": "不是它的"}) == PERIOD
    assert carried({"begins_on": "2026-03-02"}, RULED) == PERIOD
    assert carried({"begins_on": "2026-03-02", "ends_on": "2026-05-01"}, RULED)["ends_on"] == "2026-05-01"
    assert last_of_period(date(2025, 8, 31), 6) == date(2026, 2, 28)
    for wrong, code in (
        ({}, "case.period"), ({"begins_on": "2026-03-02"}, "case.period"), ({"ends_on": "2026-09-01"}, "case.period"),
        ({**PERIOD, "ends_on": "2026-03-02"}, "case.period"), ({**PERIOD, "ends_on": "2029-03-02"}, "case.period"),
        ({**PERIOD, "ends_on": "半年"}, "case.record_day"),
        ({**PERIOD, "begins_on": "2026-02-28"}, "case.period_first"),
    ):  # fmt: skip
        with pytest.raises(RuleError) as refused:
            carried(wrong)
        assert refused.value.code == code, wrong


def test_it_closes_after_the_period_with_a_ballot_or_a_reason() -> None:
    assert closed(HELD | VOTES) == HELD | VOTES | {"votes_against": "4"}
    assert closed({"no_ballot": "1"}, reason="办法没有要求") == {"no_ballot": "1"}
    lost = {**HELD, "ballot_result": "failed", "onward": "移送镇党委，建议调整"}
    assert closed(lost, RULED) == lost
    for wrong, code in (
        ({}, "case.ballot"), ({**HELD, "ballot_result": "也许"}, "case.ballot"), ({"no_ballot": "1"}, "case.reason"),
        ({**HELD, "no_ballot": "1"}, "case.ballot_both"), ({**HELD, "votes_for": "3"}, "case.votes"),
        ({**HELD, **VOTES, "votes_for": "-3"}, "case.votes"), ({**HELD, "ballot_result": "failed"}, "case.onward"),
        ({**HELD, "onward": "移送"}, "case.onward"), ({**HELD, "ballot_on": "2026-02-01"}, "case.record_day"),
        ({**HELD, "ballot_on": "2026-09-11"}, "case.record_day"),
    ):  # fmt: skip
        with pytest.raises(RuleError) as refused:
            closed(wrong)
        assert refused.value.code == code, wrong
    with pytest.raises(RuleError, match=r"case\.ballot_needed"):
        closed({"no_ballot": "1"}, RULED, reason="不想办")
    with pytest.raises(RuleError, match=r"case\.period_open"):
        closed(HELD | {"ballot_on": "2026-09-01"}, on=date(2026, 9, 1))
    assert closed(HELD | {"ballot_on": "2026-09-02"}, on=date(2026, 9, 2))["ballot_on"] == "2026-09-02"


def test_one_carried_out_before_its_period_was_typed_is_asked_for_it_when_it_is_closed() -> None:
    old = {"period": "六个月", "ballot": "期满测评"}
    assert asked(PLAIN, CaseMove.CLOSE, old)[:2] == ("begins_on", "ends_on")
    making = Making(PLAIN, CaseMove.CLOSE, old, None, AFTER, "")
    assert settled(making, PERIOD | HELD) == PERIOD | HELD
    with pytest.raises(RuleError, match=r"case\.period"):
        settled(making, HELD)


def test_a_talk_is_looked_at_again_and_a_referral_is_answered() -> None:
    talk, referral = Effect(Outcome.MEASURE, "formal_talk"), Effect(Outcome.MEASURE, "suspension")
    making = Making(talk, CaseMove.CARRY_OUT, {}, DAY, DAY, "")
    said = {"present": "部长", "said": "问题", "promised": "年底改完", "follow_up_on": "2026-06-01"}
    assert settled(making, said) == said
    assert watched(said) == ("follow_up_on", date(2026, 6, 1))
    with pytest.raises(RuleError, match=r"case\.record_day"):
        settled(making, {**said, "follow_up_on": "2026-02-01"})
    sent = {"body": "镇党委", "reply_by": "2026-04-01"}
    assert settled(replace(making, effect=referral), sent) == sent
    answered = {"answered_on": "2026-03-20", "answer": "镇党发〔2026〕3号"}
    after = Making(referral, CaseMove.CLOSE, sent, None, AFTER, "")
    assert settled(after, answered) == answered
    with pytest.raises(RuleError, match=r"case\.record_day"):
        settled(after, {**answered, "answered_on": "2026-09-11"})


def test_the_rule_says_its_months_its_ballot_and_what_follows() -> None:
    said = effect_text(RULED)
    assert said == "诫勉，30日内办理，期限6个月，期满再次测评，测评不合格的，调整（免职、罢免）"
    assert effect_text(PLAIN) == "诫勉，30日内办理"
    assert asked(RULED, CaseMove.CLOSE, PERIOD) == (*BALLOT, "onward")


@pytest.fixture
def ruled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule of a measure is read as an admonition with a ballot; nothing else of a scheme is touched."""
    from starrating.blueprints.consequences import cases as pages
    from starrating.blueprints.consequences import listing

    def swapped(rule: Any) -> Any:
        return replace(rule, effect=RULED) if rule.effect.outcome is Outcome.MEASURE else rule

    def read(text: str) -> Any:
        scheme = read_kept(text).scheme
        return SimpleNamespace(scheme=replace(scheme, consequences=tuple(map(swapped, scheme.consequences))))

    def rule(row: Any, schemes: Any, found: Any = listing.rule_of) -> Any:
        return swapped(found(row, schemes))

    monkeypatch.setattr(service, "read_kept", read)
    monkeypatch.setattr(listing, "rule_of", rule)
    monkeypatch.setattr(pages, "rule_of", rule)


def approved(year: PublicYear) -> int:
    """The key of a measure of 2025 that is approved."""
    with year.app.app_context():
        place = Place(None, year.people["district"])
        rows = question.cases_of([place], question.CaseFilter(year=2025, outcome="measure"))
        move_case(rows[0].id, CaseMove.APPROVE, 1, Given(), year.people["wang"])
        return rows[0].id


def events(year: PublicYear) -> int:
    """How many events the trail has, of moves of cases."""
    with year.app.app_context():
        counted = select(func.count()).select_from(AuditEvent).where(AuditEvent.act == "case_moved")
        return db.session.scalar(counted) or 0


@pytest.mark.usefixtures("ruled")
def test_an_admonition_on_the_pages_of_those_who_see_to_it(year: PublicYear) -> None:
    key, district, wang = approved(year), year.people["district"], Browser(year.app, "wang")
    at, due, before = f"/consequences/cases/{key}", f"/consequences/divisions/{district}/due", events(year)
    assert "空着就按办法的6个月算" in wang.get(at)
    day = year.clock.at.date()
    sent = {"move": "carry_out", "version": "2", "done_on": day.isoformat(), "document": "区组发1号"}
    refused = wang.post(f"{at}/move", sent, 422)
    assert "诫勉期的头尾两天要写" in refused
    assert 'value="区组发1号"' in refused
    wang.post(f"{at}/move", {**sent, "record-begins_on": day.isoformat()})
    assert events(year) == before + 1
    last = last_of_period(day, 6)
    with year.app.app_context():
        assert json.loads(records_open([Place(None, district)])[key])["ends_on"] == last.isoformat()
        assert records_open([]) == {}
    assert "办过以后要做的" in wang.get(due)
    early = {"move": "close", "version": "3", "record-ballot_on": day.isoformat(), "record-ballot_result": "failed",
             "record-ballot_document": "测评表"}  # fmt: skip
    assert "才满，还不能办结" in wang.post(f"{at}/move", early, 409)
    year.clock.at = datetime(last.year, last.month, last.day, 1, tzinfo=UTC) + timedelta(days=3)
    _closed_after_a_lost_ballot(Browser(year.app, "wang"), at, due, {**early, "record-ballot_on": last.isoformat()})
    with year.app.app_context():
        row = question.case_of(key)
        assert row is not None
        assert row.state is CaseState.CLOSED
        assert key not in records_open([Place(None, district)])


def _closed_after_a_lost_ballot(wang: Browser, at: str, due: str, lost: dict[str, str]) -> None:
    """It is shown as over wherever it is due, asks for its ballot, and says what follows from one that is lost."""
    for address in (due, at):
        assert "诫勉期已满" in wang.get(address), address
    home = wang.client.get("/", follow_redirects=True).get_data(as_text=True)
    assert "有1件诫勉期满、回访或答复的日子快到或者过了" in home
    assert "办法要求期满再次测评：日子" in wang.post(f"{at}/move", {"move": "close", "version": "3"}, 422)
    lost |= {"record-votes_for": "3", "record-votes_against": "20", "record-votes_abstain": "0"}
    assert "测评不合格的要写明移送哪个机关" in wang.post(f"{at}/move", lost, 422)
    wang.post(f"{at}/move", {**lost, "record-onward": "移送一镇党委"})
    shown = wang.get(at)
    for said in ("已写明移送：移送一镇党委", "办法规定：测评不合格的，调整（免职、罢免）", "反对票：20"):
        assert said in shown, said
