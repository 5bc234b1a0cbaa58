"""An objection in Chromium: a village lodges it, a district weighs and upholds it, the public looks its receipt up."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from tests.chromium import IN_CHROMIUM
from tests.journeys.browser import Fault, Visitor, served
from tests.services.objected import GROUNDS, Kept, app, clock, kept, people
from tests.services.test_objections import LIFTING
from tests.web.city import PASSWORD

__all__ = ["app", "clock", "kept", "people"]
pytestmark = IN_CHROMIUM


def entered(visitor: Visitor, name: str) -> Page:
    """Somebody signed in; the way there is looked at by other journeys."""
    page = visitor.page
    visitor.go("/accounts/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{visitor.root}/")
    return page


def test_from_the_village_to_the_receipt(app: Any, kept: Kept, people: dict[str, int], browser: Browser) -> None:
    seen: list[str] = []
    faults: list[Fault] = []
    with served(app) as root:
        unit, zhao, public = (Visitor(browser, root, seen, faults) for _ in range(3))
        page = entered(unit, "unit")
        unit.go(f"/objections/cycles/{kept.cycle}/units/{people['first']}/own")
        page.click("summary:has-text('选指标')")
        page.check("[name=indicators][value='V5.1']")
        page.fill("[name=grounds]", GROUNDS)
        page.click("button:has-text('提交异议')")
        unit.says("回执号")
        number, code = page.locator("dd code").all_inner_texts()
        shown = unit.here
        page = entered(zhao, "zhao")
        zhao.says("有1件异议没有办结")
        zhao.go(shown)
        zhao.look()
        page.check("[name=step][value=uphold]")
        page.fill("[name=reasons]", "查了台账，扣错了。")
        page.click("summary:has-text('其他指标')")
        for header, text in LIFTING.items():
            page.fill(f'[name="v:{header}"]', text)
        zhao.press("试算，看谁会变动")
        zhao.says("3个单位的星级变动")
        page.click("button:has-text('接受，改数办结')")
        zhao.says("因此变动的")
        public.go("/public/objections")
        public.page.fill("#number", number)
        public.page.fill("#code", code)
        public.press("查询")
        public.says("查了台账，扣错了。")
        for visitor in (unit, zhao, public):
            visitor.leave()
    assert faults == []
    assert len(seen) == 3
