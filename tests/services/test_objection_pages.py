"""The pages of objections through the house client: lodging, receipt, weighing, deciding, marks, the working days."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from starrating.domain.objections import Channel
from starrating.extensions import db
from starrating.queries.publications import notices_of
from starrating.services.objections.objections import Lodging, lodge_objection
from starrating.services.working_days import is_working_day, office_days
from tests.pages.client import house_client
from tests.services import files
from tests.services.objected import CONTACT, GROUNDS, Kept, app, clock, kept, lodged, people, seen, who
from tests.services.test_evidence_pages import Sender
from tests.services.test_objections import LIFTING
from tests.web.city import sign_in, token_in

__all__ = ["app", "clock", "kept", "people"]
RECEIPT = re.compile(r"<dt>回执号</dt><dd><code>([^<]+)</code></dd><dt>查询码</dt><dd><code>([^<]+)</code>")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def year(kept: Kept) -> int:
    """The key of the year on notice; requests push their own contexts."""
    return kept.cycle


def inside(app: Any, act: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    """What an act gives in the application's context."""
    with app.app_context():
        found = act(*arguments, **more)
        db.session.remove()
        return found


def sent(who: Sender, address: str, *papers: tuple[str, bytes], status: int = 303, **fields: Any) -> str:
    page = who.client.get("/accounts/password").get_data(as_text=True)
    body: dict[str, Any] = {"csrf_token": token_in(page), **fields}
    body["files"] = [(io.BytesIO(content), name) for name, content in papers]
    answer = who.client.post(address, data=body, content_type="multipart/form-data", buffered=True)
    assert answer.status_code == status, answer.get_data(as_text=True)[:400]
    return str(answer.headers["Location"]) if status == 303 else str(answer.get_data(as_text=True))


def carried(page: str) -> dict[str, str]:
    """The hidden fields of the form that accepts."""
    found = {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(page)}
    return {name: value for name, value in found.items() if name not in ("csrf_token", "back")}


def test_from_the_form_of_a_unit_to_the_state_by_receipt(app: Any, year: int, people: dict[str, int]) -> None:
    unit, zhao, public = Sender(app, "unit"), Sender(app, "zhao"), house_client(app)
    form = f"/objections/cycles/{year}/units/{people['first']}/own"
    assert f'href="{form}"' in unit.get("/objections/")
    assert "2025-01-16 24:00" in unit.get(form)
    short = sent(unit, form, status=422, grounds="太短", indicators=["V3.1"])
    assert "理由写了2个字" in short
    assert re.search(r'value="V3.1" checked', short)
    place = sent(unit, form, ("清理.jpg", files.picture()), ("假.pdf", files.HTML), grounds=GROUNDS, indicators="V3.1")
    page = unit.get(place)
    for said in ("收到了", "假.pdf：看内容不是能收的文件", "清理.jpg", "V3.1", "2025-01-17"):
        assert said in page, said
    assert "试算" not in page
    receipt = RECEIPT.search(page)
    assert receipt
    number, code = receipt.groups()
    notice = next(iter(inside(app, notices_of, year).values())).id
    shown = public.get(f"/public/notices/{notice}").get_data(as_text=True)
    assert shown.count("有异议，在办</span>") == 1
    assert CONTACT in shown
    assert number not in shown
    token = token_in(public.get("/public/objections").get_data(as_text=True))

    def asked(code: str, status: int) -> str:
        fields = {"csrf_token": token, "number": number, "code": code}
        answer = public.post("/public/objections", data=fields)
        assert answer.status_code == status
        return str(answer.get_data(as_text=True))

    assert "没有查到" in asked("AAAAAAAA", 422)
    state = asked(code, 200)
    assert "已登记" in state
    assert "2025年1月17日" in state
    assert GROUNDS not in state
    zhao.post(f"{place}/take-up", {"version": "1"})
    assert "查核中" in asked(code, 200)
    weighed = zhao.post(
        f"{place}/weigh", {"version": "2", "step": "reject", "reasons": "扣分属实，照片是之后拍的。"}, 200
    )
    assert "分数和星级都不动" in weighed
    zhao.post(f"{place}/decide", carried(weighed))
    done = asked(code, 200)
    assert "不成立" in done
    assert "扣分属实，照片是之后拍的。" in done
    assert "有异议，在办" not in public.get(f"/public/notices/{notice}").get_data(as_text=True)


def test_weighing_shows_everyone_it_moves_before_it_is_accepted(app: Any, year: int, people: dict[str, int]) -> None:
    row = inside(app, lodged, year, people, indicators=("V5.1",))
    zhao, wang, place = Sender(app, "zhao"), Sender(app, "wang"), f"/objections/{row.id}"
    assert "你不能办这件异议" in wang.get(place)
    assert "这次审定是你提交的" in wang.get(place)
    assert "有异议，在办" in wang.get(f"/ratings/cycles/{year}/village?q=闫街")
    assert "有异议，在办" in wang.get(f"/ratings/units/{people['first']}")
    page = zhao.get(place)
    assert page.index('name="v:V5.1"') < page.index("<summary>其他指标"), "what it is about comes first"
    typed = _cells(page) | {f"v:{header}": text for header, text in LIFTING.items()}
    decision = {"version": "1", "step": "uphold", "reasons": "查了台账，扣错了。", **typed}
    wrong = zhao.post(f"{place}/weigh", decision | {"v:V5.1": "许多"}, 422)
    assert "“许多”不是数" in wrong
    assert "查了台账，扣错了。" in wrong
    shown = zhao.post(f"{place}/weigh", decision, 200)
    assert "还没有存" in shown
    for said in ("个单位的星级变动", "提异议的", "V5.1", "这次试算的摘要"):
        assert said in shown, said
    back = zhao.post(f"{place}/weigh", carried(shown) | {"back": "1"}, 200)
    assert _cells(back)["v:V5.1"] == "100"
    assert inside(app, seen, row.id).version == 1
    stale = carried(shown) | {"digest": "0" * 64}
    refused = zhao.post(f"{place}/decide", stale, 409)
    assert "请重新试算" in refused
    assert _cells(refused)["v:V5.1"] == "100", "what was typed stays"
    zhao.post(f"{place}/decide", carried(shown))
    done = zhao.get(place)
    assert "年度回到复核" in done
    assert "因此变动的" in done
    assert "因此变动的" not in Sender(app, "unit").get(place), "a trial is not for units"
    assert "异议" in zhao.get(f"/scoring/cycles/{year}/units/{people['first']}/history?header=V5.1")
    trail = Sender(app, "auditor").client.get("/audit/", check=False).get_data(as_text=True)
    assert re.search(r"办结了2024年度的异议：闫街村委会 2024-120113-0001，成立，\d+个单位的星级变动", trail)


