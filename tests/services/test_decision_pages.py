"""The pages of a removal: proposed, decided by another, restated in public with the reason; the old list as it was."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from tests.pages.client import house_client
from tests.services.browser import Browser
from tests.services.public_year import PublicYear
from tests.web.city import sign_in

LISTS = "/public/lists/2024"
PLACE = f"{LISTS}/120113000000/village"
REASON, GROUND = "5月发生重大安全责任事故，按办法一票否决", "北辰组发〔2025〕12号"


@pytest.fixture(scope="module")
def before(year: PublicYear) -> dict[str, bytes]:
    """The old list and its signature as the public had them."""
    client = house_client(year.app)
    return {ending: client.get(f"{PLACE}.{ending}").data for ending in ("json", "sig.json")}


@pytest.fixture(scope="module")
def removed(year: PublicYear, before: dict[str, bytes]) -> dict[str, Any]:
    """The unit that lost its star by the pages, and what every step of it said."""
    year.clock.at = datetime(2026, 3, 3, 1, tzinfo=UTC)
    unit = next(one for one in json.loads(before["json"])["units"] if one["level"] not in ("", "none"))
    wang, liu = Browser(year.app, "wang"), Browser(year.app, "liu")
    base = f"/publication/{year.cycle_id}/decisions"
    form = wang.get(f"{base}?q={unit['code']}")
    key = re.findall(r'name="unit" value="(\d+)"', form)
    assert len(key) == 1
    typed = {"unit": key[0], "level": "none", "reason": REASON, "ground": GROUND}
    refused = wang.fill_in(base, 422, **typed, on="2026-02-30")
    wang.fill_in(base, 303, **typed, on="2026-03-01")
    own, shown = wang.get(f"{base}/1"), liu.get(f"{base}/1")
    digest = re.findall(r'name="digest" value="([0-9a-f]{64})"', shown)
    return {
        "unit": unit, "refused": refused, "own": own, "shown": shown, "waiting": wang.get(base),
        "self": wang.fill_in(f"{base}/1/decide", 409, digest=digest[0]),
        "stale": liu.fill_in(f"{base}/1/decide", 409, digest="0" * 64),
        "other": liu.fill_in(f"/publication/{year.next_id}/decisions/1/decide", 404, digest=digest[0]),
        "done": liu.fill_in(f"{base}/1/decide", 303, digest=digest[0]), "again": liu.get(f"{base}/1"),
        "digest": digest[0], "key": key[0],
    }  # fmt: skip


def test_the_office_proposes_and_another_person_decides(removed: dict[str, Any]) -> None:
    assert "不是日期" in removed["refused"]
    assert REASON in removed["refused"]
    assert "要由另一个人决定（两人复核）" in removed["own"]
    assert "要由另一个人决定（两人复核）" not in removed["shown"]
    assert "没有办完的决定" in removed["waiting"]
    assert "由另一个人决定" in removed["self"]
    assert "名单有变动" in removed["stale"]
    assert removed["digest"] in re.sub(r"[\s<>/a-z]", "", removed["shown"]) or removed["digest"] in removed["shown"]
    assert "已决定，第2版" in removed["again"]


def test_the_public_sees_that_it_is_restated_and_why(year: PublicYear, removed: dict[str, Any]) -> None:
    public = house_client(year.app)
    for address in (LISTS, f"{LISTS}?district=120113000000", f"{PLACE}/2"):
        page = public.get(address).get_data(as_text=True)
        for said in ("已更正", REASON, GROUND, "2026-03-01起", removed["unit"]["name"]):
            assert said in page, (address, said)
    text = public.get(f"{PLACE}.json").data
    assert sha256(text).hexdigest() == removed["digest"]
    assert public.get(f"{PLACE}/2.json").data == text
    table = list(csv.reader(io.StringIO(public.get(f"{LISTS}.csv").data.decode("utf-8-sig"))))
    line = next(row for row in table if removed["unit"]["code"] in row)
    assert "无星" in line
    verified = public.get(f"/public/verify?code={removed['unit']['code']}&year=2024").get_data(as_text=True)
    assert "发布以后有决定" in verified


def test_the_old_list_stays_to_the_byte_and_says_that_another_stands(
    year: PublicYear, before: dict[str, bytes], removed: dict[str, Any]
) -> None:
    public = house_client(year.app)
    assert public.get(f"{PLACE}/1.json").data == before["json"]
    assert public.get(f"{PLACE}/1.sig.json").data == before["sig.json"]
    page = public.get(f"{PLACE}/1").get_data(as_text=True)
    assert "现在有效的是第2版" in page
    assert REASON not in page
    assert public.get(f"{PLACE}/3").status_code == public.get(f"{PLACE}/3.json").status_code == 404
    notices = public.get("/public/notices").get_data(as_text=True)
    assert "2024年度村" in notices, "the notice stays where it was"
    assert public.get(f"{PLACE.replace('village', 'community')}/1").status_code == 200


def test_every_page_within_shows_the_level_that_stands(year: PublicYear, removed: dict[str, Any]) -> None:
    wang, unit = Browser(year.app, "wang"), removed["unit"]
    page = wang.get(f"/ratings/units/{removed['key']}?cycle={year.cycle_id}")
    assert "2024年度定为无星" in page
    assert REASON in page
    assert "一行一行怎么来的" in page, "how it was rated can still be followed"
    assert "算式对不上" not in page
    results = wang.get(f"/ratings/cycles/{year.cycle_id}/village?q={unit['code']}")
    assert "发布以后决定摘星" in results
    later = wang.get(f"/ratings/units/{removed['key']}?cycle={year.next_id}")
    assert "一行一行怎么来的" in later, "the year after was rated by what stood then"
    reader = year.app.test_client()
    sign_in(reader, "wang")
    trail = reader.get("/audit/").get_data(as_text=True)
    assert "发布以后摘星，共1个单位，发布了第2版" in trail


def test_what_rests_on_the_star_is_marked_and_not_undone(year: PublicYear, removed: dict[str, Any]) -> None:
    wang = Browser(year.app, "wang")
    for of in (2024, 2025):
        page = wang.get(f"/consequences/divisions/{year.people['district']}?year={of}")
        assert "有1个村社区的星级在算出以后由决定更正" in page
    page = wang.get(f"/consequences/divisions/{year.people['district']}?year=2024")
    assert "2024年度的星级已更正，这一条按更正以前的算" in page


def test_the_plaque_is_taken_back(year: PublicYear, removed: dict[str, Any]) -> None:
    from tests.documents.test_typesetting import said

    wang = Browser(year.app, "wang").client
    printed = "".join(said(wang.get(f"/publication/{year.cycle_id}/withdrawn.pdf?kind=village").data).split())
    assert removed["unit"]["code"] in printed
    assert removed["unit"]["name"] in printed


def test_others_may_not(year: PublicYear, removed: dict[str, Any]) -> None:
    base = f"/publication/{year.cycle_id}/decisions"
    for who, page, act in (("auditor", 200, 403), ("city", 200, 403), ("assessor", 403, 403), ("unit", 404, 404)):
        browser = Browser(year.app, who)
        browser.get(base, page)
        browser.fill_in(base, act, unit=removed["key"], level="none", reason=REASON, ground=GROUND, on="2026-03-01")
        browser.fill_in(f"{base}/1/decide", act, digest=removed["digest"])
        browser.fill_in(f"{base}/1/withdraw", act)


def test_next_years_changes_leave_old_lists_as_they_were(year: PublicYear, removed: dict[str, Any]) -> None:
    """Another scheme, other indicators, other names of units and townships: no byte of what was published moves."""
    from sqlalchemy import text

    from starrating.extensions import db
    from starrating.services.transaction import transaction
    from tests.services import district

    addresses = [f"{LISTS}.csv", f"{PLACE}.json", f"{PLACE}/1.json", f"{PLACE}/1", f"{PLACE}/2", LISTS,
                 f"{LISTS}?district=120113000000", "/public/notices/1"]  # fmt: skip

    def now() -> list[str]:
        client = house_client(year.app)
        return [re.sub(r'nonce="[^"]*"', "", client.get(one).get_data(as_text=True)) for one in addresses]

    old = now()
    with year.app.app_context():
        later = district.opened(year.people, 2026)
        with transaction() as session:
            session.execute(text("UPDATE unit SET name = '改名' || id"))
            session.execute(text("UPDATE division SET name = name || '改' WHERE level = 'township'"))
            session.execute(
                text(f"UPDATE cycle_scheme SET title = '新办法（示例）', text = '{{}}' WHERE cycle_id = {later}")
            )
        db.session.remove()
    assert now() == old
