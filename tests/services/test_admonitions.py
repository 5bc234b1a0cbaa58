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
from starrating.domain.case_records import BALLOT, Making, asked, last_of_period, settled, taken_together, watched
from starrating.domain.cases import CaseMove, CaseState
from starrating.domain.faults import RuleError
from starrating.domain.scheme import Effect, Outcome
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.queries import cases as question
from starrating.queries.case_records import records_open
from starrating.services.consequences import cases as service
from starrating.services.consequences.cases import Given, move_case
from starrating.services.years.scheme_texts import read_kept
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


SAID = HELD | VOTES | {"ballot_by": "镇党委组织，党员参加"}


def held(said: Mapping[str, str], before: Mapping[str, str] = PERIOD, reason: str = "") -> dict[str, str]:
    """What is kept of a ballot that is recorded within the period."""
    return settled(Making(PLAIN, CaseMove.BALLOT, before, None, date(2026, 9, 5), reason), said)


def test_a_ballot_is_recorded_when_it_was_held_with_every_vote() -> None:
    assert held(SAID) == SAID | {"votes_against": "4"}
    lost = {**SAID, "ballot_result": "failed"}
    assert held(lost)["ballot_result"] == "failed", "where it is referred to may be written later"
    assert held({**lost, "onward": "移送镇党委"})["onward"] == "移送镇党委"
    for wrong, code in (
        ({}, "case.ballot_held"), ({**SAID, "ballot_by": ""}, "case.ballot_held"),
        ({**SAID, "ballot_document": ""}, "case.ballot_held"), ({**SAID, "ballot_result": "也许"}, "case.ballot_held"),
        (HELD | {"ballot_by": "镇党委"}, "case.votes_needed"), ({**SAID, "votes_abstain": ""}, "case.votes"),
        ({**SAID, "votes_for": "三十"}, "case.votes"), ({**SAID, "votes_for": "1.5"}, "case.votes"),
        ({**SAID, "votes_for": "-1"}, "case.votes"), ({**SAID, "votes_for": "1000000"}, "case.votes"),
        (SAID | dict.fromkeys(VOTES, "0"), "case.votes"), ({**SAID, "onward": "移送"}, "case.onward"),
        ({**SAID, "ballot_on": "2026-03-01"}, "case.record_day"),
        ({**SAID, "ballot_on": "2026-09-06"}, "case.record_day"),
    ):  # fmt: skip
        with pytest.raises(RuleError) as refused:
            held(wrong)
        assert refused.value.code == code, wrong
    with pytest.raises(RuleError, match=r"case\.ballot_again"):
        held(SAID, PERIOD | SAID)
    assert held(SAID, PERIOD | SAID, "票数录错了")["votes_for"] == "31"
    old = {"period": "六个月"}
    assert asked(PLAIN, CaseMove.BALLOT, old)[:2] == ("begins_on", "ends_on")
    assert held(PERIOD | SAID, old) == PERIOD | SAID | {"votes_against": "4"}


def test_the_closing_rests_on_the_ballot_that_was_recorded() -> None:
    before, lost = PERIOD | SAID, PERIOD | SAID | {"ballot_result": "failed"}

    def close(known: Mapping[str, str], said: Mapping[str, str], on: date = AFTER) -> dict[str, str]:
        return settled(Making(RULED, CaseMove.CLOSE, known, None, on, ""), said)

    assert asked(RULED, CaseMove.CLOSE, before) == ()
    assert close(before, {"no_ballot": "1", "ballot_on": "2026-09-09"}) == {"ballot_held": "2026-09-03"}
    with pytest.raises(RuleError, match=r"case\.period_open"):
        close(before, {}, date(2026, 9, 1))
    assert asked(RULED, CaseMove.CLOSE, lost) == ("onward",)
    with pytest.raises(RuleError, match=r"case\.onward"):
        close(lost, {})
    assert close(lost, {"onward": "移送镇党委"}) == {"onward": "移送镇党委", "ballot_held": "2026-09-03"}
    assert asked(RULED, CaseMove.CLOSE, {**lost, "onward": "移送镇党委"}) == ()


