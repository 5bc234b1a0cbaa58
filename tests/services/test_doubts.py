"""Doubts about a year's scores: found in what is entered, told to those it concerns, put aside with a reason."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import update

from starrating.blueprints.scoring.doubt_words import link_of
from starrating.domain.entry import columns_of, needs_file
from starrating.domain.faults import RuleError
from starrating.domain.oddities import Check, Measure
from starrating.extensions import db
from starrating.models.audit import AuditEvent
from starrating.models.cycles import CycleScheme
from starrating.models.divisions import Unit
from starrating.models.evidence import EvidenceFile
from starrating.models.scores import ScoreCell
from starrating.queries.cycles import cycle
from starrating.queries.findings import year_before
from starrating.queries.identities import Identity
from starrating.services.assessment.doubt import Doubt, place_of
from starrating.services.assessment.doubts import aside_in, doubts_of, put_aside_doubt
from starrating.services.assessment.same_rules import same_rule, values_of_before
from starrating.services.rating.point_shares import shares_of
from starrating.services.scoring.tasks import work_of
from starrating.services.transaction import transaction
from starrating.services.years.cycles import open_cycle
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


def outlier_at(key: int, unit: int, who: Identity) -> Doubt:
    [found] = [one for one in doubts(key, who) if one.check is Check.OUTLIER and one.unit and one.unit.id == unit
               and one.column and one.column.header == HEADER]  # fmt: skip
    return found


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
        doubt = outlier_at(filled, keys[4], who)
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


def test_what_was_put_aside_stays_so_when_others_change(app: Any, filled: int, people: dict[str, int]) -> None:
    """The pool's median and the z-score move with every value of anybody; the doubt is about its own."""
    with app.app_context():
        who, row = identity(people, "wang"), cycle(filled)
        assert row is not None
        keys = spread_out(HEADER)
        put(keys[4], HEADER, "99")
        before = outlier_at(filled, keys[4], who)
        put_aside_doubt(row, work_of(row, who.grants), before.digest, "到现场看过", who)
        for key in (keys[0], keys[1], keys[7]):
            put(key, HEADER, "6")
        after = outlier_at(filled, keys[4], who)
        assert before.figures["score"] != after.figures["score"]
        assert aside_in(row, doubts_of(row, work_of(row, who.grants))) == {after.digest: ("王海燕", "到现场看过")}
        put(keys[4], HEADER, "98")
        assert aside_in(row, doubts_of(row, work_of(row, who.grants))) == {}


def test_a_mild_township_comes_back_by_its_own_average_only() -> None:
    mild = Doubt(Check.LENIENT, "village", township=(5, "天穆镇"), count=90, figures={
        "average": Fraction(93, 100), "median": Fraction(80, 100), "score": Fraction(3)})  # fmt: skip

    def changed(**figures: Fraction) -> str:
        return replace(mild, count=91, figures={**mild.figures, **figures}).digest

    assert changed(median=Fraction(70, 100), score=Fraction(4)) == mild.digest, "only the others changed"
    assert changed(average=Fraction(931, 1000)) == mild.digest, "one value of ninety"
    assert changed(average=Fraction(96, 100)) != mild.digest
    assert replace(mild, township=(6, "北仓镇")).digest != mild.digest


def test_one_zero_among_full_marks_is_told_in_its_own_words(app: Any, filled: int, people: dict[str, int]) -> None:
    with app.app_context():
        keys = spread_out(HEADER)
        for key in keys:
            put(key, HEADER, "30")
        assert not [one for one in doubts(filled, identity(people, "wang"))
                    if one.check is Check.OUTLIER and one.column and one.column.header == HEADER]  # fmt: skip
        put(keys[3], HEADER, "0")
        found = outlier_at(filled, keys[3], identity(people, "wang"))
        assert (found.figures["median"], found.measure) == (Fraction(30), Measure.MEAN)
        score = -Fraction(len(keys)) / Fraction("1.2533")
        assert found.figures["score"] == score
        db.session.remove()
    page = Browser(app, "wang").get(f"/scoring/cycles/{filled}/doubts?check=outlier")
    assert f"填的是0，全区一半以上是30，按平均距离算的z值{float(score):.1f}。" in page.replace("−", "-")
    assert "1.2533×离它的距离的平均" in page
    assert "到6以上、这样的只有1个或不到20分之一的" in page