def test_out_of_scope_an_objection_is_not_there(app: Any, year: int, people: dict[str, int]) -> None:
    letter = Lodging(GROUNDS, (), Channel.TELEPHONE, "村民甲", date(2025, 1, 10))
    with app.app_context():
        key = lodge_objection(year, people["first"], letter, who(people, "wang"))
        number, own = seen(key).number, lodged(year, people).id
    for name, of_others, of_unit in (
        ("unit", 404, 200),
        ("town", 403, 403),
        ("assessor", 403, 403),
        ("city", 200, 200),
    ):
        browser = Sender(app, name)
        browser.get(f"/objections/{key}", of_others)
        browser.get(f"/objections/{own}", of_unit)
        browser.get("/objections/999", 404)
    auditor = Sender(app, "auditor")
    assert "村民甲" in auditor.get(f"/objections/{key}")
    assert number not in Sender(app, "unit").get("/objections/")
    for act in ("take-up", "weigh", "decide"):
        auditor.post(f"/objections/{own}/{act}", {"version": "1"}, 403)
    auditor.post(f"/objections/{own}/withdraw", {"version": "1", "reason": "不提了"}, 404)
    Sender(app, "unit").post(f"/objections/{key}/withdraw", {"version": "1", "reason": "不提了"}, 404)


def test_the_office_records_and_sees_what_is_due(app: Any, year: int, people: dict[str, int], clock: Any) -> None:
    wang = Sender(app, "wang")
    assert f"/units/{people['first']}/recorded" in wang.get("/objections/new?q=闫街")
    form = f"/objections/cycles/{year}/units/{people['first']}/recorded"
    fields: dict[str, Any] = {
        "channel": "paper",
        "received_on": "2025-01-09",
        "raised_by": "村民甲",
        "grounds": GROUNDS,
    }
    assert "收到的日子要在2025-01-10 00:00到2025-01-16 24:00之间" in sent(wang, form, status=422, **fields)
    place = sent(wang, form, ("来信.pdf", files.PDF), **fields | {"received_on": "2025-01-10"})
    assert "村民甲" in wang.get(place)
    assert "有1件异议没有办结" in wang.get("/")
    city = " ".join(Sender(app, "city").get("/").split())
    assert "没有办结的异议" in city
    assert "北辰区2024年度" in city
    clock.at = datetime(2025, 1, 18, 1, 0, tzinfo=UTC)
    again = Sender(app, "wang")
    assert "逾期未办" in again.get("/objections/")
    assert "还有1件异议没有办结" in again.get(f"/publication/{year}")
    again.post(f"/publication/{year}/publish", {"version": "99"}, 409)


def test_an_administrator_enters_the_days_that_nobody_published(app: Any) -> None:
    city, wang = Sender(app, "city"), Sender(app, "wang")
    address = "/calendar/working-days"
    wang.get(address)
    wang.post(address, {"first": "2027-02-07", "works": "1", "note": "某号"}, 403)
    assert "要写明依据哪个通知" in city.post(address, {"first": "2027-02-06", "works": "0", "note": ""}, 422)
    backwards = {"first": "2027-02-06", "last": "2027-02-01", "works": "0", "note": "某号"}
    assert "日子不对" in city.post(address, backwards, 422)
    city.post(address, {"first": "2027-02-09", "last": "2027-02-11", "works": "0", "note": "国办发明电〔2026〕1号"})
    city.post(address, {"first": "2027-02-20", "works": "1", "note": "国办发明电〔2026〕1号"})
    assert "国办发明电〔2026〕1号" in wang.get(address)
    works = inside(app, office_days)
    assert (works(date(2027, 2, 11)), works(date(2027, 2, 20)), works(date(2027, 2, 21))) == (False, True, False)
    assert (is_working_day(date(2027, 2, 11)), is_working_day(date(2027, 2, 20))) == (True, False)
    city.post(f"{address}/2027-02-20/remove", {})
    assert not inside(app, office_days)(date(2027, 2, 20))
    trail = city.client.get("/audit/", check=False).get_data(as_text=True)
    assert "把2027-02-09、2027-02-10、2027-02-11定为休息日" in trail
    assert "撤回了2027-02-20的安排（工作日）" in trail


def test_signed_out_nobody_lodges(app: Any, year: int, people: dict[str, int]) -> None:
    client = house_client(app)
    assert client.get(f"/objections/cycles/{year}/units/{people['first']}/own").status_code == 302
    sign_in(client, "town")
    assert client.get(f"/objections/cycles/{year}/units/{people['first']}/own").status_code == 403


def _cells(page: str) -> dict[str, str]:
    """The cells of the form of a decision with their versions, as a browser would send them."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([vb]:[^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and value:
            found[html.unescape(name[1])] = html.unescape(value[1])
    return found
