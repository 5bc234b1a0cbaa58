"""The form of an individual's objection and its receipt in Chromium, on a desk and on a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from starrating.queries.publications import notices_of
from starrating.services.people import vault
from tests.chromium import IN_CHROMIUM
from tests.pages.test_browser import violations
from tests.services.files import picture
from tests.services.objected import Kept, app, clock, kept, people
from tests.services.test_objection_pages import inside

__all__ = ["app", "clock", "kept", "people"]
pytestmark = IN_CHROMIUM
SIZES = ((1366, 768), (390, 844))


@pytest.fixture
def address(app: Any, kept: Kept, tmp_path: Path) -> Iterator[str]:
    app.config["PERSONAL_KEY_FILE"] = str(tmp_path / "keys.json")
    inside(app, vault.add_key)
    notice = inside(app, notices_of, kept.cycle)["village"].id
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/public/notices/{notice}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_from_the_notice_to_the_receipt(browser: Any, address: str) -> None:
    for width, height in SIZES:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(address)
        page.get_by_role("link", name="提出异议").click()
        assert violations(page) == []
        page.get_by_label("对哪个村的结果").select_option(index=1)
        page.get_by_label("事实和理由").fill("去年11月的检查把邻村的垃圾算到这里了，有照片可以看。")
        page.get_by_label("姓名", exact=True).fill("匿名")
        page.get_by_label("材料").set_input_files([{"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": picture()}])
        page.get_by_label("联系电话或者地址").fill("某村一组12号")
        page.get_by_label("我知道并同意").check()
        page.get_by_role("button", name="提交异议").click()
        assert page.get_by_label("姓名", exact=True).get_attribute("aria-invalid") == "true"
        assert page.get_by_label("我知道并同意").is_checked()
        assert page.get_by_text("选的材料没有留下，请再选一次").is_visible()
        assert violations(page) == []
        page.get_by_label("姓名", exact=True).fill("路人甲")
        page.get_by_label("材料").set_input_files([{"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": picture()}])
        page.get_by_role("button", name="提交异议").click()
        assert page.get_by_text("只在这里显示一次").is_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