def test_of_two_ballots_the_last_counts_whole() -> None:
    lost = SAID | {"ballot_result": "failed", "onward": "移送镇党委"}
    told = [(CaseMove.CARRY_OUT, PERIOD), (CaseMove.BALLOT, lost), (CaseMove.BALLOT, SAID)]
    assert taken_together(told) == PERIOD | SAID, "nothing of the first stays"
    assert watched(PERIOD) == ("ends_on", date(2026, 9, 1))
    assert watched(taken_together(told)) == ("closing", date(2026, 9, 1))


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
    """Every rule of a measure is read as an admonition with a ballot."""
    admonish(monkeypatch)


def admonish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every rule of a measure as an admonition with a ballot; nothing else of a scheme is touched."""
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


def approved(year: PublicYear, number: int = 0) -> int:
    """The key of a measure of 2025 that is approved."""
    with year.app.app_context():
        place = Place(None, year.people["district"])
        rows = question.cases_of([place], question.CaseFilter(year=2025, outcome="measure"))
        move_case(rows[number].id, CaseMove.APPROVE, 1, Given(), year.people["wang"])
        return rows[number].id


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


@pytest.mark.usefixtures("ruled")
def test_a_ballot_on_the_pages_and_the_closing_after_it(year: PublicYear) -> None:
    key, wang = approved(year, 1), Browser(year.app, "wang")
    at, due = f"/consequences/cases/{key}", f"/consequences/divisions/{year.people['district']}/due"
    day = year.clock.at.date()
    assert "登记再次测评" not in wang.get(at), "nothing to vote about yet"
    wang.post(f"{at}/move", {"move": "carry_out", "version": "2", "done_on": day.isoformat(), "document": "区组发2号",
                             "record-begins_on": day.isoformat()})  # fmt: skip
    last = last_of_period(day, 6)
    year.clock.at = datetime(last.year, last.month, last.day, 1, tzinfo=UTC) + timedelta(days=2)
    wang = Browser(year.app, "wang")
    assert "再次测评还没有记" in wang.get(due)
    home = wang.client.get("/", follow_redirects=True).get_data(as_text=True)
    assert "等再次测评，内部掌握，不公开" in home
    said = {"move": "ballot", "version": "3", **{f"record-{name}": text for name, text in SAID.items()},
            "record-ballot_on": last.isoformat()}  # fmt: skip
    refused = wang.post(f"{at}/move", {**said, "record-votes_for": "多数"}, 422)
    assert "票数要三个都写成0到99999的整数" in refused
    assert 'value="测评表1号"' in refused or "测评表1号" in refused, "what was typed is kept"
    before = events(year)
    wang.post(f"{at}/move", said)
    assert events(year) == before + 1
    shown = wang.get(at)
    for text in ("赞成票", "31", "镇党委组织，党员参加", "测评过了，该办结"):
        assert text in shown, text
    assert "再次测评还没有记" not in wang.get(due)
    stale = wang.post(f"{at}/move", {**said, "reason": "再来一次"}, 409)
    assert "你打开页面以后别人办过这件事项" in stale
    assert "再次测评已经记过" in wang.post(f"{at}/move", {**said, "version": "4"}, 409)
    wang.post(f"{at}/move", {"move": "close", "version": "4"})
    assert "依据的再次测评是哪一天的" in wang.get(at)
    with year.app.app_context():
        row = question.case_of(key)
        assert row is not None
        assert (row.state, row.version) == (CaseState.CLOSED, 5)


def test_only_an_admonition_has_a_ballot(year: PublicYear) -> None:
    """The demonstration's first measure is no admonition: its page offers no ballot, and a posted one is refused."""
    with year.app.app_context():
        rows = question.cases_of(
            [Place(None, year.people["district"])], question.CaseFilter(year=2025, outcome="measure")
        )
        key = rows[2].id
        move_case(key, CaseMove.APPROVE, 1, Given(), year.people["wang"])
    wang, at = Browser(year.app, "wang"), f"/consequences/cases/{key}"
    day = year.clock.at.date().isoformat()
    wang.post(f"{at}/move", {"move": "carry_out", "version": "2", "done_on": day, "document": "区组发3号"})
    assert "登记再次测评" not in wang.get(at)
    said = {"move": "ballot", "version": "3", **{f"record-{name}": text for name, text in SAID.items()}}
    assert "没有这一步" in wang.post(f"{at}/move", said, 409)
