"""The pages of a correction and of lifting a removal: two people, everyone it moves, the public sees what and why."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.conftest import TestClock, application, close
from tests.documents.test_typesetting import said as said_on
from tests.pages.client import house_client
from tests.services import district
from tests.services.browser import Browser
from tests.services.public_year import ADDRESS, EACH, PublicYear, published
from tests.web.city import sign_in

PLACE = "/public/lists/2024/120113000000/village"
REASON, GROUND = "审计发现两个数录入有误", "北辰组发〔2026〕3号"
SAID = {"reason": REASON, "ground": GROUND, "on": "2026-03-01"}


@pytest.fixture(scope="module")
def open_year(sqlite_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublicYear]:
    """2024 of a small district, published, in March two years after."""
    folder, address, clock = tmp_path_factory.mktemp("corrected"), sqlite_server.fresh(), TestClock()
    app = application(address, clock, CHART_FOLDER=str(folder), PUBLIC_ADDRESS=ADDRESS)
    with app.app_context():
        people = district.build(EACH)
        key = published(people, clock)
    clock.at = datetime(2026, 3, 3, 1, tzinfo=UTC)
    yield PublicYear(app, clock, people, key, 0, folder / "papers")
    close(app)
    sqlite_server.drop(address)


def list_said(year: PublicYear) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(house_client(year.app).get(f"{PLACE}.json").data)
    return found


def digest_on(page: str) -> str:
    found = re.findall(r'name="digest" value="([0-9a-f]{64})"', page)
    assert len(found) == 1
    return str(found[0])


@pytest.fixture(scope="module")
def corrected(open_year: PublicYear) -> dict[str, Any]:
    """The first of the list has an accident after all, and what every step on the way said."""
    year = open_year
    unit = next(one for one in list_said(year)["units"] if one["rank"] == 1)
    wang, liu = Browser(year.app, "wang"), Browser(year.app, "liu")
    base = f"/publication/{year.cycle_id}"
    search = wang.get(f"{base}/corrections?q={unit['code']}")
    key = re.findall(r'name="unit" value="(\d+)"', search)[0]
    form = wang.get(f"{base}/corrections?kind=village&unit={key}")
    cell = {"unit": key, f"b:{key}:flag.accident": "0", f"v:{key}:flag.accident": "1"}
    where = f"{base}/corrections?kind=village"
    refused = {
        "nothing": wang.fill_in(where, 422, unit=key, **SAID),
        "no number": wang.fill_in(where, 422, **{**cell, f"v:{key}:flag.accident": "许多"}, **SAID),
        "moved": wang.fill_in(where, 409, **{**cell, f"b:{key}:flag.accident": "3"}, **SAID),
        "named": wang.fill_in(where, 422, **cell, **{**SAID, "reason": "电话13800138000"}),
        "other": Browser(year.app, "unit").fill_in(where, 404, **cell, **SAID),
        "city": Browser(year.app, "city").fill_in(where, 403, **cell, **SAID),
    }  # fmt: skip
    wang.fill_in(where, 303, **cell, **SAID)
    own, shown = wang.get(f"{base}/decisions/1"), liu.get(f"{base}/decisions/1")
    digest = digest_on(shown)
    refused["self"] = wang.fill_in(f"{base}/decisions/1/decide", 409, digest=digest)
    refused["stale"] = liu.fill_in(f"{base}/decisions/1/decide", 409, digest="0" * 64)
    before = list_said(year)
    liu.fill_in(f"{base}/decisions/1/decide", 303, digest=digest)
    return {"unit": unit, "key": key, "form": form, "refused": refused, "own": own, "shown": shown, "before": before,
            "done": liu.get(f"{base}/decisions/1")}  # fmt: skip


def test_the_form_shows_what_counts_and_refuses_in_words(corrected: dict[str, Any]) -> None:
    assert "flag.accident" in corrected["form"]
    assert "V2.1" in corrected["form"]
    said = corrected["refused"]
    assert "没有一个数和现在的不同" in said["nothing"]
    assert REASON in said["nothing"], "what was typed stays"
    assert "次数要填0到999的整数" in said["no number"]
    assert "许多" in said["no number"]
    assert "已经由别的决定更正过" in said["moved"]
    assert "人名、手机号或身份证号" in said["named"]


def test_everyone_it_moves_is_shown_before_another_person_decides(corrected: dict[str, Any]) -> None:
    assert "要由另一个人决定（两人复核）" in corrected["own"]
    assert "要由另一个人决定（两人复核）" not in corrected["shown"]
    for page in (corrected["own"], corrected["shown"]):
        assert corrected["unit"]["name"] in page
        assert re.search(r"\d+个单位的星级变动", page)
    assert "由另一个人决定" in corrected["refused"]["self"]
    assert "名单有变动" in corrected["refused"]["stale"]
    assert corrected["before"]["edition"] == 1, "nothing was published by what was refused"
    assert "已决定，第2版" in corrected["done"]


def test_the_public_sees_what_was_put_right_and_why(open_year: PublicYear, corrected: dict[str, Any]) -> None:
    public, said = house_client(open_year.app), list_said(open_year)
    unit = next(one for one in said["units"] if one["code"] == corrected["unit"]["code"])
    assert (said["edition"], unit["level"]) == (2, "none")
    assert said["inputs"]["events"]["flag.accident"].count("1") == 1
    for address in ("/public/lists/2024", "/public/lists/2024?district=120113000000", f"{PLACE}/2"):
        page = public.get(address).get_data(as_text=True)
        for word in ("已更正", REASON, GROUND, "更正1个数", "flag.accident", corrected["unit"]["name"]):
            assert word in page, (address, word)
    old = public.get(f"{PLACE}/1").get_data(as_text=True)
    assert "现在有效的是第2版" in old
    assert REASON not in old
    wang = Browser(open_year.app, "wang")
    page = wang.get(f"/ratings/units/{corrected['key']}?cycle={open_year.cycle_id}")
    assert "2024年度定为无星" in page
    assert "更正了数据，下面的算式按更正以后的数" in page
    assert "一行一行怎么来的" in page
    reader = open_year.app.test_client()
    sign_in(reader, "wang")
    trail = reader.get("/audit/").get_data(as_text=True)
    assert "提出更正北辰区2024年度发布以后的1个数" in trail
    assert "决定更正北辰区2024年度的数据" in trail


def test_every_paper_and_every_answer_says_that_the_list_is_restated(
    open_year: PublicYear, corrected: dict[str, Any]
) -> None:
    """The document, the workbook, the table and open data; the plaque that is to be taken back."""
    client, unit, lists = house_client(open_year.app), corrected["unit"], "/public/lists/2024"
    printed = "".join(said_on(client.get(f"{lists}.pdf?district=120113000000&kind=village").data).split())
    for word in ("更正后的星级评定结果的公告", "四、发布以后的更正", REASON, GROUND, unit["name"], "第2版"):
        assert word in printed, word
    book = load_workbook(io.BytesIO(client.get(f"{lists}.xlsx?district=120113000000&kind=village").data))
    assert book.sheetnames == ["名单", "版次和摘要", "发布以后的决定"]
    decided = [[cell.value for cell in row] for row in book["发布以后的决定"].iter_rows(min_row=2)]
    assert ["flag.accident 重大安全责任事故（一票否决）", "0", "1"] in [row[4:7] for row in decided]
    assert {row[9] for row in decided} == {REASON}
    assert book["版次和摘要"]["H2"].value == json.loads(client.get(f"{PLACE}/2.json").data)["restates"]["digest"]
    table = list(csv.reader(io.StringIO(client.get(f"{lists}.csv").data.decode("utf-8-sig"))))
    assert next(row for row in table if unit["code"] in row)[-1].startswith("已更正，原")
    told = json.loads(client.get("/api/v1/years/2024/lists/120113000000/village").data)
    assert (told["edition"]["restated"], told["decisions"][0]["reason"]) == (True, REASON)
    assert told["corrections"][0]["values"][0]["to"] == "1"
    other = json.loads(client.get("/api/v1/years/2024/lists?kind=community").data)["lists"][0]
    assert (other["restated"], other["restates"]) == (False, None)
    office = Browser(open_year.app, "wang").client
    back = said_on(office.get(f"/publication/{open_year.cycle_id}/withdrawn.pdf?kind=village").data)
    assert unit["code"] in "".join(back.split())


def test_a_removal_is_lifted_once(open_year: PublicYear, corrected: dict[str, Any]) -> None:
    year = open_year
    wang, liu = Browser(year.app, "wang"), Browser(year.app, "liu")
    base = f"/publication/{year.cycle_id}/decisions"
    unit = next(one for one in list_said(year)["units"] if one["level"] not in ("", "none"))
    key = re.findall(r'name="unit" value="(\d+)"', wang.get(f"{base}?q={unit['code']}"))[0]
    wang.fill_in(base, 303, unit=key, level="none", **SAID)
    liu.fill_in(f"{base}/2/decide", 303, digest=digest_on(liu.get(f"{base}/2")))
    assert "撤销这个决定" in liu.get(f"{base}/2")
    assert "不是日期" in wang.fill_in(f"{base}/2/lift", 422, **{**SAID, "on": "x"})
    assert "只有办完的摘星决定才能撤销" in wang.fill_in(f"{base}/1/lift", 409, **SAID)
    for who, status in (("auditor", 403), ("city", 403), ("unit", 404)):
        Browser(year.app, who).fill_in(f"{base}/2/lift", status, **SAID)
    wang.fill_in(f"{base}/2/lift", 303, **{**SAID, "reason": "复核以后不属实"})
    wang.fill_in(f"{base}/3/decide", 409, digest=digest_on(wang.get(f"{base}/3")))
    liu.fill_in(f"{base}/3/decide", 303, digest=digest_on(liu.get(f"{base}/3")))
    assert "已经撤销" in wang.fill_in(f"{base}/2/lift", 409, **SAID)
    said = list_said(year)
    assert next(one for one in said["units"] if one["code"] == unit["code"]) == unit
    assert [(one["sort"], one.get("lifts")) for one in said["decisions"] if one["unit"] == unit["code"]] == [
        ("removal", None), ("lifting", 3),
    ]  # fmt: skip
    public = house_client(year.app).get(PLACE + "/4").get_data(as_text=True)
    assert "复核以后不属实" in public
