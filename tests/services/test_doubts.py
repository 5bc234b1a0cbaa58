"""Doubts about a year's scores: found in what is entered, told to those it concerns, put aside with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import update

from starrating.domain.entry import columns_of, needs_file
from starrating.domain.faults import RuleError
from starrating.domain.oddities import Check
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.divisions import Unit
from starrating.models.evidence import EvidenceFile
from starrating.models.scores import ScoreCell
from starrating.queries.cycles import cycle
from starrating.queries.identities import Identity
from starrating.services.assessment.doubts import Doubt, aside_in, doubts_of, place_of, put_aside_doubt
from starrating.services.rating.point_shares import shares_of
from starrating.services.scoring.tasks import work_of
from starrating.services.transaction import transaction
from starrating.services.years.scheme_texts import read_demo
from tests.services import district
from tests.services.browser import Browser
from tests.services.test_scores import who as identity

HEADER = "V2.1"


@pytest.fixture
def filled(entered: int) -> int:
    return entered


def doubts(key: int, who: Identity) -> tuple[Doubt, ...]:
    row = cycle(key)
    assert row is not None
    return doubts_of(row, work_of(row, who.grants))


def put(unit_id: int, header: str, value: str) -> None:
    with transaction() as session:
        done = session.execute(
            update(ScoreCell).where(ScoreCell.unit_id == unit_id, ScoreCell.header == header).values(value=value)
        )
        assert done.rowcount == 1  # type: ignore[attr-defined]


def spread_out(header: str) -> list[int]:
    """Give the villages values that lie around a middle; their keys."""
    keys = list(db.session.scalars(db.select(Unit.id).where(Unit.kind == "village", Unit.rated).order_by(Unit.code)))
    for place, key in enumerate(keys):
        put(key, header, str(2 + place % 3))
    return keys


def test_a_value_far_off_is_found_and_its_neighbours_are_not(app: Any, filled: int, people: dict[str, int]) -> None:
    with app.app_context():
        keys = spread_out(HEADER)
        put(keys[4], HEADER, "9")
        found = [
            one for one in doubts(filled, identity(people, "wang"))
            if one.check is Check.OUTLIER and one.column and one.column.header == HEADER
        ]  # fmt: skip
        assert [(one.unit.id, one.text) for one in found if one.unit] == [(keys[4], "9")]


def test_what_was_put_aside_comes_back_when_the_value_changes(app: Any, filled: int, people: dict[str, int]) -> None:
    with app.app_context():
        who, row = identity(people, "wang"), cycle(filled)
        assert row is not None
        keys = spread_out(HEADER)
        put(keys[4], HEADER, "9")
        work = work_of(row, who.grants)
        doubt = next(one for one in doubts_of(row, work) if one.unit and one.unit.id == keys[4]
                     and one.check is Check.OUTLIER)  # fmt: skip
        for _twice in range(2):
            put_aside_doubt(row, work, doubt.digest, "到现场看过", who)
        assert aside_in(row, doubts_of(row, work)) == {doubt.digest: ("王海燕", "到现场看过")}
        told = db.session.scalars(db.select(AuditEvent.act).where(AuditEvent.act == "doubt_put_aside")).all()
        assert len(told) == 1
        put(keys[4], HEADER, "9.5")
        again = doubts_of(row, work)
        assert any(one.unit and one.unit.id == keys[4] and one.check is Check.OUTLIER for one in again)
        assert aside_in(row, again) == {}


@pytest.mark.parametrize(
    ("name", "code"), [("auditor", "doubt.none"), ("city", "doubt.none"), ("wang", "doubt.reason")]
)
def test_who_may_not_or_says_nothing(app: Any, filled: int, people: dict[str, int], name: str, code: str) -> None:
    with app.app_context():
        row, who = cycle(filled), identity(people, name)
        assert row is not None
        keys = spread_out(HEADER)
        put(keys[4], HEADER, "9")
        work = work_of(row, who.grants)
        doubt = next(one for one in doubts_of(row, work) if one.unit and one.unit.id == keys[4])
        with pytest.raises(RuleError, match=code):
            put_aside_doubt(row, work, doubt.digest, " ", who)


def test_a_township_is_told_of_itself_only(app: Any, filled: int, people: dict[str, int]) -> None:
    with app.app_context():
        row = cycle(filled)
        assert row is not None
        own, whole = doubts(filled, identity(people, "town")), doubts(filled, identity(people, "wang"))
        assert {place_of(row, one).township for one in own} <= {people["township"]}
        assert len(own) < len(whole)
        assert all(one.task is None or one.task.assigned.by_township for one in own)


def test_empty_cells_are_counted_by_township(app: Any, in_scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        key = in_scoring
        row = cycle(key)
        assert row is not None
        found = [one for one in doubts(key, identity(people, "wang")) if one.check is Check.EMPTY]
        units = db.session.query(Unit).filter_by(rated=True).count()
        per_kind: dict[str, int] = {}
        for one in found:
            assert one.task is not None
            if one.task.node.code == next(t.task.node.code for t in found if t.task and t.kind == one.kind):
                per_kind[one.kind] = per_kind.get(one.kind, 0) + one.count // len(one.task.columns)
        assert sum(per_kind.values()) == units


def test_the_page_lists_links_and_puts_aside(app: Any, filled: int, people: dict[str, int]) -> None:
    with app.app_context():
        keys = spread_out(HEADER)
        put(keys[4], HEADER, "9")
    browser = Browser(app, "wang")
    address = f"/scoring/cycles/{filled}/doubts?check=outlier"
    page = browser.get(address)
    assert f"#cell-{keys[4]}-{HEADER}" in page
    assert "稳健z值" in page
    digest = page.split('name="digest" value="')[1][:64]
    refused = browser.post(address, {"digest": digest, "reason": ""}, 422)
    assert "要写明为什么没有问题" in refused
    browser.post(address, {"digest": digest, "reason": "核对过原始记录"})
    assert digest not in browser.get(address)
    assert "核对过原始记录" in browser.get(f"{address}&shown=aside")
    browser.post(address, {"digest": "0" * 64, "reason": "没有这一条"}, 404)
    Browser(app, "unit").get(address, 403)


def test_shares_are_what_the_rating_gives() -> None:
    scheme = read_demo(district.SCHEMES["village"], 2024).scheme
    items = [column.header for column in columns_of(scheme.node("V3.3"))]
    texts: dict[str, dict[int, str]] = {"V5.1": {1: "50", 2: "100"}, "V5.2": {1: "94.9", 2: "70"}}
    texts |= {header: {1: "1" if place < 2 else "0"} for place, header in enumerate(items)}
    texts[items[0]][2] = "1"
    nodes = [scheme.node(code) for code in ("V5.1", "V5.2", "V3.3")]
    found = {(node.code, unit): share for node, unit, share in shares_of(scheme, nodes, texts)}
    assert found == {
        ("V5.1", 1): Fraction(1, 2), ("V5.1", 2): 1, ("V5.2", 1): Fraction(1, 2), ("V5.2", 2): Fraction(-1, 3),
        ("V3.3", 1): Fraction(2, 3),
    }  # fmt: skip


def test_what_must_be_filled_is_not_put_aside(app: Any, in_scoring: int, people: dict[str, int]) -> None:
    with app.app_context():
        row, who = cycle(in_scoring), identity(people, "wang")
        assert row is not None
        work = work_of(row, who.grants)
        found = {one.must_be_filled: one for one in doubts_of(row, work) if one.check is Check.EMPTY}
        with pytest.raises(RuleError, match="must_be_filled"):
            put_aside_doubt(row, work, found[True].digest, "先放着", who)
        put_aside_doubt(row, work, found[False].digest, "本年没有这件事", who)
        assert aside_in(row, doubts_of(row, work)) == {found[False].digest: ("王海燕", "本年没有这件事")}


def test_values_without_the_file_that_the_scheme_asks_for(app: Any, filled: int, people: dict[str, int]) -> None:
    with app.app_context():
        row = cycle(filled)
        assert row is not None
        work = work_of(row, identity(people, "wang").grants)
        node = next(task.node for task in work.tasks if needs_file(task.node))
        found = [one for one in doubts_of(row, work) if one.check is Check.NO_EVIDENCE and one.task
                 and one.task.node is node]  # fmt: skip
        before = sum(one.count for one in found)
        kind = found[0].kind
        assert before == db.session.query(Unit).filter_by(kind=kind, rated=True).count()
        key = next(one.id for one in db.session.query(Unit).filter_by(kind=kind, rated=True).order_by(Unit.code))
        with transaction() as session:
            session.add(EvidenceFile(cycle_id=filled, unit_id=key, indicator=node.code, purpose="score", name="册.pdf",
                                     medium="pdf", size=1, sha256="0" * 64, stored="a" * 32, by=people["wang"],
                                     at=datetime(2025, 1, 1, tzinfo=UTC), removed_reason=""))  # fmt: skip
        again = [one for one in doubts_of(row, work) if one.check is Check.NO_EVIDENCE and one.task
                 and one.task.node is node]  # fmt: skip
        assert sum(one.count for one in again) == before - 1


@pytest.mark.parametrize(
    ("evidence", "file"),
    [("", False), ("true", False), ("说明：现场情况", False), ("文件：名册", True), ("说明；照片", True)],
)
def test_what_asks_for_a_file(evidence: str, file: bool) -> None:
    node = replace(read_demo(district.SCHEMES["village"], 2024).scheme.node("V5.1"), evidence=evidence)
    assert needs_file(node) is file


def test_reviews_milder_than_what_was_verified_are_told_with_their_numbers(
    app: Any, filled: int, people: dict[str, int]
) -> None:
    from sqlalchemy import insert

    from starrating.models.assessments import Assessment, AssessmentCell
    from starrating.services.clock import now

    with app.app_context():
        keys = list(db.session.scalars(
            db.select(Unit.id).where(Unit.kind == "village", Unit.rated, Unit.township_id == people["township"])
            .order_by(Unit.code).limit(9)
        ))  # fmt: skip
        assert len(keys) == 9
        for key in keys:
            put(key, "V6.1", "80")
        with transaction() as session:
            about = [{"cycle_id": filled, "unit_id": key} for key in keys]
            session.execute(insert(Assessment), [
                one | {"indicator": "V6.1", "state": "reviewed", "version": 3, "reason": "", "submitted_at": now(),
                       "account_id": people["town"], "at": now()} for one in about
            ])  # fmt: skip
            session.execute(insert(AssessmentCell), [
                one | {"stage": "township", "header": "V6.1", "version": 1, "state": "value", "value": "90"}
                for one in about
            ])  # fmt: skip

        def told() -> list[Doubt]:
            found = doubts(filled, identity(people, "wang"))
            return [one for one in found if one.check in (Check.REVIEW_LENIENT, Check.REVIEW_STRICT)]

        def confirm(some: list[int]) -> None:
            with transaction() as session:
                session.execute(update(ScoreCell).where(ScoreCell.unit_id.in_(some), ScoreCell.header == "V6.1")
                                .values(review="confirmed"))  # fmt: skip

        confirm(keys[:7])
        assert told() == [], "seven are too few to say anything"
        confirm(keys)
        [mild] = told()
        assert (mild.check, mild.township and mild.township[0], mild.count) == (
            Check.REVIEW_LENIENT, people["township"], 9,
        )  # fmt: skip
        assert mild.figures == {"average": Fraction(9, 10), "verified": Fraction(8, 10)}
        db.session.remove()
    page = Browser(app, "wang").get(f"/scoring/cycles/{filled}/doubts?check=review_lenient")
    assert "9项初评平均是满分的90.0%，区里确认的是80.0%，高10.0个百分点。" in page
    with app.app_context():
        with transaction() as session:
            session.execute(update(AssessmentCell).values(value="72"))
        assert [one.check for one in told()] == [Check.REVIEW_STRICT]
        with transaction() as session:
            session.execute(update(Assessment).values(state="returned", reason="再看"))
        assert told() == [], "what was returned is no review any more"
