"""Papers with many lines: made by a job, once for all who ask, fetched at the same address behind the same guard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from starrating.domain.faults import RuleError
from starrating.services.publication import orders
from tests.pages.client import house_client
from tests.services.public_year import PublicYear
from tests.services.test_yearbook_pages import own_folder, signed_in

__all__ = ["own_folder"]
VILLAGES = "/public/lists/2024.pdf?district=120113000000&kind=village"


class Drawing:
    """What was set, and when it may go on."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.go_on = threading.Event()
        self.refusal: Exception | None = None


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawing]:
    """Every paper of more than three lines is made by a job, which waits until it is told to go on."""
    from starrating.documents import apart
    from starrating.services import drawn

    found, real = Drawing(), apart.typeset_apart

    def slow(template: str, data: Any, fonts: Any) -> bytes:
        found.made.append(template)
        assert found.go_on.wait(60)
        if found.refusal is not None:
            raise found.refusal
        return real(template, data, fonts)

    monkeypatch.setattr(orders, "AT_ONCE", 3)
    monkeypatch.setattr(drawn, "typeset_apart", slow)
    yield found
    found.go_on.set()


def finish(year: PublicYear) -> None:
    """Until every job of the process is over."""
    from starrating.services import jobs

    for thread in list(year.app.extensions.get(jobs.EXTENSION, {}).values()):
        thread.join(60)


def test_a_large_list_is_made_once_while_a_page_tells_how_far_it_is(year: PublicYear, drawing: Drawing) -> None:
    def ask(_number: int) -> Any:
        return house_client(year.app).get(VILLAGES)

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(ask, range(3)))
    assert {answer.status_code for answer in answers} == {303}
    (waiting,) = {answer.headers["Location"] for answer in answers}
    assert waiting.startswith("/public/lists/2024.pdf?")
    assert "wait=1" in waiting
    page = house_client(year.app).get(waiting)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "正在做：" in page.text, "of which step depends on how far its thread is"
    assert "data-working=" in page.text
    assert "北辰区2024年度村星级名单" in page.text
    drawing.go_on.set()
    finish(year)
    page = house_client(year.app).get(waiting)
    assert "data-working" not in page.text
    assert f'href="{VILLAGES.replace("&", "&amp;")}"' in page.text
    answer = house_client(year.app).get(VILLAGES)
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert drawing.made == ["published_list.typ"]


def test_small_ones_and_those_that_are_kept_are_handed_out_at_once(
    year: PublicYear, drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "AT_ONCE", 6)
    drawing.go_on.set()
    assert house_client(year.app).get(VILLAGES).status_code == 200
    monkeypatch.setattr(orders, "AT_ONCE", 0)
    assert house_client(year.app).get(VILLAGES).status_code == 200, "drawn before"
    assert house_client(year.app).get("/public/lists/2024.pdf").status_code == 303
    finish(year)


def test_strangers_start_one_at_a_time_and_the_office_still_finds_room(year: PublicYear, drawing: Drawing) -> None:
    stranger = house_client(year.app)
    assert stranger.get(VILLAGES).status_code == 303
    assert stranger.get(VILLAGES).status_code == 303, "the same one is under way: nothing is begun"
    refused = stranger.get("/public/lists/2024.pdf?kind=community")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert "有好几份文件正在做" in refused.text
    wang = signed_in(year, "wang")
    own = wang.get(f"/publication/{year.cycle_id}/document.pdf?number=评〔2025〕7号")
    assert own.status_code == 303
    assert "正在做：" in wang.get(own.headers["Location"]).text
    drawing.go_on.set()
    finish(year)
    assert wang.get(f"/publication/{year.cycle_id}/document.pdf?number=评〔2025〕7号").data.startswith(b"%PDF-")
    assert stranger.get("/public/lists/2024.pdf?kind=community").status_code == 303
    finish(year)


def test_whoever_may_not_have_the_paper_may_not_wait_for_it(year: PublicYear, drawing: Drawing) -> None:
    drawing.go_on.set()
    others = {name: signed_in(year, name) for name in ("town", "assessor", "unit", "auditor")}
    wang, stranger = signed_in(year, "wang"), house_client(year.app)
    for paper in ("document", "plaques", "withdrawn"):
        address = f"/publication/{year.cycle_id}/{paper}.pdf?which=all"
        waiting = wang.get(address).headers.get("Location", f"{address}&wait=1")
        finish(year)
        for at in (address, waiting):
            assert stranger.get(at).status_code in (302, 401)
            found = {name: client.get(at).status_code for name, client in others.items()}
            assert found == {"town": 404, "assessor": 403, "unit": 404, "auditor": 200}
        assert wang.get(f"/publication/99/{paper}.pdf?wait=1").status_code == 404


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (RuleError("paper.busy"), "上次没有做成，已有的数据没有动。好几份文件正在做，这一份还没有轮到"),
        (RuntimeError("typst"), "上次没有做成，原因记在服务器的日志里。"),
    ],
)
def test_one_that_failed_tells_why_and_is_made_by_asking_again(
    year: PublicYear, drawing: Drawing, fault: Exception, words: str
) -> None:
    drawing.refusal = fault
    drawing.go_on.set()
    client = house_client(year.app)
    waiting = client.get(VILLAGES).headers["Location"]
    finish(year)
    page = client.get(waiting).text
    assert words in page
    assert "data-working" not in page
    drawing.refusal = None
    assert client.get(VILLAGES).status_code == 303
    finish(year)
    assert client.get(VILLAGES).data.startswith(b"%PDF-")
    assert words not in client.get(waiting).text


def test_the_workbook_and_what_nobody_began(year: PublicYear, drawing: Drawing) -> None:
    client = house_client(year.app)
    assert "还没有做，没有下载" in client.get("/public/lists/2024.xlsx?wait=1").text
    answer = client.get("/public/lists/2024.xlsx")
    assert answer.status_code == 303
    finish(year)
    assert client.get("/public/lists/2024.xlsx").data.startswith(b"PK")
    assert "下载XLSX" in client.get(answer.headers["Location"]).text


def test_a_page_of_its_own_weighs_more_than_a_line(year: PublicYear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "AT_ONCE", 20)
    client = signed_in(year, "wang")
    assert client.get(f"/publication/{year.cycle_id}/document.pdf").status_code == 200
    assert client.get(f"/publication/{year.cycle_id}/plaques.pdf?which=all").status_code == 303
    finish(year)
    assert client.get(f"/publication/{year.cycle_id}/plaques.pdf?which=all").data.startswith(b"%PDF-")


def test_a_notice_goes_the_same_way(year: PublicYear, drawing: Drawing, tmp_path: Path) -> None:
    from starrating.queries.publications import notices_of

    with year.app.app_context():
        notice_id = notices_of(year.cycle_id)["village"].id
    client = house_client(year.app)
    for ending, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        at = f"/public/notices/{notice_id}.{ending}"
        answer = client.get(at)
        assert answer.status_code == 303
        drawing.go_on.set()
        finish(year)
        assert client.get(at).data.startswith(begins)
    assert list((tmp_path / "papers").glob("??/*.docx"))
