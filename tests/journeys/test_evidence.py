"""Evidence and a spot check in Chromium, by an assessor, a district and a village, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.chromium import IN_CHROMIUM
from tests.conftest import SqliteServer, TestClock, application, close
from tests.journeys.browser import Fault, Visitor, served
from tests.services import district, files

pytestmark = IN_CHROMIUM


@pytest.fixture
def sent(tmp_path: Path) -> dict[str, str]:
    """Files on the person's own machine, name → path."""
    made = {"2024年党课记录.pdf": files.PDF, "现场照片.jpg": files.picture(size=(900, 600)), "假的合同.pdf": files.HTML}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in made}


@pytest.fixture
def office(sqlite_server: SqliteServer, tmp_path: Path) -> Iterator[tuple[Any, dict[str, int]]]:
    """A district in scoring with its people."""
    address = sqlite_server.fresh()
    app = application(address, TestClock(), EVIDENCE_FOLDER=str(tmp_path / "evidence"))
    with app.app_context():
        people = district.build()
        people["cycle"] = district.opened(people)
        district.step(people["cycle"], "open_scoring", people["wang"])
    yield app, people
    close(app)
    sqlite_server.drop(address)


def test_from_a_file_to_a_finding_that_counts(
    office: tuple[Any, dict[str, int]], browser: Browser, sent: dict[str, str]
) -> None:
    app, people = office
    seen: list[str] = []
    faults: list[Fault] = []
    with served(app) as root:
        wang, assessor, unit = (Visitor(browser, root, seen, faults) for _ in range(3))
        for visitor, name in ((wang, "wang"), (assessor, "assessor"), (unit, "unit")):
            visitor.sign_in(name)
        _files_of_an_indicator(assessor, people, sent)
        shown = _a_finding(wang, people, sent)
        _its_answer(unit, shown, sent)
        wang.go(shown)
        wang.look()
        wang.main.get_by_label("理由", exact=True).fill("说明与照片相符，只记下")
        wang.press("算数")
        wang.says("已算数")
        for visitor in (wang, assessor, unit):
            visitor.go("/spot-checks/")
            visitor.look()
            visitor.leave()
    refusals = [fault for fault in faults if "422" in fault[2]]
    assert sorted({fault[2] for fault in faults if fault not in refusals}) == []
    assert len(refusals) == 1, "the one file that was refused"


def _files_of_an_indicator(assessor: Visitor, people: dict[str, int], sent: dict[str, str]) -> None:
    """Several files at once, each with its own answer; handing out; one taken back with a reason."""
    page = f"/evidence/cycles/{people['cycle']}/units/{people['first']}?indicator=V1.3"
    assessor.go(page)
    assessor.look()
    assert not assessor.main.get_by_role("button", name="传", exact=True).is_visible(), "choosing sends"
    assessor.main.get_by_label("选文件").set_input_files(list(sent.values()))
    states = assessor.main.locator("[data-evidence-states] li")
    states.nth(2).locator(".tag--err").wait_for()
    assert [line.locator(".tag").inner_text() for line in states.all()] == ["已传", "已传", "没收"]
    assert "看内容不是能收的文件" in states.nth(2).inner_text()
    assessor.look()
    assessor.go(page)
    assessor.look()
    picture = assessor.main.get_by_role("img", name="预览：现场照片.jpg")
    picture.wait_for()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 213
    with assessor.page.expect_download() as started:
        assessor.main.get_by_role("link", name="2024年党课记录.pdf").click()
    assert started.value.suggested_filename == "2024年党课记录.pdf"
    assert Path(started.value.path()).read_bytes() == files.PDF
    with assessor.page.expect_download() as started:
        assessor.main.get_by_role("link", name="全部下载").click()
    assert started.value.suggested_filename.endswith("佐证.zip")
    assessor.main.locator(".evidence-remove summary").first.click()
    assessor.look()
    assessor.main.get_by_label("撤下的理由").first.fill("传错了，是去年的")
    assessor.press("撤下")
    assessor.says("已撤下")
    assessor.says("传错了，是去年的")


def _a_finding(wang: Visitor, people: dict[str, int], sent: dict[str, str]) -> str:
    wang.go("/spot-checks/")
    wang.look()
    wang.follow("记一件")
    wang.go(f"/spot-checks/cycles/{people['cycle']}/units/{people['first']}/new")
    wang.look()
    for label, text in (
        ("地点", "村委会东侧垃圾收集点"), ("发现的时间", "2024-02-28T09:30"), ("谁发现的", "区暗访二组"),
        ("发现了什么", "垃圾堆了3天没有清"), ("说明到哪一天为止（含当天）", "2024-03-05"),
    ):  # fmt: skip
        wang.main.get_by_label(label, exact=True).fill(text)
    wang.main.get_by_label("选文件").set_input_files(sent["现场照片.jpg"])
    wang.press("记下")
    wang.says("等说明")
    wang.says("现场照片.jpg")
    wang.says("现在不能算数")
    return wang.here


def _its_answer(unit: Visitor, shown: str, sent: dict[str, str]) -> None:
    unit.go("/spot-checks/")
    unit.look()
    unit.main.locator(f'a[href="{shown}"]').click()
    unit.look()
    unit.main.get_by_label("选文件").set_input_files(sent["现场照片.jpg"])
    unit.main.locator("[data-evidence-states] .tag--ok").wait_for()
    unit.main.get_by_label("当时是什么情况").fill("当天下午清了，照片在上面")
    unit.press("交说明")
    unit.says("已说明")
    unit.says("当天下午清了")
