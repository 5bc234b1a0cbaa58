"""The path of growth: stages as data version by version, steps with body and document, counts by stage and year."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from starrating.domain.growth import PathFault, Stage, Stepped, latest, may_follow, read_path, written
from starrating.extensions import db
from starrating.interchange.spreadsheets import read_spreadsheet
from starrating.models.audit import AuditEvent
from starrating.models.growth import GrowthStep
from starrating.queries import growth as question
from starrating.services.people import growth
from starrating.services.people.growth import TypedStep
from starrating.services.people.people_merge import merge_people
from tests.conftest import SQLITE_ONLY
from tests.web.city import key_of, post
from tests.web.test_dashboards import client_of
from tests.web.test_reserve import offices, refusal_of
from tests.web.test_training import asked_of_city, holder

__all__ = ["offices"]
OWN = "member | 两委成员\nfirst | 书记 | member\ntop | 乡镇领导 | first"


def step(stage: str, day: date = date(2022, 5, 1), body: str = "区委组织部") -> TypedStep:
    return TypedStep(stage, day, body, "津组发3号")


def test_a_path_is_a_text() -> None:
    stages = read_path(OWN.replace("|", "｜") + "\n\n")
    assert stages == (Stage("member", "两委成员", ()), Stage("first", "书记", ("member",)),
                      Stage("top", "乡镇领导", ("first",)))  # fmt: skip
    assert read_path(written(stages)) == stages
    for text, why in (
        ("member | 两委成员", "count"), ("成员 | 两委\nb | 乙", "line"), ("a | \nb | 乙", "line"),
        ("a | 甲\na | 乙", "twice"), ("a | 甲 | b\nb | 乙", "after"),
        ("a | 甲\nb | 乙 | a | 多", "line"), ("\n".join(f"s{n} | 名" for n in range(21)), "count"),
    ):  # fmt: skip
        with pytest.raises(PathFault) as refused:
            read_path(text)
        assert refused.value.why == why, text
    assert may_follow(stages, None, "top"), "whoever is recorded nowhere begins anywhere"
    assert may_follow(stages, "member", "first")
    assert not may_follow(stages, "member", "top")
    assert not may_follow(stages, "member", "member")
    told = [Stepped(1, "first", date(2023, 1, 1)), Stepped(1, "member", date(2020, 1, 1))]
    assert latest(told)[1].code == "first"
    assert len(read_path(growth.usual_path())) == 5


def test_the_district_s_path_before_the_city_s(offices: Any) -> None:
    city, east, town = offices
    above, home = key_of("试验市"), key_of("东区")
    who = holder("东甲村")
    assert refusal_of(lambda: growth.take_step(who, step("secretary"), east)) == "step.no_path"
    growth.set_path(above, 0, growth.usual_path(), city)
    assert refusal_of(lambda: growth.set_path(above, 1, OWN, east)) == "path.none"
    assert refusal_of(lambda: growth.set_path(key_of("东一镇"), 0, OWN, east)) == "path.none"
    first = growth.take_step(who, step("secretary"), east)
    growth.set_path(home, 0, OWN, east)
    assert refusal_of(lambda: growth.set_path(home, 0, OWN, east)) == "path.changed"
    assert refusal_of(lambda: growth.set_path(home, 1, "a | 甲", east)) == "path.count"
    assert refusal_of(lambda: growth.take_step(who, step("top"), east)) == "step.order", "its stage is of another path"
    growth.take_back_step(first, "登记错了", east)
    growth.take_step(who, step("member"), east)
    second = growth.take_step(who, step("first", date(2023, 6, 1)), east)
    for typed, code in (
        (step("top", date(2023, 1, 1)), "step.day"), (step("top", date(2025, 1, 1)), "step.day"),
        (step("top", date(2024, 1, 1), ""), "step.body"), (step("member", date(2024, 1, 1)), "step.order"),
        (step("nowhere", date(2024, 1, 1)), "step.order"),
    ):  # fmt: skip
        assert refusal_of(lambda typed=typed: growth.take_step(who, typed, east)) == code
    assert refusal_of(lambda: growth.take_step(who, step("top", date(2024, 1, 1)), town)) == "person.none"
    rows = question.steps_of_person(who)
    assert [row.stage_name for row in rows] == ["两委成员", "书记"]
    assert refusal_of(lambda: growth.take_back_step(rows[0].id, "错", east)) == "step.not_last"
    assert refusal_of(lambda: growth.take_back_step(second, "", east)) == "step.reason"
    growth.take_back_step(second, "不是本人", east)
    assert refusal_of(lambda: growth.take_back_step(second, "不是本人", east)) == "step.none"
    found = select(AuditEvent.act).where(AuditEvent.act.startswith("growth_")).order_by(AuditEvent.sequence)
    assert list(db.session.scalars(found)) == [
        "growth_path_set", "growth_step_taken", "growth_path_set", "growth_step_taken_back", "growth_step_taken",
        "growth_step_taken", "growth_step_taken_back",
    ]  # fmt: skip
    one = holder("东乙村")
    merge_people(one, who, (1, 1), "查过档案", city)
    assert set(db.session.scalars(select(GrowthStep.person_id))) == {one}


@SQLITE_ONLY
def test_the_pages(posted: Any) -> None:
    boss, town = client_of(posted, "east"), client_of(posted, "east_town")
    home, near = asked_of_city(posted, lambda: [key_of("东区"), key_of("东一镇")])
    first, second = asked_of_city(posted, lambda: [holder("东甲村"), holder("东乙村")])
    page = f"/training/divisions/{home}/growth"
    assert "先用通行的路径" in boss.get(page).text
    assert "先用通行的路径" not in town.get(f"/training/divisions/{near}/growth").text
    assert post(boss, f"{page}/path", usual="1", version="0").status_code == 303
    wrong = post(boss, f"{page}/path", text="甲 | 乙", version="1")
    assert wrong.status_code == 422
    assert "第1行要写成" in wrong.text
    assert "甲 | 乙" in wrong.text, "what was typed is kept"
    steps = {"body": "区委组织部", "document": "津组发3号"}
    for who, stage, day in ((first, "committee", "2021-05-01"), (first, "secretary", "2024-01-15"),
                            (second, "committee", "2024-01-15")):  # fmt: skip
        assert post(boss, f"/training/people/{who}/steps", stage=stage, taken_on=day, **steps).status_code == 303
    early = post(boss, f"/training/people/{second}/steps", stage="deputy", taken_on="2020-01-01", **steps)
    assert early.status_code == 422
    assert "不能早于上一步" in early.text
    text = town.get(f"/training/divisions/{near}/growth?year=2024").text
    table = text.partition("2024年走上来的")[2].partition("</table>")[0]
    told = [row.partition("</td>")[0].rpartition(">")[2] for row in table.split('data-label="现在"')[1:]]
    stepped = [row.partition("</td>")[0].rpartition(">")[2] for row in table.split('data-label="2024年走上来的"')[1:]]
    assert told == ["1", "0", "1", "0", "0"]
    assert stepped == ["0", "0", "1", "0", "0"], "where somebody begins is no step up"
    assert "欧**明" in text
    assert "欧阳东明" not in text
    assert "津组发3号" in town.get(f"/people/{first}/growth").text
    out = post(boss, f"{page}.xlsx")
    rows = read_spreadsheet(out.data)[0]
    assert [rows.text(1, column) for column in (0, 1, 3, 4)] == [str(first), "欧**明", "党组织书记", "2024-01-15"]
    assert post(town, f"/training/people/{first}/steps", stage="institutional", taken_on="2024-02-01",
                **steps).status_code == 404  # fmt: skip
    for name in ("west", "east_assessor", "east_unit", "nobody"):
        client = client_of(posted, name)
        for address in (page, f"/training/people/{first}/steps"):
            assert client.get(address).status_code == 404, (name, address)