def test_last_year_is_compared_where_the_rule_is_the_same(app: Any, people: dict[str, int]) -> None:
    """Income in 万元 by the same bands is; in 元, by other bands, for other points or by another method it is not."""
    kinds = {kind: read_demo(name, 2024) for kind, name in district.SCHEMES.items()}
    text = kinds["village"].text
    assert text.count("村集体经营性收入（万元）") == 1
    with app.app_context():
        key = district.opened(people)
        row, who = cycle(key), identity(people, "wang")
        assert row is not None
        tasks = [task for task in work_of(row, who.grants).tasks if task.kind == "village"]
        assert values_of_before(year_before(row), "village", tasks) == {}, "there was no year before"
        before = open_cycle(people["district"], 2023, {
            kind: read_demo(name, 2023) for kind, name in district.SCHEMES.items()}, people["wang"])  # fmt: skip
        district.fill(before, 2023)
        assert len(values_of_before(year_before(row), "village", tasks)[HEADER]) == 15
        node = next(task.node for task in tasks if task.node.code == HEADER)
        assert node.leaf is not None
        assert same_rule(node, node)
        for other in (
            replace(node, name="村集体经营性收入（元）"), replace(node, high=Fraction(9)), replace(node, leaf=None),
            None,
            replace(node, leaf=replace(node.leaf, periods=("Q1", "Q2"))),
            replace(node, leaf=next(task.node.leaf for task in tasks if task.node.code == "V1.3")),
        ):  # fmt: skip
            assert not same_rule(node, other)
        for wrong in (text.replace("（万元）", "（元）"), text.replace("V2.1", "V2.91")):
            with transaction() as session:
                done = session.execute(update(CycleScheme).where(
                    CycleScheme.cycle_id == before, CycleScheme.kind == "village").values(text=wrong))  # fmt: skip
                assert done.rowcount == 1  # type: ignore[attr-defined]
            left = values_of_before(year_before(row), "village", tasks)
            assert HEADER not in left
            assert len(left["V5.1"]) == 15, "the others are compared all the same"


def test_every_doubt_leads_to_its_cells(app: Any, filled: int, people: dict[str, int]) -> None:
    """A cell of one unit, or the grid with the units and the indicators that it is about and no others."""
    wang, looked = Browser(app, "wang"), dict[Check, str]()
    with app.test_request_context():
        row = cycle(filled)
        assert row is not None
        town = (people["township"], "天穆镇")
        for key in spread_out(HEADER)[:3]:
            put(key, HEADER, "300")
        found = list(doubts(filled, identity(people, "wang")))
        own = [one for one in found if one.check is Check.STRICT]
        some = replace(own[0], kind="village", township=town, group="", codes=("V1.2", "V5.1"))
        against = {"average": Fraction(1, 2), "verified": Fraction(4, 5)}
        found.append(replace(some, check=Check.COPIED))
        found.append(replace(some, check=Check.REVIEW_STRICT, units=(people["first"],), figures=against))
        links = [(one, link_of(one, row)) for one in found]
        db.session.remove()
    assert all(address for _, address in links)
    for doubt, address in links:
        if doubt.unit is not None:
            assert f"#cell-{doubt.unit.id}-" in address
            continue
        if looked.setdefault(doubt.check, address) is not address:
            continue
        page = wang.get(address)
        assert "只列出要看的" in page
        sheet = html.unescape(page.split('data-sheet="')[1].split('"')[0])
        shown = wang.client.get(sheet, headers={"Accept": "application/json"}).get_json()
        assert {one["code"] for one in shown["columns"]} == set(doubt.codes), doubt.check
        assert not doubt.units or {one["id"] for one in shown["units"]} == set(doubt.units), doubt.check
        assert not doubt.township or {one["town"] for one in shown["units"]} == {doubt.township[0]}
        assert ("show=blank" in address) == (doubt.check is Check.EMPTY)
    assert looked.keys() >= {Check.EMPTY, Check.NO_EVIDENCE, Check.STRICT, Check.REVIEW_STRICT, Check.COPIED}
    wang.get(f"/scoring/cycles/{filled}/village/grid?indicator=V99", 404)


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
